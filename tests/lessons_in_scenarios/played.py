"""A shipped scenario played to its end, and what can be asked of the run."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache

from simulator.engine.simulate import simulate
from simulator.scenario.library import find
from simulator.scenario.loader import Overrides, load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Composed, Connected, Event, Read, Refused, Stored
from simulator.trace.octets import octets_of
from tests.lessons_in_scenarios.conversation import Line, lines_of, written
from tests.shipped import events_of, scenario_of

MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report: its journey, who wrote it, whom it is for, and its fields (RFC 3464)."""

    journey: str
    by: str
    to: tuple[str, ...]
    message: EmailMessage

    def of_the_mail(self) -> dict[str, str]:
        """The fields about the mail."""
        return self._fields()[0]

    def of_the_recipients(self) -> list[dict[str, str]]:
        """The fields about each recipient."""
        return self._fields()[1:]

    def returned(self) -> EmailMessage:
        """What of the mail came back."""
        *_, last = self.message.iter_parts()
        returned = last.get_content()
        return parsed(returned.encode()) if isinstance(returned, str) else returned

    def _fields(self) -> list[dict[str, str]]:
        _, status, _ = self.message.iter_parts()
        assert status.get_content_type() == "message/delivery-status"
        return [dict(block.items()) for block in status.get_payload()]  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Run:
    """The scenario, its events, and its conversation."""

    scenario: Scenario
    events: tuple[Event, ...]
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return written(self.lines)

    def shows(self, script: str) -> None:
        """Every line of the script begins a line of the conversation, in this order."""
        left = iter([str(line) for line in self.lines])
        for wanted in script.strip().splitlines():
            words = " ".join(wanted.split())
            if not any(line.startswith(words) for line in left):
                raise AssertionError(f"not there, or not in this place: {words}\n\n{self}")

    def hides(self, words: str) -> None:
        """No line of the conversation holds these words."""
        for line in self.lines:
            assert words not in line.text, f"{line}\n\n{self}"

    def stored(self, mailbox: str) -> list[EmailMessage]:
        """Every message that was ever put into that mailbox."""
        facts = [event.fact for event in self.events]
        return [
            parsed(octets_of(fact))
            for fact in facts
            if isinstance(fact, Stored) and fact.mailbox == mailbox
        ]

    def read(self) -> list[tuple[str, str]]:
        """Who read what."""
        facts = [event.fact for event in self.events]
        return [(fact.mailbox, fact.subject) for fact in facts if isinstance(fact, Read)]

    def tries(self, caller: str, callee: str) -> list[int]:
        """After how many whole minutes one host called the other's port 25."""
        return [
            event.at // MINUTE
            for event in self.events
            if event.host == caller
            and isinstance(event.fact, Connected | Refused)
            and (event.fact.peer, event.fact.port) == (callee, 25)
        ]

    def reports(self) -> list[Report]:
        """Every report that a server wrote."""
        return [
            Report(event.journey, event.host, event.fact.recipients, parsed(octets_of(event.fact)))
            for event in self.events
            if isinstance(event.fact, Composed) and not event.fact.reverse_path
        ]


@cache
def play(name: str, seed: int | None = None) -> Run:
    """Play the shipped scenario of that name."""
    if seed is None:
        scenario, events = scenario_of(name), events_of(name)
    else:
        scenario = load(find(name), Overrides(seed=seed))
        events = tuple(simulate(scenario))
    return Run(scenario, events, lines_of(hosts_of(scenario), events))


def parsed(octets: bytes) -> EmailMessage:
    """A message as the standard library reads it."""
    return email.message_from_bytes(octets, policy=email.policy.default)
