"""Chromium opens the exported page from its file: keys and buttons work, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.views.exports.page.page import page
from simulator.views.safe import safe
from tests.judges.chromium import Chromium
from tests.views.exports.orders import HOSTILE, hostile_run, order_of, recorded

pytestmark = pytest.mark.judge


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


def text(browser: Chromium, element: str) -> str:
    said = browser.value(f"document.getElementById('{element}').textContent")
    assert isinstance(said, str)
    return said


def is_quiet(browser: Chromium, file: Path) -> bool:
    """Nothing was asked for but the file, nothing complained, nothing popped up."""
    asked = {one["request"]["url"] for one in browser.told("Network.requestWillBeSent")}
    complaints = [
        *browser.told("Log.entryAdded"),
        *browser.told("Runtime.exceptionThrown"),
        *browser.told("Page.javascriptDialogOpening"),
    ]
    assert (asked, complaints) == ({file.as_uri()}, [])
    return True


def test_every_key_and_every_button_moves_the_run(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(page(order_of("two-domains")))
    browser.open(file)
    last = len(order_of("two-domains").events) - 1
    assert text(browser, "where") == f"Event 0/{last} · 0.000 s"

    def after(key: str) -> str:
        browser.press(key)
        return text(browser, "where")

    assert after("ArrowRight").startswith("Event 1/")
    assert after("ArrowLeft").startswith("Event 0/")
    assert after("5") == f"Event 77/{last} · 0.690 s"
    assert after("]") == f"Event 107/{last} · 0.880 s"
    assert after("[") == f"Event 77/{last} · 0.690 s"
    assert after("End").startswith(f"Event {last}/")
    assert "of virtual time" in browser.value("document.body.innerText")
    assert after("Home").startswith("Event 0/")
    assert "of virtual time" not in browser.value("document.body.innerText")
    for button, event in {"next": 1, "last": last, "previous": last - 1, "first": 0}.items():
        browser.click(f"#{button}")
        assert text(browser, "where").startswith(f"Event {event}/"), button
    browser.click("#steps button:nth-child(3)")
    assert text(browser, "where").startswith("Event 53/")
    browser.click("#languages button[value=id]")
    assert browser.value("document.documentElement.lang") == "id"
    assert text(browser, "title") == "Dari satu domain ke domain lain"
    browser.press("d")
    assert browser.value("document.getElementById('transcript').dataset.depth") == "2"
    assert is_quiet(browser, file)


def test_it_plays_and_stops(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(page(order_of("same-domain")))
    browser.open(file)
    for _ in range(2):
        browser.press("+")
    browser.click("#play")
    moved = (
        "new Promise(done => { const look = () => state.cursor >= 2 ? done(state.playing)"
        " : setTimeout(look, 20); look(); })"
    )
    assert browser.value(moved) is True
    # With the focus on the button, space presses that button and nothing twice.
    browser.press(" ")
    assert browser.value("state.playing") is False
    assert is_quiet(browser, file)


def test_whoever_listens_hears_what_happens_and_what_every_button_does(
    browser: Chromium, tmp_path: Path
) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(page(order_of("two-domains")))
    browser.open(file)
    browser.press("2")
    heard = browser.value("[...document.querySelectorAll('[aria-live]')].map(e => e.textContent)")
    assert len(heard) == 1
    assert heard[0].startswith("Event 37. ")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and "role" in node
    }
    roles = {role for role, _ in named}
    assert {"button", "slider", "combobox", "image", "navigation", "main", "heading"} <= roles
    spoken = {"button", "slider", "combobox", "image", "navigation"}
    assert not [role for role, name in named if role in spoken and not name]
    assert ("button", "one event forward") in named


def test_a_hostile_subject_is_text_and_nothing_else(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    order = hostile_run()
    file.write_bytes(page(order))
    browser.open(file)
    assert text(browser, "title") == safe(f"{HOSTILE}\u2028\x1b[2J")
    for number in range(0, len(order.events), 10):
        browser.value(f"seek({number})")
    browser.press("End")
    shown = browser.value("document.getElementById('transcript').innerText")
    assert "</script><script>alert(1)</script>" in shown
    assert browser.value("document.scripts.length") == 2
    assert browser.value("document.querySelectorAll('iframe, img, object, link, a').length") == 0
    assert is_quiet(browser, file)


def test_the_policy_lets_nothing_else_run_or_leave(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    octets = page(order_of("same-domain"))
    file.write_bytes(
        octets.replace(b"</body>", b"<script>window.ran = 1</script><img src='a.png'></body>")
    )
    browser.open(file)
    assert browser.value("typeof ran") == "undefined"
    complaints = [one["entry"]["text"] for one in browser.told("Log.entryAdded")]
    assert len(complaints) == 2
    assert all("Content Security Policy" in complaint for complaint in complaints)


def test_it_prints_the_whole_transcript(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(page(replace(order_of("two-domains"), depth="story")))
    browser.open(file)
    browser.call("Emulation.setEmulatedMedia", media="print")
    printed = browser.value("document.body.innerText")
    assert "Ani writes to citra@kantor.example and presses send." in printed
    assert "was read" in printed
    assert browser.value("getComputedStyle(document.getElementById('map')).display") == "none"


def test_an_author_s_questions_stop_the_page_and_stand_on_it_in_both_languages(
    browser: Chromium, tmp_path: Path
) -> None:
    order = recorded("greylisting")
    (asked,) = order.margin.stops
    file = tmp_path / "asked.html"
    file.write_bytes(page(replace(order, depth="story")))
    browser.open(file)
    browser.value(f"seek({asked.after - 3})")
    # A question is no event of any depth: no step leads past it, and playing stops there.
    browser.value(
        "(async () => { play(); while (state.playing) { clearTimeout(timer); step(1); } })()"
    )
    assert text(browser, "where").startswith(f"Event {asked.after}/")
    assert text(browser, "meaning").startswith(f"question: {asked.said('en')}")
    assert text(browser, "say").endswith(asked.said("en"))
    browser.press("l")
    assert text(browser, "meaning").startswith(f"pertanyaan: {asked.said('id')}")
    browser.press(" ")
    assert text(browser, "where").startswith(f"Peristiwa {asked.after + 1}/")
    assert browser.value("state.playing") is True
    assert is_quiet(browser, file)


@pytest.mark.parametrize("width", [400, 1280])
def test_on_paper_each_line_stands_beside_its_speaker(
    browser: Chromium, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "paper.html"
    file.write_bytes(page(order_of("two-domains")))
    browser.open(file, width=width)
    browser.call("Emulation.setEmulatedMedia", media="print")
    edges = browser.value(
        "[...document.querySelectorAll('#transcript li > :nth-child(2)')]"
        ".filter((line) => line.offsetHeight > 0)"
        ".map((line) => Math.round(line.getBoundingClientRect().left))"
    )
    browser.call("Emulation.setEmulatedMedia", media="")
    assert len(edges) > 100
    assert len(set(edges)) == 1


def test_on_a_narrow_window_the_map_can_be_read_and_shows_who_acts(
    browser: Chromium, tmp_path: Path
) -> None:
    file = tmp_path / "narrow.html"
    file.write_bytes(page(order_of("mta-sts")))
    browser.open(file, width=400)
    browser.press("End")
    for _ in range(12):
        inside = browser.value(
            "(() => { const frame = document.getElementById('map').getBoundingClientRect();"
            " const box = document.querySelector('.host.speaks').getBoundingClientRect();"
            " return box.left < frame.right && box.right > frame.left && box.height > 40; })()"
        )
        assert inside
        browser.press("[")
    assert browser.value("document.documentElement.scrollWidth <= innerWidth")
    assert is_quiet(browser, file)
