"""What a client may say now: the commands that are legal on a connection, by what was said on it.

Tables for each protocol and state, so that hints, completion and tests read the same. A server
may refuse all the same; nothing here keeps a person from typing anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from simulator.trace.event import Closed, Command, Connected, Content, Event, Reply, Tls
from simulator.trace.go_ahead import lets_message_follow


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be said: its verb, and a whole line as an example."""

    verb: str
    example: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands, as far as it decides what may come next."""

    protocol: str = "smtp"
    open: bool = False
    greeted: bool = False
    secure: bool = False
    proved: bool = False
    """Whether the server knows who the client is."""
    offers: frozenset[str] = frozenset()
    sender: bool = False
    recipients: int = 0
    named: bool = False
    """Whether USER was taken."""
    selected: bool = False
    expects: str = "command"
    """What the server waits for: a ``command``, a ``message``, an ``answer``, or ``nothing``."""
    pending: tuple[str, ...] = field(default=())
    """Commands that were not answered yet."""


_SMTP: Final[Mapping[str, str]] = {
    "EHLO": "EHLO {client}",
    "HELO": "HELO {client}",
    "STARTTLS": "STARTTLS",
    "AUTH": "AUTH PLAIN {plain}",
    "MAIL": "MAIL FROM:<{sender}>",
    "RCPT": "RCPT TO:<{recipient}>",
    "DATA": "DATA",
    "RSET": "RSET",
    "VRFY": "VRFY {recipient}",
    "NOOP": "NOOP",
    "HELP": "HELP",
    "QUIT": "QUIT",
}
_POP3: Final[Mapping[str, str]] = {
    "CAPA": "CAPA",
    "USER": "USER {recipient}",
    "PASS": "PASS {password}",
    "STAT": "STAT",
    "LIST": "LIST",
    "UIDL": "UIDL",
    "TOP": "TOP 1 5",
    "RETR": "RETR 1",
    "DELE": "DELE 1",
    "RSET": "RSET",
    "NOOP": "NOOP",
    "QUIT": "QUIT",
}
_IMAP: Final[Mapping[str, str]] = {
    "CAPABILITY": "{tag} CAPABILITY",
    "LOGIN": "{tag} LOGIN {recipient} {password}",
    "LIST": '{tag} LIST "" "*"',
    "SELECT": "{tag} SELECT INBOX",
    "SEARCH": "{tag} SEARCH ALL",
    "FETCH": "{tag} FETCH 1 (ENVELOPE)",
    "STORE": "{tag} STORE 1 +FLAGS (\\Seen)",
    "EXPUNGE": "{tag} EXPUNGE",
    "MOVE": "{tag} MOVE 1 Junk",
    "STATUS": "{tag} STATUS INBOX (MESSAGES UNSEEN)",
    "ENABLE": "{tag} ENABLE IMAP4rev2",
    "NOOP": "{tag} NOOP",
    "LOGOUT": "{tag} LOGOUT",
}
_EXAMPLES: Final = {"smtp": _SMTP, "lmtp": _SMTP, "pop3": _POP3, "imap": _IMAP}


def standing_of(events: Iterable[Event]) -> Standing:
    """How the conversation of one connection stands after these events of it."""
    standing = Standing()
    for event in events:
        standing = _after(standing, event)
    return standing


def offers(standing: Standing, names: Mapping[str, str]) -> tuple[Offer, ...]:
    """What may be said now; ``names`` fill the examples (sender, recipient, client, …)."""
    if standing.expects == "message":
        return (Offer(".", "."),)
    if standing.expects == "answer":
        return (Offer("*", "*"),)
    if not standing.open or standing.protocol not in _LEGAL:
        return ()
    examples = _EXAMPLES[standing.protocol]
    values = _Names({"tag": "a1", "password": "rahasia", "plain": "=", **names})
    verbs = _LEGAL[standing.protocol](standing)
    return tuple(Offer(verb, examples[verb].format_map(values)) for verb in verbs)


def completions(text: str, offered: Sequence[Offer]) -> tuple[str, ...]:
    """The whole lines that a beginning could become, whatever its letter case."""
    wanted = text.upper()
    return tuple(one.example for one in offered if one.example.upper().startswith(wanted))


class _Names(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"


# What each state allows ------------------------------------------------------------------------


def _smtp(now: Standing) -> list[str]:
    verbs = ["EHLO", "HELO"] if not now.greeted else []
    if now.greeted:
        if "STARTTLS" in now.offers and not now.secure:
            verbs.append("STARTTLS")
        if "AUTH" in now.offers and not now.proved and not now.sender:
            verbs.append("AUTH")
        verbs += ["RCPT"] if now.sender else ["MAIL"]
        verbs += ["DATA"] if now.recipients else []
    return [*verbs, "RSET", "VRFY", "NOOP", "HELP", "QUIT"]


def _pop3(now: Standing) -> list[str]:
    if now.proved:
        return ["STAT", "LIST", "UIDL", "TOP", "RETR", "DELE", "RSET", "NOOP", "CAPA", "QUIT"]
    return [*(["PASS"] if now.named else ["USER"]), "CAPA", "QUIT"]


def _imap(now: Standing) -> list[str]:
    verbs = ["LIST", "STATUS", "SELECT"] if now.proved else ["LOGIN"]
    verbs += ["SEARCH", "FETCH", "STORE", "MOVE", "EXPUNGE"] if now.selected else []
    verbs += ["ENABLE"] if now.proved else []
    return [*verbs, "CAPABILITY", "NOOP", "LOGOUT"]


_LEGAL: Final = {"smtp": _smtp, "lmtp": _smtp, "pop3": _pop3, "imap": _imap}


# How it comes to stand so ----------------------------------------------------------------------


def _after(now: Standing, event: Event) -> Standing:  # noqa: PLR0911 - a case a kind
    match event.fact:
        case Connected(protocol=protocol):
            return Standing(protocol=protocol, open=True)
        case Closed():
            return replace(now, open=False, expects="nothing")
        case Tls(reason=""):
            # What was said before the handshake counts for nothing (RFC 3207 section 4.2).
            return Standing(protocol=now.protocol, open=True, secure=True)
        case Command(line=line):
            return replace(now, pending=(*now.pending, line), expects="command")
        case Content() if now.protocol in {"smtp", "lmtp"}:
            return replace(now, pending=(*now.pending, "."), expects="command")
        case Reply() as reply:
            return _answered(now, reply)
        case _:
            return now


def _answered(now: Standing, reply: Reply) -> Standing:
    if not now.pending:
        return now  # the greeting, or news that nobody asked for
    said, *rest = now.pending
    now = replace(now, pending=tuple(rest))
    code = str(reply.code)
    if lets_message_follow(code):
        return replace(now, expects="message")
    if code in {"334", "+"}:
        return replace(now, expects="answer", pending=(said, *rest))
    if code[:1] != "2" and code not in {"+OK", "OK"}:
        return now
    words = said.upper().split()
    verb = next((word for word in words[: 2 if now.protocol == "imap" else 1][::-1]), "")
    change = _ON_SUCCESS.get((_family(now.protocol), verb))
    return now if change is None else change(now, reply)


def _family(protocol: str) -> str:
    return "smtp" if protocol == "lmtp" else protocol


def _hello(now: Standing, reply: Reply) -> Standing:
    offered = (line[4:].partition(" ")[0].upper() for line in reply.lines[1:])
    return replace(now, greeted=True, offers=frozenset(offered), sender=False, recipients=0)


def _mail(now: Standing, _reply: Reply) -> Standing:
    return replace(now, sender=True, recipients=0)


def _recipient(now: Standing, _reply: Reply) -> Standing:
    return replace(now, recipients=now.recipients + 1)


def _cleared(now: Standing, _reply: Reply) -> Standing:
    return replace(now, sender=False, recipients=0)


def _proved(now: Standing, _reply: Reply) -> Standing:
    return replace(now, proved=True, named=False)


def _named(now: Standing, _reply: Reply) -> Standing:
    return replace(now, named=True)


def _selected(now: Standing, _reply: Reply) -> Standing:
    return replace(now, selected=True)


_ON_SUCCESS: Final = {
    ("smtp", "EHLO"): _hello,
    ("smtp", "HELO"): _hello,
    ("smtp", "LHLO"): _hello,
    ("smtp", "MAIL"): _mail,
    ("smtp", "RCPT"): _recipient,
    ("smtp", "RSET"): _cleared,
    ("smtp", "."): _cleared,
    ("smtp", "AUTH"): _proved,
    ("pop3", "USER"): _named,
    ("pop3", "PASS"): _proved,
    ("pop3", "AUTH"): _proved,
    ("imap", "LOGIN"): _proved,
    ("imap", "AUTHENTICATE"): _proved,
    ("imap", "SELECT"): _selected,
    ("imap", "EXAMINE"): _selected,
}
