"""The keys that take something along: the line as text, the screen as a picture."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from simulator.lessons.refusals import refusal_said
from simulator.tui.screens.seeking import SeekingScreen
from simulator.views.safe import safe

_TEXT_LIMIT = 20_000


class TakingScreen(SeekingScreen):
    """Gives to the clipboard and to a file; says where it went."""

    def action_copy(self) -> None:
        """Send what was said at this moment to the terminal's clipboard (OSC 52)."""
        stage = self.stage()
        if stage.event is None or stage.explanation is None:
            self._tell("say.nothing_to_copy")
            return
        place = stage.cursor - 1
        lines = self.drive.index.lines(place, stage.depth, stage.language)
        said = "\n".join(line.text for line in lines) or stage.explanation.sentence
        text = "\n".join(safe(line, limit=_TEXT_LIMIT) for line in said.split("\n"))
        self.app.copy_to_clipboard(text[:_TEXT_LIMIT])
        # Whether the terminal took it, nobody can know.
        self._tell("say.copied", n=stage.words.number(len(text[:_TEXT_LIMIT])))

    def action_picture(self) -> None:
        """Save the screen as an SVG picture in the present folder."""
        picture = self.app.export_screenshot(title="SMTP Flow")
        try:
            path = _written(picture, f"smtpflow-{self.drive.player.cursor}")
        except OSError as problem:
            reason = refusal_said(problem, self.stage().words)
            self._tell("say.no_picture", problem=safe(reason, limit=200))
        else:
            self._tell("say.picture", path=safe(str(path), limit=200))


def _written(picture: str, stem: str) -> Path:
    """The new file that the picture was written to; nothing is overwritten. Raises OSError."""
    for number in count(1):
        path = Path.cwd() / (f"{stem}.svg" if number == 1 else f"{stem}-{number}.svg")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(picture)
        except FileExistsError:
            continue
        return path
    raise AssertionError("there is always another number")
