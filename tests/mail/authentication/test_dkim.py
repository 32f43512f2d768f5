"""DKIM as cases: signed by us, changed on the way or not, verified (RFC 6376, 8301, 8463)."""

from __future__ import annotations

import base64
import hashlib
import itertools
import time
from datetime import timedelta
from random import Random

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.mail.authentication import dkim_keys
from simulator.mail.authentication.dkim_keys import (
    Algorithm,
    ed25519_key,
    public_record,
    throwaway_key,
)
from simulator.mail.authentication.dkim_sign import sign
from simulator.mail.authentication.dkim_verify import MOST_SIGNATURES, DkimResult, verify
from simulator.mail.authentication.inquiry import strings_of
from simulator.mail.header import field_line, prepend
from tests.mail.authentication.mails import ED25519, KEYS, MAIL, RSA, key_zone, signed
from tests.mail.authentication.zones import FAILS, NOW, Zones, now, quoted

BOTH = pytest.mark.parametrize("algorithm", ["rsa-sha256", "ed25519-sha256"])


def results(octets: bytes, zones: Zones) -> tuple[DkimResult, ...]:
    return now(verify(octets, zones.lookup, at=NOW))


def result(octets: bytes, zones: Zones | None = None) -> tuple[str, str]:
    """Verdict and reason of the one signature."""
    (only,) = results(octets, zones or Zones(key_zone()))
    return only.verdict, only.reason


def with_key(record: str) -> Zones:
    """The DNS with this text where the key should be."""
    return Zones({"s1._domainkey.kampus.example": {"TXT": [quoted(record.encode())]}})


# --- signing ---------------------------------------------------------------------------------


@BOTH
def test_what_a_domain_signs_verifies_with_the_key_it_publishes(algorithm: Algorithm) -> None:
    key = KEYS[algorithm]
    (found,) = results(signed(key=key), Zones(key_zone(key)))
    assert (found.verdict, found.reason) == ("pass", "")
    assert (found.domain, found.selector) == ("kampus.example", "s1")
    assert (found.identity, found.algorithm) == ("@kampus.example", algorithm)
    assert f" b={found.begins}".encode() in signed(key=key)
    assert len(found.begins) == 8
    assert found.key_bits == {"rsa-sha256": 2048, "ed25519-sha256": 256}[algorithm]


def test_a_signature_names_what_it_covers_and_the_given_moment() -> None:
    name, value = sign(MAIL, domain="kampus.example", selector="s1", private_key=ED25519, at=NOW)
    assert name == "DKIM-Signature"
    unfolded = " ".join(value.split())
    assert unfolded.startswith(
        "v=1; a=ed25519-sha256; c=relaxed/simple; d=kampus.example; i=@kampus.example; "
        "q=dns/txt; s=s1; t=1795432600; h=date : to : from : subject : message-id : from; bh="
    )
    assert all(len(line) <= 78 for line in f"{name}: {value}".split("\r\n"))


def test_only_the_named_fields_are_signed_and_always_from() -> None:
    field = sign(
        MAIL,
        domain="kampus.example",
        selector="s1",
        private_key=RSA,
        at=NOW,
        headers=["Subject", "X-Not-There"],
    )
    assert " h=from : subject : from;" in " ".join(field[1].split())
    edited = prepend(MAIL, [field]).replace(b"To: citra@", b"To: dedi@")
    assert result(edited) == ("pass", "")


def test_bytes_are_the_same_on_every_machine() -> None:
    """These digests were made once; the same random, mail and moment must always give them."""
    digests = {name: hashlib.sha256(signed(key=key)).hexdigest()[:16] for name, key in KEYS.items()}
    assert digests == {"rsa-sha256": "ce46bb6ccff174ee", "ed25519-sha256": "e7479ee3551dfa00"}


@pytest.mark.parametrize(
    ("octets", "headers"),
    [
        (b"Subject: x\r\n\r\n", ["Subject"]),
        (b"From: a@kampus.example\r\nbroken\r\n\r\n", ["From"]),
        (b" folded\r\nFrom: a@kampus.example\r\n\r\n", ["From"]),
        (MAIL, ["Received"]),
    ],
)
def test_what_cannot_be_signed_is_refused(octets: bytes, headers: list[str]) -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        sign(
            octets,
            domain="kampus.example",
            selector="s1",
            private_key=RSA,
            at=NOW,
            headers=headers,
        )


