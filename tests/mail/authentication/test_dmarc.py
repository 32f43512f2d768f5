"""DMARC as cases: the examples of RFC 9989, its table of tags, and what is done with a mail."""

from __future__ import annotations

import pytest

from simulator.mail.authentication.author import author_domain
from simulator.mail.authentication.dkim_verify import DkimResult
from simulator.mail.authentication.dmarc import DmarcResult, evaluate
from simulator.mail.authentication.dmarc_record import PolicyRecord, parse_policy
from simulator.mail.authentication.dmarc_walk import names_on_the_way
from simulator.mail.authentication.spf import SpfResult
from tests.mail.authentication.zones import FAILS, Zones, now, texts

NO_SPF = SpfResult("none", "")


def policies(**records: str) -> Zones:
    """DMARC records by domain, dots written as underscores."""
    return Zones(
        {
            f"_dmarc.{name.replace('_', '.')}": texts(f"v=DMARC1; {record}")
            for name, record in records.items()
        }
    )


def passed_spf(domain: str) -> SpfResult:
    return SpfResult("pass", domain)


def passed_dkim(*domains: str) -> tuple[DkimResult, ...]:
    return tuple(DkimResult("pass", domain) for domain in domains)


def judged(
    author: str,
    zones: Zones,
    spf: SpfResult = NO_SPF,
    dkim: tuple[DkimResult, ...] = (DkimResult("none"),),
) -> DmarcResult:
    return now(evaluate(author, spf, dkim, zones.lookup))


# --- records ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("v=DMARC1", PolicyRecord()),
        ("v=DMARC1;", PolicyRecord()),
        ("v = DMARC1 ; p = reject ;", PolicyRecord(p="reject")),
        ("V=DMARC1;P=REJECT", PolicyRecord(p="reject")),
        ("v=DMARC1; p=quarantine; t=y", PolicyRecord(p="quarantine", testing=True)),
        (
            "v=DMARC1; sp=none; np=reject; p=quarantine; psd=y",
            PolicyRecord(p="quarantine", sp="none", np="reject", psd="y"),
        ),
        ("v=DMARC1; adkim=s; aspf=s", PolicyRecord(adkim="s", aspf="s")),
        (
            "v=DMARC1; rua=mailto:a@x.example , https://x.example/d,nonsense",
            PolicyRecord(rua=("mailto:a@x.example", "https://x.example/d")),
        ),
        # Gone with RFC 7489, or never there: ignored, as are garbled words in between.
        ("v=DMARC1; p=reject; pct=50; rf=afrf; ri=1; x=y; hm", PolicyRecord(p="reject")),
        # Nonsense where there is a default is read as the default.
        ("v=DMARC1; p=reject; adkim=x; psd=maybe; t=1", PolicyRecord(p="reject")),
        # Nonsense as a request is not: all requests are off, and without rua there is no DMARC.
        ("v=DMARC1; p=rejct; rua=mailto:a@x.example", PolicyRecord(rua=("mailto:a@x.example",))),
        ("v=DMARC1; p=rejct", PolicyRecord(usable=False)),
        ("v=DMARC1; p=reject; sp=all", PolicyRecord(usable=False)),
        ("v=DMARC1; p=reject; np=", PolicyRecord(usable=False)),
        # No DMARC record at all.
        ("v=dmarc1; p=reject", None),
        ("v=DMARC2; p=reject", None),
        ("v=DMARC11; p=reject", None),
        (" v=DMARC1; p=reject", None),
        ("p=reject; v=DMARC1", None),
        ("v=DMARC1; p=reject; p=none", None),
        ("v=spf1 -all", None),
        ("", None),
    ],
)
def test_the_table_of_tags(text: str, record: PolicyRecord | None) -> None:
    assert parse_policy(text.encode()) == record


@pytest.mark.parametrize(
    ("tags", "itself", "below", "missing"),
    [
        ("p=reject", "reject", "reject", "reject"),
        ("p=reject; sp=none", "reject", "none", "none"),
        ("p=none; sp=quarantine; np=reject", "none", "quarantine", "reject"),
        ("p=none; np=reject", "none", "none", "reject"),
        ("", "none", "none", "none"),
    ],
)
def test_which_request_counts_for_whom(tags: str, itself: str, below: str, missing: str) -> None:
    record = parse_policy(f"v=DMARC1; {tags}".encode())
    assert record is not None
    assert record.request_for(subdomain=False) == itself
    assert record.request_for(subdomain=True) == below
    assert record.request_for(subdomain=True, exists=False) == missing


