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
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Host, Scenario
from simulator.trace import recording
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin, margin_of, title_of
from simulator.trace.recording import Header, Recording, RecordingError

RECORDING_SUFFIX = ".jsonl"


class CommandError(Exception):
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
        raise CommandError(mistake_said(mistake, language)) from mistake
    for remark in read.warnings:
        said = f"{path}: {remark_said(remark, language)}"
        sys.stderr.write(complaint(catalogue(language), said))
    return read


def _located(path: Path) -> Path:
    """The file itself, or where there is none the shipped recording of that name."""
    shipped = library.library_folder() / "recordings" / path.name
    is_name = path.name == str(path)
    return shipped if is_name and not path.exists() and shipped.exists() else path


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
    """Whether a name is a recording's rather than a scenario's."""
    return name.endswith(RECORDING_SUFFIX)
