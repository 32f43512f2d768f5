"""The keys of a scenario file: which table knows which, and an example of each."""

from __future__ import annotations

from typing import Literal, TypeAlias

Table: TypeAlias = Literal[
    "top",
    "mail",
    "domains",
    "list",
    "retry",
    "limit",
    "pickup",
    "fault",
    "session",
    "intervention",
    "words",
    "library",
]

KEYS: dict[Table, dict[str, str]] = {
    "top": {
        "mail": "[mail]",
        "domains": '[domains."kantor.example"]',
        "pickup": '[[pickup]] / pickup = "none"',
        "fault": "[[fault]]",
        "session": "[[session]]",
        "intervention": "[[intervention]]",
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
        "password": 'password = "salah"',
        "header_from": 'header_from = "Direktur <direktur@kantor.example>"',
        "envelope_from": 'envelope_from = "dedi@kantor.example"',
        "envelope_to": 'envelope_to = ["dedi@kantor.example"]',
        "notify": 'notify = ["success"]',
        "return": 'return = "hdrs"',
        "envelope_id": 'envelope_id = "rapat-17"',
    },
    "domains": {
        "users": 'users = ["citra", "dedi"]',
        "mx": 'mx = ["10 mx1.kantor.example"]',
        "submission": 'submission = "smtp.kantor.example"',
        "submission_port": "submission_port = 465",
        "auth": 'auth = "cram-md5"',
        "mailbox": 'mailbox = "mail.kantor.example"',
        "relays": 'relays = ["relay1.transit.example"]',
        "delivery": 'delivery = "lmtp"',
        "tls": 'tls = "may"',
        "size_limit": "size_limit = 10_240_000",
        "recipient_limit": "recipient_limit = 100",
        "greylist": 'greylist = "5 min"',
        "quota": "quota = 10_000",
        "quota_code": "quota_code = 452",
        "aliases": 'aliases = { rapat = ["citra@kantor.example", "budi@kampus.example"] }',
        "lists": 'lists = { rapat = { members = ["citra@kantor.example"] } }',
        "hop_limit": "hop_limit = 50",
        "records": """records = ['@ 3600 IN TXT "v=spf1 mx -all"']""",
        "exists": "exists = false",
        "retry": 'retry = { lifetime = "1 d" }',
        "starttls": "starttls = false",
        "certificate": 'certificate = "smtp.lain.example"',
        "checks_trust": "checks_trust = true",
        "dkim_selector": 'dkim_selector = "s1"',
        "sending_limit": "sending_limit = { count = 500 }",
        "refuses_unknown_domains": "refuses_unknown_domains = true",
    },
    "list": {
        "members": 'members = ["citra@kantor.example", "budi@kampus.example"]',
        "subject_prefix": 'subject_prefix = "[rapat] "',
        "footer": 'footer = "To leave: rapat-request@kantor.example"',
        "rewrite_from": "rewrite_from = true",
    },
    "limit": {
        "count": "count = 500",
        "unit": 'unit = "recipient"',
        "window": 'window = "calendar"',
        "reply": 'reply = "550 5.4.5 Daily user sending limit exceeded"',
    },
    "retry": {
        "shortest": 'shortest = "5 min"',
        "longest": 'longest = "1 h"',
        "lifetime": 'lifetime = "5 d"',
        "warning": 'warning = "4 h"',
    },
    "pickup": {
        "mailbox": 'mailbox = "citra@kantor.example"',
        "protocol": 'protocol = "pop3"',
        "after": 'after = "1 min"',
        "keep": "keep = true",
    },
    "fault": {
        "host": 'host = "mx1.kantor.example"',
        "on": 'on = "RCPT"',
        "do": 'do = "reply"',
        "text": 'text = "450 4.2.0 Try again later"',
        "delay": 'delay = "30 s"',
        "times": "times = 2",
        "nth": "nth = 1",
        "from": 'from = "0 s"',
        "until": 'until = "20 min"',
        "only": 'only = "dedi@kantor.example"',
    },
    "session": {
        "server": 'server = "mx1.kantor.example"',
        "port": "port = 587",
        "protocol": 'protocol = "pop3"',
        "client": 'client = "pc-tamu.asing.example"',
        "lines": 'lines = ["EHLO pc-tamu.asing.example", "QUIT"]',
        "tls": "tls = true",
        "at": 'at = "2 min"',
    },
    "intervention": {
        "after": "after = 57",
        "change": 'change = "reply 450 4.2.0 Busy"',
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
    "list": '[domains."kantor.example".lists.rapat]',
    "limit": '[domains."kantor.example".sending_limit]',
    "retry": '[domains."kantor.example".retry]',
    "pickup": "[pickup]",
    "fault": "[[fault]]",
    "session": "[[session]]",
    "intervention": "[[intervention]]",
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
    "forward": "aliases",
    "mailfrom": "envelope_from",
    "rcptto": "envelope_to",
    "dsn": "notify",
    "envid": "envelope_id",
    "ret": "return",
    "server": "host",
    "when": "on",
    "reply": "text",
    "action": "do",
    "count": "times",
    "zone": "records",
}
"""Words that people write for a key and that no likeness of letters would find."""


def table_of(key: str) -> Table | None:
    """The table that knows this key, or None where none does."""
    return next((table for table, keys in KEYS.items() if key in keys), None)
