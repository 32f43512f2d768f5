"""Values as TOML 1.0 text, whatever is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDEST = 90
"""Columns of a list that stands in one line."""
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """A text as a string in one line, whatever is in it."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return f'"{"".join(map(_sign, text))}"'


def table_text(header: str, values: Mapping[str, Value]) -> Iterator[str]:
    """The lines of a table; an empty header is the top of the file."""
    if header:
        yield header
    for key, value in values.items():
        yield f"{key_text(key)} = {_paragraphs(value) if isinstance(value, str) else _text(value)}"


def key_text(key: str) -> str:
    """A key, in quotes where it needs them."""
    return key if _BARE.fullmatch(key) else quoted(key)


def _text(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return quoted(value)
        case Mapping():
            inside = ", ".join(f"{key_text(key)} = {_text(one)}" for key, one in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case _:
            return _list(tuple(map(_text, value)))


def _list(entries: tuple[str, ...]) -> str:
    line = f"[{', '.join(entries)}]"
    if len(line) <= _WIDEST:
        return line
    return "\n".join(("[", *(f"    {entry}," for entry in entries), "]"))


def _paragraphs(text: str) -> str:
    """A text of several lines as people write one: the line break below the quotes is not in it."""
    if "\n" not in text:
        return quoted(text)
    inside = "\n".join("".join(map(_sign, line)) for line in text.split("\n"))
    return f'"""\n{inside}"""'


def _sign(sign: str) -> str:
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    if sign.isprintable():
        return sign
    # A lone surrogate has no place in TOML; it becomes the sign for what cannot be shown.
    code = 0xFFFD if 0xD800 <= ord(sign) <= 0xDFFF else ord(sign)
    return f"\\U{code:08X}"
