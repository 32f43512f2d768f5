"""Text from outside cannot do anything to the terminal, in any panel, at any depth."""

from __future__ import annotations

import base64
import os
import pty
import re
import select
import subprocess
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from textual.widgets import Input

from simulator.scenario.model import Host, Words
from simulator.scenario.topology import hosts_of
from simulator.trace import recording as recordings
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Reply,
    Stamped,
    Stored,
    Tls,
)
from simulator.trace.steps import Depth
from simulator.tui.lens_tabs import TABS
from tests.tui.theatre import Theatre, events_of, play, scenario

EVIL = {
    "escape": "\x1b[2J\x1b]0;PWNED\x07\x1b]52;c;aGk=\x07",
    "c1": "\x9b31m\x85\x90",
    "bidi": "a\u202eb\u2066c\u2069\u200f\u061c",
    "markup": "Re: [/bold] [@click=app.quit]x[/] [bold red]250 OK[/] [[/b]] [/]",
    "lines": "one\r\ntwo\nthree\ttab\x00\x0b\x0c\u2028\u2029",
    "wide": "漢字" * 40 + "👨\u200d👩\u200d👧\ufe0f🇮🇩" + "e\u0301" * 40,
    "marks": "a" + "\u0300" * 500,
    "long": "A" * 10_000,
    "surrogate": "\ud800 lone",
    "empty": "",
}


@dataclass
class Writer:
    """Makes events one after another, each with the same text wherever text can stand."""

    text: str
    hosts: tuple[Host, ...]

    def events(self) -> list[Event]:
        text, names = self.text, [host.name for host in self.hosts]
        one, other = names[0], names[-1]
        message = f"Subject: {text}\r\nX-{text}: {text}\r\n {text}\r\n\r\n{text}\r\n.\r\n"
        message = message.encode("utf-8", "replace").decode()
        facts: list[Fact] = [
            Composed(reverse_path=text, recipients=(text,), subject=text, data=message),
            Connected(
                conn=1,
                peer=other,
                port=25,
                protocol="smtp",
                reason=text,
                address=text,
                client_address=text,
                client_port=1,
            ),
            Tls(conn=1, peer=other, version=text, cipher=text, verified=False, name=text),
            Command(conn=1, peer=other, line=f"MAIL FROM:<{text}>"),
            Command(conn=1, peer=other, line=text),
            Command(conn=1, peer=text, line=text, secure=True),
            Reply(conn=1, peer=other, code=250, enhanced=None, lines=(text, text), rule=text),
            Reply(conn=1, peer=other, code=text, enhanced=text, lines=(text,), rule="ehlo"),
            Content(conn=1, peer=other, data=message),
            Query(id=1, name=text, type=text, server=other),
            Answer(
                id=1,
                name=text,
                type=text,
                server=one,
                peer=other,
                rcode=text,
                records=(text, text),
                authoritative=False,
                cached=False,
                wire="",
            ),
            Judged(rule=text, verdict=text, inputs={text: text}),
            Judged(rule="route.mx", verdict=text, inputs={"domain": text, "candidates": text}),
            Stamped(headers=((text, text),), where="top"),
            Queued(queue_id=text, recipients=(text,), reason=text, next_attempt=5),
            Bounced(queue_id=text, recipients=(text,), reason=text),
            Stored(mailbox=text, uid=text, protocol="local", data=message),
            Read(mailbox=text, uid=text, protocol=text, subject=text, attachments=(text,)),
            Refused(
                conn=2,
                peer=other,
                port=1,
                protocol="smtp",
                reason=text,
                address=text,
            ),
            Closed(conn=1, peer=other, port=25, protocol="smtp", reason=text),
        ]
        return [
            Event(seq=n, at=n, step=n % 6 + 1, host=one, journey="m1", fact=fact)  # type: ignore[arg-type]
            for n, fact in enumerate(facts)
        ]


def dangerous(character: str) -> bool:
    code = ord(character)
    return code < 0x20 or 0x7F <= code <= 0x9F or unicodedata.category(character) in {"Cf", "Cs"}


def renamed(text: str) -> tuple[Host, ...]:
    """The hosts of a real scenario, their labels and owners from outside too."""
    hosts = hosts_of(scenario("two-domains"))
    return tuple(msgspec.structs.replace(host, label=text or "x", owner=text) for host in hosts)


@pytest.mark.parametrize(("size", "depth"), [((80, 24), "commands"), ((200, 60), "bytes")])
@pytest.mark.parametrize("name", EVIL)
def test_no_control_character_comes_out_of_any_panel(
    name: str, size: tuple[int, int], depth: Depth
) -> None:
    text = EVIL[name]
    hosts = renamed(text)

    async def act(stage: Theatre) -> None:
        for cursor in range(len(stage.screen.drive.events) + 1):
            stage.screen.drive.seek(cursor)
            stage.screen.show()
            stage.wait(1)
            strips = stage.strips()
            assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
            shown = "".join(strip.text for strip in strips)
            assert not [c for c in shown if dangerous(c)], cursor

    play(
        act,
        size=size,
        depth=depth,
        hosts=hosts,
        events=Writer(text, hosts).events(),
        title=text or "x",
    )


