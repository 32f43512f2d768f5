"""Being the router: a person chooses the next hop in a server's place, and the run answers."""

from __future__ import annotations

from simulator.scenario.change_words import read_change
from simulator.scenario.changes import Change, SendVia
from simulator.scenario.errors import Place, ScenarioError
from simulator.trace.crossroads import Crossroads, Hop, crossroads_at
from simulator.trace.event import Event
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.wandering import WanderingScreen
from simulator.views.safe import safe

_PLACE = Place("route")


class RoutingScreen(WanderingScreen):
    """Asks at each decision of ``router`` where the mail is to go, when playing comes to it."""

    router: str = ""
    """The host in whose place a person routes."""

    def route_for(self, host: str) -> None:
        """Be the router of this host from here on; empty: of none any more."""
        self.router = host
        self.drive.halts_at = self._is_my_turn if host else None

    def crossroads_near(self) -> int | None:
        """The place of this decision or the next one, else of the first; None where none is."""
        index, here = self.drive.index, max(0, self.drive.player.cursor - 1)
        ahead = index.landmarks.after("crossroads", here)
        return index.landmarks.after("crossroads", 0) if ahead is None else ahead

    def ask_the_way(self) -> None:
        """Let the person choose where the mail of the present decision goes next."""
        self.drive.pause()
        event = self.drive.event
        crossroads = crossroads_at(event) if event is not None else None
        if event is None or crossroads is None:
            return
        hops = list(crossroads.hops(self.drive.player.scene.hosts))
        labels = [self._label(crossroads, hop) for hop in hops]
        if not crossroads.exchangers:
            labels = [self._say("ask_dns", domain=crossroads.domain), *labels]

        def chosen(place: int | None) -> None:
            if place is None:
                self.route_for("")
            elif place == 0:
                self._let_be(crossroads)
            elif place == len(labels):
                self._ask_for_a_host(event, crossroads, menu.taken_over)
            else:
                self._send(event, crossroads, hops[place - len(labels)].host)

        title = self._say("which", host=self.short_name(crossroads.host), domain=crossroads.domain)
        hint = self.stage().say("choice.hint")
        menu = ChoiceScreen(
            title, hint, [*labels, self._say("another")], self.palette, keeps_last=True
        )
        self.app.push_screen(menu, chosen)

    def _is_my_turn(self, event: Event) -> bool:
        return event.host == self.router and crossroads_at(event) is not None

    def _let_be(self, crossroads: Crossroads) -> None:
        """As the server itself decides; the next decision is the person's again."""
        self.route_for(crossroads.host)
        self.action_play()

    def _send(self, event: Event, crossroads: Crossroads, hop: str) -> None:
        change = Change(deed=SendVia(host=hop), only=crossroads.domain)
        self.fork(event.seq, change, router=crossroads.host)

    def _ask_for_a_host(self, event: Event, crossroads: Crossroads, begun: str) -> None:
        def mistake_in(text: str) -> str:
            try:
                read_change(f"route {text.strip()}", _PLACE, event.seq)
            except ScenarioError:
                return self._say("no_host")
            return ""

        def written(text: str | None) -> None:
            if text:
                self._send(event, crossroads, text.strip().lower())

        title = self._say("which", host=self.short_name(crossroads.host), domain=crossroads.domain)
        self.app.push_screen(
            AskScreen(title, self._say("host_hint"), mistake_in, value=begun), written
        )

    def _label(self, crossroads: Crossroads, hop: Hop) -> str:
        if hop.preference is None:
            hosts = self.drive.player.scene.hosts
            role = next((one.role for one in hosts if one.name == hop.host), "relay")
            return self._say("hop", host=hop.host, role=self.stage().say(f"role.{role}"))
        label = self._say("exchanger", host=hop.host, preference=hop.preference)
        is_own = hop == crossroads.exchangers[0]
        return f"{label} · {self._say('own')}" if is_own else label

    def short_name(self, host: str) -> str:
        """What the map calls a host."""
        stage = self.stage()
        return stage.name(stage.hosts.get(host), host)

    def _say(self, key: str, **values: object) -> str:
        return safe(self.stage().say(f"router.{key}", **values), limit=200)
