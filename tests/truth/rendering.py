"""Writes conversations, headers and reports down as lines, so that real ones and ours compare.

What cannot be the same twice (addresses, dates, ids, octet counts) is masked; so are the words
of replies, which are a server's own. All else is kept: commands, reply codes, enhanced codes,
what EHLO offers, which lines shared a segment, which fields were added by whom.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import pairwise

from simulator.scenario.domain import Retry
from simulator.scenario.virtual_time import SECOND

_MASKS = (
    (re.compile(r"\bmessage size \d+"), "message size n"),
    (re.compile(r"\bSIZE=\d+"), "SIZE=n"),
    (re.compile(r"\[(?:\d+\.){3}\d+\]"), "[address]"),
    (re.compile(r"\bid [0-9A-Za-z/+]{8,24}(?=[\s;]|$)"), "id ID"),
    (re.compile(r"\w{3}, \d{2} \w{3} \d{4} [\d:]{8} [+-]\d{4}(?: \(\w+\))?"), "DATE"),
    (re.compile(r"\b[0-9A-F]{11}\b"), "ID"),
    (re.compile(r"<\d{14}\.[^@>]+@"), "<TIME.ID@"),
)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?= |$)")
_CLAUSE = re.compile(r" (?=(?:by|with(?! cipher)|id|for) |\((?:using|No client|envelope-from))")
"""Between the clauses of a Received field (RFC 5321 section 4.4)."""
_HELLO = ("EHLO", "LHLO")


def masked(text: str) -> str:
    """A line without what cannot be the same twice."""
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return text


class Script:
    """One SMTP or LMTP conversation: ``C:`` lines, ``S:`` lines, ``TLS``.

    ``C+`` and ``S+`` go on in the direction of the line before: nobody waited for an answer.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._direction = ""
        self._hello = False

    def command(self, line: str) -> None:
        """The client spoke a line."""
        self._add("C", masked(line))
        self._hello = line[:4].upper() in _HELLO

    def message(self, name: str = "(message)") -> None:
        """The client sent a message, up to and with its final dot; a chunk is told by its BDAT."""
        if "BDAT " not in self.lines[-1]:
            self._add("C", name)

    def tls(self) -> None:
        """The handshake was done."""
        self.lines.append("TLS")
        self._direction = ""

    def reply(self, lines: list[str]) -> None:
        """The server answered with these whole lines."""
        code, texts = lines[0][:3], [line[4:] for line in lines]
        found = _ENHANCED.match(texts[0])
        greets = not self.lines or (self._hello and code == "250")
        said = [code, found[0] if found else texts[0].partition(" ")[0] if greets else ""]
        self._add("S", " ".join(filter(None, said)))
        if self._hello:
            self.lines += [f"S| offers {offer}" for offer in texts[1:]]
        self._hello = False

    def _add(self, direction: str, text: str) -> None:
        sign = "+" if direction == self._direction else ":"
        self.lines.append(f"{direction}{sign} {text}")
        self._direction = direction


def question(host: str, rdtype: str, name: str, rcode: str, data: Iterable[str]) -> str:
    """One DNS question of a host to its resolver, and what it was told."""
    asked = "[address]" if rdtype == "PTR" else name
    told = sorted(data, key=lambda one: (len(one.split()[0]), one))
    if rdtype in {"A", "AAAA"}:
        told = ["[address]" for _ in told]
    if rdtype == "TXT":
        told = ["[text]" for _ in told]
    answer = ", ".join(told) or "no data"
    return f"{host}: {rdtype} {asked} -> {answer if rcode == 'NOERROR' else rcode}"


