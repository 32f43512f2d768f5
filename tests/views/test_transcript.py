"""A run is told so that it can be read by anybody, aloud, and as it happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from simulator.lessons.language import LANGUAGES, Language
from simulator.scenario.model import Host
from simulator.trace.event import Bounced, Composed, Event, Judged, Queued, Read, Reply
from simulator.trace.steps import DEPTHS, Depth
from simulator.views.transcript import WIDTH, narrate
from simulator.views.wire import Roles, roles_of, wire_lines
from tests.shipped import NAMES, run_of

GOLDEN = Path(__file__).with_name("golden")


def told(
    hosts: tuple[Host, ...],
    events: tuple[Event, ...],
    language: Language = "en",
    depth: Depth = "commands",
) -> str:
    lines = narrate("Rapat", hosts, events, language=language, depth=depth)
    return "".join(f"{line}\n" for line in lines)


def compare_with_golden(name: str, text: str) -> None:
    """UPDATE_GOLDEN=1 writes the file anew, to be looked at before it is committed."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        pytest.skip(f"wrote {file.name}")
    assert text == file.read_text("utf-8")


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_run_made_by_hand_is_told(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...], language: Language, depth: Depth
) -> None:
    compare_with_golden(f"small-run.{language}.{depth}", told(hosts, small_run, language, depth))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_real_run_is_told_as_a_story(language: Language) -> None:
    text = told(*run_of("two-domains"), language, "story")
    compare_with_golden(f"two-domains.{language}.story", text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_everything_that_is_said_in_a_real_run_is_in_its_transcript(
    name: str, depth: Depth
) -> None:
    hosts, events = run_of(name)
    text = told(hosts, events, "en", depth)
    if depth != "story":
        roles = roles_of(hosts)
        lines = [line for event in events for line in _wire(event, roles, depth)]
        # In this order: each is looked for behind the one before it.
        place = 0
        for line in lines:
            place = text.find(f"{line}\n", place) + 1
            assert place, line
    facts = [(event.journey, event.fact) for event in events]
    read = {(name, one.mailbox, one.uid) for name, one in facts if isinstance(one, Read)}
    assert text.count(" was read\n") == len(read)


def _wire(event: Event, roles: Roles, depth: Depth) -> list[str]:
    return [str(line) for line in wire_lines(event, depth=depth, roles=roles)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_safe_and_prose_keeps_to_its_width(name: str, language: Language) -> None:
    lines = told(*run_of(name), language, "story").splitlines()
    assert all(line.isprintable() for line in lines)
    # An address or a link is never broken: it may stand alone on a line that is too long.
    assert [line for line in lines if len(line) > WIDTH and len(line.split()) > 1] == []
    assert [line for line in lines if line != line.rstrip()] == []
    assert ("", "") not in pairwise(lines)


def test_it_is_told_while_it_happens(hosts: tuple[Host, ...], small_run: tuple[Event, ...]) -> None:
    happened: list[Event] = []

    def happening() -> Iterator[Event]:
        for event in small_run:
            happened.append(event)
            yield event

    lines = narrate("Rapat", hosts, happening())
    for line in lines:
        if "presses send" in line:
            break
    assert len(happened) == 1


def test_steps_that_a_mail_does_not_need_are_said_to_be_skipped_and_why(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    text = told(hosts, small_run)
    assert (
        "4  Resolve: skipped. No DNS is asked for the way: the recipient's domain is the server's"
        " own.\n5  Transfer: skipped. No other server is called: the mail is already where it"
        " belongs.\n\n6  Deliver and pick up\n" in text
    )


def test_steps_are_not_called_skipped_while_another_recipient_may_need_them(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    both = ("budi@kampus.example", "citra@kantor.example")
    events = tuple(
        msgspec.structs.replace(event, fact=msgspec.structs.replace(event.fact, recipients=both))
        if isinstance(event.fact, Composed | Queued)
        else event
        for event in small_run
    )
    assert ": skipped." not in told(hosts, events)


def test_a_mail_that_stops_early_is_said_to_have_got_no_further(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    started = tuple(event for event in small_run if event.step == 1)
    text = told(hosts, started)
    assert "2  Submit: skipped. The mail got no further than step 1.\n" in text
    assert "6  Deliver and pick up: skipped. The mail got no further than step 1.\n" in text
    assert "  budi@kampus.example  never left the sender's mail client\n" in text


def test_a_report_begins_where_a_server_writes_it(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    server, count = "smtp.kampus.example", len(small_run)
    gave_up = Bounced(queue_id="1", recipients=("x@y.example",), reason="550 No", bounce="m2")
    report = Composed(
        reverse_path="", recipients=("ani@kampus.example",), subject="Undelivered", data=""
    )
    events = (
        *small_run,
        Event(count, 1_000_000, 5, server, "m1", gave_up),
        Event(count + 1, 1_000_000, 3, server, "m2", report),
    )
    text = told(hosts, events)
    assert "1  Compose and connect (mail m2): skipped. Nobody writes this mail by hand" in text
    assert "3  Route (mail m2)\n" in text
    assert (
        "  m1  x@y.example          was not delivered; smtp.kampus.example told the sender with"
        in text
    )


def test_a_rule_is_explained_the_first_time_only(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    again = tuple(
        msgspec.structs.replace(event, seq=event.seq + len(small_run)) for event in small_run
    )
    text = told(hosts, small_run + again)
    assert text.count("promises to deliver the mail") == 2
    assert text.count("With the 250 after the final dot") == 1


def test_what_comes_from_outside_cannot_drive_the_terminal(hosts: tuple[Host, ...]) -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\x00\u202e\u2028\ud800\r\n"
    bad_host = msgspec.structs.replace(hosts[0], name=evil, label=evil, addresses=(evil,))
    facts = (
        Composed(reverse_path=evil, recipients=(evil,), subject=evil, data=evil),
        Reply(conn=1, peer=evil, code=evil, enhanced=None, lines=(evil,), rule=evil),
        Judged(rule=evil, verdict=evil, inputs={evil: evil}),
        Bounced(queue_id=evil, recipients=(evil,), reason=evil, bounce=evil),
        Read(mailbox=evil, uid=evil, protocol=evil, subject=evil, attachments=(evil,)),
    )
    for depth in DEPTHS:
        events = tuple(Event(n, 0, 6, evil, evil, fact) for n, fact in enumerate(facts))
        lines = list(narrate(evil, (bad_host,), events, depth=depth))
        assert all(line.isprintable() for line in lines)


def test_an_empty_run_is_told_too(hosts: tuple[Host, ...]) -> None:
    assert told(hosts, ()).endswith("\n\nThe recording holds no events.\n")


def test_a_run_that_stops_midway_says_so_before_what_came_of_it(
    hosts: tuple[Host, ...], small_run: tuple[Event, ...]
) -> None:
    opened = next(n for n, event in enumerate(small_run) if isinstance(event.fact, Reply))
    assert "The recording stops here" in told(hosts, small_run[: opened + 1])
    assert "The recording stops here" not in told(hosts, small_run)
