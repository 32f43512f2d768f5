"""The keys that go to what one looks for: a place, a text, a failure, a host, one recipient."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from simulator.lessons.explain import explain
from simulator.lessons.language import catalogue
from simulator.trace.event import Event
from simulator.tui.jumping import target
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.looking import LookingScreen
from simulator.tui.sieve import TOPICS, Sieve, following

_AT_ONCE = 2_000
"""Events that are searched before the screen is drawn again."""


class SeekingScreen(LookingScreen):
    """Moves the cursor to what is looked for, and leaves out what one does not want to see."""

    needle = ""
    """What is searched for in the transcript."""

    def action_jump(self) -> None:
        """Ask where to go."""
        words = catalogue(self.language)
        events, last = self.drive.events, self.stage().last_number

        def check(text: str) -> str:
            found = target(text, events)
            return "" if found is not None else words.say("ui.jump.wrong", n=last)

        def go(text: str | None) -> None:
            found = target(text, events) if text else None
            if found is not None:
                self.drive.seek(found)
                self.show()

        self.drive.pause()
        hint = words.say("ui.jump.hint", n=last)
        self.app.push_screen(AskScreen(words.say("ui.jump.title"), hint, check), go)

    def action_search(self) -> None:
        """Ask what to search for, and go to the first place where it stands."""
        words = catalogue(self.language)

        def begin(text: str | None) -> None:
            if text is None:
                return
            self.needle = text
            self.show()
            if text:
                self._search(1)

        self.drive.pause()
        title, hint = words.say("ui.search.title"), words.say("ui.search.hint")
        self.app.push_screen(AskScreen(title, hint, lambda _: "", value=self.needle), begin)

    def action_next_hit(self) -> None:
        """The next place where it stands."""
        self._search(1)

    def action_previous_hit(self) -> None:
        """The place before."""
        self._search(-1)

    def action_next_failure(self) -> None:
        """The next event that is not what one would hope for."""
        self._seek_failure(1)

    def action_previous_failure(self) -> None:
        """The failure before."""
        self._seek_failure(-1)

    def action_next_host(self) -> None:
        """The next event at which another host speaks or acts."""
        self._seek_host(1)

    def action_previous_host(self) -> None:
        """The last event before at which another host spoke or acted."""
        self._seek_host(-1)

    def action_filter(self) -> None:
        """Choose what is shown: everything, a kind, or what one host has to do with."""
        words = catalogue(self.language)
        hosts = self.drive.player.scene.hosts
        names = [words.say(f"ui.topic.{topic}") for topic in TOPICS]
        names += [f"{host.label}  {host.name}" for host in hosts]

        def choose(place: int | None) -> None:
            if place is None:
                return
            is_topic = place < len(TOPICS)
            self.sift(
                Sieve(topic=TOPICS[place])
                if is_topic
                else Sieve(host=hosts[place - len(TOPICS)].name)
            )

        self._choose("filter", names, choose)

    def action_follow(self) -> None:
        """Choose the mail, or the one recipient of a mail, to be followed."""
        words = catalogue(self.language)
        recipients = self.drive.index.recipients
        hosts = self.drive.player.scene.hosts
        ways: list[tuple[str, str]] = [("", "")]
        names = [words.say("ui.topic.all")]
        for journey, everyone in recipients.items():
            ways.append((journey, ""))
            names.append(
                words.say("ui.follow.mail", journey=journey, n=words.number(len(everyone)))
            )
            for one in everyone if len(everyone) > 1 else ():
                ways.append((journey, one))
                names.append(f"  {journey} → {one}")

        def choose(place: int | None) -> None:
            if place is not None:
                self.sift(following(*ways[place], recipients, hosts))

        self._choose("follow", names, choose)

    def sift(self, sieve: Sieve) -> None:
        """Show, and step through, only what passes."""
        self.drive.index.sift(sieve)
        if not self.drive.index.line_count(self.drive.depth) and not sieve.is_open:
            self._tell("say.nothing_passes")
        self.show()

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for, or left out."""
        return bool(self.needle) or not self.drive.index.sieve.is_open

    def lets_go(self) -> bool:
        """Search for nothing and leave nothing out; False where that was so already."""
        was_busy = self.is_narrowed
        self.needle = ""
        self.drive.index.sift(Sieve())
        if was_busy:
            self.show()
        return was_busy

    def _choose(self, what: str, names: list[str], choose: Callable[[int | None], None]) -> None:
        words = catalogue(self.language)
        title, hint = words.say(f"ui.{what}.title"), words.say("ui.choice.hint")
        self.drive.pause()
        self.app.push_screen(ChoiceScreen(title, hint, names, self.palette), choose)

    def _seek_failure(self, by: int) -> None:
        index, cursor = self.drive.index, self.drive.player.cursor
        find = index.landmarks.after if by > 0 else index.landmarks.before
        place = find("failure", cursor if by > 0 else cursor - 1)
        while place is not None and not index.is_shown(place, self.drive.depth):
            place = find("failure", place + 1 if by > 0 else place)
        is_whole = index.sieve.is_open
        self._go_where(place, "say.no_failure" if is_whole else "say.no_failure_shown")

    def _seek_host(self, by: int) -> None:
        here = self.drive.event
        host = here.host if here is not None else ""
        self._go_where(self.drive.find(lambda event: event.host != host, by), "say.no_host")

    def _go_where(self, place: int | None, otherwise: str) -> None:
        self.drive.pause()
        if place is None:
            self._tell(otherwise)
        else:
            self.drive.seek(place + 1)
        self.show()

    def _search(self, by: int) -> None:
        self.drive.pause()
        if not self.needle:
            self._tell("say.no_search")
            return
        self.run_worker(self._searched(by), exclusive=True, group="search", exit_on_error=True)

    async def _searched(self, by: int) -> None:
        """Look at every line in its turn; the screen lives on meanwhile."""
        drive, needle, depth = self.drive, self.needle.lower(), self.drive.depth
        total, here = len(drive.events), drive.player.cursor - 1
        for count in range(1, total + 1):
            place = (here + by * count) % total
            if drive.index.is_shown(place, depth) and self._holds(
                place, drive.events[place], needle
            ):
                drive.seek(place + 1)
                if (place - here) * by < 0:
                    self._tell("say.search_wrapped")
                self.show()
                return
            if count % _AT_ONCE == 0:
                await asyncio.sleep(0)
        self._tell("say.not_found", text=self.needle)

    def _holds(self, place: int, event: Event, needle: str) -> bool:
        lines = self.drive.index.lines(place, self.drive.depth, self.language)
        if lines:
            return any(needle in line.text.lower() for line in lines)
        label = explain(event, self.drive.player.scene, self.language).label
        return needle in label.lower()
