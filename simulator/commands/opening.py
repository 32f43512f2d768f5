"""Opens what a command is about, a scenario or a recording, and says what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from simulator.arguments import complaint
from simulator.lessons.language import Language, catalogue
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.scenario import library, loader
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Host, Scenario
from simulator.trace import recording
from simulator.trace.event import Event
from simulator.trace.margin import Margin
from simulator.trace.recording import Note, Recording, RecordingError

RECORDING_SUFFIX = ".jsonl"
Mark: TypeAlias = Literal["chapter", "note", "stop"]


class CommandError(Exception):
    """What was asked for cannot be done; the text is the one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be told or shown: its scenario, its hosts, and its events as they come.

    ``recording`` is the absolute path of the recording that it is read from, empty where it is
    simulated.
    """

    scenario: Scenario
    hosts: tuple[Host, ...]
    events: Iterable[Event]
    recording: str = ""
    heading: str = ""
    """What a recording's author calls it."""
    marks: tuple[tuple[Mark, Note], ...] = ()
    """What a recording's author says to its events."""

    @property
    def margin(self) -> Margin:
        """What a screen shows of them: the notes, and where it stops and asks."""
        notes = tuple(note for mark, note in self.marks if mark == "note")
        return Margin(notes, tuple(note for mark, note in self.marks if mark == "stop"))

    def words_at(self, language: Language) -> dict[int, tuple[str, ...]]:
        """The words that stand below each event, in that language."""
        words = catalogue(language)
        found: dict[int, tuple[str, ...]] = {}
        for mark, note in self.marks:
            said = words.say(f"fork.{mark}", text=note.said(language))
            found[note.after] = (*found.get(note.after, ()), said)
        return found

    def title(self, language: Language) -> str:
        """The recording's own title, or the scenario's in that language, in any, or its name."""
        if self.heading:
            return self.heading
        words = self.scenario.words
        fallback = next((one.title for one in words.values()), self.scenario.name)
        return words[language].title if language in words else fallback


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


def simulated(scenario: Scenario) -> Run:
    """A scenario's run, which is made while its events are taken."""
    from simulator.scenario.topology import hosts_of  # noqa: PLC0415

    return Run(scenario, hosts_of(scenario), _made(scenario))


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
    header = read.header
    marks: tuple[tuple[Mark, Note], ...] = (
        *(("chapter", note) for note in read.chapters),
        *(("note", note) for note in read.notes),
        *(("stop", note) for note in read.stops),
    )
    where = str(Path(path).resolve())
    return Run(header.scenario, header.hosts, read.events, where, read.title, marks)


def is_recording(name: str) -> bool:
    """Whether a name is a recording's rather than a scenario's."""
    return name.endswith(RECORDING_SUFFIX)
