"""Two runs side by side: nothing is left out, and one sentence says what came of the difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cli import main
from simulator.scenario.topology import hosts_of
from simulator.trace.compare import mail_differences, parting, rows
from simulator.trace.event import Composed, Content, Event, Stored
from simulator.trace.octets import octets_or_none
from simulator.views.comparison import BETWEEN, Side, compare, summary
from simulator.views.safe import safe
from tests.fork.forked import fork, moment
from tests.lessons_in_scenarios.played import Run, play
from tests.trace.random_events import runs
from tests.trace.stories import HOSTS

WHOLE = play("two-domains")
RCPT = moment(WHOLE.events, "RCPT")


def side(run: Run, title: str = "run") -> Side:
    return Side(title, hosts_of(run.scenario), run.events)


def is_whole(event: Event) -> bool:
    """Whether its base64 is sound."""
    fact = event.fact
    return not isinstance(fact, Composed | Content | Stored) or octets_or_none(fact) is not None


@given(runs(max_size=25), runs(max_size=25), st.integers(0, 10))
def test_every_event_of_both_is_there_once_and_in_order(
    one: list[Event], other: list[Event], common: int
) -> None:
    other = one[:common] + other
    start = parting(one, other)
    if start is None:
        assert one == other
        return
    assert one[:start] == other[:start]
    found = list(rows(one, other, start))
    assert [row.left for row in found if row.left] == one[start:]
    assert [row.right for row in found if row.right] == other[start:]
    if not all(map(is_whole, (*one, *other))):
        return  # no recording that was read has such an event
    left, right = Side("one", HOSTS, one), Side("other", HOSTS, other)
    for line in compare(left, right, language="id", depth="bytes"):
        assert safe(line) == line


def test_where_two_columns_have_no_room_the_lines_stand_below_each_other() -> None:
    other = fork("two-domains", "RCPT", "reply 450 4.2.1 Busy")
    rows_of = list(
        compare(side(WHOLE), side(other), language="en", depth="commands", column=(80 - 5) // 2)
    )
    assert max(map(len, rows_of)) <= 80
    assert ">    0.800 s mx1.kantor: <** 450 4.2.1 Busy" in rows_of
    assert "=<   0.880 s mx1.kantor: -> (the message: 21 lines, 687 octets)" in rows_of
    assert "=>   1.270 s mx1.kantor: -> (the message: 24 lines, 870 octets)" in rows_of


def test_a_run_and_itself_are_the_same() -> None:
    assert parting(WHOLE.events, WHOLE.events) is None
    lines = compare(side(WHOLE), side(WHOLE), language="en", depth="bytes")
    assert list(lines)[-1] == "Both runs are the same, event for event."


def test_a_busy_exchanger_makes_the_way_longer_and_no_other_difference() -> None:
    other = fork("two-domains", "RCPT", "reply 450 4.2.1 Busy")
    assert parting(WHOLE.events, other.events) == RCPT + 1
    (difference,) = mail_differences(WHOLE.events, other.events)
    assert difference.fields == ("Received",)
    assert not difference.text
    assert summary(side(WHOLE), side(other), language="en") == (
        "What came of it differs: it took 1 minute 1 second on the left, 1 minute 2 seconds on the"
        " right; the mail in the mailbox of citra@kantor.example differs in Received."
    )


def test_what_took_as_long_to_say_took_as_long() -> None:
    two, one = side(play("two-domains")), side(play("same-domain"))
    assert two.events[-1].at != one.events[-1].at
    assert "1 minute 1 second on the left, 1 minute 1 second" not in summary(
        two, one, language="en"
    )


@pytest.mark.parametrize("column", [17, 37, 58])
def test_no_row_and_no_prose_is_wider_than_there_is_room(column: int) -> None:
    other = fork("two-domains", "RCPT", "reply 550 5.1.1 Nobody here")
    lines = list(compare(side(WHOLE), side(other), language="id", depth="bytes", column=column))
    room = 2 * column + BETWEEN
    assert [line for line in lines[2:] if len(line) > room and " " in line.strip()] == []


def test_a_refusal_is_another_end_for_the_recipient() -> None:
    other = fork("two-domains", "RCPT", "reply 550 5.1.1 Nobody here")
    said = summary(side(WHOLE), side(other), language="en")
    assert (
        "mail m1 to citra@kantor.example was read on the left, but on the right it was not" in said
    )
    assert "550 5.1.1 Nobody here" in said
    said = summary(side(WHOLE), side(other), language="id")
    assert said.startswith("Hasilnya berbeda: surel m1 kepada citra@kantor.example di kiri sudah")


def test_a_mail_that_came_twice_is_a_difference() -> None:
    lost = "on accepted at mx1.kantor.example times 1: drop"
    twice = fork("two-domains", "composed", lost)
    assert len([event for event in twice.events if isinstance(event.fact, Stored)]) == 2
    mail = "mail m1 to citra@kantor.example"
    assert f"{mail} was read on the left, but on the right it came 2 times and was read" in summary(
        side(WHOLE), side(twice), language="en"
    )
    assert "di kiri datang 2 kali dan sudah dibaca, sedangkan di kanan sudah dibaca" in summary(
        side(twice), side(WHOLE), language="id"
    )


def test_what_only_one_did_stands_on_its_side() -> None:
    other = fork("two-domains", "RCPT", "reply 550 5.1.1 Nobody here")
    shown = list(compare(side(WHOLE), side(other), language="en", depth="commands"))
    left = next(line for line in shown if "<-  250 2.1.5 Ok" in line)
    right = next(line for line in shown if "550 5.1.1 Nobody here" in line)
    assert left.startswith("<")
    assert right.startswith(">")
    assert any(line.startswith("=") and line.count("221 2.0.0 Bye") == 2 for line in shown)


def test_the_command_compares_scenarios_recordings_and_forks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change = f"{RCPT}=reply 450 4.2.1 Busy"
    file = str(tmp_path / "fork.jsonl")
    assert main(["run", "two-domains", "--fork", change, "--record", file, "--lang", "en"]) == 0
    capsys.readouterr()
    outs = []
    for line in (
        ["two-domains", "--fork", change],
        [file],
        ["two-domains", file],
        ["two-domains", "two-domains", "--fork", change],
    ):
        assert main(["compare", *line, "--lang", "en"]) == 0
        outs.append(capsys.readouterr().out.partition("\n\n")[2])
    assert len(set(outs)) == 1
    assert outs[0].startswith(f"Both are the same up to event {RCPT}, at 790 ms.")
    assert main(["compare", "two-domains", "--lang", "en"]) == 2
    assert "changes nothing in its run" in capsys.readouterr().err