# --- the walk --------------------------------------------------------------------------------


def test_the_walk_of_section_4_10_asks_eight_questions_for_a_long_name() -> None:
    assert list(names_on_the_way("a.b.c.d.e.f.g.h.i.j.mail.example.com")) == [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ]


@pytest.mark.parametrize(("labels", "questions"), [(1, 1), (7, 7), (8, 8), (9, 8), (60, 8)])
def test_no_walk_asks_more_than_eight_questions(labels: int, questions: int) -> None:
    assert len(list(names_on_the_way(".".join("x" * labels)))) == questions


@pytest.mark.parametrize(
    ("zones", "organizational"),
    [
        # The three examples of section 4.10.2 for a.mail.example.com.
        (policies(mail_example_com="p=none", example_com="p=none"), "example.com"),
        (policies(mail_example_com="p=none; psd=n", example_com="p=none"), "mail.example.com"),
        (policies(com="psd=y"), "example.com"),
    ],
)
def test_the_organizational_domain_as_in_section_4_10_2(zones: Zones, organizational: str) -> None:
    assert judged("a.mail.example.com", zones).organizational_domain == organizational


def test_the_simple_example_of_appendix_b() -> None:
    zones = policies(example_com="p=reject", signing_example_com="p=none")
    result = judged(
        "example.com", zones, passed_spf("example.com"), passed_dkim("signing.example.com")
    )
    assert result == DmarcResult(
        "pass",
        "example.com",
        policy_domain="example.com",
        organizational_domain="example.com",
        requested="reject",
        aligned_spf=True,
        aligned_dkim=True,
    )
    assert zones.asked == [
        "TXT _dmarc.example.com",
        "TXT _dmarc.com",
        "TXT _dmarc.signing.example.com",
    ]


def test_the_deep_example_of_appendix_b() -> None:
    author = "a.b.c.d.e.f.g.h.i.j.k.example.com"
    zones = policies(example_com="p=reject", signing_example_com="p=none")
    result = judged(author, zones, passed_spf("example.com"), passed_dkim("signing.example.com"))
    assert (result.verdict, result.policy_domain) == ("pass", "example.com")
    assert (result.aligned_spf, result.aligned_dkim) == (True, True)
    assert zones.asked[:8] == [
        f"TXT _dmarc.{author}",
        "TXT _dmarc.g.h.i.j.k.example.com",
        "TXT _dmarc.h.i.j.k.example.com",
        "TXT _dmarc.i.j.k.example.com",
        "TXT _dmarc.j.k.example.com",
        "TXT _dmarc.k.example.com",
        "TXT _dmarc.example.com",
        "TXT _dmarc.com",
    ]


def test_the_public_suffix_example_of_appendix_b() -> None:
    zones = policies(bank_example="p=none; psd=y", giant_bank_example="p=reject")
    result = judged(
        "giant.bank.example",
        zones,
        passed_spf("mail.giant.bank.example"),
        passed_dkim("mail.mega.bank.example"),
    )
    assert (result.verdict, result.policy_domain) == ("pass", "giant.bank.example")
    assert result.organizational_domain == "giant.bank.example"
    assert (result.aligned_spf, result.aligned_dkim) == (True, False)
    assert "TXT _dmarc.example" not in zones.asked


def test_a_domain_without_a_policy_has_that_of_its_public_suffix() -> None:
    zones = policies(bank_example="p=quarantine; sp=reject; psd=y")
    result = judged("mega.bank.example", zones)
    assert (result.verdict, result.requested) == ("fail", "reject")
    assert (result.policy_domain, result.organizational_domain) == (
        "bank.example",
        "mega.bank.example",
    )


def test_the_walk_ends_where_a_domain_says_what_it_is() -> None:
    own = policies(mail_example_com="p=reject; psd=n")
    assert judged("a.mail.example.com", own).organizational_domain == "mail.example.com"
    assert own.asked == ["TXT _dmarc.a.mail.example.com", "TXT _dmarc.mail.example.com"]


def test_a_public_suffix_that_writes_mail_itself_is_its_own_organization() -> None:
    zones = policies(bank_example="p=reject; psd=y")
    result = judged("bank.example", zones, passed_spf("mail.bank.example"))
    assert (result.verdict, result.organizational_domain) == ("fail", "bank.example")


def test_a_policy_between_author_and_organization_is_not_theirs() -> None:
    zones = policies(mail_example_com="p=none", example_com="p=reject")
    assert judged("a.mail.example.com", zones).policy_domain == "example.com"


