"""Taking part on the screen: what is typed goes to the real server, which answers in the run."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import pytest
from textual.widgets import Input

from simulator.engine.simulate import simulate
from simulator.engine.taking_part import ClientPart
from simulator.scenario.model import Scenario
from simulator.trace.event import Bounced, Command, Connected, Event, Intervened, Reply
from simulator.trace.recording import read
from simulator.trace.redaction import redacted
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.talking import TalkScreen
from simulator.tui.widgets.lens import Lens
from simulator.tui.widgets.lower_half import LowerHalf
from simulator.tui.widgets.transcript import Transcript
from tests.tui.theatre import Theatre, events_of, place_of, play

RCPT = place_of(
    "two-domains",
    lambda e: isinstance(e.fact, Command) and e.step == 5 and e.fact.line.startswith("RCPT"),
)


async def join(stage: Theatre, *typed: str) -> TalkScreen:
    """Take part at the first door that the typed letters leave."""
    await stage.press("i")
    assert isinstance(stage.app.screen, ChoiceScreen)
    await stage.press(*typed, "enter")
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()
    assert isinstance(stage.app.screen, TalkScreen)
    return stage.app.screen


async def say(stage: Theatre, line: str) -> None:
    """Type a line, and wait until the run below was made again."""
    talk = stage.app.screen
    assert isinstance(talk, TalkScreen)
    talk.query_one(Input).value = line
    await stage.press("enter")
    for _ in range(500):
        if not talk.is_busy:
            break
        await asyncio.sleep(0.02)
    assert not talk.is_busy
    await stage.pilot.pause()
    await stage.pilot.pause()


def below(stage: Theatre) -> PlayerScreen:
    """The run that is typed into."""
    return next(one for one in reversed(stage.app.screen_stack) if isinstance(one, PlayerScreen))


def here(stage: Theatre) -> Event:
    event = below(stage).drive.event
    assert event is not None
    return event


def flat(stage: Theatre) -> str:
    return " ".join(stage.text().split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_rcpt_before_mail_is_answered_503_where_everybody_sees_it(size: tuple[int, int]) -> None:
    async def act(stage: Theatre) -> None:
        await join(stage)
        greeting = here(stage).fact
        assert isinstance(greeting, Reply)
        assert greeting.code == 220
        await say(stage, "EHLO pc-tamu.asing.example")
        await say(stage, "RCPT TO:<sari@kantor.example>")
        reply = here(stage).fact
        assert isinstance(reply, Reply)
        assert reply.code == 503
        assert reply.lines[0].split()[0] in flat(stage)
        assert "503" in flat(stage)
        assert "RCPT TO:<sari@kantor.example>" in flat(stage)
        await say(stage, "MAIL FROM:<tamu@asing.example>")
        await say(stage, "RCPT TO:<nobody@elsewhere.example>")
        refused = here(stage).fact
        assert isinstance(refused, Reply)
        assert refused.code // 100 == 5

    play(act, size=size)


def test_the_branch_stays_is_compared_left_and_replays_to_the_same_events() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await join(stage)
        await say(stage, "EHLO pc")
        await say(stage, "QUIT")
        assert "The connection is closed" in flat(stage)
        await stage.press("escape")
        branch = stage.screen
        assert branch.origin is not None
        played.append((branch.origin, tuple(branch.drive.events)))
        await stage.press("space", "space", "left")  # its keys are its own again
        assert here(stage) != branch.drive.events[-1]
        await stage.press("escape", "escape")  # all mails again, then the run as it was
        assert tuple(stage.screen.drive.events) == events_of("two-domains")
        assert stage.cursor == RCPT

    played: list[tuple[Scenario, tuple[Event, ...]]] = []
    play(act)
    ((origin, events),) = played
    assert tuple(simulate(origin)) == events


def test_it_is_saved_while_one_types_and_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await join(stage)
        await say(stage, "NOOP")
        await stage.press("ctrl+s", "enter")
        assert isinstance(stage.app.screen, TalkScreen)
        await stage.press("escape", "w", "enter")
        played.extend(stage.screen.drive.events)

    played: list[Event] = []
    play(act)
    first, second = sorted(tmp_path.iterdir())
    assert first.read_bytes() == second.read_bytes()
    assert list(read(second).events) == list(redacted(played))


def test_a_question_mark_tells_what_may_be_said_and_tab_completes_it() -> None:
    async def act(stage: Theatre) -> None:
        talk = await join(stage)
        await stage.press("?")
        assert "now: EHLO pc-tamu.asing.example" in flat(stage)
        assert "DATA" not in stage.rows()[-2]
        # Whoever presses enter after the question mark has said nothing to the server.
        await stage.press("enter")
        assert not talk.is_busy
        assert isinstance(here(stage).fact, Reply)
        assert "500" not in flat(stage)
        line = talk.query_one(Input)
        assert line.value == ""
        await stage.press("e", "tab")
        assert line.value == "EHLO pc-tamu.asing.example"
        await say(stage, line.value)
        await stage.press("?")
        assert "MAIL FROM:<" in flat(stage)
        await stage.press("up")
        assert line.value == "EHLO pc-tamu.asing.example"
        await stage.press("down")
        assert line.value == ""

    play(act)


def test_a_message_is_taken_line_by_line_and_goes_out_with_its_dot() -> None:
    async def act(stage: Theatre) -> None:
        await join(stage)
        recipient = stage_recipient(stage)
        lines = ("EHLO pc", "MAIL FROM:<tamu@asing.example>", f"RCPT TO:<{recipient}>", "DATA")
        for line in lines:
            await say(stage, line)
        assert "its end is a dot alone" in flat(stage)
        before = len(below(stage).drive.events)
        await say(stage, "Subject: ?")
        await say(stage, "?")
        assert len(below(stage).drive.events) == before
        await say(stage, ".")
        reply = here(stage).fact
        assert isinstance(reply, Reply)
        assert reply.code == 250

    play(act)


def stage_recipient(stage: Theatre) -> str:
    origin = below(stage).origin
    assert origin is not None
    return origin.mails[0].recipients[0]


def test_a_hostile_line_reaches_the_server_and_never_the_terminal() -> None:
    async def act(stage: Theatre) -> None:
        await join(stage)
        await say(stage, "NOOP \\x1b]0;owned\\x07 [bold]x[/] \u202eevil \\xff")
        assert isinstance(here(stage).fact, Reply)
        await say(stage, "\x1b[2J[@click=app.exit]go[/]")
        text = stage.text()
        assert "[bold]x[/]" in text
        bad = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf"}} - {"\n"}
        assert bad == set()
        assert stage.app.is_running

    play(act, size=(160, 50))


def test_a_bug_behind_a_line_is_told_and_not_forgotten_and_one_types_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug = KeyError("m1")

    def breaks(_part: ClientPart, _line: str) -> tuple[Event, ...]:
        raise bug

    async def act(stage: Theatre) -> None:
        await join(stage)
        with monkeypatch.context() as broken:
            broken.setattr(ClientPart, "type", breaks)
            await say(stage, "NOOP")
        assert [one.message for one in stage.app._notifications] == ["KeyError: 'm1'"]
        assert stage.app.broke_off is bug
        await say(stage, "NOOP")
        assert "250 2.0.0 Ok" in flat(stage)

    play(act)


def test_pop3_is_typed_to_the_mailbox() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end")
        await join(stage, *"POP3")
        await say(stage, "CAPA")
        reply = here(stage).fact
        assert isinstance(reply, Reply)
        assert str(reply.code) == "+OK"
        assert "Anda mengetik POP3" in flat(stage)

    play(act, language="id")


def test_where_it_is_a_servers_turn_one_may_answer_in_its_place() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await stage.press("i")
        assert "one reply in the place of mx" in flat(stage)
        await stage.press(*"one reply", "enter")
        assert "What if, after:" in flat(stage)
        await stage.press(*"busy", "enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        assert isinstance(here(stage).fact, Intervened)

    play(act)


CHOICE = place_of("two-domains", lambda e: getattr(e.fact, "rule", "") == "route.mx")


async def route(stage: Theatre, *keys: str) -> None:
    """Be the router at the present decision, choose by these keys, and wait for the branch."""
    await stage.press("i")
    assert "▶ The router" in stage.text()
    await stage.press("enter")
    assert "You route for smtp.kampus" in flat(stage)
    await stage.press(*keys)
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()


async def play_on(stage: Theatre) -> None:
    """Let the run play until it stops by itself."""
    for _ in range(400):
        if not isinstance(stage.app.screen, PlayerScreen) or not stage.screen.drive.is_playing:
            return
        stage.wait(60)
        await stage.pilot.pause()
    raise AssertionError("it never stopped")


def connected_to(stage: Theatre) -> list[str]:
    facts = [event.fact for event in below(stage).drive.events]
    return [one.peer for one in facts if isinstance(one, Connected) and one.port == 25]


def test_the_router_sends_the_mail_to_the_other_exchanger_and_the_run_answers() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(CHOICE)
        assert stage.rows()[-1].startswith(" i choose the way")
        await route(stage, "down", "enter")
        assert stage.screen.drive.is_playing
        fact = here(stage).fact
        assert isinstance(fact, Intervened)
        assert (fact.change, fact.text) == ("route", "mx2.kantor.example")
        # The second exchanger takes the mail, and hands it to the first as backups do.
        assert connected_to(stage) == ["mx2.kantor.example", "mx1.kantor.example"]
        await play_on(stage)
        assert stage.cursor == len(stage.screen.drive.events)

    play(act)


def test_any_host_can_be_typed_and_none_that_is_no_host_name() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(CHOICE)
        await route(stage, *"another", "enter")
        line = stage.app.screen.query_one(Input)
        line.value = "no host!"
        await stage.press("enter")
        assert "That is no host name" in flat(stage)
        line.value = "nobody.example"
        await stage.press("enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        assert connected_to(stage) == []
        assert any(isinstance(event.fact, Bounced) for event in below(stage).drive.events)

    play(act)


def test_who_lets_the_server_decide_is_asked_again_at_its_next_decision() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press(
            "home", "i", *"router", "enter", "enter"
        )  # the first decision: ask the DNS
        assert stage.screen.drive.is_playing
        await play_on(stage)
        assert isinstance(stage.app.screen, ChoiceScreen)
        assert below(stage).drive.player.cursor == CHOICE
        assert "MX, preference 10 · the server itself takes this one" in flat(stage)
        await stage.press("escape", "space")
        await play_on(stage)  # nobody routes any more: nobody is asked
        assert stage.cursor == len(stage.screen.drive.events)

    play(act)


def test_the_reader_is_who_one_can_be_once_the_mail_lies_in_the_mailbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", lambda e: e.kind == "stored"))
        await stage.press("i")
        assert "▶ The mailbox user: type POP3 to mail.kantor, port 110" in flat(stage)
        await stage.press("enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        await say(stage, "USER citra@kantor.example")
        await say(stage, "PASS rahasia")
        await say(stage, "STAT")
        reply = here(stage).fact
        assert isinstance(reply, Reply)
        assert reply.lines[0].startswith("+OK 1 ")
        await stage.press("ctrl+s", "enter")
        told = " ".join(one.message for one in stage.app._notifications)
        assert "the password that was typed stands in the file" in told

    play(act)


def test_the_next_turn_of_a_server_is_gone_to_where_it_is_nobodys_turn_now() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("home", "i", *"place", "enter")
        assert "What if, after:" in flat(stage)
        assert isinstance(here(stage).fact, Command)

    play(act)


def test_at_the_end_of_a_run_the_first_turn_of_a_server_is_gone_back_to() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end", "i", *"place", "enter")
        assert "What if, after:" in flat(stage)
        assert below(stage).drive.player.cursor < 60

    play(act)


def test_an_opened_lens_stays_open_at_its_page_while_one_types() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end", "full_stop")
        before = stage.screen.query_one(Lens).view.pinned
        await join(stage)
        for line in ("EHLO pc", "NOOP", "QUIT"):
            await say(stage, line)
            lens = below(stage).query_one(Lens)
            assert lens.size.height > 2
            assert lens.view.pinned == before
        await stage.press("f3")
        assert below(stage).query_one(Lens).view.pinned != before
        await stage.press("f2")
        assert not below(stage).query_one(LowerHalf).has_class("-lens")
        await say(stage, "")  # the line has the focus still

    play(act)


def test_what_was_not_said_yet_is_not_shown_as_the_end_of_the_connection() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end")
        await join(stage)
        await say(stage, "EHLO pc")
        assert "Connection lost" not in stage.text()
        await stage.press("escape", "right")
        assert "Connection lost" in stage.text()  # so it ends, as nobody said QUIT
        assert stage.screen.origin is not None
        kept.append((stage.screen.origin, tuple(stage.screen.drive.events)))

    kept: list[tuple[Scenario, tuple[Event, ...]]] = []
    play(act)
    origin, events = kept[0]
    assert tuple(simulate(origin)) == events


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_last_reply_stays_in_sight_whatever_the_hint_takes(size: tuple[int, int]) -> None:
    async def act(stage: Theatre) -> None:
        await join(stage)
        await say(stage, "EHLO pc")
        await say(stage, "RCPT TO:<a@b.example>")
        await stage.press("?")

        def is_in_sight() -> bool:
            transcript = below(stage).query_one(Transcript).region
            return any("503" in row for row in stage.rows()[transcript.y : transcript.bottom])

        for _ in range(100):  # the hint grows, the run shrinks, its list scrolls: three layouts
            if is_in_sight():
                break
            await stage.pilot.pause()
        assert is_in_sight(), stage.text()

    play(act, size=size)
