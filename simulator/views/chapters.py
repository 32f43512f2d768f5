"""The six steps as chapters of a transcript: when each begins, and why one never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.lessons.language import Catalogue
from simulator.trace.event import Composed, Event, Judged, Queued, Step
from simulator.trace.steps import STEPS
from simulator.views.safe import safe

_JOURNEY_LIMIT = 20
_BETWEEN_DOMAINS: tuple[Step, ...] = (4, 5)
_BY_PEOPLE: tuple[Step, ...] = (1, 2)


@dataclass(slots=True)
class _Journey:
    """What is known of one mail's way so far."""

    recipients: tuple[str, ...] = ()
    own_domains: set[str] = field(default_factory=set)
    """Domains of recipients that the first server found to be its own."""
    composed: bool = False
    """Whether a person wrote it in their mail client."""
    reports: bool = False
    """Whether it is a report that a server wrote."""
    reached: set[Step] = field(default_factory=set)
    told: set[Step] = field(default_factory=set)
    """Steps that have a heading, or whose absence has been explained."""

    @property
    def begins(self) -> str:
        """How a mail begins that no person wrote in a mail client, or a look into a mailbox."""
        if self.reports:
            return "report"
        return "visit" if min(self.reached) == 6 else "typed"

    @property
    def stays_at_home(self) -> bool:
        """Whether every recipient is of the first server's own domain."""
        domains = {recipient.rpartition("@")[2].lower() for recipient in self.recipients}
        return bool(domains) and domains <= self.own_domains


@dataclass(slots=True)
class Chapters:
    """Follows every mail through the steps."""

    words: Catalogue
    _journeys: dict[str, _Journey] = field(default_factory=dict)
    _current: tuple[str, Step] | None = None

    def follow(self, event: Event) -> None:
        """Take notice of an event, whether it is told or not."""
        journey = self._journeys.setdefault(event.journey, _Journey())
        journey.reached.add(event.step)
        match event.fact:
            case Composed(recipients=recipients):
                journey.composed = event.step == 1
                journey.reports = not journey.composed
                journey.recipients = recipients
            case Queued(recipients=recipients) if not journey.recipients:
                journey.recipients = recipients
            case Judged(rule="route.destination", verdict="local", inputs=inputs):
                if event.step == 3:
                    journey.own_domains.add(inputs.get("domain", "").lower())
            case _:
                return

    def reach(self, event: Event) -> Iterator[str]:
        """The lines to print before an event is told: a heading, a reminder, or none."""
        place = (event.journey, event.step)
        if place == self._current:
            return
        self._current = place
        journey = self._journeys[event.journey]
        if event.step in journey.told:
            title = self._titled(f"steps.{event.step}.title", event.journey)
            yield self.words.say("transcript.again", step=event.step, title=title)
            return
        yield from self._skipped_before(event.step, journey, event.journey)
        journey.told.add(event.step)
        heading = f"{event.step}  {self._titled(f'steps.{event.step}.title', event.journey)}"
        yield heading
        yield "-" * len(heading)
        yield self.words.say(f"steps.{event.step}.about")

    def at_the_end(self) -> Iterator[str]:
        """The lines about steps that a mail never came to."""
        for name, journey in self._journeys.items():
            last = max(journey.reached)
            for step in STEPS:
                if step > last and step not in journey.told:
                    reason = self.words.say("steps.stopped", step=last)
                    yield self._skipped(step, reason, name)

    def _skipped_before(self, step: Step, journey: _Journey, name: str) -> Iterator[str]:
        """Why steps before this one do not happen, where that is certain by now."""
        if step >= 3 and not journey.composed:
            yield from self._explained(journey, name, _BY_PEOPLE, journey.begins)
        if step == 6 and journey.stays_at_home:
            yield from self._explained(journey, name, _BETWEEN_DOMAINS, "local")

    def _explained(
        self, journey: _Journey, name: str, steps: tuple[Step, ...], reason: str
    ) -> Iterator[str]:
        missing = [step for step in steps if step not in journey.told]
        for step in missing:
            journey.told.add(step)
            yield self._skipped(step, self.words.say(f"steps.{step}.{reason}"), name)
        if missing:
            yield ""

    def _skipped(self, step: Step, reason: str, journey: str) -> str:
        title = self._titled(f"steps.{step}.title", journey)
        return self.words.say("transcript.skipped", step=step, title=title, reason=reason)

    def _titled(self, key: str, journey: str) -> str:
        """A step's title, with the mail's name where there is more than one by now."""
        title = self.words.say(key)
        if len(self._journeys) == 1:
            return title
        name = safe(journey, limit=_JOURNEY_LIMIT)
        return self.words.say("transcript.mail", title=title, journey=name)