# --- alignment -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "author", "identifier", "aligned"),
    [
        # The table of section 4.4 and the examples of appendix B.1.
        ("", "news.example.com", "foo.example.com", True),
        ("", "news.example.com", "news.example.com", True),
        ("", "news.example.com", "foo.example.net", False),
        ("", "example.com", "child.example.com", True),
        ("", "child.example.com", "example.com", True),
        ("", "child.example.com", "example.net", False),
        ("", "News.Example.com", "foo.EXAMPLE.com.", True),
        ("", "example.com", "notexample.com", False),
        ("adkim=s; aspf=s", "news.example.com", "foo.example.com", False),
        ("adkim=s; aspf=s", "news.example.com", "example.com", False),
        ("adkim=s; aspf=s", "news.example.com", "NEWS.example.com", True),
    ],
)
def test_alignment(tags: str, author: str, identifier: str, aligned: bool) -> None:
    zones = policies(example_com=f"p=reject; {tags}")
    by_spf = judged(author, zones, passed_spf(identifier))
    by_dkim = judged(author, zones, NO_SPF, passed_dkim("other.example", identifier))
    assert by_spf.aligned_spf is by_dkim.aligned_dkim is aligned
    assert by_spf.verdict == by_dkim.verdict == ("pass" if aligned else "fail")


def test_each_way_has_its_own_strictness() -> None:
    zones = policies(example_com="p=reject; aspf=s")
    result = judged("example.com", zones, passed_spf("a.example.com"), passed_dkim("b.example.com"))
    assert (result.aligned_spf, result.aligned_dkim) == (False, True)


@pytest.mark.parametrize("verdict", ["fail", "softfail", "neutral", "none", "permerror"])
def test_only_what_passed_can_be_aligned(verdict: str) -> None:
    zones = policies(example_com="p=reject")
    spf = SpfResult(verdict, "example.com")  # type: ignore[arg-type]
    dkim = (DkimResult("fail", "example.com"), DkimResult("temperror", "example.com"))
    assert judged("example.com", zones, spf, dkim).applied == "reject"
    assert zones.asked == ["TXT _dmarc.example.com"]


def test_where_all_domains_are_the_same_one_question_is_enough() -> None:
    zones = policies(kampus_example="p=reject")
    result = judged(
        "kampus.example", zones, passed_spf("kampus.example"), passed_dkim("kampus.example")
    )
    assert (result.verdict, result.organizational_domain) == ("pass", "kampus.example")
    assert zones.asked == ["TXT _dmarc.kampus.example"]


def test_a_stranger_costs_no_walk_of_the_strangers_domain() -> None:
    zones = policies(kampus_example="p=reject")
    assert judged("kampus.example", zones, passed_spf("asing.example")).verdict == "fail"
    assert zones.asked == ["TXT _dmarc.kampus.example", "TXT _dmarc.example"]


# --- what is done ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "requested", "applied", "testing"),
    [
        ("p=reject", "reject", "reject", False),
        ("p=quarantine", "quarantine", "quarantine", False),
        ("p=none", "none", "none", False),
        ("rua=mailto:a@x.example", "none", "none", False),
        ("p=reject; t=y", "reject", "quarantine", True),
        ("p=quarantine; t=y", "quarantine", "none", True),
        ("p=none; t=y", "none", "none", True),
        ("p=reject; pct=0", "reject", "reject", False),
    ],
)
def test_what_is_requested_and_what_is_applied(
    tags: str, requested: str, applied: str, testing: bool
) -> None:
    result = judged("kampus.example", policies(kampus_example=tags))
    assert (result.verdict, result.requested, result.applied, result.testing) == (
        "fail",
        requested,
        applied,
        testing,
    )


@pytest.mark.parametrize(
    ("author", "requested", "asked_whether_it_exists"),
    [
        ("kampus.example", "none", False),
        ("lab.kampus.example", "quarantine", True),
        ("hantu.kampus.example", "reject", True),
    ],
)
def test_a_subdomain_has_a_policy_of_its_own_and_one_that_does_not_exist_another(
    author: str, requested: str, asked_whether_it_exists: bool
) -> None:
    zones = Zones(
        {
            **policies(kampus_example="p=none; sp=quarantine; np=reject").records,
            "lab.kampus.example": {"A": ["192.0.2.7"]},
        }
    )
    result = judged(author, zones)
    assert (result.requested, result.policy_domain) == (requested, "kampus.example")
    assert (f"A {author}" in zones.asked) is asked_whether_it_exists


