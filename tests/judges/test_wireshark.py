"""tshark opens every exported capture: nothing is malformed, and it reads what the trace says."""

from __future__ import annotations

import base64
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.trace.event import Answer, Command, Content, Event, Query, Reply
from simulator.views.exports.capture.capture import pcapng_file
from simulator.views.exports.order import Order
from tests.judges.captures import every_order, spoken, tshark

pytestmark = pytest.mark.judge

_WARNING = 0x600000
_FIELDS = (
    *("frame.time_epoch", "tcp.stream", "_ws.malformed"),
    *("_ws.expert.severity", "_ws.expert.message"),
    *("smtp.req.command", "smtp.req.parameter", "smtp.response.code", "smtp.rsp.parameter"),
    *("pop.request.command", "pop.response.indicator"),
    *("imap.request.command", "imap.response.status"),
    *("ip.src", "ip.dst", "dns.id", "dns.qry.name", "dns.qry.type"),
    *("dns.flags.response", "dns.flags.rcode"),
)
_SEVERAL = "\x1f"
_DNS_TYPES = {"A": "1", "NS": "2", "CNAME": "5", "PTR": "12", "MX": "15", "TXT": "16", "AAAA": "28"}
_RCODES = {"NOERROR": "0", "FORMERR": "1", "SERVFAIL": "2", "NXDOMAIN": "3", "REFUSED": "5"}


@pytest.fixture(scope="module")
def orders() -> dict[str, Order]:
    return every_order()


@pytest.fixture(scope="module")
def rows(
    orders: dict[str, Order], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, list[str]]]]:
    """What tshark reads in every frame of every run, all runs in one file."""
    file = tmp_path_factory.mktemp("captures") / "all.pcapng"
    file.write_bytes(b"".join(map(pcapng_file, orders.values())))
    wanted = itertools.chain.from_iterable(("-e", field) for field in _FIELDS)
    layout = ("-T", "fields", "-E", "separator=/t", "-E", f"aggregator={_SEVERAL}")
    out = tshark("-r", str(file), *layout, *wanted)
    beginnings = {name: order.date(0).timestamp() for name, order in orders.items()}
    found: dict[str, list[dict[str, list[str]]]] = {name: [] for name in orders}
    for line in out.splitlines():
        cells = line.split("\t")
        row = {
            field: cell.split(_SEVERAL) if cell else []
            for field, cell in zip(_FIELDS, cells, strict=True)
        }
        at = float(row["frame.time_epoch"][0])
        name = [name for name, beginning in beginnings.items() if beginning <= at][-1]
        found[name].append(row)
    return found


def test_nothing_is_malformed_and_every_checksum_is_right(rows: Any) -> None:
    complaints = [
        (name, message)
        for name, frames in rows.items()
        for row in frames
        for severity, message in zip(
            row["_ws.expert.severity"], row["_ws.expert.message"], strict=True
        )
        if int(severity) >= _WARNING and message != "Connection reset (RST)"
    ]
    assert complaints == []
    assert not any(row["_ws.malformed"] for frames in rows.values() for row in frames)


def test_the_fields_of_smtp_are_the_trace_s_under_tls_too(rows: Any, orders: Any) -> None:
    for name, order in orders.items():
        expected = []
        for opened, events in spoken(order).values():
            if opened.protocol in {"smtp", "lmtp"}:
                replies = [e.fact for e in events if isinstance(e.fact, Reply)]
                lines = _understood(events)
                said = {
                    # tshark takes the first four letters for the command: STAR, then TLS.
                    "smtp.req.command": [line[:4] for line in lines],
                    "smtp.req.parameter": [_ascii(line[5:]) for line in lines if line[5:]],
                    "smtp.response.code": [str(reply.code) for reply in replies],
                    "smtp.rsp.parameter": [_shown(line) for r in replies for line in r.lines],
                }
                expected.append(said)
        seen = _by_stream(rows[name], list(expected[0]))
        for said, told in zip(seen, _comparable(expected), strict=True):
            assert said == told, name


def _shown(line: str) -> str:
    """The text of a reply; tshark reads the base64 of a challenge (RFC 4954 section 4)."""
    return base64.b64decode(line[4:]).decode() if line.startswith("334") else _ascii(line[4:])


