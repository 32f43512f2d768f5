"""Records the scenarios that are shipped as recordings, with their chapters, notes and questions.

``python -m tests.fork.record_shipped`` writes them anew, after a change of what is simulated. The
one whose names were looked up keeps its answers: ``python -m tests.fork.record_looked_up`` asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.engine.simulate import simulate
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Bounced, Command, Composed, Event, Judged, Query, Reply, Stored
from simulator.trace.recording import Header, Note, read, write

FOLDER = Path(__file__).parents[2] / "scenarios" / "recordings"
Where = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at the first event that is so; ``before``: at the one before it, to ask what comes."""

    where: Where
    english: str
    indonesian: str
    before: bool = False

    def note(self, events: tuple[Event, ...]) -> Note:
        seq = next(event.seq for event in events if self.where(event))
        return Note(
            after=max(seq - self.before, 0), text=self.english, translations={"id": self.indonesian}
        )


def _composed(event: Event) -> bool:
    return isinstance(event.fact, Composed)


def _mx(event: Event) -> bool:
    return isinstance(event.fact, Query) and event.fact.type == "MX"


def _transfer(event: Event) -> bool:
    return event.step == 5 and event.kind == "connected"


def _says(words: str) -> Where:
    return lambda event: isinstance(event.fact, Reply) and words in event.fact.lines[0]


def _commands(verb: str) -> Where:
    return lambda e: isinstance(e.fact, Command) and e.step == 5 and e.fact.line.startswith(verb)


def _stored(event: Event) -> bool:
    return isinstance(event.fact, Stored)


def _bounced(event: Event) -> bool:
    return isinstance(event.fact, Bounced)


def _judged(rule: str) -> Where:
    return lambda event: isinstance(event.fact, Judged) and event.fact.rule == rule


_WRITTEN = Mark(_composed, "The mail is written", "Surel ditulis")
_ASKED = Mark(_mx, "Where to?", "Ke mana?")
_CARRIED = Mark(_transfer, "From server to server", "Dari server ke server")
_ARRIVED = Mark(_stored, "In the mailbox", "Di kotak surat")

SHIPPED: dict[str, tuple[tuple[Mark, ...], tuple[Mark, ...], tuple[Mark, ...]]] = {
    "two-domains": (
        (_WRITTEN, _ASKED, _CARRIED, _ARRIVED),
        (
            Mark(
                _says("queued as"),
                "From here on the server answers for the mail, not Ani's client.",
                "Mulai sini server yang bertanggung jawab atas surel, bukan klien Ani.",
            ),
        ),
        (
            Mark(
                _mx,
                "What will the server ask the DNS first: an address, or something else?",
                "Apa yang pertama ditanyakan server kepada DNS: alamat, atau yang lain?",
                before=True,
            ),
        ),
    ),
    "greylisting": (
        (_WRITTEN, _CARRIED, _ARRIVED),
        (
            Mark(
                _says("450"),
                "A 4 means: not now. Nothing is lost, and nobody is told yet.",
                "Angka 4 berarti: jangan sekarang. Tidak ada yang hilang, dan belum ada kabar.",
            ),
        ),
        (
            Mark(
                _says("450"),
                "The server does not know this sender. What will it say to RCPT?",
                "Server belum mengenal pengirim ini. Apa jawabannya atas RCPT?",
                before=True,
            ),
        ),
    ),
    "accepted-then-bounced": (
        (_WRITTEN, _CARRIED, Mark(_bounced, "The bounce", "Surel balasan gagal")),
        (
            Mark(
                _bounced,
                "Whoever said 250 has to write the report.",
                "Siapa yang berkata 250, dialah yang harus menulis laporan.",
            ),
        ),
        (
            Mark(
                _bounced,
                "The mail cannot be delivered any more. Who tells Ani?",
                "Surelnya tidak dapat diantarkan lagi. Siapa yang memberi tahu Ani?",
                before=True,
            ),
        ),
    ),
}

LOOKED_UP = "looked-up"
LOOKED_UP_MARKS = (
    (_WRITTEN, _ASKED, _CARRIED, _ARRIVED),
    (
        Mark(
            _transfer,
            "Name and address came out of a real nameserver; the server itself is simulated.",
            "Nama dan alamat ini berasal dari server nama sungguhan; servernya sendiri simulasi.",
        ),
    ),
    (
        Mark(
            _mx,
            "Two exchangers are in the DNS, and one of them is an alias. Which is called first?",
            "Ada dua penerima surel dalam DNS, satu di antaranya alias. Mana yang dihubungi dulu?",
            before=True,
        ),
    ),
)


def record() -> None:
    """Write each of them anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, marks in SHIPPED.items():
        write_down(name, load(find(name)), *marks)
    kept = read(FOLDER / f"{LOOKED_UP}.jsonl").header.scenario
    write_down(LOOKED_UP, kept, *LOOKED_UP_MARKS)


def write_down(name: str, scenario: Scenario, *marks: tuple[Mark, ...]) -> None:
    """Run the scenario, and write it with its chapters, notes and stops."""
    events = tuple(simulate(scenario))
    chapters, notes, stops = (tuple(mark.note(events) for mark in kind) for kind in marks)
    header = Header(
        program="smtpflow",
        scenario=scenario,
        hosts=hosts_of(scenario),
        chapters=chapters,
        notes=notes,
        stops=stops,
    )
    write(FOLDER / f"{name}.jsonl", header, events)


if __name__ == "__main__":
    record()
