"""A captured conversation that a person held, as a session that is typed to our servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from simulator.scenario.model import Scenario
from simulator.scenario.typed import Session
from simulator.scenario.virtual_time import SECOND
from tests.truth.captures import BARE, Conversation

_LF = "\\x0a"
"""An LF without a CR, as a session writes it."""
_BEGINNING, _LONG_ENOUGH = 10 * SECOND, 600 * SECOND
"""When the world's own mail has been delivered, and how much later the next session begins."""


def with_sessions(
    scenario: Scenario,
    conversations: Sequence[Conversation],
    fields: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Scenario:
    """The scenario in which the conversations are typed too, one after the other.

    ``fields`` are the names of the header fields that each client wrote.
    """
    sessions = (
        Session(
            server=one.server,
            client=one.client,
            port=one.port,
            lines=tuple(_typed(one.script, fields.get(one.client, ("Subject",)))),
            at=_BEGINNING + place * _LONG_ENOUGH,
        )
        for place, one in enumerate(conversations)
    )
    return msgspec.structs.replace(scenario, sessions=tuple(sessions))


def _typed(script: Sequence[str], fields: Sequence[str]) -> Iterator[str]:
    """What the client said, a text a segment: ``C+`` goes on with the segment before."""
    segment: list[str] = []
    for said, answer in zip(script, [*script[1:], ""], strict=True):
        if answer == "S: 552":
            said = said.replace("SIZE=n", "SIZE=99999999999")  # noqa: PLW2901
        if said.startswith("C+"):
            segment.extend(_words(said, fields))
            continue
        if segment:
            yield _joined(segment)
        segment = list(_words(said, fields)) if said.startswith("C:") else []
    if segment:
        yield _joined(segment)


def _joined(segment: Sequence[str]) -> str:
    return "\r\n".join(segment).replace(f"{_LF}\r\n", _LF)


def _words(said: str, fields: Sequence[str]) -> Sequence[str]:
    if chunk := re.match(r"C. BDAT (\d+)", said):
        return (said[3:], "Subject: by hand\r\n\r\n".ljust(int(chunk[1]) - 2, "."))
    if said.endswith(BARE):
        return ("Subject: by hand", "", f"satu{_LF}.{_LF}")
    if said.startswith("C+ (message"):
        return (".",)  # its other lines were written down as commands
    if said[3:] == "(message)":
        return (*(f"{name}: by hand" for name in fields), "", ".")
    return (said[3:].replace("SIZE=n", "SIZE=80"),)
