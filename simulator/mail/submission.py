"""How a user's mail client hands a mail to its own server, as a dialogue without IO (RFC 6409).

It waits for every reply, and must cope with any reply at any place, since a person may invent it.
"""

from __future__ import annotations

from collections.abc import Generator

from simulator.mail.credentials import Credentials
from simulator.mail.fitting import fitted, mail_parameters
from simulator.mail.smtp.dialogue import (
    Action,
    Extensions,
    Finding,
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


def submit(
    hello: str, transaction: Transaction, credentials: Credentials, *, sealed: bool = False
) -> Generator[Action, Replies, Verdicts]:
    """Hand a mail to one's own server: one command, one reply; gives a verdict a recipient.

    ``sealed``: the connection is TLS from its first octet (RFC 8314 section 3.3).
    """
    everyone = transaction.forward_paths
    verdicts: Verdicts = {}
    try:
        if sealed:
            yield Seal(verify=True)
        (greeting,) = yield Say(())
        if not greeting.is_positive:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, judge(greeting, "connect"))
        extensions, refusal = yield from _introduce(hello, credentials, sealed=sealed)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        transaction, refusal = fitted(transaction, extensions)
        if refusal is not None:
            yield Say(("QUIT",))
            return dict.fromkeys(everyone, refusal)
        yield from _one_by_one(transaction, extensions, verdicts)
        yield Say(("QUIT",))
    except LostError as lost:
        # What was answered before the wire broke counts all the same.
        gone = Verdict("deferred", lost.status, lost.said, spoken=False, finding=lost.finding)
        return dict.fromkeys(everyone, gone) | verdicts
    return verdicts


def _introduce(
    hello: str, credentials: Credentials, *, sealed: bool
) -> Generator[Action, Replies, tuple[Extensions, Verdict | None]]:
    (reply,) = yield Say((f"EHLO {hello}",))
    if not sealed and "STARTTLS" in Extensions(reply):
        (ready,) = yield Say(("STARTTLS",))
        if not ready.is_positive:
            return Extensions(None), judge(ready, "STARTTLS")
        yield Seal(verify=True)
        # What was said before the handshake counts for nothing (RFC 3207 section 4.2).
        (reply,) = yield Say((f"EHLO {hello}",))
    elif not sealed and reply.is_positive:
        # A password is not given away in the clear, whoever took the offer out (RFC 8314
        # section 3): the server may have none, or somebody on the way may have stripped it.
        return Extensions(None), _missing("5.7.10", Finding("tls-missing"))
    extensions = Extensions(reply)
    if not reply.is_positive:
        return extensions, judge(reply, "EHLO")
    return extensions, (yield from _prove(extensions, credentials))


def _prove(
    extensions: Extensions, credentials: Credentials
) -> Generator[Action, Replies, Verdict | None]:
    """AUTH, where it is offered; gives why it failed."""
    if "AUTH" not in extensions:
        return None
    name = credentials.mechanism_name
    if name not in extensions.parameters_of("AUTH"):
        return _missing("5.7.4", Finding("mechanism-missing", {"mechanism": name}))
    proved = yield from credentials.prove()
    return None if proved.is_positive else judge(proved, f"AUTH {name}")


def _missing(status: str, finding: Finding) -> Verdict:
    """The server lacks what the client is set up to insist on: its user is told, not the world."""
    return Verdict("failed", status, "", spoken=False, finding=finding)


def _one_by_one(
    transaction: Transaction, extensions: Extensions, verdicts: Verdicts
) -> Generator[Action, Replies, None]:
    """One command, one reply. ``verdicts`` gets each that is final as soon as it is known."""
    everyone, with_dsn = transaction.forward_paths, "DSN" in extensions
    wishes = mail_parameters(transaction, extensions)
    (mail,) = yield Say((" ".join((f"MAIL FROM:<{transaction.reverse_path}>", *wishes)),))
    if not mail.is_positive:
        verdicts.update(dict.fromkeys(everyone, judge(mail, "MAIL FROM")))
        return
    accepted: list[str] = []
    for forward_path in everyone:
        wishes = transaction.recipient_parameters.get(forward_path, ()) if with_dsn else ()
        (reply,) = yield Say((" ".join((f"RCPT TO:<{forward_path}>", *wishes)),))
        if is_farewell(reply):
            left = (path for path in everyone if path not in verdicts)
            verdicts.update(dict.fromkeys(left, judge(reply, "RCPT TO")))
            return
        if reply.is_positive:
            accepted.append(forward_path)
        else:
            verdicts[forward_path] = judge(reply, "RCPT TO")
    if not accepted:
        return
    (go_ahead,) = yield Say(("DATA",))
    if not lets_message_follow(go_ahead.code):
        verdicts.update(dict.fromkeys(accepted, as_refusal(go_ahead, "DATA")))
        return
    (done,) = yield Hand(transaction.octets, ())
    verdicts.update(dict.fromkeys(accepted, judge(done, "end of DATA")))
