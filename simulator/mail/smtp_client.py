"""The client half of SMTP without IO: replies in, commands or an outcome out.

A dialogue is a generator that reads from top to bottom: it yields what to do next and is sent
the replies to it, one for each command. Two of them: a user's mail client, which waits for every
reply, and a server that sends to a server, which pipelines as Postfix does (RFC 2920). Both must
cope with any reply at any place, since a person may invent it.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from simulator.mail.reply import SmtpReply


@dataclass(frozen=True, slots=True)
class Say:
    """Speak these lines in one segment, then read a reply to each; none: just read one."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """Do the TLS handshake; ``verify`` the other side's name or take any (RFC 7435)."""

    verify: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """Send the message and, in the same segment, these lines; ``replies`` answer the message."""

    octets: bytes
    lines: tuple[str, ...]
    replies: int = 1


Action: TypeAlias = Say | Seal | Hand
Replies: TypeAlias = tuple[SmtpReply, ...]


class LostError(Exception):
    """Thrown into a dialogue: the connection is gone; ``status`` and ``said`` tell how."""

    def __init__(self, status: str, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


@dataclass(frozen=True, slots=True)
class Transaction:
    """One mail transaction (RFC 5321 section 3.3): the envelope and the message."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    octets: bytes
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one recipient at the other side."""

    outcome: Literal["sent", "deferred", "failed"]
    status: str
    """RFC 3463."""
    said: str
    """The reply, or what happened instead of one."""
    command: str = ""
    """The command that it answered."""
    spoken: bool = True
    """Whether the other side said it; else it is our own finding."""
    by: str = ""
    """Who said it: ``mx1.kantor.example[203.0.113.10]``."""


Verdicts: TypeAlias = dict[str, Verdict]


def judge(reply: SmtpReply, command: str) -> Verdict:
    """A reply as a verdict on the recipients it concerns (RFC 5321 section 4.2.1)."""
    if reply.is_positive:
        return Verdict("sent", reply.status(), reply.text, command)
    return Verdict(
        "deferred" if reply.is_transient else "failed", reply.status(), reply.text, command
    )


class _Extensions:
    """What an EHLO or LHLO reply offers."""

    def __init__(self, reply: SmtpReply | None) -> None:
        lines = reply.lines[1:] if reply is not None and reply.is_positive else ()
        self._offers = {line.partition(" ")[0].upper(): line.partition(" ")[2] for line in lines}

    def __contains__(self, keyword: str) -> bool:
        return keyword in self._offers

    @property
    def size_limit(self) -> int:
        """Octets (RFC 1870); 0 where the server names no limit."""
        value = self._offers.get("SIZE", "")
        return int(value) if value.isdigit() else 0


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
        refusal = yield from _introduce(hello, credentials)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        verdicts = yield from _one_by_one(transaction)
        yield Say(("QUIT",))
    except LostError as lost:
        return dict.fromkeys(everyone, Verdict("deferred", lost.status, lost.said, spoken=False))
    return verdicts


def _introduce(
    hello: str, credentials: Credentials
) -> Generator[Action, Replies, Verdict | None]:
    (reply,) = yield Say((f"EHLO {hello}",))
    if "STARTTLS" in _Extensions(reply):
        (ready,) = yield Say(("STARTTLS",))
        if not ready.is_positive:
            return judge(ready, "STARTTLS")
        yield Seal(verify=True)
        # What was said before the handshake counts for nothing (RFC 3207 section 4.2).
        (reply,) = yield Say((f"EHLO {hello}",))
    if not reply.is_positive:
        return judge(reply, "EHLO")
    if "AUTH" not in _Extensions(reply):
        return None
    (proved,) = yield Say((f"AUTH PLAIN {credentials.plain()}",))
    return None if proved.is_positive else judge(proved, "AUTH PLAIN")


def _one_by_one(transaction: Transaction) -> Generator[Action, Replies, Verdicts]:
    everyone = transaction.forward_paths
    (mail,) = yield Say((f"MAIL FROM:<{transaction.reverse_path}>",))
    if not mail.is_positive:
        return dict.fromkeys(everyone, judge(mail, "MAIL FROM"))
    verdicts: Verdicts = {}
    for forward_path in everyone:
        (reply,) = yield Say((f"RCPT TO:<{forward_path}>",))
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
            turn.replies = yield turn.action
    except LostError as lost:
        gone = Verdict("deferred", lost.status, f"{lost.said} while {stage}", spoken=False)
        return dict.fromkeys(everyone, gone) | verdicts
    return verdicts


def _greet(
    manners: Manners,
) -> Generator[Action, Replies, tuple[_Extensions, Verdict | None]]:
    verb = "LHLO" if manners.lmtp else "EHLO"
    (reply,) = yield Say((f"{verb} {manners.hello}",))
    if reply.code // 100 == 5 and not manners.lmtp:
        (old,) = yield Say((f"HELO {manners.hello}",))
        return _Extensions(None), None if old.is_positive else judge(old, "HELO")
    if not reply.is_positive:
        return _Extensions(None), judge(reply, verb)
    extensions = _Extensions(reply)
    if manners.tls == "may" and "STARTTLS" in extensions:
        (ready,) = yield Say(("STARTTLS",))
        if ready.is_positive:
            yield Seal(verify=False)
            (reply,) = yield Say((f"{verb} {manners.hello}",))
            extensions = _Extensions(reply)
            return extensions, None if reply.is_positive else judge(reply, verb)
    return extensions, None


def _too_large(extensions: _Extensions, transaction: Transaction) -> Verdict | None:
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


def _pipelined(
    manners: Manners, transaction: Transaction, extensions: _Extensions, verdicts: Verdicts
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
            if len(collected) == 1 and not collected[0].is_positive:
                break
        if any(reply.is_positive for reply in collected[1:]):
            yield (turn := _Turn(Say(("DATA",))))
            collected += turn.replies
        replies = tuple(collected)
    accepted = _sort_out(transaction, replies, verdicts)
    data = replies[-1] if len(replies) == len(commands) else None
    if data is not None and data.code == 354:
        count = len(accepted) if manners.lmtp else 1
        # Without a recipient the server still waits for a dot (RFC 2920 section 3.1).
        yield (turn := _Turn(Hand(transaction.octets if accepted else b"", ("QUIT",), max(count, 1))))
        for index, forward_path in enumerate(accepted):
            verdicts[forward_path] = judge(
                turn.replies[index if manners.lmtp else 0], "end of DATA"
            )
        return
    if accepted and data is not None:
        verdicts.update(dict.fromkeys(accepted, judge(_not_an_acceptance(data), "DATA")))
    yield _Turn(Say(("RSET", "QUIT")) if "PIPELINING" in extensions else Say(("QUIT",)))


def _mail(transaction: Transaction, extensions: _Extensions) -> str:
    parts = [f"MAIL FROM:<{transaction.reverse_path}>"]
    if "SIZE" in extensions:
        parts.append(f"SIZE={len(transaction.octets)}")
    if "8BITMIME" in extensions and not transaction.octets.isascii():
        parts.append("BODY=8BITMIME")
    if "DSN" in extensions:
        parts.extend(transaction.mail_parameters)
    return " ".join(parts)


def _recipients(transaction: Transaction, extensions: _Extensions) -> Iterator[str]:
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
