"""Opens what a command is about, a scenario or a recording, and says what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator import __version__
from simulator.arguments import PROGRAM, complaint
from simulator.lessons.language import Language, catalogue
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.scenario import library, loader
from simulator.scenario.errors import ScenarioError, nearest
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Host, Scenario
from simulator.trace import recording
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin, margin_of, title_of
from simulator.trace.recording import FORMAT, Header, Recording, RecordingError

RECORDING_SUFFIX = ".jsonl"

_HEAD = 200
"""Octets at the beginning of a recording that tell it from another file."""


class CommandError(ValueError):
    """What was asked for cannot be done; the text is the one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be told, shown or exported, and its events as they come.

    ``header`` is that of a recording of it. ``recording`` is the absolute path of the recording
    that it is read from, empty where it is simulated.
    """

    header: Header
    events: Iterable[Event]
    recording: str = ""

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self.header.scenario

    @property
    def hosts(self) -> tuple[Host, ...]:
        """Who takes part."""
        return self.header.hosts

    @property
    def margin(self) -> Margin:
        """What the author of a recording says to its events."""
        return margin_of(self.header)

    def title(self, language: Language) -> str:
        """The recording's own title, or the scenario's in that language, in any, or its name."""
        return title_of(self.header, language)


def scenario_of(name: str, language: Language, overrides: Overrides | None = None) -> Scenario:
    """The shipped scenario of that name, or that in a folder or file. Raises CommandError."""
    try:
        return loader.load(library.find(name), overrides)
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake


def recording_of(path: str, language: Language) -> Recording:
    """The recording in that file, or the shipped one of that name. Raises CommandError.

    What was passed over in it is said.
    """
    try:
        read = recording.read(_located(Path(path)))
    except RecordingError as mistake:
        said = _missing(path, language) if mistake.rule == "missing" else ""
        raise CommandError(said or mistake_said(mistake, language)) from mistake
    for remark in read.warnings:
        said = f"{path}: {remark_said(remark, language)}"
        sys.stderr.write(complaint(catalogue(language), said))
    return read


def _located(path: Path) -> Path:
    """The file itself, or where there is none the shipped recording of that name."""
    shipped = _shipped_recordings() / path.name
    is_name = path.name == str(path)
    return shipped if is_name and not path.exists() and shipped.exists() else path


def _shipped_recordings() -> Path:
    return library.library_folder() / "recordings"


def _missing(name: str, language: Language) -> str:
    """What somebody may have meant who names a recording that is not there; or nothing."""
    words, stem = catalogue(language), name.removesuffix(RECORDING_SUFFIX)
    known = [path.stem for path in _shipped_recordings().glob(f"*{RECORDING_SUFFIX}")]
    is_scenario = stem == name and name in [one.name for one in library.shipped()]
    if is_scenario:
        key = "scenario-or-recording" if name in known else "scenario-instead"
        return words.say(f"cli.recording.{key}", name=name, guess=f"{name}{RECORDING_SUFFIX}")
    guess = stem if stem in known else nearest(stem, known)
    if guess is None:
        return ""
    return words.say("cli.recording.nearest", name=name, guess=f"{guess}{RECORDING_SUFFIX}")


def simulated(scenario: Scenario, margin: Margin = BLANK) -> Run:
    """A scenario's run, which is made while its events are taken; ``margin`` goes with it."""
    from simulator.scenario.topology import hosts_of  # noqa: PLC0415

    program = f"{PROGRAM} {__version__}"
    header = Header(program=program, scenario=scenario, hosts=hosts_of(scenario))
    return Run(margin.written_in(header), _made(scenario))


def _made(scenario: Scenario) -> Iterator[Event]:
    """The engine is loaded with the first event: by then the screen shows its first frame."""
    from simulator.dns.message import DnsMessageError  # noqa: PLC0415
    from simulator.dns.zones import ZoneError  # noqa: PLC0415
    from simulator.engine.simulate import simulate  # noqa: PLC0415 - aiosmtpd, dnspython, TLS

    try:
        yield from simulate(scenario)
    except ZoneError as mistake:  # `records` is the user's own text, and only the DNS can read it
        raise CommandError(f"records: {mistake}") from mistake
    except DnsMessageError as mistake:  # and so is what a change makes the DNS say
        raise CommandError(f"dns: {mistake}") from mistake


def recorded(read: Recording, path: str) -> Run:
    """The run of the recording at that path, all of which is there."""
    return Run(read.header, read.events, str(Path(path).resolve()))


def is_recording(name: str) -> bool:
    """Whether a name is a recording's, by its ending or by what is there, and no scenario's."""
    return name.endswith(RECORDING_SUFFIX) or holds_recording(Path(name))


def holds_recording(path: Path) -> bool:
    """Whether a file begins as a recording does; one that nobody may read does not."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return FORMAT.encode() in file.read(_HEAD)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return False
