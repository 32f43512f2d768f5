"""The page as a file: what it holds, whatever a browser makes of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources

import pytest

from simulator.lessons.explain import explain
from simulator.trace.scene import opening
from simulator.tui.palette import DARK, LIGHT, Palette
from simulator.views.exports.order import ExportError
from simulator.views.exports.page.page import page
from tests.views.exports.orders import hostile_run, order_of

COLOURS = (
    *("background", "raised", "row", "text", "dim", "line", "accent", "envelope", "paper"),
    *("seal", "ok", "done", "error", "client", "sending", "relay", "receiving", "mailbox", "dns"),
)


def data_in(octets: bytes) -> dict[str, object]:
    found = re.search(
        rb'<script type="application/json" id="run">(.*?)</script>', octets, re.DOTALL
    )
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_same_run_gives_the_same_page() -> None:
    assert page(order_of("two-domains")) == page(order_of("two-domains"))


def test_every_event_is_explained_in_both_languages() -> None:
    order = order_of("two-domains")
    data = data_in(page(order))
    for number in (0, 40, 97, len(order.events) - 1):
        for language in ("en", "id"):
            told, _ = data["events"][number][language]  # type: ignore[index]
            sentence = data["texts"][language][told[1]]  # type: ignore[index]
            scene = opening(order.hosts)
            assert sentence == explain(order.events[number], scene, language).sentence  # type: ignore[arg-type]


def test_no_text_of_a_run_can_end_the_element_that_it_stands_in() -> None:
    octets = page(hostile_run())
    assert octets.count(b"</script>") == 2
    assert b"alert(1)</" not in octets
    assert not re.search("[\u2028\u202e\x1b]", octets.decode())


def test_nothing_in_it_names_another_place() -> None:
    octets = page(order_of("two-domains"))
    places = set(re.findall(rb"(?:https?|ftp|wss?)://[^\"' ]*", octets))
    assert places == {b"http://www.w3.org/2000/svg"}  # a name, not a place


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_its_colours_are_those_of_the_screen(palette: Palette) -> None:
    css = resources.files("simulator.views.exports.page").joinpath("page.css").read_text("utf-8")
    dark, light = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    given = dict(re.findall(r"--([\w-]+): (#\w+);", dark if palette.dark else light))
    assert {name: given[name] for name in COLOURS} == {n: getattr(palette, n) for n in COLOURS}
    assert given["on-fill"] == palette.on_fill


def test_a_run_too_long_for_a_page_is_refused_in_words() -> None:
    order = order_of("two-domains")
    with pytest.raises(ExportError) as found:
        page(replace(order, events=order.events * 40))
    assert found.value.key == "too-many"
