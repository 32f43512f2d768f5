"""A run as a PlantUML sequence diagram.

Whatever could be Creole markup or a call of PlantUML's preprocessor in a text is written by the
number of its character (``<U+0025>``): a subject can neither format nor load anything.
"""

from __future__ import annotations

import re
from typing import Final

from simulator.views.exports.order import Order
from simulator.views.exports.sequence import Arrow, Heading, Kind, Line, Note, sequence

_ARROWS: Final[dict[Kind, str]] = {"ask": "->", "answer": "-->", "lost": "->x"}
_MARKUP = re.compile(r"([-_.])\1+|[^\w .,@:+()-]")
"""All but what is harmless; a line of hyphens, underscores or dots is markup."""


def plantuml(order: Order) -> bytes:
    """The diagram."""
    drawn = sequence(order)
    rows = ["@startuml", f"title {_text(drawn.title)}", "hide footbox", "autonumber"]
    rows.extend(
        f'participant "{_text(party.name)}\\n{_text(party.role)}" as {party.key}'
        for party in drawn.parties
    )
    rows.extend(map(_row, drawn.lines))
    return ("\n".join([*rows, "@enduml"]) + "\n").encode()


def _row(line: Line) -> str:
    match line:
        case Arrow():
            return f"{line.source} {_ARROWS[line.kind]} {line.target}: {_lines(line.lines)}"
        case Note():
            return f"note over {line.over}: {_lines(line.lines)}"
        case Heading():
            return f"== {line.step} · {_text(line.title)} =="


def _lines(lines: tuple[str, ...]) -> str:
    return "\\n".join(map(_text, lines))


def _text(text: str) -> str:
    """A text in which only letters, digits and a few harmless signs stand for themselves."""
    return _MARKUP.sub(lambda found: "".join(f"<U+{ord(sign):04X}>" for sign in found[0]), text)
