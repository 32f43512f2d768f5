"""The story of a run in sections, one for each step that a mail comes to; what only repeats itself
is told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from simulator.lessons.explain import explain
from simulator.lessons.topics import topic_of
from simulator.trace.event import Event, Step
from simulator.trace.scene import fold, opening
from simulator.trace.steps import depth_of
from simulator.views.exports.order import Order
from simulator.views.marginalia import Aside, asides

_WORTH_LEAVING_OUT = 2
"""Sections in a row that tell nothing new; a single one is told."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its sentence, empty where the story leaves it out, and its author's words."""

    event: Event
    sentence: str
    topic: str
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What happens to one mail in one step, without a break."""

    journey: str
    step: Step
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """Sections that only tell what was told before: their first event, and their last one."""

    first: Event
    last: Event


def story(order: Order) -> Iterator[Section | Repetition]:
    """The sections in order. Nothing in them is safe yet."""
    known = set[tuple[str, str]]()
    marked = ((_is_new(section, known), section) for section in _sections(order))
    for is_new, run in groupby(marked, key=lambda pair: pair[0]):
        sections = [section for _, section in run]
        if is_new or len(sections) < _WORTH_LEAVING_OUT:
            yield from sections
        else:
            yield Repetition(sections[0].told[0].event, sections[-1].told[-1].event)


def _is_new(section: Section, known: set[tuple[str, str]]) -> bool:
    """Whether it tells of anything that this mail has not met, or its author says something."""
    met = {(section.journey, told.topic) for told in section.told if told.sentence}
    is_new = not met <= known or any(told.asides for told in section.told)
    known |= met
    return is_new


def _sections(order: Order) -> Iterator[Section]:
    for (journey, step), told in groupby(_told(order), key=_place):
        yield Section(journey, step, tuple(told))


def _place(told: Told) -> tuple[str, Step]:
    return told.event.journey, told.event.step


def _told(order: Order) -> Iterator[Told]:
    scene = opening(order.hosts)
    below = asides(order.margin, order.language)
    for event in order.events:
        before, scene = scene, fold(scene, event)
        written = below.get(event.seq, ())
        is_told = depth_of(event, scene.resolvers) == "story"
        if is_told or written:
            sentence = explain(event, before, order.language).sentence if is_told else ""
            yield Told(event, sentence, topic_of(event, before), written)
