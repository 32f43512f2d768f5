"""Many mails on the screen: chart and table take the map's place; one recipient's way opens."""

from __future__ import annotations

from functools import cache

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.loader import loads
from simulator.scenario.model import Host, Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.tui.widgets.crowd import CrowdView
from simulator.tui.widgets.net_map import NetMap
from tests.tui.theatre import SCENARIOS, SIZES, Theatre, play

DOMAINS = ("kantor", "toko", "bank")


@cache
def newsletter() -> Scenario:
    """Thirty recipients in three domains: one asks to come back, one does not know two of them."""
    to = [f"user{n:02}@{DOMAINS[n % 3]}.example" for n in range(30)]
    users = ", ".join(f'"user{n:02}"' for n in range(1, 30, 3) if n > 6)
    listed = ", ".join(f'"{address}"' for address in to)
    return loads(
        f"""
        [mail]
        from = "ani@kampus.example"
        to = [{listed}]
        [domains."kantor.example"]
        [domains."toko.example"]
        users = [{users}]
        [domains."bank.example"]
        greylist = "5 min"
        """,
        file="newsletter.toml",
        folder=SCENARIOS,
    )


@cache
def run() -> tuple[tuple[Host, ...], tuple[Event, ...]]:
    return hosts_of(newsletter()), tuple(simulate(newsletter()))


def place(stage: Theatre) -> int:
    """The cursor at which one domain waits and the others are settled."""
    crowd, events = stage.screen.drive.index.crowd, stage.screen.drive.events
    return next(
        n
        for n in range(len(events))
        if (crowd.count("bounced", n), crowd.count("deferred", n)) == (2, 10)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [*SIZES, (60, 20)])
def test_the_counts_and_the_domains_stand_in_the_place_of_the_map(
    size: tuple[int, int], language: Language
) -> None:
    words = catalogue(language)

    async def act(stage: Theatre) -> None:
        assert stage.screen.has_class("-crowd")
        await stage.seek(place(stage))
        assert [strip.cell_length for strip in stage.strips()] == [size[0]] * size[1]
        text = stage.text()
        assert words.say_count("ui.crowd.heading", 30, domains=3) in text
        for state in ("delivered", "deferred", "bounced"):
            assert words.say(f"ui.crowd.{state}") in text
        rows = [row for row in stage.rows() if "toko" in row and "✗" in row]
        assert any("2" in row.rpartition("✗")[2] for row in rows)
        assert any("↻" in row and "10" in row.rpartition("↻")[2] for row in stage.rows())
        await stage.press("end")
        assert "28" in next(
            row for row in stage.rows() if f"✓ {words.say('ui.crowd.delivered')}" in row
        )

    hosts, events = run()
    play(act, size=size, language=language, hosts=hosts, events=events, title="x")


def test_one_recipients_way_opens_from_the_table_and_escape_leads_back() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end")
        stage.screen.query_one(CrowdView).table.focus()
        await stage.press("down", "enter", "down", "enter")
        net_map = stage.screen.query_one(NetMap)
        assert net_map.recipient == "user03@kantor.example"
        assert net_map._floor is not None
        shown = {host.label for box in net_map._floor.boxes for host in box.hosts}
        assert {"ani", "smtp.kampus", "mx1.kantor", "mail.kantor", "user03"} <= shown
        assert not shown & {"user00", "mx1.toko", "ns.bank"}
        assert "RCPT TO:<user03@kantor.example>" in stage.text()
        await stage.press("escape")
        assert stage.screen.has_class("-crowd")
        assert net_map.recipient == ""

    hosts, events = run()
    play(act, hosts=hosts, events=events, title="x")


def test_a_click_opens_a_domain_and_the_key_brings_the_map() -> None:
    async def act(stage: Theatre) -> None:
        table = stage.screen.query_one(CrowdView).table
        await stage.pilot.click(table, offset=(4, 1))
        await stage.pilot.pause()
        assert "all domains" in stage.text()
        await stage.press("c")
        assert not stage.screen.has_class("-crowd")
        assert stage.screen.query_one(NetMap).size.height > 0
        await stage.press("c")
        assert stage.screen.has_class("-crowd")

    hosts, events = run()
    play(act, hosts=hosts, events=events, title="x")


def test_a_mail_to_a_few_has_its_map() -> None:
    async def act(stage: Theatre) -> None:
        assert not stage.screen.has_class("-crowd")

    play(act, "blind-copy")


def test_whose_way_is_shown_stands_below_the_boxes() -> None:
    async def act(theatre: Theatre) -> None:
        await theatre.press("end", "tab", "enter", "down", "enter")
        way = next(row for row in theatre.rows() if "The way to" in row)
        assert way.rstrip().endswith("(esc: everyone)")

    play(act, "many-readers")