def _ascii(text: str) -> str:
    """tshark reads no other letters in SMTP, not even with SMTPUTF8."""
    return text.encode().decode("ascii", "replace")


def _understood(events: list[Event]) -> list[str]:
    """The commands that tshark sees.

    After DATA, be it refused or not, it waits for a message. What answers a 334 of AUTH LOGIN it
    takes for a name or a password; CRAM-MD5 it does not know.
    """
    lines, waits, proves = [""], False, False
    for event in events:
        match event.fact:
            case Content():
                waits = False
            case Reply(code=code):
                proves = code == 334 and "CRAM" not in lines[-1]
            case Command(line=line) if not waits and not proves:
                lines.append(line)
                waits = line == "DATA"
            case _:
                pass
    return lines[1:]


def test_the_fields_of_pop3_and_imap_are_the_trace_s(rows: Any, orders: Any) -> None:
    seen = Counter[str]()
    for name, order in orders.items():
        pop3, imap = [], []
        for opened, events in spoken(order).values():
            lines = [e.fact.line for e in events if isinstance(e.fact, Command)]
            replies = [e.fact for e in events if isinstance(e.fact, Reply)]
            seen[opened.protocol] += 1
            if opened.protocol == "pop3":
                pop3.append(
                    {
                        "pop.request.command": [line.split(" ")[0] for line in lines],
                        "pop.response.indicator": [str(reply.code) for reply in replies],
                    }
                )
            elif opened.protocol == "imap":
                imap.append(
                    {
                        # Only DONE is a line without a tag (RFC 9051 section 6.3.13).
                        "imap.request.command": [_imap_verb(line) for line in lines if " " in line],
                        "imap.response.status": [
                            _second_word(r.lines[-1]) for r in replies if r.code != "*"
                        ],
                    }
                )
        for expected in (pop3, imap):
            if expected:
                assert _by_stream(rows[name], list(expected[0])) == _comparable(expected), name
    assert seen["pop3"] > 10
    assert seen["imap"]


def _imap_verb(line: str) -> str:
    return next(word for word in line.split(" ")[1:] if word != "UID")


def _second_word(line: str) -> str:
    """What follows the tag, or the plus sign: tshark takes both for the status."""
    return line.split(" ")[1]


def _by_stream(frames: list[dict[str, list[str]]], fields: list[str]) -> list[Any]:
    """What each stream that has any of the fields says in them, in the order of its frames."""
    streams: dict[str, dict[str, list[str]]] = defaultdict(lambda: {f: [] for f in fields})
    for row in frames:
        if any(row[field] for field in fields):
            for field in fields:
                streams[row["tcp.stream"][0]][field] += row[field]
    return _comparable(list(streams.values()))


def _comparable(streams: list[dict[str, list[str]]]) -> list[Any]:
    said = (stream for stream in streams if any(stream.values()))
    return sorted([(field, *values) for field, values in stream.items()] for stream in said)


def test_the_fields_of_dns_are_the_trace_s(rows: Any, orders: Any) -> None:
    for name, order in orders.items():
        addresses = {host.name: host.addresses[0] for host in order.hosts}
        expected = Counter(_look_ups(order, addresses))
        seen = Counter(
            tuple(
                row[field][0].lower()
                for field in _FIELDS[_FIELDS.index("ip.src") :]
                if row[field] and (field != "dns.flags.rcode" or row["dns.flags.response"] == ["1"])
            )
            for row in rows[name]
            if row["dns.id"]
        )
        assert seen == expected, name


def _look_ups(order: Order, addresses: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for event in order.events:
        match event.fact:
            case Query() as fact:
                ends = (addresses[event.host], addresses[fact.server])
                yield (*ends, *_question(fact), "0")
            case Answer() as fact:
                ends = (addresses[event.host], addresses[fact.peer])
                yield (*ends, *_question(fact), "1", _RCODES[fact.rcode])


def _question(fact: Query | Answer) -> tuple[str, ...]:
    return f"0x{fact.id:04x}", fact.name.rstrip(".").lower() or "<root>", _DNS_TYPES[fact.type]
