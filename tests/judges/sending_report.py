"""A delivery report as lines, so that Postfix's and ours compare; product's own words left out."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser

from tests.judges.sending_case import MX

_LEFT_OUT = {"received", "date", "message-id", "arrival-date", "return-path"}
_OWN_WORDS = (
    (re.compile(r"X-(?:Postfix|SMTPFlow)\b"), "X-Product"),
    (re.compile(r'boundary="[^"]*"'), "boundary"),
    (re.compile(r"\bqueued as \w+"), "queued as ID"),
    (re.compile(r"\b(mx\d)\.[a-z0-9.-]+"), r"\1"),
    (re.compile(r"(?<=\[)\d+\.\d+\.\d+\.\d+\](?::\d+)?"), "address]"),
    (re.compile(r"message size \d+"), "message size n"),
)
_LOOPBACK = re.compile(r"127\.0\.0\.(\d)(?=\[|$|:)")


def named(text: str) -> str:
    """A text in which the exchangers have their short names, and ids and addresses none."""
    text = _LOOPBACK.sub(lambda found: MX[int(found[1]) - 1], text)
    for pattern, word in _OWN_WORDS:
        text = pattern.sub(word, text)
    return text


def report_lines(octets: bytes) -> list[str]:
    """The header, the words on each recipient, the fields for programs, and what comes back."""
    report = BytesParser(policy=email.policy.compat32).parsebytes(octets)
    return [named(line) for line in (*_fields(report), *_parts(report))]


def _parts(report: Message) -> Iterator[str]:
    for part in report.get_payload():
        assert isinstance(part, Message)
        yield "--"
        yield from _fields(part)
        yield from _inside(part)


def _inside(part: Message) -> Iterator[str]:
    kind = part.get_content_type()
    if kind == "message/global-delivery-status":
        status = BytesParser(policy=email.policy.compat32).parsebytes(
            b"Content-Type: message/delivery-status\n\n" + str(part.get_payload(0)).encode()
        )
        yield from _inside(status)
    elif kind == "message/delivery-status":
        for block in part.get_payload():
            assert isinstance(block, Message)
            yield "..."
            yield from (f for f in _fields(block) if not f.startswith("X-") or "Sender" in f)
    elif kind == "text/plain":
        yield from _on_recipients(str(part.get_payload(decode=True), "utf-8"))
    elif kind.startswith("message/"):
        returned = part.get_payload(0)
        assert isinstance(returned, Message)
        yield "... " + " ".join(returned.keys())
        yield "... and the body" if returned.get_payload() else "... without a body"
    else:
        header = str(part.get_payload(decode=True), "utf-8", "replace")
        yield "... " + " ".join(re.findall(r"^([^\s:]+):", header, re.MULTILINE))


def _on_recipients(words: str) -> Iterator[str]:
    """A paragraph a recipient, after the signature; where lines break hangs on names."""
    first, _, rest = words.replace("\r\n", "\n").partition("The mail system\n")
    yield first.partition("\n")[0]
    for paragraph in rest.strip("\n").split("\n\n"):
        yield re.sub(r"\s+", " ", paragraph)


def _fields(part: Message) -> Iterator[str]:
    for name, value in part.items():
        if name.lower() not in _LEFT_OUT:
            yield f"{name}: " + re.sub(r"\s+", " ", str(value))
