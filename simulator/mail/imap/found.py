"""How a SEARCH tells what it found: all numbers, or what RETURN asks for (RFC 4731, 5182)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from simulator.mail.imap.answer import Response, as_set
from simulator.mail.imap.syntax import Argument, Atom, Group, SyntaxRefusedError, quoted

Options: TypeAlias = frozenset[str]

_OPTIONS = frozenset({"MIN", "MAX", "ALL", "COUNT", "SAVE"})
_ALL: Options = frozenset({"ALL"})
_ENDS = frozenset({"MIN", "MAX"})


def read_return(
    arguments: Sequence[Argument], *, rev2: bool
) -> tuple[Options | None, Sequence[Argument]]:
    """What a SEARCH wants to be told, and its other arguments.

    None is the answer of IMAP4rev1, a line of numbers. Raises SyntaxRefusedError.
    """
    match arguments:
        case [Atom(word), Group(items), *rest] if word.upper() == "RETURN":
            options = [item.text.upper() for item in items if isinstance(item, Atom)]
            if len(options) != len(items) or not _OPTIONS.issuperset(options):
                raise SyntaxRefusedError("Unknown SEARCH return option")
            return frozenset(options) or _ALL, rest
        case _:
            return _ALL if rev2 else None, arguments


def kept(found: Sequence[int], options: Options) -> Sequence[int]:
    """Of the unique identifiers that were found those that ``$`` stands for from now on.

    They are the ends alone where nothing else was asked for (RFC 5182 section 2.1).
    """
    if options & {"ALL", "COUNT"} or not options & _ENDS:
        return found
    ends = (*(found[:1] if "MIN" in options else ()), *(found[-1:] if "MAX" in options else ()))
    return tuple(dict.fromkeys(ends))


def answered(
    tag: str, numbers: Sequence[int], options: Options | None, *, by_uid: bool
) -> tuple[Response, ...]:
    """The untagged line: SEARCH, or ESEARCH with what was asked for; none where only to save."""
    if options is None:
        return ((" ".join(("* SEARCH", *map(str, numbers))),),)
    if options == {"SAVE"}:
        return ()
    told = [f"* ESEARCH (TAG {quoted(tag)})", *(["UID"] if by_uid else [])]
    if numbers:
        values = {"MIN": numbers[0], "MAX": numbers[-1], "ALL": as_set(numbers)}
        told += [f"{name} {value}" for name, value in values.items() if name in options]
    if "COUNT" in options:
        told.append(f"COUNT {len(numbers)}")
    return ((" ".join(told),),)
