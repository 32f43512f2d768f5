"""The surroundings of every test of the screen: no wishes of this terminal, and real runs."""

from __future__ import annotations

import pytest
import textual.app
import textual.pilot
from textual.notifications import Notification

from tests.tui.settling import settled


@pytest.fixture(autouse=True)
def _no_wishes_of_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR and TEXTUAL_* change what is drawn; a test that wants them sets them itself."""
    for name in ("NO_COLOR", "TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _settle_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is done with when nothing is left to run."""
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", settled)


@pytest.fixture(autouse=True)
def _a_notice_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it is gone by the clock, and a busy machine reads it too late."""
    monkeypatch.setattr(Notification, "has_expired", property(lambda _: False))
    monkeypatch.setattr(Notification, "time_left", property(lambda _: 600.0))
