"""The real DNS on the screen: said first, asked only after a yes, and never in the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from textwrap import dedent

from simulator.commands.real_dns import Consultation
from simulator.commands.screen import _simulated_on_screen
from simulator.dns.nameserver import Nameserver
from simulator.dns.zones import read_zones
from simulator.lessons.language import catalogue
from simulator.scenario.topology import hosts_of
from simulator.trace.position import Source
from simulator.tui.app import SmtpFlowApp
from simulator.tui.opened import Run
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.real_dns import RealDnsScreen
from tests.judges.real_nameservers import Witness
from tests.tui.theatre import Clock, Theatre, events_of, scenario

TOP = "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 A 127.0.0.1\n"
ZONES = {
    "kampus.example": TOP + "@ MX 10 surat\nsurat A 192.0.2.225\n",
    "kantor.example": TOP + '@ MX 10 kotak\nkotak A 203.0.113.225\n@ TXT "\\027[2J[bold]x"\n',
}


def play(port: int, act: Callable[[Theatre], Awaitable[None]]) -> None:
    """Put two-domains on a screen whose real DNS is behind that port."""
    shown = scenario("two-domains")
    app = SmtpFlowApp(
        run=Run("two", hosts_of(shown), events_of("two-domains"), Source(scenario=shown)),
        simulate=partial(_simulated_on_screen, "en"),
        consult=lambda one, language: Consultation(
            one, catalogue(language), nameserver=f"127.0.0.1:{port}"
        ),
        clock=Clock(),
    )

    async def happen() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await act(Theatre(app, pilot, Clock()))

    asyncio.run(happen())


async def until(theatre: Theatre, words: str) -> None:
    """Wait for words on the screen."""
    for _ in range(600):
        if words in theatre.text():
            return
        await theatre.pilot.pause(0.05)
    raise AssertionError(f"{words!r} did not come:\n{theatre.text()}")


def test_it_is_said_what_would_be_asked_and_nothing_is_sent_before_a_yes() -> None:
    server = Nameserver(read_zones(ZONES))
    with Witness(partial(server.answer, transport="udp")) as witness:

        async def act(theatre: Theatre) -> None:
            await theatre.press("D")
            assert isinstance(theatre.app.screen, RealDnsScreen)
            shown = theatre.text()
            assert f"these names will be asked of 127.0.0.1#{witness.port}." in shown
            assert "kantor.example  MX, A, AAAA, TXT" in shown
            await theatre.press("n")
            assert isinstance(theatre.app.screen, PlayerScreen)
            assert witness.asked == []
            await theatre.press("D")
            await theatre.press("y")
            await until(theatre, "enter: play with these names")
            assert ("kotak.kantor.example", "A") in witness.names()
            assert ";; kotak.kantor.example AAAA: NOERROR, 0 records" in theatre.text()
            assert "\x1b" not in theatre.text()
            await theatre.press("enter")
            hosts = {host.name: host.addresses for host in theatre.screen.stage().scene.hosts}
            assert hosts["kotak.kantor.example"] == ("203.0.113.225",)
            while theatre.screen.drive.is_growing:
                await theatre.pilot.pause(0.05)
            assert not theatre.screen.problem

        play(witness.port, act)


def test_the_screen_goes_on_while_nobody_answers() -> None:
    with Witness(lambda wire: None) as witness:

        async def act(theatre: Theatre) -> None:
            await theatre.press("D")
            asking = theatre.app.screen
            assert isinstance(asking, RealDnsScreen)
            assert f"asked of 127.0.0.1#{witness.port}." in theatre.text()
            await theatre.press("y")
            await until(theatre, "Asking")
            while not witness.asked:
                await theatre.pilot.pause(0.05)
            began = time.monotonic()
            await theatre.press("escape")
            await theatre.press("right")
            assert isinstance(theatre.app.screen, PlayerScreen)
            assert theatre.cursor == 1
            # Five seconds is how long the question is put again and again.
            assert not asking._failed or time.monotonic() - began > 5

        play(witness.port, act)


def test_what_the_dns_will_not_say_is_one_sentence_and_the_way_on() -> None:
    server = Nameserver(read_zones({"example": dedent(TOP)}))
    with Witness(partial(server.answer, transport="udp")) as witness:

        async def act(theatre: Theatre) -> None:
            await theatre.press("D")
            await theatre.press("y")
            await until(theatre, "says that there is no domain kampus.example (NXDOMAIN).")
            assert "esc: go on with the simulated DNS" in theatre.text()
            await theatre.press("escape")
            assert isinstance(theatre.app.screen, PlayerScreen)

        play(witness.port, act)
