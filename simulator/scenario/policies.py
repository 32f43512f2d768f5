"""What a declared domain's servers do with mail: limits, greylisting, quota, retries, records."""

from __future__ import annotations

import re
from typing import Literal

from simulator.scenario.crowds import MOST_IN_A_CROWD
from simulator.scenario.defaults import with_given
from simulator.scenario.domain import Retry
from simulator.scenario.records import read_records
from simulator.scenario.section import LATEST, Section, offered, written
from simulator.scenario.sending_limits import read_sending_limits
from simulator.scenario.sts import read_sts_policy

_DELIVERIES: tuple[Literal["local", "lmtp"], ...] = ("local", "lmtp")
_TLS: tuple[Literal["none", "may"], ...] = ("none", "may")
_SUBMISSION_PORTS: tuple[Literal[25, 465, 587], ...] = (587, 465, 25)
_MECHANISMS: tuple[Literal["plain", "login", "cram-md5"], ...] = ("plain", "login", "cram-md5")
_BARE_NEWLINES: tuple[Literal["normalize", "reject", "accept"], ...] = (
    "normalize",
    "reject",
    "accept",
)
_QUOTA_CODES: tuple[Literal[452, 552], ...] = (452, 552)

_LARGEST = 1_000_000_000
"""Octets of a message or a mailbox."""

_MODELS: tuple[Literal["postfix", "exim"], ...] = ("postfix", "exim")
_EXTENSIONS = ("8BITMIME", "SMTPUTF8", "DSN", "PIPELINING", "SIZE", "CHUNKING", "ETRN")

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?")

_MOST_HOPS = 100


def read_policies(section: Section) -> dict[str, object]:
    """The policies of one declared domain by the name of their field in the model.

    None is what the file leaves out; mistakes go to the section's list.
    """
    return {
        "delivery": section.choice("delivery", _DELIVERIES),
        "tls": section.choice("tls", _TLS),
        "submission_port": section.choice("submission_port", _SUBMISSION_PORTS),
        "auth": section.choice("auth", _MECHANISMS),
        "size_limit": section.whole("size_limit", 1, _LARGEST),
        "recipient_limit": section.whole("recipient_limit", 1, MOST_IN_A_CROWD),
        "hop_limit": section.whole("hop_limit", 1, _MOST_HOPS),
        "longest_line": section.whole("longest_line", 1, _LARGEST),
        "greylist": section.duration("greylist", "0 s", LATEST),
        "quota": section.whole("quota", 1, _LARGEST),
        "quota_code": section.choice("quota_code", _QUOTA_CODES),
        "records": read_records(section),
        "exists": section.flag("exists"),
        "retry": _retry(section),
        "starttls": section.flag("starttls"),
        "follows": section.choice("follows", _MODELS),
        "lacks": _lacks(section),
        "certificate": _name(section, "certificate", "smtp.lain.example"),
        "mta_sts": read_sts_policy(section),
        "checks_mta_sts": section.flag("checks_mta_sts"),
        "content_scan": section.flag("content_scan"),
        "checks_trust": section.flag("checks_trust"),
        "dkim_selector": _name(section, "dkim_selector", "s1"),
        "playground": section.flag("playground"),
        "sending_limits": read_sending_limits(section),
        "helo_required": section.flag("helo_required"),
        "defers_relaying": section.flag("defers_relaying"),
        "refuses_early_talk": section.flag("refuses_early_talk"),
        "bare_newline": section.choice("bare_newline", _BARE_NEWLINES),
        "refuses_unknown_domains": section.flag("refuses_unknown_domains"),
    }


def _name(section: Section, key: str, example: str) -> str | None:
    """A host name, or one label of it, in lower case."""
    text = section.text(key)
    if text is None:
        return None
    if not _NAME.fullmatch(text):
        section.add("scenario.host-name", key, found=text, example=example)
        return None
    return text.lower()


def _lacks(section: Section) -> tuple[str, ...] | None:
    """Extensions that its servers do not offer."""
    entries = section.texts("lacks")
    for entry in entries or ():
        if entry.value not in _EXTENSIONS:
            example = offered("lacks", entry.value, _EXTENSIONS)
            values = {"key": "lacks", "found": written(entry.value), "example": example}
            section.mistakes.add(entry.place.mistake("scenario.wrong-value", **values))
    return None if entries is None else tuple(entry.value for entry in entries)


def _retry(section: Section) -> Retry | None:
    """When the domain's servers try again, and when they give up."""
    values = section.table("retry")
    if values is None:
        return None
    path = (*section.path, "retry")
    table = Section("retry", values, path, section.document, section.mistakes)
    retry = with_given(
        Retry(),
        # A try a minute for a month is long enough to watch.
        shortest=table.duration("shortest", "1 min", LATEST),
        longest=table.duration("longest", "1 min", LATEST),
        lifetime=table.duration("lifetime", "0 s", LATEST),
        warning=table.duration("warning", "0 s", LATEST),
    )
    if retry.shortest > retry.longest:
        key = "shortest" if "shortest" in values else "longest"
        table.add("scenario.retry-order", key)
    return retry
