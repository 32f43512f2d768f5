"""A run as a Mermaid sequence diagram, as GitHub, GitLab and many wikis draw it.

Whatever could be syntax in a text is written as the number of its character (``#59;``), so that
no subject can end a line, open a block or become markup.
"""

from __future__ import annotations

from typing import Final

from simulator.views.exports.order import ExportError, Order
from simulator.views.exports.sequence import Arrow, Heading, Kind, Line, Note, sequence

_ARROWS: Final[dict[Kind, str]] = {"ask": "->>", "answer": "-->>", "lost": "-x"}
_HARMLESS = frozenset(" .,@/_-=+!?()")
_INSTRUCTIONS = ("wrap", "nowrap")
"""At the beginning of a text, and before a colon, these are none of it."""
_LONGEST = 50_000
"""Characters that Mermaid draws (its maxTextSize)."""


def mermaid(order: Order) -> bytes:
    """The diagram. Raises ExportError where it is longer than Mermaid takes."""
    drawn = sequence(order)
    rows = ["---", f"title: {_quoted(drawn.title)}", "---", "sequenceDiagram", "    autonumber"]
    rows.extend(
        f"    participant {party.key} as {_text(party.name)}<br/>{_text(party.role)}"
        for party in drawn.parties
    )
    if drawn.parties:
        edges = f"{drawn.parties[0].key},{drawn.parties[-1].key}"
        rows.extend(f"    {_row(line, edges)}" for line in drawn.lines)
    text = "\n".join(rows) + "\n"
    if len(text) > _LONGEST:
        raise ExportError("too-long", length=len(text), most=_LONGEST)
    return text.encode()


def _row(line: Line, edges: str) -> str:
    match line:
        case Arrow():
            return f"{line.source}{_ARROWS[line.kind]}{line.target}: {_lines(line.lines)}"
        case Note():
            return f"Note over {line.over}: {_lines(line.lines)}"
        case Heading():
            return f"Note over {edges}: {line.step} · {_text(line.title)}"


def _lines(lines: tuple[str, ...]) -> str:
    return "<br/>".join(map(_text, lines)) or " "


def _text(text: str) -> str:
    """A text in which only letters, digits and a few harmless signs stand for themselves."""
    signs = list(map(_sign, text))
    if text.lower().startswith(_INSTRUCTIONS):
        signs[0] = f"#{ord(text[0])};"
    return "".join(signs)


def _sign(character: str) -> str:
    if character.isalnum() or character in _HARMLESS:
        return character
    return f"#{ord(character)};"


def _quoted(title: str) -> str:
    """The title as YAML's double-quoted text, in ASCII: nothing in it can end the text."""
    return '"' + "".join(map(_escaped, title)) + '"'


def _escaped(character: str) -> str:
    if character.isascii() and (character.isalnum() or character == " "):
        return character
    return f"\\U{ord(character):08x}"
