"""The session of a person in a server's place: a real client comes, each reply is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from simulator.commands.telling import columns
from simulator.commands.typing_line import Keyboard
from simulator.engine.simulate import simulate
from simulator.engine.taking_part import Due, ServerPart
from simulator.lessons.choices import label_of
from simulator.lessons.language import Language, catalogue
from simulator.scenario.change_words import read_change, write_change
from simulator.scenario.changes import NEXT, Change, Drop, SayInstead
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import (
    Bounced,
    Composed,
    Connected,
    Content,
    Event,
    Read,
    Refused,
    Retried,
    Stored,
)
from simulator.trace.scene import fold, opening
from simulator.trace.steps import Depth
from simulator.trace.what_if import Choice, what_makes_sense
from simulator.views.columns import wrap
from simulator.views.comparison import Side, summary
from simulator.views.one_line import OneLine
from simulator.views.safe import safe
from simulator.views.wire import roles_of, wire_lines

_PROMPT = "<-  "
_PLACE = Place("-")
_TELLING = (Composed, Retried, Bounced, Stored, Read, Refused)
"""What is told of the other hosts: what becomes of the mail."""


class ServerTalk:
    """Asks for every reply of one server until nobody wants one any more."""

    def __init__(
        self, scenario: Scenario, host: str, keyboard: Keyboard, language: Language
    ) -> None:
        self._part = ServerPart(scenario, host)
        self._base, self._host, self._keyboard = scenario, host, keyboard
        self._language, self._words = language, catalogue(language)
        self._hosts = hosts_of(scenario)
        self._told = 0
        self._visits: set[int | None] = set()
        """Connections to this server."""
        self._choices: tuple[Choice, ...] = ()

    def hold(self) -> Scenario:
        """Hold the session; gives the scenario with all that was decided."""
        say = self._keyboard.show
        say(self._words.say("session.server", host=self._host))
        say(self._words.say("session.server-help"))
        while (due := self._part.due()) is not None:
            self._tell(due.before)
            line = self._keyboard.ask(_PROMPT, lambda _text, d=due: self._replies(d))  # type: ignore[misc]
            if line is None:
                break
            self._decide(due, line.strip())
        self._tell(self._part.rest())
        self._conclude()
        return self._part.scenario

    # One reply -------------------------------------------------------------------------------

    def _decide(self, due: Due, line: str) -> None:
        if not line:
            self._show(self._part.accept(due))
        elif line == "?":
            self._hint(due)
        else:
            change = self._change(due, line)
            if change is not None:
                self._part.change(due, change)
                if isinstance(change.deed, SayInstead):
                    self._accept_own(due)

    def _accept_own(self, due: Due) -> None:
        """The reply that was typed is the next one on the connection, where that still stands."""
        following = self._part.due()
        if following is not None and _conn(following.standard) == _conn(due.standard):
            self._tell(following.before)
            self._part.accept(following)

    def _change(self, due: Due, line: str) -> Change | None:
        """What a line means: a number of the menu, a change after ``!``, or else a reply."""
        if line.isdecimal() and len(line) < 3 and 0 < int(line) <= len(self._choices):
            return _for_this_reply(self._chosen(int(line)))
        text = line[1:] if line.startswith("!") else f"reply {line.removeprefix('reply ')}"
        try:
            return _for_this_reply(read_change(text, _PLACE, after=due.latest.seq))
        except ScenarioError as mistake:
            self._keyboard.show(safe(f"    {mistake.sentence(self._language)}"))
            return None

    def _hint(self, due: Due) -> None:
        """What a standard server would say, and what else makes sense."""
        for line in self._lines(due.standard):
            self._keyboard.show(f"    {self._words.say('session.standard', said=line)}")
        self._choices = self._menu(due)
        for number, choice in enumerate(self._choices, start=1):
            self._keyboard.show(safe(f"    {number:>2}  {self._said(choice)}"))

    def _chosen(self, number: int) -> Change:
        """The change of that number, said in full, since a number says nothing."""
        choice = self._choices[number - 1]
        self._keyboard.show(safe(f"    {self._said(choice)}"))
        return choice.change

    def _said(self, choice: Choice) -> str:
        return f"{label_of(choice, self._language)}: {write_change(choice.change)}"

    def _menu(self, due: Due) -> tuple[Choice, ...]:
        scene = opening(self._hosts)
        for event in self._part.events[: due.latest.seq + 1]:
            scene = fold(scene, event)
        return what_makes_sense(due.asked, scene)

    def _replies(self, due: Due) -> tuple[str, ...]:
        changes = (choice.change for choice in self._menu(due))
        return tuple(one.deed.text for one in changes if isinstance(one.deed, SayInstead))

    # Showing ---------------------------------------------------------------------------------

    def _tell(self, events: Iterable[Event]) -> None:
        """What the clients of this server say, and what becomes of the mail elsewhere."""
        for event in events:
            if event.seq < self._told:
                continue
            self._told = event.seq + 1
            if isinstance(event.fact, Connected) and event.fact.peer == self._host:
                self._visits.add(event.fact.conn)
            if _conn(event) in self._visits:
                self._show(event)
            elif isinstance(event.fact, _TELLING):
                line = OneLine(self._hosts, self._language, "bytes").tell(event)
                self._keyboard.show(f"    {line}")

    def _show(self, event: Event) -> None:
        for line in self._lines(event):
            self._keyboard.show(line)

    def _lines(self, event: Event) -> tuple[str, ...]:
        roles = roles_of(self._hosts)
        depth: Depth = "story" if isinstance(event.fact, Content) else "commands"
        lines = wire_lines(event, depth=depth, roles=roles, language=self._language)
        return tuple(map(str, lines))

    def _conclude(self) -> None:
        """How it would have gone with a standard server."""
        usual = self._base.without_forks()
        sides = (
            Side("", self._hosts, tuple(simulate(usual))),
            Side("", self._hosts, self._part.events),
        )
        self._keyboard.show("")
        self._keyboard.show(self._words.say("session.compared"))
        for row in wrap(summary(*sides, language=self._language), columns()):
            self._keyboard.show(row)


def _for_this_reply(change: Change) -> Change:
    """A change that says no moment is about the reply that is due."""
    about_it = change.is_about_the_event and not isinstance(change.deed, Drop)
    return replace(change, on=NEXT) if about_it else change


def _conn(event: Event) -> int | None:
    conn: int | None = getattr(event.fact, "conn", None)
    return conn
