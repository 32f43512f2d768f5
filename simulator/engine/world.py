"""A scenario made flesh: hosts upon their ground, and the run from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine.changes import Changes, check_records
from simulator.engine.clock import DeadEndError
from simulator.engine.ground import Ground
from simulator.engine.site import SimulatedSite
from simulator.scenario.model import Host, Scenario
from simulator.trace.event import Event


class World(Ground):
    """Everything that exists in one run.

    Raises DnsMessageError where a change has the DNS give an answer that it cannot give.
    """

    def __init__(self, scenario: Scenario, hosts: tuple[Host, ...]) -> None:
        for change in scenario.changes:
            check_records(change)
        super().__init__(scenario, hosts)
        self.changes = Changes(self, scenario.changes)
        self.on_event = self.changes.after
        self.loop.on_idle = self._come_to_rest
        self.finished = False
        self._sites: dict[str, SimulatedSite] = {}

    def site(self, name: str) -> SimulatedSite:
        """A host's own place; its random is seeded by its name alone."""
        if name not in self._sites:
            self._sites[name] = SimulatedSite(self, self.changes, self.hosts[name])
        return self._sites[name]

    def told(self) -> Iterator[Event]:
        """The events, each once it has happened, until all is at rest.

        Raises DeadEndError where the actors wait for what can never come.
        """
        more = True
        while more:
            more = self.run()
            while self.events:
                yield self.events.popleft()

    def run(self) -> bool:
        """Go on until events have left or all is at rest; gives whether there may be more.

        Raises DeadEndError where somebody waits for what can never come, and any error that a
        bug in an actor let out; but only once all events are taken, since they show why.
        """
        if self.loop.failure is None:
            self.loop.run_forever()
        if self.loop.failure is not None and not self.events:
            raise self.loop.failure
        return not self.finished

    def close(self) -> None:
        """End all that still goes on; every stream is cut, so that nobody holds one open."""
        self.is_given_up = True
        self.network.cut_all()
        self.loop.wind_up()

    def _come_to_rest(self) -> None:
        waiting = self.loop.owned()
        if waiting:
            self.loop.fail(DeadEndError(self._who_waits([task.get_name() for task in waiting])))
            return
        self.finished = True
        self.loop.stop()

    def _who_waits(self, names: list[str]) -> str:
        wires = [stream.get_extra_info("wire") for stream in self.network.open_streams()]
        lines = [f"{w.client} and {w.server} (connection {w.conn})" for w in wires if w]
        return (
            "every actor waits and no timer is set: "
            f"{'; '.join(sorted(names))}. Open: {'; '.join(lines) or 'no connection'}."
        )
