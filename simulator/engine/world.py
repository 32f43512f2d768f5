"""A scenario made flesh: hosts on a network in virtual time, and the one door for events."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from simulator.engine.changes import Changes
from simulator.engine.clock import DeadEndError, VirtualLoop
from simulator.engine.network import Network
from simulator.engine.site import SimulatedSite
from simulator.engine.wire import SimulatedWire
from simulator.mail.site import Errand
from simulator.scenario.domain import Domain
from simulator.scenario.model import Host, Scenario
from simulator.scenario.secrecy import Interceptor
from simulator.trace.event import Event, Fact

_SMTP_PORT = 25
_BATCH = 256
"""Events after which the loop pauses, so that whoever pulls them need not wait for the end."""


class World:
    """Everything that exists in one run. Events leave by ``emit`` and wait in ``events``."""

    def __init__(self, scenario: Scenario, hosts: tuple[Host, ...]) -> None:
        self.scenario = scenario
        self.hosts = {host.name: host for host in hosts}
        self.changes = Changes(self, scenario.changes)
        self.loop = VirtualLoop()
        self.loop.on_idle = self._come_to_rest
        self.network = Network(self.loop, scenario.latency)
        self.network.machines = frozenset(one for host in hosts for one in host.addresses)
        self.events: deque[Event] = deque()
        self.finished = False
        self._closed = False
        self.certificate_names: dict[str, str] = {}
        """Hosts whose certificate is for another name than their own."""
        self.wires: dict[int, SimulatedWire] = {}
        """The open connections by number."""
        self.domains = {domain.name.lower(): domain for domain in scenario.domains}
        """Each domain as its servers treat it now."""
        self.followers: defaultdict[str, list[Callable[[Domain], None]]] = defaultdict(list)
        """Whom to tell, by domain, when its servers are to treat it otherwise."""
        self.latest = Errand("m1", 1)
        """What the last event was done for."""
        self.latest_host = hosts[0].name
        """Where it happened."""
        self._start = datetime.fromisoformat(scenario.start)
        self._sites: dict[str, SimulatedSite] = {}
        self._sequence = 0
        self._connections = 0
        self._journeys = 0

    def emit(self, host: str, errand: Errand, fact: Fact) -> None:
        """The one door: number the event, date it, and let it out."""
        if self._closed:
            return  # nobody listens to a world that has been given up
        event = Event(self._sequence, self.loop.now, errand.step, host, errand.journey, fact)
        self._sequence += 1
        self.events.append(event)
        self.latest, self.latest_host = errand, host
        self.changes.after(event)
        if len(self.events) >= _BATCH:
            self.loop.stop()

    def site(self, name: str) -> SimulatedSite:
        """A host's own place; its random is seeded by its name alone."""
        if name not in self._sites:
            self._sites[name] = SimulatedSite(self, self.hosts[name])
        return self._sites[name]

    def owner_of(self, address: str, name: str) -> str:
        """The host at an address: that of the name, if it is there; else whoever else is."""
        host = self.hosts.get(name)
        if host is not None and address in host.addresses:
            return name
        return next((one.name for one in self.hosts.values() if address in one.addresses), name)

    def random_of(self, name: str) -> random.Random:
        """One random a name, so that a further host does not shift the others."""
        return random.Random(f"{self.scenario.seed}:{name}")

    def date(self, at: int | None = None) -> datetime:
        """A moment (now, if none is given) as a date in the scenario's zone, to the second."""
        moment = self._start + timedelta(microseconds=self.loop.now if at is None else at)
        return moment.replace(microsecond=0)

    def address_of(self, name: str) -> str:
        """A host's first address."""
        return self.hosts[name].addresses[0]

    def interceptor_of_call(self, client: str, server: str, port: int) -> Interceptor | None:
        """Who sits on the wire of a call to port 25, if anybody does."""
        there = self.scenario.interceptors if port == _SMTP_PORT else ()
        now = self.loop.now
        return next((one for one in there if one.is_between(client, server, now)), None)

    def next_connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def new_journey(self) -> str:
        """The name of a new message."""
        self._journeys += 1
        return f"m{self._journeys}"

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
        self._closed = True
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
