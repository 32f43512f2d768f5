"""Writes pcapng: a file of blocks (draft-ietf-opsawg-pcapng), little-endian, in microseconds.

Own code, since the libraries that write it lost time stamps or options when they were tried.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

_SECTION, _INTERFACE, _NAMES, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 4, 6, 10
_BYTE_ORDER, _MAJOR, _MINOR, _UNKNOWN_LENGTH = 0x1A2B3C4D, 1, 0, -1
_COMMENT, _IF_NAME, _IF_DESCRIPTION, _APPLICATION = 1, 2, 3, 4
_END = 0
_IPV4_NAME, _IPV6_NAME = 1, 2
_RAW_IP = 101
"""LINKTYPE_RAW: a packet begins with its IP header, for nobody here has an Ethernet."""
_NO_LIMIT = 0
_TLS_KEY_LOG = 0x544C534B


@dataclass(frozen=True, slots=True)
class Packet:
    """An IP packet as ``interface`` saw it; ``at`` in microseconds since 1970."""

    at: int
    interface: int
    octets: bytes
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """Where packets were seen: on which host, and what it says of itself."""

    name: str
    description: str = ""


def section(application: str, comment: str) -> bytes:
    """The block that a file begins with."""
    body = struct.pack("<IHHq", _BYTE_ORDER, _MAJOR, _MINOR, _UNKNOWN_LENGTH)
    return _block(_SECTION, body + _options([(_COMMENT, comment), (_APPLICATION, application)]))


def interfaces(seen_at: Iterable[Interface]) -> bytes:
    """The blocks that packets refer to by number."""
    body = struct.pack("<HHI", _RAW_IP, 0, _NO_LIMIT)
    return b"".join(
        _block(
            _INTERFACE,
            body + _options([(_IF_NAME, one.name), (_IF_DESCRIPTION, one.description)]),
        )
        for one in seen_at
    )


def names(of_addresses: Mapping[str, Sequence[str]]) -> bytes:
    """What each address is called: the name resolution block."""
    records = b""
    for address, known in of_addresses.items():
        packed = ip_address(address).packed
        value = packed + b"".join(name.encode() + b"\0" for name in known)
        kind = _IPV4_NAME if len(packed) == 4 else _IPV6_NAME
        records += struct.pack("<HH", kind, len(value)) + _padded(value)
    return _block(_NAMES, records + struct.pack("<HH", _END, 0))


def secrets(key_log: str) -> bytes:
    """The keys of the TLS in the packets that follow, as NSS writes a key log."""
    octets = key_log.encode()
    return _block(_SECRETS, struct.pack("<II", _TLS_KEY_LOG, len(octets)) + _padded(octets))


def packet(one: Packet) -> bytes:
    """An enhanced packet block."""
    length = len(one.octets)
    head = struct.pack("<IIIII", one.interface, one.at >> 32, one.at & 0xFFFFFFFF, length, length)
    return _block(_PACKET, head + _padded(one.octets) + _options([(_COMMENT, one.comment)]))


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _options(given: Iterable[tuple[int, str]]) -> bytes:
    """The options that say something, or nothing at all."""
    written = b""
    for code, text in given:
        if text:
            octets = text.encode("utf-8", "replace")
            written += struct.pack("<HH", code, len(octets)) + _padded(octets)
    return written + struct.pack("<HH", _END, 0) if written else b""


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)
