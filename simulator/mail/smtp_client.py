"""The client half of SMTP without IO: two dialogues that read from top to bottom.

A user's mail client waits for every reply; a server that sends to a server pipelines as Postfix
does (RFC 2920). Both must cope with any reply at any place, since a person may invent it.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.mail.reply import SmtpReply
from simulator.mail.smtp_dialogue import (
    Action,
    Extensions,
    Hand,
    LostError,
    Replies,
    Say,
    Seal,
    Transaction,
    Verdict,
    Verdicts,
    judge,
)

# A user's mail client ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a user proves who they are."""

    user: str
    password: str

    def plain(self) -> str:
        """The initial response of AUTH PLAIN (RFC 4616)."""
        return base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode("ascii")


def submit(
    hello: str, transaction: Transaction, credentials: Credentials
) -> Generator[Action, Replies, Verdicts]:
    """Hand a mail to one's own server as a user's client does: one command, one reply.

    Gives a verdict for every recipient.
    """
    everyone = transaction.forward_paths
    try:
        (greeting,) = yield Say(())
        if not greeting.is_positive:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, judge(greeting, "connect"))
        extensions, refusal = yield from _introduce(hello, credentials)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        verdicts = yield from _one_by_one(transaction, with_dsn="DSN" in extensions)
        yield Say(("QUIT",))
    except LostError as lost:
        return dict.fromkeys(everyone, Verdict("deferred", lost.status, lost.said, spoken=False))
    return verdicts


def _introduce(
    hello: str, credentials: Credentials
) -> Generator[Action, Replies, tuple[Extensions, Verdict | None]]:
    (reply,) = yield Say((f"EHLO {hello}",))
    if "STARTTLS" in Extensions(reply):
        (ready,) = yield Say(("STARTTLS",))
        if not ready.is_positive:
            return Extensions(None), judge(ready, "STARTTLS")
        yield Seal(verify=True)
        # What was said before the handshake counts for nothing (RFC 3207 section 4.2).
        (reply,) = yield Say((f"EHLO {hello}",))
    extensions = Extensions(reply)
    if not reply.is_positive:
        return extensions, judge(reply, "EHLO")
    if "AUTH" not in extensions:
        return extensions, None
    (proved,) = yield Say((f"AUTH PLAIN {credentials.plain()}",))
    return extensions, None if proved.is_positive else judge(proved, "AUTH PLAIN")


def _one_by_one(
    transaction: Transaction, *, with_dsn: bool
) -> Generator[Action, Replies, Verdicts]:
    everyone = transaction.forward_paths
    wishes = transaction.mail_parameters if with_dsn else ()
    (mail,) = yield Say((" ".join((f"MAIL FROM:<{transaction.reverse_path}>", *wishes)),))
    if not mail.is_positive:
        return dict.fromkeys(everyone, judge(mail, "MAIL FROM"))
    verdicts: Verdicts = {}
    for forward_path in everyone:
        wishes = transaction.recipient_parameters.get(forward_path, ()) if with_dsn else ()
        (reply,) = yield Say((" ".join((f"RCPT TO:<{forward_path}>", *wishes)),))
        verdicts[forward_path] = judge(reply, "RCPT TO")
    accepted = [path for path, verdict in verdicts.items() if verdict.outcome == "sent"]
    if not accepted:
        return verdicts
    (go_ahead,) = yield Say(("DATA",))
    if go_ahead.code != 354:
        return verdicts | dict.fromkeys(accepted, judge(_not_an_acceptance(go_ahead), "DATA"))
    (done,) = yield Hand(transaction.octets, ())
    return verdicts | dict.fromkeys(accepted, judge(done, "end of DATA"))


def _not_an_acceptance(reply: SmtpReply) -> SmtpReply:
    """A 2yz where 354 is due makes no sense: take it as a failure for now."""
    return SmtpReply(451, reply.lines) if reply.is_positive else reply


# A server that sends to a server -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Manners:
    """How a sending server speaks: which hello, and whether to seal where it can."""

    hello: str
    tls: Literal["none", "may"] = "none"
    lmtp: bool = False


def transfer(manners: Manners, transaction: Transaction) -> Generator[Action, Replies, Verdicts]:
    """Hand a mail to another server as Postfix does; gives a verdict for every recipient."""
    everyone = transaction.forward_paths
    verdicts: Verdicts = {}
    missing: Verdicts = {}
    stage = "receiving the initial server greeting"
    try:
        (greeting,) = yield Say(())
        if not greeting.is_positive:
            # Even a 5yz greeting speaks of the host, not of the mail: try again, perhaps
            # elsewhere (smtp_skip_5xx_greeting).
            yield Say(("QUIT",))
            refused = Verdict("deferred", greeting.status(), greeting.text, "connect")
            return dict.fromkeys(everyone, refused)
        stage = "performing the EHLO handshake"
        extensions, refusal = yield from _greet(manners)
        if refusal is None:
            refusal = _too_large(extensions, transaction)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        stage = "sending the mail transaction"
        for turn in _pipelined(manners, transaction, extensions, verdicts):
            if isinstance(turn.action, Hand):
                stage = "sending end of data -- message may be sent more than once"
            try:
                turn.replies = yield turn.action
            except LostError as lost:
                # What was answered before counts all the same.
                turn.replies, turn.lost = lost.replies, True
                gone = Verdict("deferred", lost.status, f"{lost.said} while {stage}", spoken=False)
                missing = dict.fromkeys(everyone, gone)
    except LostError as lost:
        gone = Verdict("deferred", lost.status, f"{lost.said} while {stage}", spoken=False)
        return dict.fromkeys(everyone, gone)
    return missing | verdicts


