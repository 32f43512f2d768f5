"""SPF as cases: who sends, what the domain says, what comes of it (RFC 7208)."""

from __future__ import annotations

import pytest
import spf

from simulator.mail.authentication.spf import Claim, SpfResult, check, received_spf, refusal
from tests.mail.authentication.zones import FAILS, NOW, Zones, now, texts

KAMPUS = Claim("10.77.0.25", "smtp.kampus.example", "ani@kampus.example")
STRANGER = Claim("10.77.0.99", "host99.asing.example", "ani@kampus.example")


def zones(record: str, **more: dict[str, list[str]]) -> Zones:
    """``kampus.example`` with this record, and whatever else stands in the DNS."""
    return Zones(
        {
            "kampus.example": {**texts(record), "MX": ["10 smtp.kampus.example."]},
            "smtp.kampus.example": {"A": ["10.77.0.25"], "AAAA": ["2001:db8::25"]},
            **{name.replace("_", "."): records for name, records in more.items()},
        }
    )


def judged(claim: Claim, dns: Zones) -> SpfResult:
    return now(check(claim, dns.lookup, receiver="kantor.example", at=NOW))


@pytest.mark.parametrize(
    ("record", "claim", "verdict", "mechanism"),
    [
        ("v=spf1 mx -all", KAMPUS, "pass", "mx"),
        ("v=spf1 mx -all", STRANGER, "fail", "-all"),
        ("v=spf1 mx ~all", STRANGER, "softfail", "~all"),
        ("v=spf1 mx ?all", STRANGER, "neutral", "?all"),
        ("v=spf1 mx", STRANGER, "neutral", ""),
        ("v=spf1 ip4:10.77.0.0/24 -all", STRANGER, "pass", "ip4:10.77.0.0/24"),
        ("v=spf1 a:smtp.%{d} -all", KAMPUS, "pass", "a:smtp.%{d}"),
        ("v=spf1 exists:%{ir}.list.%{d} -all", STRANGER, "fail", "-all"),
        ("v=spf1 mx -al", STRANGER, "permerror", "-al"),
        ("v=spf2 mx -all", STRANGER, "none", ""),
        ("I am no SPF record", STRANGER, "none", ""),
    ],
)
def test_the_record_decides(record: str, claim: Claim, verdict: str, mechanism: str) -> None:
    result = judged(claim, zones(record))
    assert (result.verdict, result.mechanism) == (verdict, mechanism)
    assert (result.domain, result.identity) == ("kampus.example", "mailfrom")


def test_the_questions_are_those_that_policyd_spf_asks() -> None:
    dns = zones("v=spf1 mx -all")
    judged(KAMPUS, dns)
    assert dns.asked == ["TXT kampus.example", "MX kampus.example", "A smtp.kampus.example"]


def test_a_client_that_comes_by_ipv6_is_looked_for_among_ipv6_addresses() -> None:
    claim = Claim("2001:db8::25", "smtp.kampus.example", "ani@kampus.example")
    assert judged(claim, zones("v=spf1 mx -all")).verdict == "pass"


def test_a_domain_without_a_record_says_nothing() -> None:
    result = judged(Claim("10.77.0.99", "x", "x@asing.example"), Zones({}))
    assert result == SpfResult("none", "asing.example")


def test_two_records_are_an_error_and_no_choice() -> None:
    dns = Zones({"kampus.example": texts("v=spf1 mx -all", "v=spf1 -all")})
    assert judged(KAMPUS, dns).verdict == "permerror"


def test_a_dns_that_fails_now_may_answer_later() -> None:
    dns = Zones({"kampus.example": {FAILS: ["SERVFAIL"]}})
    result = judged(KAMPUS, dns)
    assert result.verdict == "temperror"
    assert "SERVFAIL for kampus.example TXT" in result.reason


def test_a_record_that_includes_one_which_is_not_there_is_wrong() -> None:
    result = judged(KAMPUS, zones("v=spf1 include:_spf.kampus.example -all"))
    assert (result.verdict, result.mechanism) == ("permerror", "include:_spf.kampus.example")


def test_the_tenth_look_up_is_allowed_and_the_eleventh_is_not() -> None:
    def chain(length: int) -> Zones:
        hosts = {f"h{n}.kampus.example": {"A": ["192.0.2.1"]} for n in range(length)}
        terms = " ".join(f"a:{host}" for host in hosts)
        return Zones({"kampus.example": texts(f"v=spf1 {terms} -all"), **hosts})

    assert judged(STRANGER, chain(10)).verdict == "fail"
    result = judged(STRANGER, chain(11))
    assert (result.verdict, result.mechanism) == ("permerror", "")
    assert "Too many DNS lookups" in result.reason


