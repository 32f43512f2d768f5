"""The keys of a scenario file: which table knows which, and an example of each."""

from __future__ import annotations

from typing import Literal, TypeAlias

Table: TypeAlias = Literal["top", "mail", "domains", "pickup", "words", "library"]

KEYS: dict[Table, dict[str, str]] = {
    "top": {
        "mail": "[mail]",
        "domains": '[domains."kantor.example"]',
        "pickup": '[[pickup]] / pickup = "none"',
        "seed": "seed = 7",
        "start": "start = 2026-11-23T09:00:00+07:00",
        "latency": 'latency = "10 ms"',
        "chapter": 'chapter = "basics"',
        "minutes": "minutes = 5",
    },
    "mail": {
        "from": 'from = "ani@kampus.example"',
        "to": 'to = "citra@kantor.example"',
        "cc": 'cc = ["dedi@kantor.example"]',
        "bcc": 'bcc = ["budi@kampus.example"]',
        "subject": 'subject = "Rapat Senin"',
        "body": 'body = "Rapat dimulai pukul 09.00."',
        "attach": 'attach = ["jadwal.csv"]',
        "at": 'at = "2 min"',
    },
    "domains": {
        "users": 'users = ["citra", "dedi"]',
        "mx": 'mx = ["10 mx1.kantor.example"]',
        "submission": 'submission = "smtp.kantor.example"',
        "mailbox": 'mailbox = "mail.kantor.example"',
        "relays": 'relays = ["relay1.transit.example"]',
        "delivery": 'delivery = "lmtp"',
        "tls": 'tls = "may"',
        "size_limit": "size_limit = 10_240_000",
    },
    "pickup": {
        "mailbox": 'mailbox = "citra@kantor.example"',
        "protocol": 'protocol = "pop3"',
        "after": 'after = "1 min"',
        "keep": "keep = true",
    },
    "words": {
        "title": 'title = "Two domains"',
        "goal": 'goal = "See how one server finds the other."',
    },
    "library": {
        "scenarios": 'scenarios = ["same-domain"]',
    },
}
"""Table -> key -> the key as one could write it."""

HEADERS: dict[Table, str] = {
    "mail": "[mail]",
    "domains": '[domains."kantor.example"]',
    "pickup": "[pickup]",
    "words": "words.en.toml",
}
"""Where a key belongs that is written in another table; the top of the file has no header."""

MEANT: dict[str, str] = {
    "sender": "from",
    "recipient": "to",
    "recipients": "to",
    "message": "body",
    "text": "body",
    "time": "at",
    "user": "users",
    "accounts": "users",
    "exchangers": "mx",
    "smtp": "submission",
    "size": "size_limit",
    "delay": "after",
    "delete": "keep",
}
"""Words that people write for a key and that no likeness of letters would find."""


def table_of(key: str) -> Table | None:
    """The table that knows this key, or None where none does."""
    return next((table for table, keys in KEYS.items() if key in keys), None)
