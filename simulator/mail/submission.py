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
    Hand,
    LostError,
    Replies,
    Say,
    Seal,
    Transaction,
    Verdict,
    Verdicts,
    judge,
    not_an_acceptance,
)


def submit(
    hello: str, transaction: Transaction, credentials: Credentials, *, sealed: bool = False
) -> Generator[Action, Replies, Verdicts]:
    """Hand a mail to one's own server: one command, one reply; gives a verdict a recipient.

    ``sealed``: the connection is TLS from its first octet (RFC 8314 section 3.3).
    """
    everyone = transaction.forward_paths
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
        verdicts = yield from _one_by_one(transaction, extensions)
        yield Say(("QUIT",))
    except LostError as lost:
        return dict.fromkeys(everyone, Verdict("deferred", lost.status, lost.said, spoken=False))
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
        refusal = "the server offers no TLS, and the client is set up to insist on it"
        return Extensions(None), Verdict("failed", "5.7.10", refusal, spoken=False)
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
        said = f"the server does not offer {name}, which the client is set up with"
        return Verdict("failed", "5.7.4", said, spoken=False)
    proved = yield from credentials.prove()
    return None if proved.is_positive else judge(proved, f"AUTH {name}")


def _one_by_one(
    transaction: Transaction, extensions: Extensions
) -> Generator[Action, Replies, Verdicts]:
    everyone, with_dsn = transaction.forward_paths, "DSN" in extensions
    wishes = (
        *mail_parameters(transaction, extensions),
        *(transaction.mail_parameters if with_dsn else ()),
    )
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
        return verdicts | dict.fromkeys(accepted, judge(not_an_acceptance(go_ahead), "DATA"))
    (done,) = yield Hand(transaction.octets, ())
    return verdicts | dict.fromkeys(accepted, judge(done, "end of DATA"))
