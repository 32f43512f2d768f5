"""A run as the lines of a sequence diagram, whatever program will draw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.lessons.explain import explain
from simulator.lessons.language import catalogue
from simulator.scenario.model import Host
from simulator.trace.addressee import peer_of
from simulator.trace.event import Answer, Closed, Event, Refused, Reply, Step
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import DEPTHS, depth_of
from simulator.views.exports.order import Order
from simulator.views.safe import safe
from simulator.views.wire import Roles, roles_of, wire_lines

Kind: TypeAlias = Literal["ask", "answer", "lost"]
"""What one host sends to another; ``lost`` where nothing came of it."""

_LINES = {"story": 1, "commands": 8, "bytes": 40}
"""Lines of one message that a diagram shows, by depth."""
_LINE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Party:
    """A column: ``key`` is made of ASCII letters and digits, ``name`` and ``role`` are safe."""

    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one column to another, with safe lines of text."""

    source: str
    target: str
    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What a host does by itself."""

    over: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Another of the six steps begins, or goes on."""

    step: Step
    title: str


Line: TypeAlias = Arrow | Note | Heading


@dataclass(frozen=True, slots=True)
class Sequence:
    """A whole diagram."""

    title: str
    parties: tuple[Party, ...]
    lines: tuple[Line, ...]


def sequence(order: Order) -> Sequence:
    """The diagram of a run, as finely as its depth says; a column for each host that takes part."""
    lines = tuple(_drawn(order))
    taking_part = {key for line in lines for key in _keys(line)}
    words = catalogue(order.language)
    parties = tuple(
        Party(key, safe(host.label, limit=_LINE_LIMIT), words.say(f"role.{host.role}"))
        for host, key in _keyed(order.hosts)
        if key in taking_part
    )
    return Sequence(safe(order.title(), limit=_LINE_LIMIT), parties, lines)


def _keyed(hosts: Iterable[Host]) -> Iterator[tuple[Host, str]]:
    return ((host, f"h{number}") for number, host in enumerate(hosts, start=1))


def _keys(line: Line) -> tuple[str, ...]:
    match line:
        case Arrow():
            return (line.source, line.target)
        case Note():
            return (line.over,)
        case Heading():
            return ()


def _drawn(order: Order) -> Iterator[Line]:
    words = catalogue(order.language)
    keys = {host.name: key for host, key in _keyed(order.hosts)}
    roles = roles_of(order.hosts)
    scene, place = opening(order.hosts), None
    for event in order.events:
        before, scene = scene, fold(scene, event)
        if event.host not in keys or _is_finer(event, order, scene):
            continue
        if (event.step, event.journey) != place:
            place = (event.step, event.journey)
            yield Heading(event.step, words.say(f"steps.{event.step}.title"))
        peer = peer_of(event.fact)
        text = _text(event, before, order, roles)
        if peer in keys and peer is not None:
            yield Arrow(keys[event.host], keys[peer], _kind(event), text)
        else:
            yield Note(keys[event.host], text)


def _is_finer(event: Event, order: Order, scene: Scene) -> bool:
    depth = depth_of(event, scene.resolvers)
    return DEPTHS.index(depth) > DEPTHS.index(order.depth)


def _kind(event: Event) -> Kind:
    match event.fact:
        case Reply() | Answer():
            return "answer"
        case Refused():
            return "lost"
        case Closed(reason=reason):
            return "ask" if reason == "quit" else "lost"
        case _:
            return "ask"


def _text(event: Event, before: Scene, order: Order, roles: Roles) -> tuple[str, ...]:
    """What was said, or where nothing was, what happened."""
    lines = [
        line.text[:_LINE_LIMIT]
        for line in wire_lines(event, depth=order.depth, roles=roles, language=order.language)
    ]
    if not lines:
        return (safe(explain(event, before, order.language).label),)
    shown = _LINES[order.depth]
    if len(lines) > shown:
        return (*lines[:shown], f"(+{len(lines) - shown})")
    return tuple(lines)
