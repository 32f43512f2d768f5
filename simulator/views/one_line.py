"""An event in one line: its number, when, who, and what was said or done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simulator.lessons.explain import explain
from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Host
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import DEPTHS, Depth, depth_of
from simulator.views.clock import clock
from simulator.views.marginalia import asides
from simulator.views.safe import safe
from simulator.views.wire import roles_of, wire_lines

_BEFORE = {"chapter": "--- ", "note": "    ", "stop": "    "}


class Line(NamedTuple):
    """When something was, and what."""

    moment: str
    said: str

    def __str__(self) -> str:
        return f"{self.moment:>9} {self.said}"


class OneLine:
    """Says in one line what each event of a run is; give it every event, in order."""

    def __init__(self, hosts: tuple[Host, ...], language: Language, depth: Depth) -> None:
        self._language, self._depth = language, depth
        self._words = catalogue(language)
        self._roles = roles_of(hosts)
        self._labels = {host.name: host.label for host in hosts}
        self._scene: Scene = opening(hosts)

    def tell(self, event: Event) -> str:
        """The line, safe to print; empty where the depth leaves this event out."""
        return str(self.line(event) or "")

    def line(self, event: Event) -> Line | None:
        """The line in its parts, each safe to print; None where the depth leaves it out."""
        before, self._scene = self._scene, fold(self._scene, event)
        finest = depth_of(event, before.resolvers)
        if DEPTHS.index(finest) > DEPTHS.index(self._depth):
            return None
        lines = wire_lines(event, depth="story", roles=self._roles, language=self._language)
        said = str(lines[0]) if lines else explain(event, before, self._language).label
        who = self._labels.get(event.host, event.host)
        return Line(safe(clock(event.at, self._words)), safe(f"{who}: {said.strip()}"))


def numbered(
    hosts: tuple[Host, ...],
    events: Iterable[Event],
    *,
    language: Language,
    depth: Depth,
    margin: Margin = BLANK,
) -> Iterator[str]:
    """Every event of a run that the depth shows, with the number by which a fork names it.

    ``margin`` is what its author wrote; it stands below the events.
    """
    teller = OneLine(hosts, language, depth)
    below = asides(margin, language)
    for event in events:
        line = teller.tell(event)
        if line:
            yield f"{event.seq:>6}  {line}"
        for kind, text in below.get(event.seq, ()):
            yield f"{'':>6}  {_BEFORE[kind]}{safe(text)}"
