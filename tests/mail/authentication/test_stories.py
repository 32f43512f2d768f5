"""What becomes of mails in the world: sent, forwarded, edited, forged; all checks together.

kantor.example receives. kampus.example publishes SPF, signs, and asks by DMARC to reject what
fails; alumni.example forwards; asing.example is a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from simulator.mail.authentication.author import author_domain
from simulator.mail.authentication.dkim_verify import DkimResult, verify
from simulator.mail.authentication.dmarc import DmarcResult, evaluate
from simulator.mail.authentication.spf import Claim, SpfResult, check
from simulator.mail.header import prepend
from tests.mail.authentication.mails import MAIL, key_zone, signed
from tests.mail.authentication.zones import NOW, Zones, now, texts

FROM_KAMPUS = Claim("10.77.0.25", "smtp.kampus.example", "ani@kampus.example")
FROM_FORWARDER = Claim("10.77.0.71", "mail.alumni.example", "ani@kampus.example")
FROM_STRANGER = Claim("10.77.0.99", "host99.asing.example", "x@asing.example")


@dataclass(frozen=True)
class Checked:
    """All that kantor.example found out about a mail."""

    spf: SpfResult
    dkim: tuple[DkimResult, ...]
    dmarc: DmarcResult

    @property
    def verdicts(self) -> tuple[str, str, str]:
        return self.spf.verdict, self.dkim[0].verdict, self.dmarc.verdict


def dns(policy: str = "p=reject") -> Zones:
    return Zones(
        {
            "kampus.example": {**texts("v=spf1 mx -all"), "MX": ["10 smtp.kampus.example."]},
            "smtp.kampus.example": {"A": ["10.77.0.25"], **texts("v=spf1 a -all")},
            "_dmarc.kampus.example": texts(f"v=DMARC1; {policy}"),
            "alumni.example": texts("v=spf1 ip4:10.77.0.71 -all"),
            "asing.example": texts("v=spf1 ip4:10.77.0.99 -all"),
            "lab.kampus.example": {"A": ["10.77.0.30"]},
            **key_zone(),
            **key_zone(domain="asing.example"),
        }
    )


def received(claim: Claim, octets: bytes, zones: Zones | None = None) -> Checked:
    lookup = (zones or dns()).lookup

    async def all_three() -> Checked:
        spf = await check(claim, lookup, receiver="kantor.example", at=NOW)
        dkim = await verify(octets, lookup, at=NOW)
        return Checked(spf, dkim, await evaluate(author_domain(octets), spf, dkim, lookup))

    return now(all_three())


def written_by(author: str) -> bytes:
    return MAIL.replace(b"ani@kampus.example", author.encode())


def test_a_mail_from_its_own_server_passes_everything() -> None:
    checked = received(FROM_KAMPUS, signed())
    assert checked.verdicts == ("pass", "pass", "pass")
    assert checked.dmarc.aligned_spf
    assert checked.dmarc.aligned_dkim
    assert checked.dmarc.applied == "none"


def test_spf_alone_is_enough() -> None:
    assert received(FROM_KAMPUS, MAIL).verdicts == ("pass", "none", "pass")


def test_forwarded_unchanged_spf_fails_but_the_signature_carries_the_mail() -> None:
    forwarded = prepend(signed(), [("Received", "from smtp.kampus.example by mail.alumni.example")])
    checked = received(FROM_FORWARDER, forwarded)
    assert checked.verdicts == ("fail", "pass", "pass")
    assert (checked.dmarc.aligned_spf, checked.dmarc.aligned_dkim) == (False, True)


def test_forwarded_with_the_envelope_rewritten_spf_passes_for_somebody_else() -> None:
    rewritten = Claim("10.77.0.71", "mail.alumni.example", "srs0=ani@alumni.example")
    checked = received(rewritten, signed())
    assert checked.verdicts == ("pass", "pass", "pass")
    assert not checked.dmarc.aligned_spf


def test_a_mailing_list_that_edits_the_mail_breaks_the_signature() -> None:
    edited = (
        signed()
        .replace(b"Subject: ", b"Subject: [alumni] ")
        .replace(b"\r\nAni\r\n", b"\r\nAni\r\n-- \r\nmilis alumni\r\n")
    )
    by_list = Claim("10.77.0.71", "mail.alumni.example", "milis-bounces@alumni.example")
    checked = received(by_list, edited)
    assert checked.verdicts == ("pass", "fail", "fail")
    assert checked.dkim[0].reason == "body hash did not verify"
    assert checked.dmarc.applied == "reject"


@pytest.mark.parametrize(
    ("policy", "applied"),
    [
        ("p=reject", "reject"),
        ("p=quarantine", "quarantine"),
        ("p=none", "none"),
        ("p=reject; t=y", "quarantine"),
        ("p=quarantine; t=y", "none"),
    ],
)
def test_a_forged_author_meets_the_policy_of_the_domain_that_was_forged(
    policy: str, applied: str
) -> None:
    checked = received(FROM_STRANGER, MAIL, dns(policy))
    assert checked.verdicts == ("pass", "none", "fail")  # SPF passed: for asing.example
    assert checked.dmarc.applied == applied


def test_a_strangers_own_signature_does_not_help_a_forged_author() -> None:
    checked = received(FROM_STRANGER, signed(MAIL, domain="asing.example"))
    assert checked.verdicts == ("pass", "pass", "fail")
    assert not checked.dmarc.aligned_dkim


def test_a_stranger_who_is_honest_passes_spf_and_has_no_policy() -> None:
    checked = received(FROM_STRANGER, written_by("x@asing.example"))
    assert checked.verdicts == ("pass", "none", "none")


def test_a_second_from_does_not_let_a_forger_choose_the_policy() -> None:
    two = MAIL.replace(b"From: ", b"From: x@asing.example\r\nFrom: ")
    assert received(FROM_STRANGER, two).verdicts == ("pass", "none", "permerror")


@pytest.mark.parametrize(
    ("author", "requested"),
    [
        ("ani@kampus.example", "none"),
        ("ani@lab.kampus.example", "quarantine"),
        ("ani@hantu.kampus.example", "reject"),
    ],
)
def test_subdomains_that_exist_and_those_that_do_not(author: str, requested: str) -> None:
    zones = dns("p=none; sp=quarantine; np=reject")
    checked = received(FROM_STRANGER, written_by(author), zones)
    assert checked.dmarc.requested == checked.dmarc.applied == requested


def test_a_bounce_has_no_sender_and_passes_by_the_name_of_its_server() -> None:
    bounce = Claim("10.77.0.25", "smtp.kampus.example", "")
    octets = written_by("MAILER-DAEMON@smtp.kampus.example")
    checked = received(bounce, octets)
    assert (checked.spf.identity, checked.spf.domain) == ("helo", "smtp.kampus.example")
    assert checked.verdicts == ("pass", "none", "pass")
    # From the domain itself, the server's name is aligned as long as alignment is relaxed.
    relaxed = received(bounce, written_by("MAILER-DAEMON@kampus.example"))
    strict = received(bounce, written_by("MAILER-DAEMON@kampus.example"), dns("p=reject; aspf=s"))
    assert (relaxed.dmarc.verdict, strict.dmarc.verdict) == ("pass", "fail")


def test_the_questions_in_the_order_in_which_a_server_asks_them() -> None:
    zones = dns()
    received(FROM_KAMPUS, signed(), zones)
    assert zones.asked == [
        "TXT kampus.example",
        "MX kampus.example",
        "A smtp.kampus.example",
        "TXT s1._domainkey.kampus.example",
        "TXT _dmarc.kampus.example",
    ]
