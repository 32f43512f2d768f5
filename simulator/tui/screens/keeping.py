"""The keys that keep a run: a name of its own for a branch, and a file of it on the disk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from simulator import __version__
from simulator.arguments import PROGRAM
from simulator.lessons.recordings import mistake_said
from simulator.lessons.refusals import refusal_said
from simulator.scenario import writing
from simulator.scenario.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.trace.recording import Header, RecordingError, write
from simulator.trace.redaction import tells_a_password
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.forking import ForkingScreen
from simulator.tui.typed_paths import NoSuchUserError, meant, names_a_file
from simulator.views.safe import safe

_TEXT_LIMIT = 200
_SUFFIX = ".jsonl"


class KeepingScreen(ForkingScreen):
    """Saves a run and says where it went."""

    def action_rename(self) -> None:
        """Call this branch something else."""
        self.drive.pause()
        if self.branch.grown_from is None:
            self._tell("say.compare_nothing")
            return
        title, hint = self.stage().say("rename.title"), self.stage().say("rename.hint")

        def written(text: str | None) -> None:
            if text:
                self.branch.title = self.branch.name = text[:_TEXT_LIMIT]
                self.show()

        empty = self.stage().say("rename.no_name")
        check = partial(_nothing_typed, empty)
        self.app.push_screen(AskScreen(title, hint, check, value=self.branch.title), written)

    def action_save(self) -> None:
        """Write this run to a new file that can be played and forked again."""
        self.drive.pause()
        scenario = self.origin
        if scenario is None or self.drive.is_growing:
            self._tell("say.save_nothing")
            return
        title, hint = self.stage().say("save.title"), self.stage().say("save.hint")

        def written(text: str | None) -> None:
            if text:
                self._save(scenario, _path(text))

        value = _free_name(scenario)
        self.app.push_screen(AskScreen(title, hint, self._objection, value=value), written)

    def _objection(self, text: str) -> str:
        """Why a file cannot have that name, or nothing."""
        try:
            rule, path = _fault_in(text)
        except NoSuchUserError as problem:
            rule, path = "no_user", str(problem)
        except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
            return refusal_said(problem, self.stage().words)
        return self.stage().say(f"save.{rule}", path=safe(path, limit=_TEXT_LIMIT)) if rule else ""

    def _save(self, scenario: Scenario, path: Path) -> None:
        header = Header(
            program=f"{PROGRAM} {__version__}",
            scenario=scenario,
            hosts=self.drive.player.scene.hosts,
        )
        margin = replace(self.drive.margin, title=self.branch.title)
        try:
            if path.suffix == writing.SUFFIX:
                writing.save(scenario, path, title=self.branch.title)
            else:
                write(path, margin.written_in(header), self.drive.events)
        except RecordingError as mistake:
            self._complain(mistake_said(mistake, self.language))
        except ScenarioError as mistake:
            self._complain(mistake.sentence(self.language))
        except (OSError, ValueError) as trouble:  # ValueError: a NUL in the name
            self._complain(refusal_said(trouble, self.stage().words))
        else:
            self.branch.is_kept = True
            self.show()
            self._tell("say.saved", path=safe(str(path.resolve()), limit=_TEXT_LIMIT))
            if any(tells_a_password(session.lines) for session in scenario.sessions):
                self._tell("say.saved_password")

    def _complain(self, said: str) -> None:
        self.notify(safe(said, limit=_TEXT_LIMIT), severity="error", markup=False)


def _nothing_typed(said: str, text: str) -> str:
    return "" if text.strip() else said


def _fault_in(text: str) -> tuple[str, str]:
    """What keeps a file from being written there, and at which path; nothing where nothing does.

    Raises NoSuchUserError, OSError or ValueError where that cannot be known.
    """
    if not text.strip():
        return "no_name", ""
    if not names_a_file(text) or meant(text).is_dir():
        return "is_folder", text.strip()
    path = _path(text)
    if path.exists():
        return "exists", str(path)
    return ("", "") if path.parent.is_dir() else ("no_folder", str(path.parent))


def _path(text: str) -> Path:
    """The file that is meant; its name says whether it is a recording or a scenario."""
    path = meant(text)
    is_named = path.suffix in {_SUFFIX, writing.SUFFIX}
    return path if is_named else path.with_name(path.name + _SUFFIX)


def _free_name(scenario: Scenario) -> str:
    """A name in the present folder that no file has yet."""
    names = (f"{scenario.name}-{number}{_SUFFIX}" for number in count(1))
    return next(name for name in names if not Path(name).exists())
