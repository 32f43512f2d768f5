"""What is said to mailbox servers, read from the two files of scripts beside this one."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.mail.imap.mails import PLAIN, STRUCTURES

_SECTIONS = ("", "HEADER", "TEXT", "1", "1.MIME", "2", "2.MIME", "3", "2.HEADER", "2.TEXT")
_DEEPER = {6: ("1.1", "1.2", "1.2.MIME", "2.1", "2.2", "2.2.MIME", "2.HEADER.FIELDS (SUBJECT)")}
_LEAVES = {1: ("1", "2", "3"), 6: ("1.1", "1.2", "2.2", "3"), 18: ("1.1", "2")}
"""By mail the parts that have no parts (RFC 9051 section 6.4.5); of all others, the first."""
_DOTS = b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nx.\r\n\r\n.\r\n"
POP3_MAILS = (PLAIN[0], _DOTS, b"Subject: no body\r\n\r\n")


def _read(name: str) -> dict[str, tuple[str, ...]]:
    scripts = tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return {title: tuple(text.split("\n")) for title, text in scripts.items()}


def _shown(number: int) -> tuple[str, ...]:
    """All that can be asked of the shape of a mail."""
    items = (
        *("ENVELOPE", "BODY", "BODYSTRUCTURE", "RFC822.SIZE"),
        *(f"BODY.PEEK[{section}]" for section in (*_SECTIONS, *_DEEPER.get(number, ()))),
        *(f"BINARY.PEEK[{leaf}]" for leaf in _LEAVES.get(number, ("1",))),
        *(f"BINARY.SIZE[{leaf}]" for leaf in _LEAVES.get(number, ("1",))),
    )
    said = (f"FETCH {number} {item}" for item in items)
    return ("LOGIN <me> rahasia", "SELECT INBOX", *said)


POP3_SCRIPTS = _read("pop3_scripts.toml")
IMAP_SCRIPTS = _read("imap_scripts.toml") | {
    f"the shape of mail {number}": _shown(number) for number in range(1, len(STRUCTURES) + 1)
}


def imap_mails(script: str) -> tuple[bytes, ...]:
    """What lies in the mailbox to which it is said."""
    return STRUCTURES if "mail" in script else PLAIN