@pytest.mark.parametrize("name", EVIL)
def test_no_control_character_comes_out_of_any_page_of_the_lens_or_any_list(name: str) -> None:
    text = EVIL[name]
    hosts = renamed(text)

    async def act(stage: Theatre) -> None:
        def check() -> None:
            strips = stage.strips()
            assert [strip.cell_length for strip in strips] == [120] * 40
            shown = "".join(strip.text for strip in strips)
            assert not [c for c in shown if dangerous(c)]

        # Stored: by now every page has something to show.
        await stage.seek(17)
        for tab in TABS:
            stage.screen.action_tab(tab)
            await stage.pilot.pause()
            check()
        for keys in (("s",), ("ampersand",), ("r",)):
            await stage.press("escape", "escape", *keys)
            check()
        await stage.press("escape", "slash")
        stage.app.screen.query_one(Input).value = text
        await stage.press("enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        check()
        await stage.press("y")
        assert not [c for c in stage.app.clipboard if dangerous(c) and c != "\n"]
        for notice in stage.app._notifications:
            assert not [c for c in notice.message if dangerous(c)]

    play(act, depth="bytes", hosts=hosts, events=Writer(text, hosts).events(), title=text or "x")


def test_markup_in_a_subject_is_shown_as_it_was_written() -> None:
    hosts = hosts_of(scenario("two-domains"))

    async def act(stage: Theatre) -> None:
        await stage.seek(9)
        assert "Subject: Re: [/bold] [@click=app.quit]x[/]" in stage.text()

    play(act, hosts=hosts, events=Writer(EVIL["markup"], hosts).events())


def test_a_step_in_the_palette_or_a_notice_holds_no_text_from_outside() -> None:
    async def act(stage: Theatre) -> None:
        commands = list(stage.app.get_system_commands(stage.screen))
        assert commands
        assert not any("\x1b" in command.title + command.help for command in commands)

    play(act, title=EVIL["escape"], events=events_of("two-domains"))


KEYS = (
    *(b"\x1b[F", b"v", b"v", b"s", b"s", b"v"),
    *([b"."] * 8),
    *(b"y", b"&", b"\x1b", b"r", b"\x1b", b"/"),
    b"\x1b[200~" + "\x9b31m\u202e[/b]\x07no such text".encode() + b"\x1b[201~",
    *(b"\r", b"\x1b", b"d", b"\x1b[D", b"\x1b[D", b"y", b"?", b"\x1b", b"l", b"q"),
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording in which everything that can be a text is one of the evil ones."""
    path = tmp_path_factory.mktemp("hostile") / "evil.jsonl"
    # A lone surrogate cannot stand in UTF-8, so no file can hold one.
    texts = [text for name, text in EVIL.items() if name != "surrogate"]
    hosts = renamed(EVIL["escape"] + EVIL["c1"] + EVIL["bidi"])
    events = [event for text in texts for event in Writer(text, hosts).events()]
    one = msgspec.structs.replace(
        scenario("two-domains"), words={"en": Words(title="".join(texts)), "id": Words(title="x")}
    )
    with recordings.Writer(path, recordings.Header(scenario=one, hosts=hosts)) as out:
        for seq, event in enumerate(events):
            out.write(msgspec.structs.replace(event, seq=seq, at=seq))
    return path


def test_what_reaches_the_terminal_is_only_what_the_program_itself_says(recording: Path) -> None:
    drawn, status = in_terminal(
        [sys.executable, "-m", "simulator", "--lang", "en", "play", str(recording)], KEYS
    )
    text = drawn.decode("utf-8", "replace")
    assert status == 0, text[-2000:]
    assert "␛[2J␛]0;PWNED␇" in text
    for sequence in ("\x1b]0;", "\x1b]2;", "PWNED\x07", "aGk=\x07", "\x1b[31m\x85"):
        assert sequence not in text, sequence
    # What Textual itself writes holds no other control characters than these.
    allowed = {"\x1b", "\r", "\n", "\x07"}
    assert {c for c in text if dangerous(c)} <= allowed
    copied = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", text)
    assert len(copied) == text.count("\x1b]52;") == 2
    for one in copied:
        said = base64.b64decode(one).decode()
        assert not [c for c in said if dangerous(c) and c != "\n"]
    # Every bell ends a sequence of the program's own (the clipboard, the pointer's shape).
    own = r"\x1b\]22;[a-z]+\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
    assert "\x07" not in re.sub(own, "", text)
    assert set(re.findall(r"\x1b\](\d+)", text)) == {"22", "52"}


def test_a_hostile_recording_told_without_a_screen_holds_line_ends_and_nothing_else(
    recording: Path,
) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "simulator", "show", str(recording), "--depth", "bytes"],
        capture_output=True,
        timeout=60,
        check=True,
    )
    text = told.stdout.decode()
    assert {c for c in text if dangerous(c)} == {"\n"}


def in_terminal(command: list[str], keys: tuple[bytes, ...]) -> tuple[bytes, int]:
    """The program on a pseudo terminal of 120x40: a key whenever it is quiet, until it ends."""
    keeper, terminal = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    program = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environ,
        start_new_session=True,
    )
    os.close(terminal)
    drawn, waiting = bytearray(), list(keys)
    due = time.monotonic() + 120
    while program.poll() is None and time.monotonic() < due:
        ready, _, _ = select.select([keeper], [], [], 0.3)
        if ready:
            try:
                drawn += os.read(keeper, 65536)
            except OSError:
                break
        elif drawn and waiting:
            os.write(keeper, waiting.pop(0))
    status = program.wait(10)
    os.close(keeper)
    return bytes(drawn), status