def test_whether_a_subdomain_exists_is_not_asked_where_it_makes_no_difference() -> None:
    zones = policies(kampus_example="p=none; sp=reject; np=reject")
    assert judged("lab.kampus.example", zones).requested == "reject"
    assert "A lab.kampus.example" not in zones.asked


@pytest.mark.parametrize(
    "zones",
    [
        Zones({}),
        policies(kampus_example="p=rejct"),
        Zones({"_dmarc.kampus.example": texts("v=DMARC1; p=reject", "v=DMARC1; p=none")}),
        Zones({"_dmarc.kampus.example": texts("v=DMARC2; p=reject")}),
        Zones({"kampus.example": texts("v=DMARC1; p=reject")}),
    ],
)
def test_without_a_policy_that_can_be_used_dmarc_says_nothing(zones: Zones) -> None:
    spf = passed_spf("kampus.example")
    assert judged("kampus.example", zones, spf) == DmarcResult("none", "kampus.example")


def test_other_texts_beside_the_policy_do_no_harm() -> None:
    zones = Zones({"_dmarc.kampus.example": texts("hello", "v=DMARC1; p=reject")})
    assert judged("kampus.example", zones).requested == "reject"


def test_a_silent_dns_leaves_it_open_unless_something_is_aligned_already() -> None:
    silent = {FAILS: ["SERVFAIL"]}
    no_policy = Zones({"_dmarc.kampus.example": silent})
    result = judged("kampus.example", no_policy)
    assert (result.verdict, result.applied) == ("temperror", "none")
    assert result.reason == "SERVFAIL for _dmarc.kampus.example TXT"

    no_walk = Zones(
        {**policies(kampus_example="p=reject").records, "_dmarc.x.kampus.example": silent}
    )
    left_open = judged("kampus.example", no_walk, passed_spf("x.kampus.example"))
    assert (left_open.verdict, left_open.applied) == ("temperror", "none")
    signed = judged(
        "kampus.example", no_walk, passed_spf("x.kampus.example"), passed_dkim("kampus.example")
    )
    assert (signed.verdict, signed.aligned_spf, signed.reason) == ("pass", False, "")


# --- the author ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "domain"),
    [
        ("From: ani@kampus.example", "kampus.example"),
        ("From: Ani <ani@Kampus.Example>", "kampus.example"),
        ('From: "bos@kantor.example" <ani@kampus.example>', "kampus.example"),
        ("From: =?utf-8?q?bos=40kantor=2Eexample?= <ani@kampus.example>", "kampus.example"),
        ("From: Ani\r\n <ani@kampus.example>", "kampus.example"),
        ("from : ani@kampus.example", "kampus.example"),
        ("From: ani@kampus.example, budi@kampus.example", "kampus.example"),
        ("From: Ani <ani@kampüs.example>", "xn--kamps-nva.example"),
        ("From: ani@kampus.example, bos@kantor.example", None),
        ("From: ani@kampus.example\r\nFrom: bos@kantor.example", None),
        ("From: ani@kampus.example\r\nFrom: ani@kampus.example", None),
        ("From: Ani <ani@kampus.example> <bos@kantor.example>", None),
        ("From: ani@[192.0.2.7]", None),
        ("From: Ani", None),
        ("From: undisclosed:;", None),
        ("From:", None),
        ("To: ani@kampus.example", None),
        ("From: " + "(" * 3_000, None),
        ("From: " + "x" * 5_000 + "@kampus.example", None),
    ],
)
def test_the_author_domain_is_the_one_domain_in_from(header: str, domain: str | None) -> None:
    assert author_domain(f"{header}\r\n\r\nbody\r\n".encode()) == domain


def test_without_one_author_domain_nothing_can_be_evaluated() -> None:
    zones = Zones({})
    result = now(evaluate(None, NO_SPF, (), zones.lookup))
    assert (result.verdict, result.reason) == ("permerror", "not one author domain")
    assert zones.asked == []


def test_the_trace_is_told_what_was_looked_at() -> None:
    zones = policies(kampus_example="p=reject; t=y")
    assert judged("lab.kampus.example", zones, passed_spf("asing.example")).inputs() == {
        "author": "lab.kampus.example",
        "policy_domain": "kampus.example",
        "organizational_domain": "kampus.example",
        "requested": "reject",
        "applied": "quarantine",
        "spf": "not aligned",
        "dkim": "not aligned",
        "testing": "yes",
        "reason": "",
    }
