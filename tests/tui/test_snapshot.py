"""A picture of the screen: the real screen, as SVG."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from simulator.tui.snapshot import svg
from tests.views.exports.orders import hostile_run, order_of


def texts(octets: bytes) -> str:
    """What can be read in a picture; it is well-formed XML."""
    root = ElementTree.fromstring(octets)
    return "\n".join(text for text in root.itertext()).replace("\xa0", " ")


def test_the_picture_shows_the_screen_at_the_event() -> None:
    order = order_of("two-domains", language="id")
    shown = texts(svg(replace(order, events=order.events[:98])))
    assert "peristiwa 97/97" in shown
    assert "Dari satu domain ke domain lain" in shown
    assert "Received:" in shown


def test_the_same_moment_gives_the_same_picture_and_it_fetches_nothing() -> None:
    order = order_of("same-domain")
    picture = svg(order)
    assert picture == svg(order)
    # What is left are a name and a comment.
    named = set(re.findall(rb"https?://[^\"' )>]*", picture))
    assert named == {b"http://www.w3.org/2000/svg", b"https://www.textualize.io"}
    assert b"url(" not in re.sub(rb"url\(#[\w-]+\)", b"", picture)


def test_a_hostile_title_is_text() -> None:
    picture = svg(hostile_run())
    assert b"<script" not in picture
    assert "</script><script>alert(1)</script>" in texts(picture)