def story_of_the_header(versions: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Who added which fields: ``versions`` are a message as each host, in turn, sent or kept it."""
    known, number = 0, 1
    for host, octets in versions:
        fields = list(_fields(octets))
        if len(fields) < known:  # the next message
            known, number = 0, number + 1
        who = host if number == 1 else f"{host} #{number}"
        for name, value in fields[: len(fields) - known]:
            yield from (f"{who}: {line}" for line in _field(name, value))
        known = len(fields)


def is_report(octets: bytes) -> bool:
    """Whether this is a report of what became of another message (RFC 3464)."""
    return octets.startswith(b"Return-Path: <>") and b"multipart/report" in octets


def message_id(octets: bytes) -> str:
    """By what a message is known: its Message-ID, or where it has none its subject."""
    values = {name.lower(): value for name, value in _fields(octets)}
    return values.get("message-id") or values.get("subject", "")


class Ends:
    """What ended where: every attempt of a host to deliver a mail, and what came of it."""

    def __init__(self) -> None:
        self._outcomes: dict[str, list[str]] = {}
        self._ages: dict[tuple[str, str, str], list[int]] = {}

    def attempt(
        self, host: str, mail: str, recipient: str, to: str, age: float, outcome: str
    ) -> None:
        """``host`` tried a mail that was ``age`` seconds old; ``to`` is the last it spoke with."""
        self._outcomes.setdefault(host, []).append(f"{host}: {recipient} {outcome}, {to}")
        self._ages.setdefault((host, mail, recipient), []).append(round(age))

    def outcomes(self) -> list[str]:
        """Host by host."""
        return [line for host in sorted(self._outcomes) for line in self._outcomes[host]]

    def ages(self) -> list[str]:
        """The ages of each mail that was tried more than once, in seconds."""
        return [
            f"{host}: {recipient} {' '.join(map(str, ages))}"
            for (host, _, recipient), ages in sorted(self._ages.items())
            if len(ages) > 1
        ]


def waits(ages: str, retry: Retry) -> str:
    """How long a mail waited between its tries, in the words of the schedule.

    Postfix counts whole seconds and looks into its queue every second or two: so much more or less
    is no difference.
    """
    host, recipient, *tries = ages.split()
    return f"{host} {recipient} " + ", ".join(
        _wait(age, after - age, retry) for age, after in pairwise(map(int, tries))
    )


def _wait(age: int, wait: int, retry: Retry) -> str:
    schedule = {
        "as long as it is old": age,
        "the shortest": retry.shortest // SECOND,
        "the longest": retry.longest // SECOND,
    }
    return next((name for name, due in schedule.items() if abs(due - wait) <= 2), f"{wait} s")


def report_lines(octets: bytes) -> Iterator[str]:
    """A bounce: its header, its parts, and the fields for programs; its words are left out."""
    report = BytesParser(policy=email.policy.compat32).parsebytes(octets)
    for name, value in _fields(octets):
        yield from _field(name, value, whole=True)
    for part in report.get_payload():
        yield "--"
        assert not isinstance(part, str)
        for name, value in part.items():
            yield f"{name}: {value}"
        yield from _inside(part)  # type: ignore[arg-type]


def _inside(part: EmailMessage) -> Iterator[str]:
    if part.get_content_type() == "message/delivery-status":
        for block in part.get_payload():
            yield "..."
            for name, value in block.items():  # type: ignore[union-attr]
                yield from masked(f"{name}: {_status(name, _unfolded(value))}").split("\n")
    if part.get_content_type() == "message/rfc822":
        yield "..."
        for name, value in part.get_payload(0).items():  # type: ignore[union-attr]
            yield from _field(name, value)


def _status(name: str, value: str) -> str:
    """A diagnostic code's kind and what it says; of a reply the codes, without the words."""
    if name != "Diagnostic-Code":
        return value
    kind, _, said = value.partition("; ")
    code = re.match(r"\d{3} [245]\.\d+\.\d+", said)
    return f"{kind}\n  {code[0] if code else said}"


def _field(name: str, value: str, *, whole: bool = False) -> Iterator[str]:
    """A Received field clause by clause; of any other one its name, or all of it."""
    if name == "Received" or whole:
        # A product's name in a comment and the boundary between parts are a server's own words.
        plain = re.sub("boundary=.*", "boundary=...", _unfolded(value)).replace(" (Postfix)", "")
        lines = _CLAUSE.sub("\n  ", plain) if name == "Received" else plain
        yield from masked(f"{name}: {lines}").split("\n")
    else:
        yield name


def _unfolded(value: str) -> str:
    return re.sub(r"\s+", " ", value)


def _fields(octets: bytes) -> Iterator[tuple[str, str]]:
    block = re.split(rb"\r?\n\r?\n", octets, maxsplit=1)[0].decode("utf-8")
    for field in re.split(r"\r?\n(?![ \t])", block):
        name, _, value = field.partition(":")
        yield name, value.strip()
