"""Speaks POP3 and IMAP line by line to any server, and writes down what its replies mean.

A step of a script is a line; ``2| NOOP`` is said on a second connection. In IMAP it gets a tag
before it, unless it begins with ``!``; what follows a literal's announcement and a written-out
CRLF is said once the server wants it. ``2? 3`` waits until three lines more have come without
being asked for. ``<me>`` is the user, ``<sp>`` a space, and ``<long>`` much too long a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from simulator.mail.imap.reply import Ask, Awaits, ImapReplyReader, Said
from simulator.mail.imap.syntax import Argument, Atom, Group, String, text_of


class End(Protocol):
    """A connection to a server."""

    def send(self, octets: bytes) -> None:
        """Say this."""

    def hear(self) -> bytes:
        """What it says next; nothing where nothing will come any more."""


_STEP = re.compile(r"(?:(\d)(\||\?) )?(.*)", re.DOTALL)
_CODE = re.compile(r"\[([^]\[]*(?:\([^)]*\))?)\]")
_AFTER_ANNOUNCEMENT = re.compile(r"(?<=\})\r\n")
_TOO_LONG = "x" * 70_000


def _written(step: str, user: str) -> str:
    """A step as it is said."""
    words = {"<me>": user, "<sp>": " ", "<long>": _TOO_LONG, r"\r\n": "\r\n", r"\n": "\n"}
    return re.sub(r"<me>|<sp>|<long>|\\r\\n|\\n", lambda word: words[word[0]], step)


# IMAP -----------------------------------------------------------------------------------------


def imap_conversation(script: Sequence[str], user: str, connect: Callable[[], End]) -> list[str]:
    """What is said (``C:``) and what the server's replies mean (``S:``)."""
    ends: dict[str, _ImapEnd] = {}
    lines: list[str] = []
    for number, step in enumerate(script, 1):
        found = _STEP.fullmatch(step)
        assert found is not None, step
        who, kind, said = found[1] or "1", found[2], found[3]
        if who not in ends:
            ends[who] = _ImapEnd(connect())
        lines.append(f"C: {step}")
        if kind == "?":
            lines += ends[who].overheard(int(said))
        else:
            lines += ends[who].say(f"a{number}", _written(said, user))
    return lines


class _ImapEnd:
    """The client's end of a connection."""

    def __init__(self, end: End) -> None:
        self._end = end
        self._reader = ImapReplyReader()
        self._waiting = ""
        list(self._lines(1))

    def say(self, tag: str, line: str) -> list[str]:
        """Say it, and give the meaning of what comes up to the tagged line or a ``+``."""
        tagged = not line.startswith("!")
        tag = tag if tagged else self._waiting
        pieces = _AFTER_ANNOUNCEMENT.split(f"{tag} {line}" if tagged else line[1:])
        meaning: list[str] = []
        for place, piece in enumerate(pieces, 1):
            self._end.send(_octets(piece) + b"\r\n")
            if piece.endswith("+}") and place < len(pieces):
                continue
            meaning += self._reply(tag)
            self._waiting = tag if meaning[-1] == "S: +" else ""
            if not self._waiting:
                break
        return meaning

    def overheard(self, count: int) -> list[str]:
        """The meaning of so many lines that come by themselves."""
        return [line for said in self._lines(count) for line in _told(said)]

    def _reply(self, tag: str) -> list[str]:
        """Up to the line that ends it, or just one line where there is no tag."""
        meaning: list[str] = []
        for said in self._lines():
            meaning += _told(said)
            if not tag or said.words[0] in {tag, "+"}:
                return _folders_in_order(meaning)
        return [*meaning, "S: (hangs up)"]

    def _lines(self, count: int | None = None) -> Iterator[Said]:
        """So many lines, or all there are until it hangs up."""
        while count is None or count > 0:
            while (reply := self._reader.take(Ask("", Awaits.UNTAGGED))) is None:
                octets = self._end.hear()
                if not octets:
                    return
                self._reader.feed(octets)
            yield reply.said[0]
            count = None if count is None else count - 1


