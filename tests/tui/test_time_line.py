"""The time line: every event has its cell, waits have gaps, and the mouse goes there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulator.tui.axis import Axis
from simulator.tui.run_marks import RunMarks, Wait
from simulator.tui.widgets.time_line import TimeLine
from tests.tui.theatre import Theatre, events_of, play


@st.composite
def axes(draw: st.DrawFn) -> tuple[Axis, int, int]:
    total, width = draw(st.integers(1, 5000)), draw(st.integers(30, 200))
    places = sorted(draw(st.sets(st.integers(1, total - 1), max_size=3))) if total > 1 else []
    return Axis(total, width, [(Wait(60_000_000, place), 6) for place in places]), total, width


@given(made=axes())
def test_cells_follow_the_events_and_never_leave_the_line(made: tuple[Axis, int, int]) -> None:
    axis, total, width = made
    columns = [axis.column(cursor) for cursor in range(total + 1)]
    assert columns == sorted(columns)
    assert columns[0] == 0
    assert columns[-1] < width


@given(made=axes())
def test_a_click_on_the_cell_of_an_event_comes_back_to_that_cell(
    made: tuple[Axis, int, int],
) -> None:
    axis, total, _ = made
    for cursor in range(0, total + 1, max(1, total // 50)):
        column = axis.column(cursor)
        assert axis.column(axis.cursor(column)) == column


@given(made=axes())
def test_no_event_lies_in_a_gap(made: tuple[Axis, int, int]) -> None:
    axis, total, _ = made
    inside = {cell for gap in axis.gaps for cell in range(gap.column, gap.column + gap.width)}
    assert not inside & {axis.column(cursor) for cursor in range(total + 1)}


def test_the_longest_waits_are_known_in_their_order() -> None:
    marks = RunMarks()
    events = events_of("five-days")
    marks.extend(events[:100])
    marks.extend(events[100:])
    waits = marks.longest_waits(5)
    assert [wait.place for wait in waits] == sorted(wait.place for wait in waits)
    for wait in waits:
        assert events[wait.place].at - events[wait.place - 1].at == wait.span
    shortest = min(wait.span for wait in waits)
    gaps = [b.at - a.at for a, b in pairwise(events)]
    assert sum(gap > shortest for gap in gaps) <= 5


def test_waits_are_written_on_the_line_and_the_clock_tells_how_late_it_is() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end")
        marks, line = stage.rows()[-3:-1]
        assert " 8 h" in marks
        assert "╌╌" in line
        assert "✗" in line
        assert line.rstrip().endswith("+5 d 1 min")

    play(act, "five-days")


def test_clicking_and_dragging_on_the_line_moves_the_cursor() -> None:
    async def act(stage: Theatre) -> None:
        line = stage.screen.query_one(TimeLine)
        await stage.pilot.mouse_down(line, offset=(40, 1))
        first = stage.cursor
        assert first > 0
        await stage.pilot.hover(line, offset=(60, 1))
        assert stage.cursor > first
        await stage.pilot.mouse_up(line, offset=(60, 1))
        there = stage.cursor
        await stage.pilot.hover(line, offset=(20, 1))
        assert stage.cursor == there
        assert stage.rows()[-2].index("●") in {60, 61}

    play(act)


def test_a_click_before_the_line_plays_and_pauses() -> None:
    async def act(stage: Theatre) -> None:
        await stage.pilot.click(TimeLine, offset=(1, 1))
        assert stage.screen.drive.is_playing
        await stage.pilot.click(TimeLine, offset=(1, 1))
        assert not stage.screen.drive.is_playing

    play(act)


def test_marks_of_others_stand_on_the_line() -> None:
    async def act(stage: Theatre) -> None:
        stage.screen.query_one(TimeLine).mark([(50, "question"), (100, "note")])
        await stage.pilot.pause()
        line = stage.rows()[-2]
        assert 4 < line.index("?") < line.index("i")

    play(act)