def _greet(
    manners: Manners,
) -> Generator[Action, Replies, tuple[Extensions, Verdict | None]]:
    verb = "LHLO" if manners.lmtp else "EHLO"
    (reply,) = yield Say((f"{verb} {manners.hello}",))
    if reply.code // 100 == 5 and not manners.lmtp:
        (old,) = yield Say((f"HELO {manners.hello}",))
        return Extensions(None), None if old.is_positive else judge(old, "HELO")
    if not reply.is_positive:
        return Extensions(None), judge(reply, verb)
    extensions = Extensions(reply)
    if manners.tls == "may" and "STARTTLS" in extensions:
        (ready,) = yield Say(("STARTTLS",))
        if ready.is_positive:
            yield Seal(verify=False)
            (reply,) = yield Say((f"{verb} {manners.hello}",))
            extensions = Extensions(reply)
            return extensions, None if reply.is_positive else judge(reply, verb)
    return extensions, None


def _too_large(extensions: Extensions, transaction: Transaction) -> Verdict | None:
    limit = extensions.size_limit
    if not limit or len(transaction.octets) <= limit:
        return None
    said = f"message size {len(transaction.octets)} exceeds size limit {limit} of server"
    return Verdict("failed", "5.3.4", said, "MAIL FROM", spoken=False)


class _Turn:
    """One action of a transaction and what its replies mean."""

    def __init__(self, action: Action) -> None:
        self.action = action
        self.replies: Replies = ()
        self.lost = False


def _pipelined(
    manners: Manners, transaction: Transaction, extensions: Extensions, verdicts: Verdicts
) -> Iterator[_Turn]:
    """MAIL, every RCPT and DATA in one segment; message, dot and QUIT in the next."""
    commands = (_mail(transaction, extensions), *_recipients(transaction, extensions), "DATA")
    replies: Replies
    if "PIPELINING" in extensions:
        yield (turn := _Turn(Say(commands)))
        replies = turn.replies
    else:
        collected: list[SmtpReply] = []
        for command in commands[:-1]:
            yield (turn := _Turn(Say((command,))))
            collected += turn.replies
            if turn.lost:
                break
            if len(collected) == 1 and not collected[0].is_positive:
                break
        if not turn.lost and any(reply.is_positive for reply in collected[1:]):
            yield (turn := _Turn(Say(("DATA",))))
            collected += turn.replies
        replies = tuple(collected)
    accepted = _sort_out(transaction, replies, verdicts)
    if turn.lost:
        return
    data = replies[-1] if len(replies) == len(commands) else None
    if data is not None and data.code == 354:
        count = len(accepted) if manners.lmtp else 1
        # Without a recipient the server still waits for a dot (RFC 2920 section 3.1).
        yield (
            turn := _Turn(Hand(transaction.octets if accepted else b"", ("QUIT",), max(count, 1)))
        )
        for index, forward_path in enumerate(accepted):
            place = index if manners.lmtp else 0
            if place < len(turn.replies):
                verdicts[forward_path] = judge(turn.replies[place], "end of DATA")
        return
    if accepted and data is not None:
        verdicts.update(dict.fromkeys(accepted, judge(_not_an_acceptance(data), "DATA")))
    yield _Turn(Say(("RSET", "QUIT")) if "PIPELINING" in extensions else Say(("QUIT",)))


def _mail(transaction: Transaction, extensions: Extensions) -> str:
    parts = [f"MAIL FROM:<{transaction.reverse_path}>"]
    if "SIZE" in extensions:
        parts.append(f"SIZE={len(transaction.octets)}")
    if "8BITMIME" in extensions and not transaction.octets.isascii():
        parts.append("BODY=8BITMIME")
    if "DSN" in extensions:
        parts.extend(transaction.mail_parameters)
    return " ".join(parts)


def _recipients(transaction: Transaction, extensions: Extensions) -> Iterator[str]:
    for forward_path in transaction.forward_paths:
        parts = [f"RCPT TO:<{forward_path}>"]
        if "DSN" in extensions:
            given = transaction.recipient_parameters.get(forward_path, ())
            parts.extend(given)
            if not any(parameter.upper().startswith("ORCPT=") for parameter in given):
                parts.append(f"ORCPT=rfc822;{forward_path}")
        yield " ".join(parts)


def _sort_out(transaction: Transaction, replies: Replies, verdicts: Verdicts) -> list[str]:
    """Read the replies to MAIL and each RCPT; gives the recipients that were accepted."""
    if not replies:
        return []
    mail = replies[0]
    if not mail.is_positive:
        verdicts.update(dict.fromkeys(transaction.forward_paths, judge(mail, "MAIL FROM")))
        return []
    accepted = []
    for forward_path, reply in zip(transaction.forward_paths, replies[1:], strict=False):
        if reply.is_positive:
            accepted.append(forward_path)
        else:
            verdicts[forward_path] = judge(reply, "RCPT TO")
    return accepted
