"""Text from outside cannot do anything to the terminal, in any panel, at any depth."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import msgspec
import pytest

from simulator.scenario.model import Host
from simulator.scenario.topology import hosts_of
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
