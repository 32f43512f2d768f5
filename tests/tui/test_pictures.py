"""The upper half of the screen as text, at moments that matter: looked at, and kept as it was.

UPDATE_GOLDEN=1 writes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.lessons.language import Language
from simulator.trace.event import Event
from simulator.tui.looks import looks_of
from tests.tui.test_crowd import place, run
from tests.tui.theatre import Theatre, place_of, play

GOLDEN = Path(__file__).parent / "golden"
SHOWN = ("title", "steps", "map", "crowd", "caption", "time")


def at(kind: str, step: int = 0, nth: int = 1) -> Callable[[str], int]:
    def cursor(name: str) -> int:
        seen = 0

        def wanted(event: Event) -> bool:
            nonlocal seen
            seen += event.kind == kind and step in {0, event.step}
            return seen == nth

        return place_of(name, wanted)

    return cursor


MOMENTS: tuple[tuple[str, tuple[int, int], Language, Callable[[str], int]], ...] = (
    ("two-domains", (80, 24), "en", at("content", 5)),
    ("two-domains", (120, 40), "id", at("content", 5)),
    ("two-domains", (200, 60), "en", at("content", 5)),
    ("two-domains", (60, 20), "id", at("read")),
    ("two-relays", (120, 40), "en", at("query", 4)),
    ("two-relays", (200, 60), "id", at("content", 5, 2)),
    ("five-days", (120, 40), "en", at("retried", 0, 3)),
    ("five-days", (80, 24), "id", at("retried", 0, 3)),
    ("primary-down", (120, 40), "en", at("refused")),
    ("unknown-user", (120, 40), "id", at("stored")),
    ("some-refused", (200, 60), "en", at("content", 5)),
    ("same-domain", (120, 40), "en", at("stored")),
)


def upper_half(stage: Theatre) -> str:
    """The rows of what stands above the panels, and of the time line."""
    rows = stage.rows()
    shown: list[str] = []
    for name in SHOWN:
        region = stage.screen.query_one(f"#{name}").region
        shown += rows[region.y : region.bottom]
    return "".join(f"{row.rstrip()}\n" for row in shown)


def compare(name: str, text: str) -> None:
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "size", "language", "moment"),
    MOMENTS,
    ids=[f"{name}-{size[0]}-{language}" for name, size, language, _ in MOMENTS],
)
def test_a_moment_looks_as_it_did(
    name: str, size: tuple[int, int], language: Language, moment: Callable[[str], int]
) -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(moment(name))
        stage.wait(5)
        await stage.pilot.pause()
        compare(f"{name}-{size[0]}x{size[1]}.{language}", upper_half(stage))

    play(act, name, size=size, language=language)


@pytest.mark.parametrize(("size", "language"), [((120, 40), "en"), ((80, 24), "id")])
def test_many_mails_look_as_they_did(size: tuple[int, int], language: Language) -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place(stage))
        compare(f"newsletter-{size[0]}x{size[1]}.{language}", upper_half(stage))

    hosts, events = run()
    play(act, size=size, language=language, hosts=hosts, events=events, title="Buletin")


def test_plain_signs_look_as_they_did() -> None:
    async def act(stage: Theatre) -> None:
        looks = looks_of(theme=None, is_ascii=True, environ={}, encoding=None, color_system=None)
        stage.app.dress(looks)
        await stage.seek(at("content", 5)("two-domains"))
        stage.wait(5)
        await stage.pilot.pause()
        compare("two-domains-ascii-80x24.en", upper_half(stage))

    play(act, size=(80, 24))