def _folders_in_order(lines: list[str]) -> list[str]:
    """No order is laid down for the folders of a LIST (RFC 9051 section 6.3.9)."""
    folders = {line for line in lines if re.match(r"S: \* (?:LIST|LSUB|STATUS) ", line)}
    return [*sorted(folders), *(line for line in lines if line not in folders)]


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _told(said: Said) -> Iterator[str]:
    """A line of an IMAP server: what is only a text after the code is left out."""
    # A literal that may have NUL is one like any other where it has none (RFC 9051 section 4.3.1).
    said = Said(tuple(text.removesuffix(" ~") for text in said.texts), said.literals)
    match said.words:
        case ["+", *_]:
            yield "S: +"
        case [tag, ("OK" | "NO" | "BAD" | "BYE" | "PREAUTH") as status, *rest]:
            yield f"S: {tag} {status} {_code(' '.join(rest))}".rstrip()
        case ["*", "CAPABILITY", *names]:
            yield from (f"S| offers {name}" for name in sorted(filter(None, names)))
        case ["*", "FLAGS", *_]:
            yield f"S: * FLAGS {_value(said.arguments()[2], in_order=False)}"
        case ["*", ("LIST" | "LSUB" | "STATUS"), *_]:
            values = " ".join(_value(one, in_order=False) for one in said.arguments()[1:])
            yield re.sub(r" ?\\(?:Un)?Marked", "", f"S: * {values}")  # a guess about new mail
        case ["*", number, "FETCH", *_]:
            arguments = said.arguments()
            assert len(arguments) == 4, said
            items = arguments[3].items if isinstance(arguments[3], Group) else ()
            pairs = zip(items[::2], items[1::2], strict=True)
            told = sorted((text_of(name) or "", _item(name, value)) for name, value in pairs)
            yield from (f"S: * {number} FETCH {name} {value}" for name, value in told)
        case _:
            yield f"S: {said.texts[0]}"


def _code(text: str) -> str:
    found = _CODE.match(text)
    if found is None:
        return ""
    name, *values = found[1].split(" ")
    if name in {"CAPABILITY", "HIGHESTMODSEQ", "BADCHARSET"}:
        return f"[{name}]"
    if name == "PERMANENTFLAGS":
        values = sorted(" ".join(values).strip("()").split(" "))
    return f"[{' '.join((name, *values))}]"


def _item(name: Argument, value: Argument) -> str:
    return _value(value, in_order=text_of(name) != "FLAGS")


def _values(arguments: Sequence[Argument], *, in_order: bool) -> str:
    values = [_value(one, in_order=in_order) for one in arguments]
    return f"({' '.join(values if in_order else sorted(values))})"


def _value(argument: Argument, *, in_order: bool) -> str:
    match argument:
        case Atom(text):
            return text
        case String(octets):
            return ascii(octets.decode("utf-8", "backslashreplace"))
        case Group(items):
            return _values(items, in_order=in_order)


# POP3 -----------------------------------------------------------------------------------------


def pop3_conversation(script: Sequence[str], user: str, connect: Callable[[], End]) -> list[str]:
    """What is said (``C:``) and what the server's replies mean (``S:``; ``S|`` in a listing)."""
    ends: dict[str, _Pop3End] = {}
    lines: list[str] = []
    for step in script:
        found = _STEP.fullmatch(step)
        assert found is not None, step
        who, said = found[1] or "1", found[3]
        if who not in ends:
            ends[who] = _Pop3End(connect())
        lines.append(f"C: {step}")
        lines += ends[who].say(_written(said, user))
    return lines


class _Pop3End:
    """The client's end of a connection."""

    def __init__(self, end: End) -> None:
        self._end = end
        self._heard = b""
        self._line()

    def say(self, line: str) -> Iterator[str]:
        """Say it, and give the meaning of what comes."""
        self._end.send(_octets(line) + b"\r\n")
        status = self._line()
        if status is None:
            yield "S: (hangs up)"
            return
        verb, _, argument = line.upper().partition(" ")
        found = re.match(r"(\+OK|-ERR|\+)(?: (\[[^]]*\]))?(?: (\d+(?: \S+)?))?", status)
        assert found is not None, status
        numbers = found[3] if verb in {"STAT", "LIST", "UIDL"} and argument.strip() else ""
        numbers = found[3] if verb == "STAT" else numbers
        yield "S: " + " ".join(filter(None, (found[1], found[2], numbers)))
        listing = verb in {"LIST", "UIDL", "AUTH"} and not argument.strip()
        if found[1] == "+OK" and (listing or verb in {"RETR", "TOP", "CAPA"}):
            told = list(iter(self._line, "."))
            yield from (f"S| {one}" for one in (sorted(map(str, told)) if verb == "CAPA" else told))

    def _line(self) -> str | None:
        while b"\r\n" not in self._heard:
            octets = self._end.hear()
            if not octets:
                return None
            self._heard += octets
        line, _, self._heard = self._heard.partition(b"\r\n")
        return line.decode("utf-8", "backslashreplace")
