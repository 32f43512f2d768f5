"""Authentication-Results: written so that others can read it, and never believed from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.authentication.dkim_verify import DkimResult
from simulator.mail.authentication.dmarc import DmarcResult
from simulator.mail.authentication.results import authentication_results, without_forged
from simulator.mail.authentication.spf import SpfResult
from simulator.mail.header import field_line, fields_of

MX = "mx1.kantor.example"
SPF = SpfResult("pass", "kampus.example", "sender SPF authorized", "mx")
DKIM = DkimResult(
    "pass", "kampus.example", "s1", "@kampus.example", "rsa-sha256", "i/4OlWbe", key_bits=1024
)
DMARC = DmarcResult("pass", "kampus.example", policy_domain="kampus.example", requested="reject")


def test_every_check_has_lines_of_its_own() -> None:
    name, value = authentication_results(MX, spf=SPF, dkim=(DKIM,), dmarc=DMARC)
    assert name == "Authentication-Results"
    assert value.split("\r\n\t") == [
        "mx1.kantor.example;",
        "spf=pass smtp.mailfrom=kampus.example;",
        "dkim=pass (1024-bit key) header.d=kampus.example header.i=@kampus.example",
        'header.a=rsa-sha256 header.s=s1 header.b="i/4OlWbe";',
        "dmarc=pass (p=reject dis=none) header.from=kampus.example",
    ]


@pytest.mark.parametrize(
    ("result", "written"),
    [
        (
            SpfResult("fail", "kampus.example", "SPF fail - not authorized", "-all"),
            'spf=fail reason="SPF fail - not authorized" smtp.mailfrom=kampus.example',
        ),
        (
            SpfResult("pass", "smtp.kampus.example", "ok", "a", identity="helo"),
            "spf=pass smtp.helo=smtp.kampus.example",
        ),
        (SpfResult("none", "asing.example"), "spf=none smtp.mailfrom=asing.example"),
    ],
)
def test_spf_names_the_identity_that_was_checked(result: SpfResult, written: str) -> None:
    assert authentication_results(MX, spf=result)[1] == f"{MX};\r\n\t{written}"


@pytest.mark.parametrize(
    ("result", "written"),
    [
        (DkimResult("none"), "dkim=none"),
        (DkimResult("permerror", reason="header syntax error"), 'dkim=permerror reason="header'),
        (
            DkimResult("fail", "kampus.example", reason='a "quoted" \\ reason'),
            r'dkim=fail reason="a \"quoted\" \\ reason" header.d=kampus.example',
        ),
    ],
)
def test_dkim_says_why_it_failed(result: DkimResult, written: str) -> None:
    assert authentication_results(MX, dkim=(result,))[1].startswith(f"{MX};\r\n\t{written}")


@pytest.mark.parametrize(
    ("result", "written"),
    [
        (DmarcResult("none", "asing.example"), "dmarc=none header.from=asing.example"),
        (
            DmarcResult(
                "fail",
                "lab.kampus.example",
                policy_domain="kampus.example",
                requested="reject",
                applied="quarantine",
                testing=True,
            ),
            (
                "dmarc=fail (p=reject dis=quarantine) header.from=lab.kampus.example\r\n\t"
                "policy.dmarc=quarantine"
            ),
        ),
        (
            DmarcResult("permerror", "", reason="not one author domain"),
            'dmarc=permerror reason="not one author domain"',
        ),
    ],
)
def test_dmarc_says_what_was_asked_for_and_what_was_done(result: DmarcResult, written: str) -> None:
    assert authentication_results(MX, dmarc=result)[1] == f"{MX};\r\n\t{written}"


def test_a_server_that_checked_nothing_says_so() -> None:
    assert authentication_results(MX) == ("Authentication-Results", f"{MX};\r\n\tnone")


@given(st.builds(DkimResult, st.just("fail"), *[st.text(max_size=400)] * 5, reason=st.text()))
def test_nothing_in_a_signature_breaks_out_of_the_field(result: DkimResult) -> None:
    line = field_line(*authentication_results(MX, dkim=(result,)))
    assert [name for name, _ in fields_of(line)] == ["Authentication-Results"]
    assert line.isascii()
    assert max(map(len, line.split(b"\r\n"))) < 998


def test_a_value_without_end_is_cut_off() -> None:
    line = field_line(*authentication_results(MX, dkim=(DkimResult("fail", "x" * 3_000),)))
    assert max(map(len, line.split(b"\r\n"))) < 300


# --- forged fields ---------------------------------------------------------------------------

REST = b"From: a@kampus.example\r\nTo: x\r\n\r\nAuthentication-Results: mx1.kantor.example; x\r\n"


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results: mx1.kantor.example; spf=pass smtp.mailfrom=bank.example\r\n",
        b"authentication-results:MX1.KANTOR.EXAMPLE;\r\n\tdkim=pass header.d=bank.example\r\n",
        b"Authentication-Results : mx1.kantor.example; none\r\n",
        b"Authentication-Results: mx1.kantor.example 1; none\r\n",
        b"Authentication-Results: mx1.kantor.example.; none\r\n",
        b"Authentication-Results:\r\n mx1.kantor.example; none\r\n",
        b"Authentication-Results: (not (really) \\) ours) mx1.kantor.example; none\r\n",
        b'Authentication-Results: "mx1.kantor.example"; none\r\n',
        b'Authentication-Results: "mx1.\\kantor.example"; none\r\n',
        b"Authentication-Results: mx1.kantor.example(x); none\r\n",
        b"Authentication-Results: mx1.kantor.example\n",
        # Whose these are, nobody can tell.
        b"Authentication-Results: ; none\r\n",
        b"Authentication-Results:\r\n",
        b"Authentication-Results: (mx1.kantor.example; none\r\n",
    ],
)
def test_a_field_that_claims_to_be_ours_is_taken_away(forged: bytes) -> None:
    kept, removed = without_forged(b"Received: x\r\n" + forged + REST, MX)
    assert kept == b"Received: x\r\n" + REST
    assert removed == (forged.partition(b":")[2].decode().strip(),)


@pytest.mark.parametrize(
    "other",
    [
        b"Authentication-Results: mx.kampus.example; spf=pass smtp.mailfrom=mx1.kantor.example\r\n",
        b"Authentication-Results: mx1.kantor.example.kampus.example; none\r\n",
        b"Authentication-Results: (mx1.kantor.example) mx.kampus.example; none\r\n",
        b"X-Authentication-Results: mx1.kantor.example; none\r\n",
        b"Subject: x\r\n Authentication-Results: mx1.kantor.example; none\r\n",
    ],
)
def test_what_others_say_of_themselves_stays(other: bytes) -> None:
    assert without_forged(other + REST, MX) == (other + REST, ())


@given(st.binary(max_size=200))
def test_a_mail_without_such_fields_keeps_every_octet(octets: bytes) -> None:
    kept, removed = without_forged(octets, MX)
    if b"authentication-results" not in octets.lower():
        assert (kept, removed) == (octets, ())


@given(
    st.lists(st.sampled_from([b"(", b")", b'"', b"\\", b" ", b"\r\n ", MX.encode(), b";", b"\xff"]))
)
def test_no_field_of_ours_is_left_however_it_is_written(pieces: list[bytes]) -> None:
    forged = b"Authentication-Results:" + b"".join(pieces) + b"\r\n"
    kept, _ = without_forged(forged + REST, MX)
    again, more = without_forged(kept, MX)
    assert (again, more) == (kept, ())
    assert kept.endswith(REST)