@pytest.mark.parametrize("clock", [0.0, 4e9])
def test_the_machines_clock_changes_nothing(clock: float, monkeypatch: pytest.MonkeyPatch) -> None:
    octets = signed()
    monkeypatch.setattr(time, "time", lambda: clock)
    assert signed() == octets
    assert result(octets) == ("pass", "")


# --- keys ------------------------------------------------------------------------------------


@BOTH
def test_a_throwaway_key_comes_from_the_random_alone(algorithm: Algorithm) -> None:
    first, again = (throwaway_key(algorithm, Random(7)) for _ in range(2))
    assert first == again
    random = Random(7)
    several = {throwaway_key(algorithm, random).public for _ in range(12)}
    assert len(several) > 6


def test_the_shipped_primes_make_sound_keys() -> None:
    primes = dkim_keys._primes()
    assert len(primes) == 8
    for p, q in itertools.pairwise(primes):
        secret = pow(65_537, -1, (p - 1) * (q - 1))
        numbers = rsa.RSAPrivateNumbers(
            p,
            q,
            secret,
            rsa.rsa_crt_dmp1(secret, p),
            rsa.rsa_crt_dmq1(secret, q),
            rsa.rsa_crt_iqmp(p, q),
            rsa.RSAPublicNumbers(65_537, p * q),
        )
        assert numbers.private_key().key_size == 2048  # validated: raises for no primes


def test_the_record_of_a_long_key_takes_two_strings() -> None:
    record = public_record(RSA)
    assert record.startswith('"v=DKIM1; k=rsa; p=MIIBIjANBgkq')
    assert [len(string) for string in strings_of(record)] == [255, 155]
    assert public_record(ED25519).count('"') == 2


def test_a_secret_does_not_show_where_a_key_is_printed() -> None:
    assert "PRIVATE" not in repr(RSA)
    assert "secret" not in repr(ED25519)


def test_a_seed_has_32_octets() -> None:
    with pytest.raises(ValueError, match="32 octets, not 31"):
        ed25519_key(b"x" * 31)


# RFC 8463 appendix A: keys, message and both signatures as printed there.
RFC_8463_SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
RFC_8463_KEYS = {
    "brisbane._domainkey.football.example.com": {
        "TXT": ['"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="']
    },
    "test._domainkey.football.example.com": {
        "TXT": [
            (
                '"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3'
                "idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1"
                'Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"'
            )
        ]
    },
}
RFC_8463_MAIL = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace(b"\n", b"\r\n")


def test_the_example_of_rfc_8463_passes_with_both_algorithms() -> None:
    found = results(RFC_8463_MAIL, Zones(RFC_8463_KEYS))
    assert [(one.verdict, one.algorithm, one.selector, one.key_bits) for one in found] == [
        ("pass", "ed25519-sha256", "brisbane", 256),
        ("pass", "rsa-sha256", "test", 1024),
    ]


def test_the_seed_of_rfc_8463_has_the_public_key_printed_there() -> None:
    key = ed25519_key(base64.b64decode(RFC_8463_SEED))
    assert [public_record(key)] == RFC_8463_KEYS["brisbane._domainkey.football.example.com"]["TXT"]


# --- verifying -------------------------------------------------------------------------------


