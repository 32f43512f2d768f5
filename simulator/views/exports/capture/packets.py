"""IP packets with UDP or TCP in them, checksums included (RFC 791, 8200, 768, 9293)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntFlag
from ipaddress import IPv4Address, IPv6Address, ip_address

_TCP, _UDP = 6, 17
_HOPS = 64
_DO_NOT_FRAGMENT = 0x4000
_NO_CHECKSUM = 0xFFFF
"""What UDP sends where the sum is zero: zero says that there is none (RFC 768)."""

_WINDOW = 0xFFFF
_WINDOW_SCALE = 14
"""The greatest (RFC 7323 section 2.3): a simulated window is never full."""
_MSS_OPTION, _NO_OPERATION, _SCALE_OPTION = 2, 1, 3


class Flag(IntFlag):
    """What a TCP segment says beside its octets (RFC 9293 section 3.1)."""

    FIN = 1
    SYN = 2
    RST = 4
    PSH = 8
    ACK = 16


@dataclass(frozen=True, slots=True)
class End:
    """One end of a conversation. Raises ValueError where the address is none."""

    address: str
    port: int

    @property
    def ip(self) -> IPv4Address | IPv6Address:
        """The address as octets have it."""
        return ip_address(self.address)


def is_address(text: str) -> bool:
    """Whether it is an IP address, as the hosts of a recording need not have one."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def largest_segment(address: str) -> int:
    """Octets of a TCP segment on an Ethernet: 1500 less the headers."""
    return 1460 if ip_address(address).version == 4 else 1440


def udp(source: End, target: End, octets: bytes) -> bytes:
    """A datagram."""
    length = 8 + len(octets)
    head = struct.pack("!HHHH", source.port, target.port, length, 0)
    total = _checksum(_pseudo_header(source, target, _UDP, length) + head + octets)
    head = head[:6] + struct.pack("!H", total or _NO_CHECKSUM)
    return _ip(source, target, _UDP, head + octets)


def tcp(
    source: End, target: End, sequence: int, acknowledged: int, flags: Flag, octets: bytes = b""
) -> bytes:
    """A segment; one with SYN says the largest segment and the window's scale."""
    options = b""
    if flags & Flag.SYN:
        options = struct.pack("!BBH", _MSS_OPTION, 4, largest_segment(source.address))
        options += struct.pack("!BBBB", _NO_OPERATION, _SCALE_OPTION, 3, _WINDOW_SCALE)
    head = struct.pack(
        "!HHIIBBHHH",
        source.port,
        target.port,
        sequence % 2**32,
        acknowledged % 2**32 if flags & Flag.ACK else 0,
        (20 + len(options)) // 4 << 4,
        flags,
        _WINDOW,
        0,
        0,
    )
    segment = head + options + octets
    total = _checksum(_pseudo_header(source, target, _TCP, len(segment)) + segment)
    return _ip(source, target, _TCP, segment[:16] + struct.pack("!H", total) + segment[18:])


def _ip(source: End, target: End, protocol: int, payload: bytes) -> bytes:
    if source.ip.version != target.ip.version:
        raise ValueError(f"{source.address} and {target.address} are addresses of two kinds")
    if source.ip.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, _HOPS)
        return head + source.ip.packed + target.ip.packed + payload
    # An atomic datagram needs no identification (RFC 6864 section 4.1).
    head = struct.pack(
        "!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, _DO_NOT_FRAGMENT, _HOPS, protocol, 0
    )
    head += source.ip.packed + target.ip.packed
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + payload


def _pseudo_header(source: End, target: End, protocol: int, length: int) -> bytes:
    addresses = source.ip.packed + target.ip.packed
    if source.ip.version == 6:
        return addresses + struct.pack("!II", length, protocol)
    return addresses + struct.pack("!HH", protocol, length)


def _checksum(octets: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = octets + bytes(len(octets) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
