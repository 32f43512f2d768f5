"""Laws: whatever stands in the DNS or in a mail, the checks come to a verdict."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.mail.authentication.author import author_domain
from simulator.mail.authentication.dkim_verify import verify
from simulator.mail.authentication.dmarc import evaluate
from simulator.mail.authentication.dmarc_record import parse_policy
from simulator.mail.authentication.results import authentication_results
from simulator.mail.authentication.spf import Claim, check, received_spf, refusal
from simulator.mail.header import field_line
from tests.mail.authentication.mails import RSA
from tests.mail.authentication.zones import NOW, Zones, now, quoted

WORDS = (
    "a mx ptr ptr:%{d} exists:%{i}.x.example include:b.example include:a.example all -all ~all ",
    "redirect=b.example redirect=%{l}.example exp=b.example a/24//64 mx:b.example//128 ",
    "ip4:1.2.3.4/0 ip6:::/0 ip4:1.2.3.4/33 ip4: a: a:%{d2r-} %{ :: =x exists:%{p} a:%{h} ",
    "exists:%{d0} exists:%{S}.b a://1 // a:. a:x. - +",
)
TERMS = st.one_of(st.sampled_from("".join(WORDS).split()), st.text(max_size=12))
SPF_RECORDS = st.one_of(
    st.lists(TERMS, max_size=12).map(lambda terms: f"v=spf1 {' '.join(terms)}".encode()),
    st.binary(max_size=300),
)
PATHS = st.one_of(
    st.sampled_from(["", "a@a.example", '"x@y"@a.example', "@a.example", "a.example"]),
    st.text(max_size=20),
    st.text(max_size=8).map(lambda local: f"{local}@a.example"),
)
ODD_VALUES = (
    b"|ed25519-sha256|rsa-sha1|@a.example|a.example|-1|/|simple|====|A===|from:from|:|\r\n |*|1",
    b"9" * 90,
)
TAG_VALUES = st.one_of(
    st.binary(max_size=20), st.sampled_from([v for odd in ODD_VALUES for v in odd.split(b"|")])
)
SOUND = {
    b"v": b"1",
    b"a": b"rsa-sha256",
    b"c": b"relaxed/relaxed",
    b"d": b"a.example",
    b"s": b"s",
    b"h": b"from",
    b"bh": b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    b"b": b"AAAA",
}
CHANGES = st.dictionaries(
    st.sampled_from([*SOUND, b"i", b"l", b"q", b"t", b"x", b"\xff"]), TAG_VALUES, max_size=4
)
KEY = b"v=DKIM1; p=" + base64.b64encode(RSA.public)
KEY_RECORDS = st.one_of(
    st.just(KEY),
    st.binary(max_size=100),
    st.binary(max_size=120).map(lambda der: b"p=" + base64.b64encode(der)),
    st.tuples(st.sampled_from([b"k", b"h", b"s", b"t"]), TAG_VALUES).map(
        lambda tag: KEY + b"; %b=%b" % tag
    ),
)


def signature(changes: Mapping[bytes, bytes]) -> bytes:
    tags = {**SOUND, **changes}
    return b"DKIM-Signature: " + b"; ".join(b"%b=%b" % tag for tag in tags.items()) + b"\r\n"


@settings(deadline=None)
@given(
    st.lists(SPF_RECORDS, max_size=2),
    st.lists(SPF_RECORDS, max_size=2),
    PATHS,
    st.one_of(st.just("b.example"), st.text(max_size=20)),
    st.one_of(st.just("::ffff:192.0.2.1"), st.ip_addresses().map(str)),
)
def test_spf_comes_to_a_verdict_whatever_the_records(
    first: list[bytes], second: list[bytes], path: str, helo: str, address: str
) -> None:
    zones = Zones(
        {
            "a.example": {
                "TXT": list(map(quoted, first)),
                "A": ["192.0.2.1"],
                "MX": ["10 b.example.", "0 ."],
            },
            "b.example": {"TXT": list(map(quoted, second)), "AAAA": ["2001:db8::1"]},
            "1.2.0.192.in-addr.arpa": {"PTR": ["a.example."]},
        }
    )
    claim = Claim(address, helo, path)
    result = now(check(claim, zones.lookup, receiver="kantor.example", at=NOW))
    field_line(*received_spf(claim, result, "kantor.example"))
    field_line(*authentication_results("mx1.kantor.example", spf=result))
    assert refusal(claim, result, "kantor.example").isprintable()
    assert len(zones.asked) < 130


@settings(deadline=None)
@given(
    st.lists(st.one_of(CHANGES.map(signature), st.binary(max_size=60)), max_size=3).map(b"".join),
    st.binary(max_size=40),
    st.lists(KEY_RECORDS.map(quoted), max_size=2),
)
@example(signature({b"l": b""}), b"", [quoted(KEY)])
@example(signature({b"i": b"a.example"}), b"", [quoted(KEY)])
@example(signature({b"a": b"ed25519-sha256"}), b"", ['"k=ed25519; p=AAAA"'])
@example(b" folded\r\n" + signature({}), b"", [quoted(KEY)])
def test_dkim_comes_to_a_verdict_whatever_the_header_and_the_key(
    header: bytes, body: bytes, keys: list[str]
) -> None:
    zones = Zones({"s._domainkey.a.example": {"TXT": keys}})
    for octets in (header + b"From: a@a.example\r\n\r\n" + body, header + body):
        results = now(verify(octets, zones.lookup, at=NOW))
        assert results
        field_line(*authentication_results("mx1.kantor.example", dkim=results))


@settings(deadline=None)
@given(
    st.one_of(st.just(b"v=DMARC1; p=reject"), st.binary(max_size=80), st.text().map(str.encode)),
    st.binary(max_size=80).map(lambda junk: b"v=DMARC1;" + junk),
    st.binary(max_size=80),
)
def test_dmarc_comes_to_a_verdict_whatever_the_record_and_the_author(
    own: bytes, parents: bytes, author: bytes
) -> None:
    parse_policy(own)
    zones = Zones(
        {
            "_dmarc.a.example": {"TXT": [quoted(own)]},
            "_dmarc.example": {"TXT": [quoted(parents)]},
        }
    )
    spf = now(check(Claim("192.0.2.1", "x", "x@b.a.example"), zones.lookup, receiver="", at=NOW))
    for octets in (b"From: " + author + b"\r\n\r\n", b"From: x@a.example\r\n\r\n"):
        result = now(evaluate(author_domain(octets), spf, (), zones.lookup))
        field_line(*authentication_results("mx1.kantor.example", dmarc=result))
