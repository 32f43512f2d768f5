"""Zone files become zones; a mistake is told with its zone and its line."""

from __future__ import annotations

from textwrap import dedent

import dns.name
import dns.rdatatype
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.zones import ZoneError, read_zones

KANTOR = dedent("""\
    $TTL 3600
    @   IN SOA ns1 hostmaster (
            1 7200 900 1209600
            300 )  ; this is the fourth line of six
    @   IN NS  ns1
    ns1 IN A   192.0.2.1
    """)


def test_a_zone_has_absolute_names_in_the_order_of_its_text() -> None:
    (zone,) = read_zones({"kantor.example.": KANTOR + "mx1 IN A 192.0.2.2\n"})
    assert [str(name) for name in zone.nodes] == [
        "kantor.example.",
        "ns1.kantor.example.",
        "mx1.kantor.example.",
    ]
    (ns,) = zone.find_rdataset(dns.name.from_text("kantor.example"), "NS")
    assert ns.to_text() == "ns1.kantor.example."


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ("mx1 A 300.0.2.1\n", 7, "malformed"),
        ("mx1 A 192.0.2.2\n\nmx2 B 192.0.2.3\n", 9, "unknown rdatatype 'B'"),
        ("@ MX mx1\nmx1 A 192.0.2.2\n", 7, "expecting an integer"),
        ("mx1 A\n\n\nmx2 A 192.0.2.2\n", 7, "expecting an identifier"),
        ("mx1 A 192.0.2.2\nmx1 CNAME ns1\n", 8, "CNAME"),
        ("@ TXT (\n  one\n", 8, "unbalanced parentheses"),
        ('@ TXT "one\n', 7, "newline in quoted string"),
        (f"\n{'a' * 64} A 192.0.2.2\n", 8, "63 octets"),
        ("mx1 CH A 192.0.2.2\n", 7, "class"),
        ("$TTL soon\n", 7, "TTL"),
        ("mx1 A 192.0.2.2\nmx1.other.test. A 192.0.2.3\n", 8, "kantor.example."),
        ("$ORIGIN other.test.\nmx1 A 192.0.2.3\n", 8, "kantor.example."),
        ("$INCLUDE other.zone\n", 7, "not allowed"),
        ("$GENERATE 1-1000000000 a$ A 192.0.2.1\n", 7, "not allowed"),
    ],
)
def test_a_mistake_is_told_with_its_line(lines: str, line: int, reason: str) -> None:
    with pytest.raises(ZoneError) as caught:
        read_zones({"kantor.example": KANTOR + lines})
    assert (caught.value.zone, caught.value.line) == ("kantor.example", line)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"zone kantor.example, line {line}: ")


def test_a_zone_needs_a_start_of_authority_and_a_nameserver() -> None:
    with pytest.raises(ZoneError, match="no SOA record for the zone itself"):
        read_zones({"kantor.example": "@ 60 IN NS ns1.kampus.example.\n"})
    with pytest.raises(ZoneError, match="no NS record for the zone itself"):
        read_zones({"kantor.example": "@ 60 IN SOA ns1 hostmaster 1 2 3 4 5\n"})
    with pytest.raises(ZoneError, match="no SOA record"):
        read_zones({"kantor.example": ""})


def test_a_zone_is_given_once_and_has_a_name() -> None:
    with pytest.raises(ZoneError, match="given twice"):
        read_zones({"kantor.example": KANTOR, "KANTOR.example.": KANTOR})
    with pytest.raises(ZoneError, match=r"zone kantor\.\.example: no name"):
        read_zones({"kantor..example": KANTOR})


def test_the_root_is_a_zone_too() -> None:
    (zone,) = read_zones({".": "@ 60 SOA a.root. h.root. 1 2 3 4 5\n@ 60 NS a.root.\n"})
    assert zone.origin == dns.name.root
    assert zone.get_rdataset(dns.name.root, dns.rdatatype.NS) is not None


_WORDS = st.sampled_from('@*"();\\\n\té') | st.sampled_from(
    ["mx1", "A", "MX", "IN", "CH", "TXT", "$TTL", "$ORIGIN", "3600", "192.0.2.1", "::1", "\\000"]
)


@settings(deadline=None)
@given(st.lists(_WORDS).map(" ".join) | st.text())
def test_whatever_stands_in_a_zone_file_it_is_read_or_told(text: str) -> None:
    try:
        (zone,) = read_zones({"kantor.example": KANTOR + text})
    except ZoneError as error:
        assert error.line >= 1
    else:
        assert zone.origin == dns.name.from_text("kantor.example")
