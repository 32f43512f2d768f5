"""How a server sends to a server, as a dialogue without IO that reads from top to bottom.

It pipelines as Postfix does (RFC 2920), and must cope with any reply at any place, since a person
may invent it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from simulator.mail.dsn_parameters import given_as, original_recipient
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
from simulator.trace.go_ahead import lets_message_follow

_FINAL = 5
"""The class of replies that are permanently negative (RFC 5321 section 4.2.1)."""


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
    try:
        extensions, refusal = yield from _introduce(manners)
        if refusal is None:
            transaction, refusal = fitted(transaction, extensions, manners.tell, manners.peer)
        if refusal is not None:
            yield from _leave("QUIT")
            return dict.fromkeys(everyone, refusal)
        go_ahead, accepted = yield from _speak_envelope(transaction, extensions, verdicts)
        if go_ahead:
            transaction = with_short_lines(transaction, manners.tell)
            last = ("QUIT",) if "PIPELINING" in extensions else ()
            yield from _hand_over(transaction, accepted, verdicts, last, lmtp=manners.lmtp)
            if not last:
                yield from _leave("QUIT")
        elif "PIPELINING" in extensions:
            yield from _leave("RSET", "QUIT")
        else:
            yield from _leave("RSET")
            yield from _leave("QUIT")
    except LostError as lost:
        said = f"{lost.said} while {lost.stage}"
        gone = Verdict("deferred", lost.status, said, spoken=False, finding=lost.finding)
        verdicts |= dict.fromkeys((one for one in everyone if one not in verdicts), gone)
    return _with_reports(verdicts, extensions)


@contextmanager
def _while(stage: str) -> Iterator[None]:
    """A connection that is lost in here was lost while ``stage``, in Postfix's words."""
    try:
        yield
    except LostError as lost:
        lost.stage = lost.stage or stage
        raise


def _leave(*commands: str) -> Generator[Action, Replies, None]:
    """Say the last commands; everything is decided, and a connection may as well be gone."""
    with suppress(LostError):
        yield Say(commands)


def _with_reports(verdicts: Verdicts, extensions: Extensions) -> Verdicts:
    """The verdicts, with what becomes of notices: without DSN there it is the last of them."""
    reported = "DSN" in extensions
    return {one: replace(verdict, reported=reported) for one, verdict in verdicts.items()}


_Introduced: TypeAlias = Generator[Action, Replies, tuple[Extensions, Verdict | None]]
"""Ends with what the server offers, and why one cannot go on."""


def _introduce(manners: Manners) -> _Introduced:
    """The server's greeting and ours."""
    with _while("receiving the initial server greeting"):
        (greeting,) = yield Say(())
    if greeting.is_positive:
        return (yield from _greet(manners))
    refusal = as_refusal(greeting, "connect")
    if greeting.code // 100 == _FINAL:
        # A 5yz greeting speaks of the host, not of the mail: try again, perhaps elsewhere
        # (smtp_skip_5xx_greeting). What may yet succeed has no status of 5 (RFC 3463).
        refusal = replace(refusal, outcome="deferred", status=f"4{refusal.status[1:]}")
    return Extensions(None), refusal


def _greet(manners: Manners) -> _Introduced:
    extensions, refusal = yield from _hello(manners)
    if refusal is not None:
        return extensions, refusal
    return (yield from _seal(manners, extensions))


def _hello(manners: Manners) -> _Introduced:
    """EHLO, and HELO where it is refused, whatever for (as Postfix does); LMTP has but one."""
    verb = "LHLO" if manners.lmtp else "EHLO"
    with _while(f"performing the {verb} handshake"):
        (reply,) = yield Say((f"{verb} {manners.hello}",))
    if reply.is_positive:
        return Extensions(reply), None
    if manners.lmtp or is_farewell(reply):
        return Extensions(None), as_refusal(reply, verb)
    with _while("performing the HELO handshake"):
        (reply,) = yield Say((f"HELO {manners.hello}",))
    return Extensions(None), None if reply.is_positive else as_refusal(reply, "HELO")


def _seal(manners: Manners, extensions: Extensions) -> _Introduced:
    """STARTTLS where it is offered and wanted, and the second hello; where it must be, or not."""
    must = manners.tls == "verify"
    if manners.tls == "none" or "STARTTLS" not in extensions:
        return extensions, _not_offered(manners) if must else None
    with _while("receiving the STARTTLS response"):
        (ready,) = yield Say(("STARTTLS",))
    if not ready.is_positive:
        said = f"TLS is required, but was refused by host {manners.peer}: {ready.text}"
        if must:
            return extensions, Verdict("deferred", "4.7.4", said, spoken=False)
        manners.tell("tls.refused", "clear")
        return extensions, None
    with _while("performing the EHLO handshake"):
        yield Seal(verify=must)
    return (yield from _hello(manners))


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
        unanswered = commands[len(lost.replies)].partition(":")[0]
        lost.stage = f"sending {'DATA command' if unanswered == 'DATA' else unanswered}"
        raise
    accepted = _sort_out(transaction, replies, verdicts)
    data = replies[-1] if len(replies) == len(commands) else None
    if data is not None and lets_message_follow(data.code):
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
        lost.stage = "sending end of data -- message may be sent more than once"
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
    if "SIZE" in extensions and "8BITMIME" in extensions:
        # Where the mail might have to be rewritten, Postfix tells no size, as it cannot know it.
        parts.append(f"SIZE={len(transaction.octets)}")
    parts.extend(mail_parameters(transaction, extensions))
    return " ".join(parts)


def _recipients(transaction: Transaction, extensions: Extensions) -> Iterator[str]:
    for forward_path in transaction.forward_paths:
        parts = [f"RCPT TO:<{forward_path}>"]
        if "DSN" in extensions:
            given = transaction.recipient_parameters.get(forward_path, ())
            parts.append(given_as("ORCPT", given) or original_recipient(forward_path))
            parts.append(given_as("NOTIFY", given))
        yield " ".join(filter(None, parts))


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
