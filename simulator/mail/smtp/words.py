"""A command line cut into words as Postfix's smtpd cuts it: brackets and quotes hold spaces."""

from __future__ import annotations

import re

_BLANK = re.compile(r"[ \t\r\n\v\f]")
_CLOSED_BY = {"<": ">", '"': '"'}


class WordSyntaxError(Exception):
    """A bracket or a quote is never closed."""


def is_utf8(text: str) -> bool:
    """Whether the octets of a line were UTF-8; others came in as lone surrogates (PEP 383)."""
    return not any("\udc80" <= sign <= "\udcff" for sign in text)


def path_and_parameters(argument: str, keyword: str) -> tuple[str, tuple[str, ...]] | None:
    """The path after ``FROM:`` or ``TO:`` (``keyword``), and the words behind it.

    None where the keyword or the path is missing. A space after the colon is let pass, as most
    servers do, though RFC 5321 section 4.1.1.2 has none. Raises WordSyntaxError.
    """
    start = argument.lstrip()
    if not start.upper().startswith(keyword):
        return None
    path, *parameters = words_of(start[len(keyword) :]) or ("",)
    return (path, tuple(parameters)) if path else None


def words_of(text: str) -> tuple[str, ...]:
    """The words between blanks. Raises WordSyntaxError."""
    words: list[str] = []
    word, place = "", 0
    while place < len(text):
        end = _end_of_piece(text, place)
        if _BLANK.match(text[place]):
            words += [word] if word else []
            word = ""
        else:
            word += text[place:end]
        place = end
    return (*words, word) if word else tuple(words)


def _end_of_piece(text: str, start: int) -> int:
    """Behind one sign, an escaped one, or all that stands between brackets or quotes."""
    sign = text[start]
    if sign == "\\":
        return start + 2
    return _behind(text, start + 1, _CLOSED_BY[sign]) if sign in _CLOSED_BY else start + 1


def _behind(text: str, start: int, closing: str) -> int:
    waited_for = [closing]
    place = start
    while place < len(text):
        sign = text[place]
        place += 2 if sign == "\\" else 1
        if sign == waited_for[-1]:
            waited_for.pop()
            if not waited_for:
                return place
        elif sign in _CLOSED_BY and waited_for[-1] != '"':
            waited_for.append(_CLOSED_BY[sign])
    raise WordSyntaxError(text)
