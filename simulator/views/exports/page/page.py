"""Puts the page together: its style, its programs and the run, under a policy that allows nothing
else.

The policy (CSP) names the digests of the one style and the one script; nothing is loaded, sent or
framed. The run is JSON in ASCII without ``<``, ``>`` and ``&``, so that no text of it can end the
element that it stands in; the script puts texts into the page as texts and never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib import resources
from typing import Any

from simulator.lessons.language import catalogue
from simulator.views.exports.order import Order
from simulator.views.exports.page.data import data_of
from simulator.views.safe import safe

_PLACE = re.compile(r"@(\w+)@")


def page(order: Order) -> bytes:
    """The whole file. Raises ExportError where the run is too long for a page."""
    style = _read("page.css")
    script = _read("map.js") + _read("player.js")
    parts = {
        "language": order.language,
        "policy": _policy(style, script),
        "title": html.escape(safe(order.title())),
        "noscript": html.escape(catalogue(order.language).say("export.page.script")),
        "style": style,
        "script": script,
        "data": as_json(data_of(order)),
    }
    return _PLACE.sub(lambda place: parts[place.group(1)], _read("page.html")).encode()


def as_json(values: Any) -> str:
    """JSON that can stand in any element of a page."""
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
