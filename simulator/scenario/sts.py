"""What a domain publishes about TLS for its mail: its MTA-STS policy, read from a scenario file."""

from __future__ import annotations

import re

from simulator.scenario.defaults import with_given
from simulator.scenario.secrecy import StsMode, StsPolicy
from simulator.scenario.section import Section

_MODES: tuple[StsMode, ...] = ("enforce", "testing", "none")
_PATTERN = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?")
"""A host name, perhaps with ``*`` for its first label (RFC 8461 section 4.1)."""
_MOST = 20
_LONGEST = "365 d"
"""The RFC's largest max_age, 31557600 seconds, in whole days (section 3.2)."""


def read_sts_policy(section: Section) -> StsPolicy | None:
    """The table ``mta_sts`` of a domain; None where there is none."""
    values = section.table("mta_sts")
    if values is None:
        return None
    path = (*section.path, "mta_sts")
    table = Section("sts", values, path, section.document, section.mistakes)
    table.require("mode")
    return with_given(
        StsPolicy(),
        mode=table.choice("mode", _MODES),
        mx=_patterns(table),
        max_age=table.duration("max_age", "1 s", _LONGEST),
    )


def _patterns(table: Section) -> tuple[str, ...] | None:
    entries = table.texts("mx")
    if entries is None:
        return None
    for entry in table.at_most(_MOST, "mx", entries):
        if not _PATTERN.fullmatch(entry.value):
            values = {"found": entry.value, "example": "*.kantor.example"}
            table.mistakes.add(entry.place.mistake("scenario.host-name", **values))
    return tuple(entry.value.lower() for entry in entries)
