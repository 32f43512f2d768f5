"""The surroundings of every test of the screen: no wishes of this terminal, and real runs."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_wishes_of_this_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR and TEXTUAL_* change what is drawn; a test that wants them sets them itself."""
    for name in ("NO_COLOR", "TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)
