"""What a recording is made of: the header, and how an event becomes a line and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec

from simulator.scenario.model import Host, Scenario
from simulator.trace.complaints import Remark
from simulator.trace.event import Event, Step

FORMAT: Final = "smtpflow-recording"
VERSION: Final = 1

GREATEST: Final = 2**53 - 1
"""I-JSON (RFC 7493 section 2.2): what any reader holds exactly. As microseconds, 285 years."""

_Number = Annotated[int, msgspec.Meta(ge=0, le=GREATEST)]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Words at an event: a note, the title of a chapter that begins there, or a question.

    ``after`` is the event's seq; ``translations`` say the same by language (``en``, ``id``).
    """

    after: _Number
    text: str
    translations: dict[str, str] = {}

    def said(self, language: str) -> str:
        """The words in that language, or as they were written."""
        return self.translations.get(language, self.text)


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: what was simulated, where, and by which program.

    ``deterministic`` says whether the scenario gives the same events again; a live run does not.
    ``title`` and ``author`` are those of the recording; ``chapters`` divide it, ``notes`` stand
    beside events, and at a ``stop`` a player stops and asks.
    """

    format: Literal["smtpflow-recording"] = FORMAT
    version: Literal[1] = VERSION
    program: str = ""
    deterministic: bool = True
    scenario: Scenario
    hosts: tuple[Host, ...]
    title: str = ""
    author: str = ""
    chapters: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    stops: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as read; ``warnings`` tell what was passed over."""

    header: Header
    events: tuple[Event, ...]
    warnings: tuple[Remark, ...] = ()


class Identity(msgspec.Struct):
    """What the first line must say before anything else in it counts."""

    format: str = ""
    version: Any = None


class Line(msgspec.Struct, gc=False):
    """An event without its fact, and the kind of that."""

    seq: _Number
    at: _Number
    step: Step
    host: str
    journey: str
    kind: str


class _Opening(msgspec.Struct, frozen=True, gc=False):
    """The keys that a line opens with."""

    seq: int
    at: int
    step: Step
    host: str
    journey: str


_encoder = msgspec.json.Encoder()


def line_of(event: Event) -> bytes:
    """The event as one line, with its LF."""
    opening = _encoder.encode(_Opening(event.seq, event.at, event.step, event.host, event.journey))
    return opening[:-1] + b"," + _encoder.encode(event.fact)[1:] + b"\n"


def header_line(header: Header) -> bytes:
    """The header as one line, with its LF."""
    return _encoder.encode(header) + b"\n"
