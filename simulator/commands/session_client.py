"""The session of a person who types to a server: line by line, hints on request."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.commands.telling import columns
from simulator.commands.typing_line import Keyboard
from simulator.engine.simulate import simulate
from simulator.engine.taking_part import ClientPart
from simulator.lessons.explain import explain
from simulator.lessons.language import Language, catalogue
from simulator.scenario.doors import example_names
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.scenario.typed import Session
from simulator.trace.event import Command, Content, Event, Reply
from simulator.trace.legal import Offer, completions, offers, standing_of
from simulator.trace.scene import fold, opening
from simulator.views.columns import wrap
from simulator.views.outcome import Outcome
from simulator.views.safe import safe
from simulator.views.wire import roles_of, wire_lines

_PROMPT = " -> "
_INDENT = "    "


class ClientTalk:
    """Reads lines until the connection is closed, or nothing more is typed."""

    def __init__(
        self, scenario: Scenario, session: Session, keyboard: Keyboard, language: Language
    ) -> None:
        self._part = ClientPart(scenario, session)
        self._session, self._keyboard = session, keyboard
        self._language, self._words = language, catalogue(language)
        self._hosts = hosts_of(self._part.scenario)
        self._names = example_names(scenario, session)

    def hold(self) -> Scenario:
        """Hold the session; gives the scenario with all that was typed."""
        say = self._keyboard.show
        say(self._words.say("session.client", host=self._session.server, port=self._session.port))
        say(self._words.say("session.client-help"))
        say("")
        self._tell(self._part.begin())
        while not self._part.is_over:
            line = self._keyboard.ask(_PROMPT, self._complete)
            if line is None:
                break
            if line.strip() == "?" and not self._part.is_writing:
                self._hint()
            else:
                self._tell(self._part.type(line))
        self._conclude()
        return self._part.scenario

    def _complete(self, text: str) -> tuple[str, ...]:
        return completions(text, self._offers())

    def _offers(self) -> tuple[Offer, ...]:
        return offers(standing_of(self._part.said), self._names)

    def _tell(self, events: Iterable[Event]) -> None:
        """What the server says; what was typed stands there already."""
        roles = roles_of(self._hosts)
        for event in events:
            if isinstance(event.fact, Command | Content) and event.host == self._session.client:
                continue
            for line in wire_lines(event, depth="bytes", roles=roles, language=self._language):
                self._keyboard.show(str(line))

    def _hint(self) -> None:
        """What was answered last and why, and what may be said now."""
        scene = opening(self._hosts)
        for event in self._part.said:
            scene = fold(scene, event)
        replies = [event for event in self._part.said if isinstance(event.fact, Reply)]
        if replies:
            told = explain(replies[-1], scene, self._language)
            for row in wrap(safe(f"{told.sentence} {told.why}"), columns() - len(_INDENT)):
                self._keyboard.show(f"{_INDENT}{row}")
        for offer in self._offers():
            self._keyboard.show(safe(f"{_INDENT}{offer.example}"))

    def _conclude(self) -> None:
        """What came of the mails that were handed over."""
        outcome = Outcome(roles_of(self._hosts))
        journeys = {event.journey for event in self._part.said}
        for event in simulate(self._part.scenario):
            outcome.follow(event)
        for fate, sentence in outcome.sentences(self._words):
            if fate.journey in journeys:
                self._keyboard.show("")
                self._keyboard.show(safe(f"{fate.recipient} {sentence}"))