def test_a_mail_without_a_signature_says_none() -> None:
    zones = Zones({})
    assert results(MAIL, zones) == (DkimResult("none"),)
    assert zones.asked == []


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ((b"", b""), "pass", ""),
        ((b"Received: from pc", b"X-Spam: no\r\nReceived: from pc"), "pass", ""),
        ((b"Subject: Rapat Senin", b"SUBJECT:  Rapat\r\n\tSenin  "), "pass", ""),
        ((b"Ani\r\n", b"Ani\r\n\r\n\r\n"), "pass", ""),
        ((b"Subject: Rapat", b"Subject: [kelas] Rapat"), "fail", "signature did not verify"),
        ((b"From: Ani <ani@", b"From: Ani <bos@"), "fail", "signature did not verify"),
        (
            (b"To: citra", b"From: bos@kampus.example\r\nTo: citra"),
            "fail",
            "signature did not verify",
        ),
        ((b"09.00", b"10.00"), "fail", "body hash did not verify"),
        ((b"Ani\r\n", b"Ani\r\n-- \r\nMilis kelas\r\n"), "fail", "body hash did not verify"),
        ((b"Halo,\r\n", b"Halo, \r\n"), "fail", "body hash did not verify"),
    ],
)
def test_what_may_change_on_the_way(change: tuple[bytes, bytes], verdict: str, reason: str) -> None:
    assert result(signed().replace(*change)) == (verdict, reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b" d=kampus.example;", b""), "signature missing required tag"),
        ((b" bh=", b" xx="), "signature missing required tag"),
        ((b"v=1;", b"v=2;"), "incompatible version"),
        ((b"a=rsa-sha256", b"a=rsa-sha1"), "algorithm not allowed"),
        ((b"a=rsa-sha256", b"a=\xff"), "algorithm not allowed"),
        ((b"h=date : to : from : subject : message-id : from;", b"h=to;"), "From field not signed"),
        ((b"i=@kampus.example", b"i=@kantor.example"), "domain mismatch"),
        ((b"i=@kampus.example", b"i=@xkampus.example"), "domain mismatch"),
        ((b"i=@kampus.example", b"i=kampus.example"), "signature syntax error"),
        ((b"q=dns/txt", b"q=finger"), "signature syntax error"),
        ((b"q=dns/txt", b"l="), "signature syntax error"),
        ((b"q=dns/txt", b"q=dns/txt; q=dns/txt"), "signature syntax error"),
        ((b"q=dns/txt", b"x=soon"), "signature syntax error"),
        ((b"q=dns/txt", b"x=1795432599"), "signature expired"),
        (
            (b"q=dns/txt; s=s1; t=1795432600", b"s=s1; t=1795432699; x=1795432698"),
            "signature expired",
        ),
        ((b"c=relaxed/simple", b"c=strict"), "signature syntax error"),
        ((b"bh=", b"bh=*"), "signature syntax error"),
        ((b"q=dns/txt", b"z=" + b"x" * 4_000), "signature too long"),
    ],
)
def test_a_signature_that_breaks_a_rule_is_an_error(
    change: tuple[bytes, bytes], reason: str
) -> None:
    unfolded = b" ".join(signed().removesuffix(MAIL).split())
    assert change[0] in unfolded
    broken = unfolded.replace(*change, 1) + b"\r\n" + MAIL
    assert result(broken) == ("permerror", reason)


