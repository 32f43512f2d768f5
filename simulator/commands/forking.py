"""Makes branches: a scenario, or a recording that still holds, with changes in its run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile

from simulator.commands.opening import (
    CommandError,
    Run,
    is_recording,
    recorded,
    recording_of,
    scenario_of,
    simulated,
)
from simulator.lessons.language import Language, catalogue
from simulator.scenario.change_tables import (
    check_change,
    check_order,
    no_such_event,
    read_fork,
)
from simulator.scenario.changes import Change
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.loader import Overrides
from simulator.scenario.model import Scenario
from simulator.scenario.writing import check_sound
from simulator.trace.margin import BLANK, margin_of
from simulator.trace.recording import Recording
from simulator.trace.redaction import redacted
from simulator.trace.what_if import check_subject

_PLACE = Place("--fork")


def changed(name: str, arguments: Namespace, language: Language) -> Run:
    """The run of that name, with whatever the command line changes in it.

    A recording in which nothing is changed is not simulated again. Raises CommandError as
    ``branch`` does.
    """
    if is_recording(name) and not arguments.fork:
        _check_untouched(name, overrides_of(arguments), language)
        return recorded(recording_of(name, language), name)
    return branch(name, arguments.fork, language, overrides_of(arguments))


def branch(
    name: str,
    forks: Sequence[str] | None,
    language: Language,
    overrides: Overrides | None = None,
) -> Run:
    """The scenario of that name, folder, file or recording, with what is changed in its run.

    What a recording's author wrote goes with it, as far as it comes out so again. Raises
    CommandError where there is no such scenario or event, where a change makes no sense there, and
    where simulating a recording's scenario again does not give the recording.
    """
    if not is_recording(name):
        scenario = scenario_of(name, language, overrides)
        check_forks(scenario, Place(name), language)
        return simulated(forked(scenario, forks or (), language))
    _check_untouched(name, overrides or Overrides(), language)
    read = recording_of(name, language)
    _check_sound(name, read.header.scenario, language)
    scenario = forked(read.header.scenario, forks or (), language)
    known = read.header.scenario.forks
    new = [one.after for one in scenario.forks if one not in known and one.after is not None]
    margin = margin_of(read.header)
    if new:
        check_again(name, read, language, min(new))
        margin = margin.until(min(new))
    elif margin != BLANK:
        margin = margin.until(_last_that_comes_again(read))
    return simulated(scenario, margin)


def overrides_of(arguments: Namespace) -> Overrides:
    """What the command line says instead of the scenario."""
    return Overrides(
        sender=arguments.sender,
        to=_each(getattr(arguments, "to", None)),
        cc=_each(arguments.cc),
        bcc=_each(arguments.bcc),
        subject=arguments.subject,
        body=arguments.body,
        attach=_each(arguments.attach),
        seed=arguments.seed,
    )


def _each(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def check_nothing_to_change(arguments: Namespace, language: Language) -> None:
    """Raise CommandError where something shall go otherwise, and no run is named that it is in."""
    given = [*overrides_of(arguments).every_option, *(["--fork"] if arguments.fork else [])]
    if given:
        raise CommandError(catalogue(language).say("fork.no-run", option=given[0]))


def _check_untouched(name: str, overrides: Overrides, language: Language) -> None:
    """A recording has happened: its mail and its chance are what they were."""
    for option in overrides.every_option:
        said = catalogue(language).say("fork.recording", file=name, option=option)
        raise CommandError(said)


def forked(scenario: Scenario, forks: Iterable[str], language: Language) -> Scenario:
    """The scenario with each change (``57=drop``) added, in this order. Raises CommandError."""
    try:
        for text in forks:
            scenario = with_change(scenario, read_fork(text), _PLACE)
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake
    return scenario


def check_forks(scenario: Scenario, place: Place, language: Language) -> None:
    """What a scenario itself changes after an event can be changed there. Raises CommandError."""
    so_far = scenario.without_forks()
    try:
        for change in scenario.forks:
            so_far = with_change(so_far, change, place)
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake


def with_change(scenario: Scenario, change: Change, place: Place) -> Scenario:
    """The scenario with one fork more. Raises ScenarioError where its run cannot have it."""
    after = change.after or 0
    check_change(change, scenario, place)
    check_order(change, scenario, place)
    events = tuple(islice(simulated(scenario).events, after + 1))
    if len(events) <= after:
        raise no_such_event(change, len(events), place)
    check_subject(change, events[-1], place)
    changed = scenario.changed(change)
    for _ in islice(simulated(changed).events, after + 2):
        pass  # what the DNS cannot say shows at once
    return changed


def _check_sound(name: str, scenario: Scenario, language: Language) -> None:
    """What a hand or an enemy wrote into a header need be nothing that can be simulated."""
    try:
        check_sound(scenario)
    except ScenarioError as mistake:
        said = mistake.sentence(language)
        unsound = catalogue(language).say("fork.unsound", file=name, reason=said)
        raise CommandError(unsound) from mistake


def check_again(name: str, read: Recording, language: Language, last: int | None = None) -> None:
    """Simulating a recording's scenario again gives its events, up to event ``last`` or to its end.

    Raises CommandError, naming the first event that differs.
    """
    _check_sound(name, read.header.scenario, language)
    events = read.events if last is None else read.events[: last + 1]
    same = _same_again(read, len(events))
    if same < len(events):
        said = catalogue(language).say("fork.not-the-same", file=name, event=events[same].seq)
        raise CommandError(said)


def _last_that_comes_again(read: Recording) -> int:
    """The seq of the last event up to which simulating again gives the recording; or -1."""
    same = _same_again(read, len(read.events))
    return read.events[same - 1].seq if same else -1


def _same_again(read: Recording, most: int) -> int:
    """How many of the first ``most`` events of a recording come out so again."""
    again = redacted(simulated(read.header.scenario).events)
    pairs = zip(redacted(read.events[:most]), again, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
