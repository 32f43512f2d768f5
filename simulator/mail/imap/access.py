"""The IMAP commands of a client that comes and goes: capabilities, logging in, logging out."""

from __future__ import annotations

import base64

from simulator.mail.imap.answer import Response
from simulator.mail.imap.state import Outcome, SessionState, Spoken, State
from simulator.mail.imap.syntax import Atom, SyntaxRefusedError

CAPABILITIES = ("IMAP4rev1", "IMAP4rev2", "SASL-IR", "ENABLE", "IDLE", "LITERAL-", "AUTH=PLAIN")
CAPABILITIES_LATER = (
    *CAPABILITIES[:-1],
    *("UNSELECT", "CHILDREN", "NAMESPACE", "UIDPLUS", "LIST-EXTENDED", "ESEARCH", "SEARCHRES"),
    *("LIST-STATUS", "BINARY", "MOVE", "STATUS=SIZE", "SPECIAL-USE"),
)
"""Once someone has logged in. What IMAP4rev2 has in itself is named for clients of IMAP4rev1."""

_USER_AND_PASSWORD = 2
_LONGEST_RESPONSE = 12_288
"""Octets of a response to a SASL challenge (RFC 4954 section 4.3; IMAP names no number)."""


def tell_capabilities(session: SessionState, _: Spoken) -> Outcome:
    """CAPABILITY. Who has asked is told the later ones in a line of their own."""
    if session.state is not State.NOT_AUTHENTICATED:
        return Outcome("Capability completed.", (_line(CAPABILITIES_LATER),))
    session.asked_capabilities = True
    text = "Pre-login capabilities listed, post-login capabilities have more."
    return Outcome(text, (_line(CAPABILITIES),))


def do_nothing(_: SessionState, spoken: Spoken) -> Outcome:
    """NOOP and CHECK: the client learns what has changed."""
    return Outcome("NOOP completed." if spoken.verb == "NOOP" else "Check completed.")


def log_out(session: SessionState, _: Spoken) -> Outcome:
    """LOGOUT: the server says BYE before it says OK."""
    session.end()
    return Outcome("Logout completed.", (("* BYE Logging out",),))


def enable(session: SessionState, spoken: Spoken) -> Outcome:
    """ENABLE (RFC 9051 section 6.3.1): IMAP4rev2 is known, and all else is passed over."""
    names = [argument.text for argument in spoken.arguments if isinstance(argument, Atom)]
    if len(names) != len(spoken.arguments):
        raise SyntaxRefusedError("Invalid arguments")
    wanted = any(name.upper() == "IMAP4REV2" for name in names)
    enabled = wanted and session.enable_rev2()
    return Outcome("Enabled.", (("* ENABLED IMAP4rev2",),) if enabled else ())


def log_in(session: SessionState, spoken: Spoken) -> Outcome:
    """LOGIN: user and password as they are."""
    words = spoken.words(2)
    if len(words) > _USER_AND_PASSWORD:
        raise SyntaxRefusedError("Invalid arguments")
    user, password = words
    return _let_in(session, user, password)


def authenticate(session: SessionState, spoken: Spoken) -> Outcome:
    """AUTHENTICATE, with an initial response (RFC 4959) or after a challenge."""
    mechanism, *response = spoken.words(1)
    if mechanism.upper() != "PLAIN":
        return Outcome("Unsupported authentication mechanism.", code="NO", rule="auth.mechanism")
    if response:
        return check_response(session, "" if response[0] == "=" else response[0])
    session.challenged = spoken.tag
    return Outcome("+ ", code="+", rule="auth.challenge")


def check_response(session: SessionState, response: str) -> Outcome:
    """SASL PLAIN (RFC 4616), or ``*`` to give up (RFC 9051 section 6.2.2)."""
    if response == "*":
        return Outcome("Authentication aborted by client.", code="BAD", rule="auth.aborted")
    octets = response.encode("utf-8", "replace")
    if len(octets) > _LONGEST_RESPONSE:
        return Outcome("Authentication response too long.", code="BAD", rule="auth.failed")
    try:
        decoded = base64.b64decode(octets, validate=True)
    except ValueError:
        return Outcome("Invalid base64 data in response.", code="BAD", rule="auth.bad-base64")
    acting_as, _, rest = decoded.decode("utf-8", "replace").partition("\0")
    user, _, password = rest.partition("\0")
    return _let_in(session, user if acting_as in {"", user} else "", password)


def _let_in(session: SessionState, user: str, password: str) -> Outcome:
    session.mailbox = session.store.login(user, password)
    if session.mailbox is None:
        text = "[AUTHENTICATIONFAILED] Authentication failed."
        return Outcome(text, code="NO", rule="auth.failed")
    session.state = State.AUTHENTICATED
    if session.asked_capabilities:
        return Outcome("Logged in", (_line(CAPABILITIES_LATER),))
    return Outcome(f"[CAPABILITY {' '.join(CAPABILITIES_LATER)}] Logged in")


def _line(capabilities: tuple[str, ...]) -> Response:
    return (f"* CAPABILITY {' '.join(capabilities)}",)
