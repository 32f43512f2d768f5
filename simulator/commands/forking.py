"""Makes branches: a scenario, or a recording that still holds, with changes in its run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec.structs import replace

from simulator.commands.opening import (
    CommandError,
    is_recording,
    recording_of,
    scenario_of,
    simulated,
)
from simulator.lessons.language import Language, catalogue
from simulator.scenario.changes import Intervention
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.interventions import check_subject, no_such_event, read_fork
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Scenario
from simulator.trace.event import Answer, Event, Query
from simulator.trace.recording import Recording
from simulator.trace.redaction import redacted

_PLACE = Place("--fork")


def branch(
    name: str,
    forks: Sequence[str] | None,
    language: Language,
    overrides: Overrides | None = None,
) -> Scenario:
    """The scenario of that name, folder, file or recording, with what is changed in its run.

    Raises CommandError where there is no such scenario or event, where a change makes no sense
    there, and where simulating a recording's scenario again does not give the recording.
    """
    if not is_recording(name):
        return forked(scenario_of(name, language, overrides), forks or (), language)
    read = recording_of(name, language)
    scenario = forked(read.header.scenario, forks or (), language)
    new = [
        one.after for one in scenario.interventions if one not in read.header.scenario.interventions
    ]
    if new:
        check_again(name, read, language, min(new))
    return scenario


def forked(scenario: Scenario, forks: Iterable[str], language: Language) -> Scenario:
    """The scenario with each change (``57=drop``) added, in this order. Raises CommandError."""
    try:
        for text in forks:
            scenario = with_change(scenario, read_fork(text))
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake
    return scenario


def with_change(scenario: Scenario, intervention: Intervention) -> Scenario:
    """The scenario with one change more. Raises ScenarioError where its run cannot have it."""
    events = tuple(islice(simulated(scenario).events, intervention.after + 1))
    if len(events) <= intervention.after:
        raise no_such_event(intervention, len(events), _PLACE)
    fact = events[-1].fact
    check_subject(
        intervention,
        on_a_connection=getattr(fact, "conn", None) is not None,
        about_dns=isinstance(fact, Query | Answer),
        place=_PLACE,
    )
    interventions = sorted((*scenario.interventions, intervention), key=lambda one: one.after)
    changed = replace(scenario, interventions=tuple(interventions))
    next(iter(simulated(changed).events), None)  # what the DNS cannot say shows at once
    return changed


def check_again(name: str, read: Recording, language: Language, last: int | None = None) -> None:
    """Simulating a recording's scenario again gives its events, up to event ``last`` or to its end.

    Raises CommandError, naming the first event that differs.
    """
    recorded = read.events if last is None else read.events[: last + 1]
    again = redacted(islice(simulated(read.header.scenario).events, len(recorded)))
    for old, new in zip(redacted(recorded), again, strict=False):
        if old != new:
            raise _differs(name, old, language)
    # What comes before a fork must be there at all, and a run must not end before its recording.
    made = sum(1 for _ in islice(simulated(read.header.scenario).events, len(recorded)))
    if made < len(recorded):
        raise _differs(name, recorded[made], language)


def _differs(name: str, event: Event, language: Language) -> CommandError:
    said = catalogue(language).say("fork.not-the-same", file=name, event=event.seq)
    return CommandError(said)
