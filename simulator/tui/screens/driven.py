"""The keys that move through a run, for a screen that shows where a drive stands."""

from __future__ import annotations

from textual.screen import Screen

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.trace.event import Step
from simulator.tui.drive import Drive
from simulator.tui.moments import speed_text
from simulator.tui.palette import DARK, PALETTES, Palette
from simulator.views.safe import safe

_NOTICE_LIMIT = 400


class DrivenScreen(Screen[None]):
    """Changes the drive (or the language) as keys say, and has the present moment drawn."""

    follows_the_end = False
    """Whether one stays at the end of a run that is still being made."""

    def __init__(self, drive: Drive, language: Language) -> None:
        super().__init__()
        self.drive = drive
        self.language: Language = language

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        return PALETTES.get(self.app.theme, DARK)

    def show(self) -> None:
        """Draw the present moment. To be given by the screen."""
        raise NotImplementedError

    def _tell(self, key: str, **values: object) -> None:
        text = catalogue(self.language).say(f"ui.{key}", **values)
        self.app.clear_notifications()  # what a key said before is over
        self.notify(safe(text, limit=_NOTICE_LIMIT), timeout=2.5, markup=False)

    def action_play(self) -> None:
        """Play or pause."""
        self.drive.toggle()
        self.show()

    def action_forward(self) -> None:
        """The next event."""
        self.drive.pause()
        self.drive.step(1)
        self.show()

    def action_back(self) -> None:
        """The event before."""
        self.drive.pause()
        self.drive.step(-1)
        self.show()

    def action_next_step(self) -> None:
        """The beginning of the next step."""
        self.drive.neighbour_step(1)
        self.show()

    def action_previous_step(self) -> None:
        """The beginning of this step, or of the one before."""
        self.drive.neighbour_step(-1)
        self.show()

    def action_goto_step(self, step: Step) -> None:
        """The beginning of a step, or a word that it does not happen."""
        if not self.drive.goto_step(step):
            self._tell("say.no_step", n=step)
        self.show()

    def action_first(self) -> None:
        """Before everything."""
        self.drive.seek(0)
        self.show()

    def action_last(self) -> None:
        """After everything that is known; of a run that still grows, with its end."""
        self.drive.seek(len(self.drive.events))
        self.follows_the_end = self.drive.is_growing
        if self.follows_the_end:
            self._tell("say.follows_the_end")
        self.show()

    def action_faster(self) -> None:
        """Twice as fast."""
        self._change_speed(1)

    def action_slower(self) -> None:
        """Half as fast."""
        self._change_speed(-1)

    def _change_speed(self, by: int) -> None:
        self.drive.faster(by)
        self._tell("say.speed", speed=speed_text(self.drive.speed))
        self.show()

    def action_depth(self) -> None:
        """Stop more finely, or more coarsely."""
        self.drive.next_depth()
        depth = catalogue(self.language).say(f"ui.depth.{self.drive.depth}")
        self._tell("say.depth", depth=depth)
        self.show()

    def action_language(self) -> None:
        """The other language."""
        place = (LANGUAGES.index(self.language) + 1) % len(LANGUAGES)
        self.language = LANGUAGES[place]
        self._tell("say.language")
        self.show()
