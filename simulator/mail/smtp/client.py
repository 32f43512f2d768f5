"""How a server sends to a server, as a dialogue without IO that reads from top to bottom.

It pipelines as Postfix does (RFC 2920), and must cope with any reply at any place, since a person
may invent it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from simulator.mail.dsn_parameters import original_recipient, value_of
from simulator.mail.fitting import (
    Tell,
    fitted,
    mail_parameters,
    tell_nobody,
    with_short_lines,
)
from simulator.mail.reply import SmtpReply
from simulator.mail.smtp.dialogue import (
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
    as_refusal,
    is_farewell,
    judge,
)


@dataclass(frozen=True, slots=True)
class Manners:
    """How a sending server speaks: which hello, and whether it seals where it can, or must."""

    hello: str
    tls: Literal["none", "may", "verify"] = "none"
    lmtp: bool = False
    peer: str = "the server"
    """What the other server is called in a report."""
    tell: Tell = tell_nobody
    """Who hears what was decided about the mail."""


def _not_offered(manners: Manners) -> Verdict:
    said = f"TLS is required, but was not offered by host {manners.peer}"
    return Verdict("deferred", "4.7.4", said, spoken=False)


def transfer(manners: Manners, transaction: Transaction) -> Generator[Action, Replies, Verdicts]:
    """Hand a mail to another server as Postfix does; gives a verdict for every recipient."""
    everyone = transaction.forward_paths
    verdicts: Verdicts = {}
    extensions = Extensions(None)
    stage = "receiving the initial server greeting"
    try:
        (greeting,) = yield Say(())
        if not greeting.is_positive:
            # Even a 5yz greeting speaks of the host, not of the mail: try again, perhaps
            # elsewhere (smtp_skip_5xx_greeting).
            yield Say(("QUIT",))
            soft = f"4{greeting.status()[1:]}"  # what may yet succeed has no status of 5 (RFC 3463)
            refused = Verdict("deferred", soft, greeting.text, "connect")
            return dict.fromkeys(everyone, refused)
        stage = "performing the EHLO handshake"
        extensions, refusal = yield from _greet(manners)
        if refusal is None:
            transaction, refusal = fitted(transaction, extensions, manners.tell, manners.peer)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        stage = "sending the envelope"
        go_ahead, accepted = yield from _speak_envelope(transaction, extensions, verdicts)
        if go_ahead:
            stage = "sending end of data -- message may be sent more than once"
            last = ("QUIT",) if "PIPELINING" in extensions else ()
            transaction = with_short_lines(transaction, manners.tell)
            yield from _hand_over(transaction, accepted, verdicts, last, lmtp=manners.lmtp)
            if not last:
                yield Say(("QUIT",))
        elif "PIPELINING" in extensions:
            yield Say(("RSET", "QUIT"))
        else:
            yield Say(("RSET",))
            yield Say(("QUIT",))
    except LostError as lost:
        gone = Verdict("deferred", lost.status, f"{lost.said} while {stage}", spoken=False)
        return dict.fromkeys(everyone, gone) | _with_reports(verdicts, extensions)
    return _with_reports(verdicts, extensions)


def _with_reports(verdicts: Verdicts, extensions: Extensions) -> Verdicts:
    """The verdicts, with what becomes of notices: without DSN there it is the last of them."""
    reported = "DSN" in extensions
    return {one: replace(verdict, reported=reported) for one, verdict in verdicts.items()}


def _greet(
    manners: Manners,
) -> Generator[Action, Replies, tuple[Extensions, Verdict | None]]:
    verb = "LHLO" if manners.lmtp else "EHLO"
    (reply,) = yield Say((f"{verb} {manners.hello}",))
    if reply.code // 100 == 5 and not manners.lmtp:
        if manners.tls == "verify":
            return Extensions(None), _not_offered(manners)
        (old,) = yield Say((f"HELO {manners.hello}",))
        return Extensions(None), None if old.is_positive else judge(old, "HELO")
    if not reply.is_positive:
        return Extensions(None), judge(reply, verb)
    return (yield from _seal(manners, verb, Extensions(reply)))


def _seal(
    manners: Manners, verb: str, extensions: Extensions
) -> Generator[Action, Replies, tuple[Extensions, Verdict | None]]:
    """STARTTLS where it is offered and wanted, and the second hello; where it must be, or not."""
    must = manners.tls == "verify"
    if manners.tls == "none" or "STARTTLS" not in extensions:
        return extensions, _not_offered(manners) if must else None
    (ready,) = yield Say(("STARTTLS",))
    if not ready.is_positive:
        said = f"TLS is required, but was refused by host {manners.peer}: {ready.text}"
        if must:
            return extensions, Verdict("deferred", "4.7.4", said, spoken=False)
        manners.tell("tls.refused", "clear")
        return extensions, None
    yield Seal(verify=must)
    (reply,) = yield Say((f"{verb} {manners.hello}",))
    return Extensions(reply), None if reply.is_positive else judge(reply, verb)


def _speak_envelope(
    transaction: Transaction, extensions: Extensions, verdicts: Verdicts
) -> Generator[Action, Replies, tuple[bool, list[str]]]:
    """MAIL, every RCPT and DATA, in one segment where the server pipelines (RFC 2920).

    Gives whether the message may follow, and for whom; the others have their verdict.
    """
    commands = (_mail(transaction, extensions), *_recipients(transaction, extensions), "DATA")
    replies: Replies = ()
    try:
        if "PIPELINING" in extensions:
            replies = yield Say(commands)
        else:
            replies = yield from _speak_in_turn(commands)
    except LostError as lost:
        # What was answered before the wire broke counts all the same.
        _sort_out(transaction, lost.replies, verdicts)
        if lost.replies and is_farewell(lost.replies[-1]):
            # Nothing else was to be expected: the reason is what the server said.
            command = commands[len(lost.replies) - 1].partition(":")[0]
            left = (path for path in transaction.forward_paths if path not in verdicts)
            verdicts.update(dict.fromkeys(left, judge(lost.replies[-1], command)))
        raise
    accepted = _sort_out(transaction, replies, verdicts)
    data = replies[-1] if len(replies) == len(commands) else None
    if data is not None and data.code == 354:
        return True, accepted
    if accepted and data is not None:
        verdicts.update(dict.fromkeys(accepted, as_refusal(data, "DATA")))
    return False, []


def _speak_in_turn(commands: tuple[str, ...]) -> Generator[Action, Replies, Replies]:
    """One command, one reply; no RCPT after a refused MAIL, no DATA for nobody."""
    *envelope, data = commands
    replies: list[SmtpReply] = []
    try:
        for command in envelope:
            replies += yield Say((command,))
            if not replies[0].is_positive:
                return tuple(replies)
        if any(reply.is_positive for reply in replies[1:]):
            replies += yield Say((data,))
    except LostError as lost:
        raise LostError(lost.status, lost.said, (*replies, *lost.replies)) from lost
    return tuple(replies)


def _hand_over(
    transaction: Transaction,
    accepted: list[str],
    verdicts: Verdicts,
    last: tuple[str, ...],
    *,
    lmtp: bool,
) -> Generator[Action, Replies, None]:
    """The message, its dot and what is said last in one segment; in LMTP a reply a recipient.

    Where nobody was accepted the server still waits for a dot (RFC 2920 section 3.1).
    """
    octets = transaction.octets if accepted else b""
    count = max(len(accepted), 1) if lmtp else 1
    try:
        replies = yield Hand(octets, last, count)
    except LostError as lost:
        _note_acceptance(accepted, lost.replies, verdicts, lmtp=lmtp)
        raise
    _note_acceptance(accepted, replies, verdicts, lmtp=lmtp)


def _note_acceptance(
    accepted: list[str], replies: Replies, verdicts: Verdicts, *, lmtp: bool
) -> None:
    answers = replies if lmtp else replies * len(accepted)
    for forward_path, reply in zip(accepted, answers, strict=False):
        verdicts[forward_path] = judge(reply, "end of DATA")


def _mail(transaction: Transaction, extensions: Extensions) -> str:
    parts = [f"MAIL FROM:<{transaction.reverse_path}>"]
    if "SIZE" in extensions and not transaction.converted:
        parts.append(f"SIZE={len(transaction.octets)}")
    parts.extend(mail_parameters(transaction, extensions))
    if "DSN" in extensions:
        parts.extend(transaction.mail_parameters)
    return " ".join(parts)


def _recipients(transaction: Transaction, extensions: Extensions) -> Iterator[str]:
    for forward_path in transaction.forward_paths:
        parts = [f"RCPT TO:<{forward_path}>"]
        if "DSN" in extensions:
            given = transaction.recipient_parameters.get(forward_path, ())
            parts.extend(given)
            if not value_of("ORCPT", given):
                parts.append(original_recipient(forward_path))
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