def test_the_second_empty_answer_is_allowed_and_the_third_is_not() -> None:
    two = zones("v=spf1 a:x.kampus.example a:y.kampus.example -all")
    assert judged(STRANGER, two).verdict == "fail"
    three = zones("v=spf1 a:x.kampus.example a:y.kampus.example a:z.kampus.example -all")
    assert judged(STRANGER, three).verdict == "permerror"


def test_an_explanation_that_is_not_there_is_no_empty_answer() -> None:
    terms = "v=spf1 a:x.kampus.example a:y.kampus.example -all exp=why.kampus.example"
    result = judged(STRANGER, zones(terms))
    assert (result.verdict, result.reason) == ("fail", "SPF fail - not authorized")


def test_an_explanation_without_end_is_cut_off() -> None:
    dns = zones("v=spf1 -all exp=why.kampus.example", why_kampus_example=texts("no " * 1_000))
    assert len(judged(STRANGER, dns).reason) == 500


def test_without_a_reverse_path_the_helo_name_is_asked_for() -> None:
    dns = Zones({"smtp.kampus.example": {**texts("v=spf1 a -all"), "A": ["10.77.0.25"]}})
    bounce = Claim("10.77.0.25", "smtp.kampus.example", "")
    result = judged(bounce, dns)
    assert result == SpfResult(
        "pass", "smtp.kampus.example", "sender SPF authorized", "a", identity="helo"
    )
    assert received_spf(bounce, result, "kantor.example") == (
        "Received-SPF",
        (
            "Pass (sender SPF authorized) identity=helo; client-ip=10.77.0.25; "
            "helo=smtp.kampus.example; envelope-from=<>; receiver=kantor.example "
        ),
    )


def test_an_at_sign_in_a_quoted_local_part_does_not_change_the_domain() -> None:
    claim = Claim("10.77.0.99", "x.example", '"a@kantor.example"@kampus.example')
    result = judged(claim, zones("v=spf1 -all"))
    assert (result.verdict, result.domain) == ("fail", "kampus.example")


def test_a_domain_beyond_ascii_is_asked_for_as_a_labels() -> None:
    dns = Zones({"xn--kamps-nva.example": texts("v=spf1 -all")})
    result = judged(Claim("10.77.0.99", "x.example", "ani@kampüs.example"), dns)
    assert (result.verdict, result.domain) == ("fail", "xn--kamps-nva.example")


def test_the_domain_may_explain_itself_but_not_break_out_of_a_line() -> None:
    explained = zones(
        "v=spf1 -all exp=why.kampus.example",
        why_kampus_example=texts("%{i} is not ours, says %{r} at %{t}\r\n250 OK"),
    )
    moment = int(NOW.timestamp())
    assert judged(STRANGER, explained).reason == (
        f"10.77.0.99 is not ours, says kantor.example at {moment}??250 OK"
    )


def test_a_client_needs_an_address() -> None:
    with pytest.raises(ValueError, match="'nowhere' is no IP address"):
        judged(Claim("nowhere", "x.example", "a@kampus.example"), zones("v=spf1 -all"))


def test_pyspf_itself_is_left_as_it_was() -> None:
    before = (spf.DNSLookup, spf.query.dns, spf.MAX_LOOKUP, spf.MAX_VOID_LOOKUPS)
    judged(KAMPUS, zones("v=spf1 mx -all"))
    assert before == (spf.DNSLookup, spf.query.dns, 10, 2)
    assert spf.DNSLookup is spf.DNSLookup_dnspython


# What policyd-spf 3.0.4 wrote on Debian 12 into mails that were captured, and its refusal.
@pytest.mark.parametrize(
    ("record", "claim", "said"),
    [
        ("v=spf1 mx -all", KAMPUS, "Pass"),
        ("v=spf1 mx ~all", STRANGER, "Softfail"),
        ("", STRANGER, "None"),
    ],
)
def test_the_header_is_the_one_of_a_real_server(record: str, claim: Claim, said: str) -> None:
    result = judged(claim, zones(record))
    assert received_spf(claim, result, "kantor.example") == (
        "Received-SPF",
        (
            f"{said} (mailfrom) identity=mailfrom; client-ip={claim.client_address}; "
            f"helo={claim.helo}; envelope-from=ani@kampus.example; receiver=kantor.example "
        ),
    )


def test_the_refusal_is_the_one_of_a_real_server() -> None:
    result = judged(STRANGER, zones("v=spf1 mx -all"))
    assert refusal(STRANGER, result, "kantor.example") == (
        "Message rejected due to: SPF fail - not authorized. Please see "
        "http://www.openspf.net/Why?s=mfrom;id=ani@kampus.example;ip=10.77.0.99;r=kantor.example"
    )


def test_the_trace_is_told_what_was_looked_at() -> None:
    assert judged(STRANGER, zones("v=spf1 mx -all")).inputs() == {
        "domain": "kampus.example",
        "identity": "mailfrom",
        "mechanism": "-all",
        "reason": "SPF fail - not authorized",
    }
