"""The key to take part: be a mail client, a mailbox user, a server, or a router."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from textual.message import Message

from simulator.scenario.doors import Door, doors_of, session_at
from simulator.scenario.model import Scenario
from simulator.scenario.typed import Session
from simulator.trace.addressee import peer_of
from simulator.trace.crossroads import crossroads_at
from simulator.trace.what_if import asks_a_server
from simulator.tui.branches import Branch
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.routing import RoutingScreen
from simulator.tui.turns import turn_at

_LOOK_AHEAD = 1000
"""Events in which a server's next turn is looked for."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that a person can take: in words, and how they take it."""

    label: str
    take: Callable[[], object]
    word: str
    """The footer's word for ``i`` at the moment that the seat is made for, or empty."""


class JoiningScreen(RoutingScreen):
    """Lets a person into the run."""

    class Joined(Message):
        """Somebody wants to type to a server."""

        def __init__(
            self, screen: JoiningScreen, base: Branch, scenario: Scenario, session: Session
        ) -> None:
            super().__init__()
            self.screen, self.base = screen, base
            self.scenario, self.session = scenario, session

    def action_take_part(self) -> None:
        """Choose whom one wants to be; what fits the present moment is marked."""
        self.drive.pause()
        scenario = self.origin
        doors = doors_of(scenario) if scenario is not None else ()
        if scenario is None or not doors or self.drive.is_growing:
            self._tell("say.take_part_nothing")
            return
        seats = [*self._routers(), *self._servers(), *self._clients(scenario, doors)]
        wanted = turn_at(self.drive.event).get("take_part", "join")
        marked = next((n for n, seat in enumerate(seats) if seat.word == wanted), 0)

        def chosen(place: int | None) -> None:
            if place is not None:
                seats[place].take()

        title, hint = self.stage().say("take_part.title"), self.stage().say("choice.hint")
        labels = [seat.label for seat in seats]
        self.app.push_screen(ChoiceScreen(title, hint, labels, self.palette, chosen=marked), chosen)

    def _routers(self) -> Iterator[Seat]:
        place = self.crossroads_near()
        crossroads = crossroads_at(self.drive.events[place]) if place is not None else None
        if place is not None and crossroads is not None:
            label = self.stage().say(
                "take_part.router", host=self.short_name(crossroads.host), domain=crossroads.domain
            )
            yield Seat(label + self._where(place), partial(self._be_router, place), "join_router")

    def _servers(self) -> Iterator[Seat]:
        """The server whose turn it is, or the next whose turn it will be; else the first."""
        here = max(0, self.drive.player.cursor - 1)
        place = self._turn_of_a_server(here)
        if place is None:
            place = self._turn_of_a_server(0)
        if place is not None:
            peer = peer_of(self.drive.events[place].fact) or ""
            label = self.stage().say("take_part.answer", host=self.short_name(peer))
            yield Seat(label + self._where(place), partial(self._be_server, place), "")

    def _turn_of_a_server(self, first: int) -> int | None:
        events = islice(self.drive.events, first, first + _LOOK_AHEAD)
        return next((n for n, event in enumerate(events, first) if asks_a_server(event)), None)

    def _clients(self, scenario: Scenario, doors: tuple[Door, ...]) -> Iterator[Seat]:
        for door in doors:
            kind = "client" if door.protocol == "smtp" else "mailbox"
            label = self.stage().say(
                f"take_part.{kind}",
                host=self.short_name(door.host),
                port=door.port,
                protocol=door.protocol.upper() + (" + STARTTLS" if door.tls else ""),
            )
            word = "join" if kind == "client" else "join_mailbox"
            yield Seat(label, partial(self._be_client, door), word)

    def _where(self, place: int) -> str:
        """Which event one goes to for it, where that is not the present one."""
        if place + 1 == self.drive.player.cursor:
            return ""
        return self.stage().say("take_part.at", n=self.drive.events[place].seq)

    def _be_client(self, door: Door) -> None:
        event = self.drive.event
        seq, now = (-1, 0) if event is None else (event.seq, event.at)
        base = self.base_at(seq)
        if base is not None and base.scenario is not None:
            scenario = base.scenario.until(seq)
            self.post_message(self.Joined(self, base, scenario, session_at(scenario, door, now)))

    def _be_router(self, place: int) -> None:
        self._go_to(place)
        self.ask_the_way()

    def _be_server(self, place: int) -> None:
        self._go_to(place)
        self.action_what_if()

    def _go_to(self, place: int) -> None:
        self.drive.seek(place + 1)
        self.show()
