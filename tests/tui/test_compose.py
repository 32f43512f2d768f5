"""The compose screen: a form that is checked while one types, saved, and played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from simulator.engine.simulate import simulate
from simulator.lessons.language import LANGUAGES, Language
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.tui.app import SmtpFlowApp
from simulator.tui.opened import Run
from simulator.tui.palette import PALETTES
from simulator.tui.screens.compose import ComposeScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.widgets.form_field import FormField, Line


class Desk:
    """The form as a test sees it."""

    def __init__(self, app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> ComposeScreen:
        assert isinstance(self.app.screen, ComposeScreen)
        return self.app.screen

    async def type_into(self, field: str, text: str) -> None:
        self.screen.query_one(f"#typed-{field}", Line).value = text
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())


def run_of(scenario: Scenario) -> Run:
    return Run(scenario.name, hosts_of(scenario), simulate(scenario))


def compose(
    act: Callable[[Desk], Awaitable[None]],
    folder: Path,
    *,
    size: tuple[int, int] = (120, 40),
    language: Language = "en",
) -> None:
    app = SmtpFlowApp(simulate=run_of)

    async def happen() -> None:
        async with app.run_test(size=size) as pilot:
            app.push_screen(ComposeScreen(language=language, folder=folder))
            await pilot.pause()
            await act(Desk(app, pilot))

    asyncio.run(happen())


def test_what_is_typed_is_checked_at_once_and_told_below_its_field(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        assert "✗" not in desk.text()
        await desk.type_into("greylist", "soon")
        assert '✗ "greylist" cannot be "soon"' in desk.text()
        await desk.type_into("greylist", "5 min")
        assert "✗" not in desk.text()
        assert 'greylist = "5 min"' in desk.text()

    compose(act, tmp_path)


def test_a_mistake_is_gone_to_instead_of_played(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("after", "never")
        await desk.press("f5")
        assert desk.screen.focused is desk.screen.query_one("#typed-after")

    compose(act, tmp_path)


def test_it_is_saved_played_and_still_there_afterwards(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("to", "dedi@kantor.example")
        await desk.press("ctrl+s")
        assert load(tmp_path / "my-scenario.toml").mails[0].to == ("dedi@kantor.example",)
        await desk.press("f5")
        player = desk.app.screen
        assert isinstance(player, PlayerScreen)
        while player.drive.is_growing or not player.drive.events:
            await desk.pilot.pause(0.01)
        assert "dedi@kantor.example" in str(player.drive.events[0])
        await desk.press("escape")
        assert desk.screen.values["to"] == "dedi@kantor.example"

    compose(act, tmp_path)


def test_what_was_written_is_not_thrown_away_without_a_word(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("to", "dedi@kantor.example")
        await desk.press("escape")
        said = [notice.message for notice in desk.app._notifications]
        assert said == ["What you wrote is not saved: ctrl+s saves it, esc again leaves it."]
        await desk.type_into("to", "ratna@kantor.example")
        await desk.press("escape")
        assert desk.screen.values["to"] == "ratna@kantor.example"
        await desk.press("escape")
        assert not isinstance(desk.app.screen, ComposeScreen)

    compose(act, tmp_path)


def test_what_is_saved_may_be_left_and_it_is_said_where_it_lies(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("to", "dedi@kantor.example")
        await desk.press("ctrl+s")
        said = [notice.message for notice in desk.app._notifications]
        assert said[-1].endswith(f"smtpflow play {tmp_path / 'my-scenario.toml'}")
        await desk.press("escape")
        assert not isinstance(desk.app.screen, ComposeScreen)

    compose(act, tmp_path)


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "my-scenario.toml").write_text("mine", encoding="utf-8")

    async def act(desk: Desk) -> None:
        await desk.press("ctrl+s")
        assert (tmp_path / "my-scenario.toml").read_text("utf-8") == "mine"
        assert "exists already" in str([one.message for one in desk.app._notifications])
        await desk.type_into("file", "other.toml")
        await desk.press("ctrl+s")
        await desk.press("ctrl+s")
        assert (tmp_path / "other.toml").exists()

    compose(act, tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 20)])
def test_every_name_fits_and_every_field_can_be_reached(
    language: Language, size: tuple[int, int], tmp_path: Path
) -> None:
    async def act(desk: Desk) -> None:
        fields = list(desk.screen.query(FormField))
        assert all(field._label.size.height == 1 for field in fields)
        reached = set()
        for _ in fields:
            focused = desk.screen.focused
            assert focused is not None
            reached.add(focused.id)
            await desk.press("tab")
        assert reached == {f"typed-{field.field.name}" for field in fields}

    compose(act, tmp_path, size=size, language=language)


def test_a_pasted_escape_is_a_sign_and_never_acts(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("subject", "a\x1b]52;c;ZXZpbA==\x07b\u202e")
        assert desk.screen.values["subject"] == "a␛]52;c;ZXZpbA==␇b⟨U+202E⟩"
        assert not any(sign in desk.text() for sign in "\x1b\x07\u202e")

    compose(act, tmp_path)


def test_the_language_changes_and_what_is_typed_stays(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await desk.type_into("subject", "Halo")
        await desk.press("f2")
        assert "Kepada" in desk.text()
        assert desk.screen.values["subject"] == "Halo"

    compose(act, tmp_path)


@pytest.mark.parametrize("theme", PALETTES)
def test_a_field_has_an_edge_in_every_set_of_colours(tmp_path: Path, theme: str) -> None:
    async def act(desk: Desk) -> None:
        desk.app.theme = theme
        await desk.pilot.pause()
        row = next(row for row in desk.text().splitlines() if "Subject" in row)
        assert "▏Rapat Senin" in row
        line = desk.screen.query_one("#typed-subject", Line)
        kind, colour = line.styles.border_left
        assert kind == "vkey"
        assert colour.hex == PALETTES[theme].line
        await desk.pilot.click("#typed-subject")
        await desk.pilot.pause()
        assert line.styles.border_left[0] == "outer"

    compose(act, tmp_path)