def rsa_public(bits: int, exponent: int = 65_537) -> bytes:
    """An RSAPublicKey (RFC 8017 appendix A.1.1) that no library would make."""

    def element(tag: int, content: bytes) -> bytes:
        return bytes([tag, 0x82]) + len(content).to_bytes(2) + content

    numbers = ((1 << (bits - 1)) + 1, exponent)
    integers = (element(2, number.to_bytes(number.bit_length() // 8 + 1)) for number in numbers)
    return element(0x30, b"".join(integers))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=DKIM1; p=", "key revoked"),
        ("v=DKIM1; k=rsa", "key syntax error"),
        ("v=DKIM2; p={p}", "key syntax error"),
        ("hello", "key syntax error"),
        ("v=DKIM1; p=AAAA", "key syntax error"),
        ("v=DKIM1; p=A", "key syntax error"),
        ("v=DKIM1; k=ed25519; p={ed}", "inappropriate key algorithm"),
        ("v=DKIM1; h=sha1; p={p}", "inappropriate hash algorithm"),
        ("v=DKIM1; s=tlsrpt; p={p}", "key not for mail"),
        ("v=DKIM1; p={small}", "key too small"),
        ("v=DKIM1; p={large}", "key too large"),
        ("v=DKIM1; p={slow}", "key too large"),
        ("v=DKIM1; p={other}", "signature did not verify"),
        ("p={p}", ""),
        ("v=DKIM1; h=sha1:sha256; s=foo : email; t=y:s; n=a note; p={p}", ""),
    ],
)
def test_the_key_must_be_fit_for_the_signature(record: str, reason: str) -> None:
    public = {
        "p": RSA.public,
        "ed": ED25519.public,
        "other": throwaway_key("rsa-sha256", Random(99)).public,
        "small": rsa_public(bits=1_023),
        "large": rsa_public(bits=4_097),
        "slow": rsa_public(bits=2_048, exponent=(1 << 9_000) + 1),
    }
    encoded = {name: base64.b64encode(octets).decode() for name, octets in public.items()}
    verdict = {"": "pass", "signature did not verify": "fail"}.get(reason, "permerror")
    assert result(signed(), with_key(record.format_map(encoded))) == (verdict, reason)


def test_a_key_may_be_kept_for_the_domain_itself() -> None:
    unfolded = b" ".join(signed().removesuffix(MAIL).split())
    octets = unfolded.replace(b"i=@kampus", b"i=ani@x.kampus") + b"\r\n" + MAIL
    strict = "v=DKIM1; t=s; p=" + base64.b64encode(RSA.public).decode()
    assert result(octets, with_key(strict)) == ("permerror", "domain mismatch")
    assert result(octets) == ("fail", "signature did not verify")


def test_no_key_is_an_error_and_a_silent_dns_only_for_now() -> None:
    assert result(signed(), Zones({})) == ("permerror", "no key for signature")
    silent = Zones({"s1._domainkey.kampus.example": {FAILS: ["SERVFAIL"]}})
    assert result(signed(), silent) == (
        "temperror",
        "key unavailable: SERVFAIL for s1._domainkey.kampus.example TXT",
    )


def test_among_several_keys_a_fit_one_is_taken() -> None:
    zones = Zones({"s1._domainkey.kampus.example": {"TXT": ['"v=DKIM1; p="', public_record(RSA)]}})
    assert result(signed(), zones) == ("pass", "")


def test_each_signature_is_judged_topmost_first() -> None:
    by_kampus = signed()
    by_list = signed(by_kampus, ED25519, "milis.example")
    found = results(by_list, Zones({**key_zone(), **key_zone(ED25519, "milis.example")}))
    assert [(one.domain, one.verdict) for one in found] == [
        ("milis.example", "pass"),
        ("kampus.example", "pass"),
    ]


def test_a_mail_with_a_thousand_signatures_costs_no_more_than_a_few() -> None:
    zones = Zones({})
    name, value = sign(MAIL, domain="kampus.example", selector="s1", private_key=RSA, at=NOW)
    many = b"".join(field_line(name, value.replace("s=s1", f"s=s{n}")) for n in range(1_000))
    assert len(results(many + MAIL, zones)) == MOST_SIGNATURES
    assert len(zones.asked) == MOST_SIGNATURES


def test_a_signature_in_a_header_that_cannot_be_read_is_an_error() -> None:
    assert result(signed().replace(b"Subject:", b"Subject\xff:")) == (
        "permerror",
        "header syntax error",
    )


def test_a_signature_holds_until_the_moment_it_names() -> None:
    octets = RFC_8463_MAIL.replace(b"q=dns/txt; s=brisbane", b"x=1795432600; q=dns/txt; s=brisbane")
    for seconds, reason in ((0, "signature did not verify"), (1, "signature expired")):
        moment = NOW + timedelta(seconds=seconds)
        found = now(verify(octets, Zones(RFC_8463_KEYS).lookup, at=moment))
        assert found[0].reason == reason


def test_dkimpy_itself_agrees_and_is_left_as_it_was() -> None:
    key = b"".join(strings_of(public_record(RSA)))
    asked = []

    def answer(name: bytes, timeout: float) -> bytes:
        asked.append(name)
        return key

    assert dkim.verify(signed(), dnsfunc=answer)
    assert asked == [b"s1._domainkey.kampus.example."]
    assert dkim.time is time


def test_the_trace_is_told_what_was_looked_at() -> None:
    (found,) = results(signed().replace(b"09.00", b"10.00"), Zones(key_zone()))
    assert found.inputs() == {
        "domain": "kampus.example",
        "selector": "s1",
        "identity": "@kampus.example",
        "algorithm": "rsa-sha256",
        "key_bits": "2048",
        "reason": "body hash did not verify",
    }
