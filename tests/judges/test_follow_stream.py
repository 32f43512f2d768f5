"""Wireshark's "Follow Stream" gives every conversation back, and "Export Objects" every mail."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pytest

from simulator.trace.event import Command, Connected, Content, Event, Query, Refused
from simulator.trace.octets import octets_of
from simulator.views.exports.capture.capture import pcapng_file
from simulator.views.exports.capture.turns import turns
from simulator.views.exports.order import Order
from tests.judges.captures import every_order, spoken, tshark

pytestmark = pytest.mark.judge

_SEALED_RECORD = re.compile(rb"(?:\A|(?<=\r\n))[\x15\x16]\x03[\x01-\x03]")
"""Where TLS begins in a stream: a handshake or an alert (RFC 8446 section 5.1)."""
_DNS = "53"
_END = b".\r\n"

Conversation = tuple[str, Connected, list[Event]]
"""Of which run, how it was opened, and what was said."""


class Given(NamedTuple):
    """What tshark gives back: what each end said, in the clear and under TLS; and the mails."""

    plain: Counter[frozenset[bytes]]
    sealed: Counter[frozenset[bytes]]
    mails: Counter[bytes]


@pytest.fixture(scope="module")
def orders() -> dict[str, Order]:
    return every_order()


@pytest.fixture(scope="module")
def conversations(orders: dict[str, Order]) -> list[Conversation]:
    return [
        (name, *conversation)
        for name, order in orders.items()
        for conversation in spoken(order).values()
    ]


@pytest.fixture(scope="module")
def given(orders: dict[str, Order], tmp_path_factory: pytest.TempPathFactory) -> Given:
    """tshark opens all runs in one file, and follows every stream in it."""
    folder = tmp_path_factory.mktemp("followed")
    file, mails = folder / "all.pcapng", folder / "mails"
    file.write_bytes(b"".join(map(pcapng_file, orders.values())))
    taps = itertools.chain.from_iterable(
        ("-z", f"follow,{layer},raw,{number}")
        for number in range(_most_streams(orders.values()))
        for layer in ("tcp", "tls")
    )
    out = tshark("-q", "-r", str(file), "--export-objects", f"imf,{mails}", *taps)
    return Given(
        Counter(_followed(out, "tcp", _before_tls)),
        Counter(_followed(out, "tls", bytes)),
        Counter(path.read_bytes() for path in mails.iterdir()),
    )


def _most_streams(orders: Iterable[Order]) -> int:
    """No file has more streams than calls, taken or not, and questions to the DNS over TCP."""
    opens = (
        isinstance(event.fact, Connected | Refused)
        or (isinstance(event.fact, Query) and event.fact.transport == "tcp")
        for order in orders
        for event in order.events
    )
    return sum(opens)


def _followed(out: str, layer: str, kept: Callable[[bytes], bytes]) -> Iterator[frozenset[bytes]]:
    """What the ends of each stream of mail said there."""
    for part in out.split(f"Follow: {layer},raw")[1:]:
        lines = part.partition("\n==")[0].splitlines()
        server = next(line for line in lines if line.startswith("Node 1"))
        said = frozenset(map(kept, _directions(lines[lines.index(server) + 1 :])))
        if any(said) and server.rpartition(":")[2] != _DNS:
            yield said


def _directions(lines: list[str]) -> tuple[bytes, bytes]:
    """The octets of each direction: tshark indents one of them."""
    one = (line.strip() for line in lines if line.startswith("\t"))
    other = (line for line in lines if not line.startswith("\t"))
    return bytes.fromhex("".join(one)), bytes.fromhex("".join(other))


def _before_tls(octets: bytes) -> bytes:
    return _SEALED_RECORD.split(octets, maxsplit=1)[0]


def _said(opened: Connected, events: list[Event], *, secure: bool) -> frozenset[bytes]:
    """What each end said in the clear, or under TLS."""
    octets = {True: b"", False: b""}
    for turn in turns(events, opened.protocol):
        if turn.secure == secure:
            octets[turn.host == opened.peer] += turn.octets
    return frozenset(octets.values())


@pytest.mark.parametrize("secure", [False, True], ids=["in the clear", "under TLS"])
def test_follow_stream_gives_every_conversation_back(
    given: Given, conversations: list[Conversation], *, secure: bool
) -> None:
    said = [(name, _said(opened, events, secure=secure)) for name, opened, events in conversations]
    seen = given.sealed if secure else given.plain
    missing = [name for name, octets in said if any(octets) and octets not in seen]
    assert missing == []
    assert seen == Counter(octets for _, octets in said if any(octets))


def test_every_mail_comes_out_byte_for_byte(
    given: Given, conversations: list[Conversation]
) -> None:
    sent = [
        (name, mail)
        for name, opened, events in conversations
        if opened.protocol != "https"
        for mail in _mails(opened, events)
    ]
    assert len(sent) > len({name for name, _ in sent}) > 70
    wanted = Counter(mail for _, mail in sent)
    assert [name for name, mail in sent if mail not in given.mails] == []
    assert wanted - given.mails == Counter()
    # What else comes out is a mail within a report, or what IMAP was asked for alone.
    everything = b"".join(octets for _, *rest in conversations for octets in _said_at_all(*rest))
    assert [mail for mail in given.mails - wanted if mail not in everything] == []


def _said_at_all(opened: Connected, events: list[Event]) -> Iterator[bytes]:
    return (turn.octets for turn in turns(events, opened.protocol))


def _mails(opened: Connected, events: list[Event]) -> Iterator[bytes]:
    """The mails of a conversation as tshark takes them for mails.

    It leaves SMTP's stuffed dots in, and the end of POP3's answer. Where the blank line below the
    header is all there is of a body, it takes that for a part of the end. After DATA, be it refused
    or not, it waits for a message.
    """
    before, waits = b"", False
    for event in events:
        match event.fact:
            case Command(line=line):
                before += f"{line}\r\n".encode() if waits else b""
                waits = waits or line == "DATA"
            case Content() as fact if opened.protocol in {"smtp", "lmtp"}:
                mail = octets_of(fact).removesuffix(_END)
                yield before + (mail.removesuffix(b"\r\n") if mail.endswith(b"\r\n\r\n") else mail)
                before, waits = b"", False
            case Content() as fact:
                yield octets_of(fact)
            case _:
                pass
