"""What lies under all hosts of a run: the loop, the network, and the one door for events."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from simulator.engine.clock import VirtualLoop
from simulator.engine.network import Network
from simulator.engine.strikes import Strikes
from simulator.mail.site import Errand
from simulator.scenario.domain import Domain
from simulator.scenario.model import Host, Scenario
from simulator.scenario.secrecy import Interceptor
from simulator.trace.event import Event, Fact

_SMTP_PORT = 25
_BATCH = 256
"""Events after which the loop pauses, so that whoever pulls them need not wait for the end."""


class Ground:
    """What all hosts of a run share. Events leave by ``emit`` and wait in ``events``.

    ``on_event`` is called with every event once it is out.
    """

    def __init__(self, scenario: Scenario, hosts: tuple[Host, ...]) -> None:
        self.scenario = scenario
        self.hosts = {host.name: host for host in hosts}
        self.loop = VirtualLoop()
        self.network = Network(self.loop, scenario.latency)
        self.network.machines = frozenset(one for host in hosts for one in host.addresses)
        self.strikes = Strikes()
        self.events: deque[Event] = deque()
        self.on_event: Callable[[Event], None] = lambda _: None
        self.is_given_up = False
        """Whether nobody listens any more."""
        self.certificate_names: dict[str, str] = {}
        """Hosts whose certificate is for another name than their own."""
        self.domains = {domain.name.lower(): domain for domain in scenario.domains}
        """Each domain as its servers treat it now."""
        self.followers: defaultdict[str, list[Callable[[Domain], None]]] = defaultdict(list)
        """Whom to tell, by domain, when its servers are to treat it otherwise."""
        self.latest = Errand("m1", 1)
        """What the last event was done for."""
        self.latest_host = hosts[0].name
        """Where it happened."""
        self._start = datetime.fromisoformat(scenario.start)
        self._sequence = 0
        self._connections = 0
        self._journeys = 0

    def emit(self, host: str, errand: Errand, fact: Fact) -> None:
        """The one door: number the event, date it, and let it out."""
        if self.is_given_up:
            return  # nobody listens to a world that has been given up
        event = Event(self._sequence, self.loop.now, errand.step, host, errand.journey, fact)
        self._sequence += 1
        self.events.append(event)
        self.latest, self.latest_host = errand, host
        self.on_event(event)
        if len(self.events) >= _BATCH:
            self.loop.stop()

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
