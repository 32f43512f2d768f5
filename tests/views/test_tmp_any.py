"""Whatever a recording holds, it can be told: nothing in it makes a view fail or unsafe."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.lessons.explain import LABEL_WIDTH, explain
from simulator.lessons.language import LANGUAGES, Language
from simulator.scenario.model import Host
from simulator.trace.event import Event, Fact, Step
from simulator.trace.scene import opening
from simulator.trace.steps import DEPTHS, Depth
from simulator.views.safe import safe
from simulator.views.transcript import narrate

NAMES = ("pc-ani.kampus.example", "smtp.kampus.example", "resolver.isp.example", "stranger")
# What JSON can hold: anything but lone surrogates. Often it is something that views look into.
TEXTS = st.one_of(
    st.sampled_from(("", ".", " ", "0 .", "NOERROR", "MX", "local", "route.mx", "queue.schedule")),
    st.sampled_from(NAMES),
    st.text(max_size=20),
)


NUMBERS = st.integers(min_value=0, max_value=2**53 - 1)
VALUES: tuple[tuple[Any, st.SearchStrategy[Any]], ...] = (
    (str, TEXTS),
    (int, NUMBERS),
    (int | None, st.none() | NUMBERS),
    (int | str, st.integers(min_value=0, max_value=999) | TEXTS),
    (tuple[str, ...], st.lists(TEXTS, max_size=6).map(tuple)),
    (tuple[tuple[str, str], ...], st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)),
    (dict[str, str], st.dictionaries(TEXTS, TEXTS, max_size=3)),
)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of that type, its texts from TEXTS."""
    return next((values for known, values in VALUES if known == hint), st.from_type(hint))


def _facts() -> st.SearchStrategy[Fact]:
    made = []
    for kind in get_args(Fact):
        hints = get_type_hints(kind)
        fields = {name: _values(hint) for name, hint in hints.items() if name != "encoding"}
        made.append(st.builds(kind, **fields))
    return st.one_of(made)


@st.composite
def _runs(draw: st.DrawFn) -> tuple[Event, ...]:
    facts = draw(st.lists(_facts(), max_size=8))
    steps = st.sampled_from(get_args(Step))
    hosts = st.one_of(st.sampled_from(NAMES), TEXTS)
    return tuple(
        Event(seq, seq * 1000, draw(steps), draw(hosts), draw(TEXTS), fact)
        for seq, fact in enumerate(facts)
    )


@settings(max_examples=2500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_runs(), st.sampled_from(LANGUAGES), st.sampled_from(DEPTHS))
def test_any_recording_is_told_safely(
    hosts: tuple[Host, ...], run: tuple[Event, ...], language: Language, depth: Depth
) -> None:
    lines = list(narrate("Rapat", hosts, run, language=language, depth=depth))
    assert [line for line in lines if safe(line) != line] == []


@settings(max_examples=2500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_runs(), st.sampled_from(LANGUAGES))
def test_any_event_is_explained(
    hosts: tuple[Host, ...], run: tuple[Event, ...], language: Language
) -> None:
    scene = opening(hosts)
    for event in run:
        told = explain(event, scene, language)
        assert len(told.label) <= LABEL_WIDTH
        assert told.why
