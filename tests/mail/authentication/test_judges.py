"""Judges from outside: programs that others wrote come to the same verdicts as ours.

Mail::DKIM (Perl) verifies RSA signatures and Mail::SPF checks clients; mailauth (Node) verifies
both kinds of signatures and evaluates DMARC by RFC 9989; authres reads Authentication-Results;
checkdmarc reads policy records.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import dns.rdatatype
import dns.zone
import pytest

from simulator.engine.simulate import simulate
from simulator.engine.zone_files import zones_of
from simulator.mail.authentication.dkim_keys import public_record
from simulator.mail.authentication.dkim_verify import DkimResult, verify
from simulator.mail.authentication.dmarc import evaluate
from simulator.mail.authentication.dmarc_record import parse_policy
from simulator.mail.authentication.inquiry import strings_of
from simulator.mail.authentication.results import authentication_results
from simulator.mail.authentication.spf import Claim, SpfResult
from simulator.mail.authentication.spf import check as spf_check
from simulator.mail.trust import dkim_key
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Judged, Stored
from simulator.trace.octets import octets_of
from tests.engine.test_looked_up import KAMPUS, KANTOR, KEY_NAME, REAL_KEY, SIGNING, looked_up, said
from tests.judges.programs import missing, program
from tests.lessons_in_scenarios.played import play
from tests.mail.authentication.mails import ED25519, MAIL, key_zone, signed
from tests.mail.authentication.zones import NOW, Zones, now, quoted

pytestmark = pytest.mark.judge

_HERE = Path(__file__).parent

CHANGES = {
    "untouched": (b"", b""),
    "a field on top": (b"Received: from pc", b"X-Spam: no\r\nReceived: from pc"),
    "a field folded anew": (b"Subject: Rapat Senin", b"subject:  Rapat\r\n\tSenin "),
    "empty lines at the end": (b"Ani\r\n", b"Ani\r\n\r\n\r\n"),
    "another subject": (b"Subject: Rapat", b"Subject: [kelas] Rapat"),
    "another From": (b"To: citra", b"From: bos@kampus.example\r\nTo: citra"),
    "another body": (b"09.00", b"10.00"),
    "a footer": (b"Ani\r\n", b"Ani\r\n-- \r\nMilis kelas\r\n"),
}
"""What happens to mails on their way."""

MAILS = {name: signed().replace(*change) for name, change in CHANGES.items()}


def ours(octets: bytes, records: dict[str, dict[str, list[str]]]) -> list[tuple[str, str]]:
    found = now(verify(octets, Zones(records).lookup, at=NOW))
    return [(one.domain, one.verdict) for one in found]


def plain(records: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Zones as mailauth is told them: a text for each record."""
    return {
        name: {
            rdtype: [b"".join(strings_of(one)).decode() for one in data]
            if rdtype == "TXT"
            else data
            for rdtype, data in found.items()
        }
        for name, found in records.items()
    }


# --- Mail::DKIM ------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_mail_dkim_comes_to_the_same_verdict(change: str) -> None:
    perl = program("perl")
    if subprocess.run([perl, "-MMail::DKIM", "-e1"], capture_output=True, check=False).returncode:
        missing("Mail::DKIM is not installed (Debian: libmail-dkim-perl)")
    octets = MAILS[change]
    key = plain(key_zone())["s1._domainkey.kampus.example"]["TXT"][0]
    script = str(_HERE / "mail_dkim.pl")
    run = subprocess.run(
        [perl, script, f"s1._domainkey.kampus.example={key}"],
        input=octets,
        capture_output=True,
        check=True,
        timeout=30,
    )
    theirs = [tuple(line.split()) for line in run.stdout.decode().splitlines()]
    assert theirs == ours(octets, key_zone())


@pytest.mark.parametrize("scenario", ["trust-proved", "mailing-list", "list-rewrites-from"])
def test_mail_dkim_agrees_on_what_arrived_in_a_shipped_scenario(scenario: str) -> None:
    perl = program("perl")
    if subprocess.run([perl, "-MMail::DKIM", "-e1"], capture_output=True, check=False).returncode:
        missing("Mail::DKIM is not installed (Debian: libmail-dkim-perl)")
    run = play(scenario)
    keys = [
        f"{one.dkim_selector}._domainkey.{one.name}={_published(run.scenario.seed, one.name)}"
        for one in run.scenario.domains
        if one.dkim_selector
    ]
    (stored,) = [event.fact for event in run.events if isinstance(event.fact, Stored)]
    told = subprocess.run(
        [perl, str(_HERE / "mail_dkim.pl"), *keys],
        input=octets_of(stored),
        capture_output=True,
        check=True,
        timeout=30,
    )
    ours_of_the_run = [
        (event.fact.inputs["domain"], event.fact.verdict)
        for event in run.events
        if isinstance(event.fact, Judged) and event.fact.rule == "trust.dkim"
    ]
    assert [tuple(line.split()) for line in told.stdout.decode().splitlines()] == ours_of_the_run


def test_mail_dkim_agrees_that_a_real_key_does_not_fit_what_is_signed_here() -> None:
    perl = program("perl")
    if subprocess.run([perl, "-MMail::DKIM", "-e1"], capture_output=True, check=False).returncode:
        missing("Mail::DKIM is not installed (Debian: libmail-dkim-perl)")
    real = said(KEY_NAME, "TXT", REAL_KEY)
    events = tuple(simulate(looked_up(*KAMPUS, *KANTOR, real, text=SIGNING)))
    (stored,) = [event.fact for event in events if isinstance(event.fact, Stored)]
    for key, verdict in (
        (b"".join(strings_of(REAL_KEY)).decode(), "fail"),
        (_published(1, "kampus.co.id"), "pass"),
    ):
        told = subprocess.run(
            [perl, str(_HERE / "mail_dkim.pl"), f"{KEY_NAME}={key}"],
            input=octets_of(stored),
            capture_output=True,
            check=True,
            timeout=30,
        )
        assert told.stdout.decode().split() == ["kampus.co.id", verdict]


def _published(seed: int, domain: str) -> str:
    record = public_record(dkim_key(seed, domain))
    return b"".join(strings_of(record)).decode()


# --- Mail::SPF -------------------------------------------------------------------------------


def mail_spf(questions: list[dict[str, Any]]) -> list[str]:
    """What Mail::SPF finds, for each question."""
    perl = program("perl")
    if subprocess.run([perl, "-MMail::SPF", "-e1"], capture_output=True, check=False).returncode:
        missing("Mail::SPF is not installed (Debian: libmail-spf-perl)")
    run = subprocess.run(
        [perl, str(_HERE / "mail_spf.pl")],
        input=json.dumps(questions).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    results: list[str] = json.loads(run.stdout)
    return results


def served(scenario: Scenario) -> list[str]:
    """Every record of the simulated DNS, as lines of a zone file."""
    return [
        f"{name} {ttl} IN {dns.rdatatype.to_text(rdata.rdtype)} {rdata.to_text()}"
        for zones in zones_of(scenario, hosts_of(scenario)).values()
        for origin, text in zones.items()
        for name, ttl, rdata in dns.zone.from_text(
            text, origin=origin, relativize=False, check_origin=False
        ).iterate_rdatas()
    ]


def test_mail_spf_agrees_on_every_check_of_the_shipped_scenarios() -> None:
    questions, ours_of_the_runs = [], []
    for scenario in ("trust-proved", "spf-fail", "forwarded-mail", "spoofed-junk", "mailing-list"):
        run = play(scenario)
        for event in run.events:
            if isinstance(event.fact, Judged) and event.fact.rule == "trust.spf":
                told = event.fact.inputs
                helo = told["identity"] == "helo"
                questions.append(
                    {
                        "scope": "helo" if helo else "mfrom",
                        "identity": told["domain"] if helo else f"x@{told['domain']}",
                        "address": told["address"],
                        "helo": told["domain"],
                        "records": served(run.scenario),
                    }
                )
                ours_of_the_runs.append(event.fact.verdict)
    assert mail_spf(questions) == ours_of_the_runs
    assert {"pass", "fail", "none"} <= set(ours_of_the_runs)


SPF_TERMS = (
    *("all", "mx", "a", "a:mail.lain.example", "mx:lain.example", "ip4:192.0.2.0/28", "a/24"),
    *("include:lain.example", "include:tidakada.example", "exists:%{i}.spf.lain.example"),
    *("ip4:192.0.2.300", "redirect=lain.example", "a:%{d1r}.lain.example", "exp=x", "foo:bar"),
)


def spf_question(dice: random.Random) -> dict[str, Any]:
    """A client, a domain, and what two domains publish."""
    texts = {
        domain: " ".join(
            ["v=spf1", *(dice.choice("+-~?") * ("=" not in term) + term for term in terms)]
        )
        for domain in ("kampus.example", "lain.example")
        for terms in [dice.sample(SPF_TERMS, dice.randrange(4))]
    }
    records = [
        f'{domain} 60 IN TXT "{text}"' for domain, text in texts.items() if dice.random() < 0.9
    ]
    records += [
        "kampus.example 60 IN MX 10 mx1.kampus.example",
        "mx1.kampus.example 60 IN A 192.0.2.5",
        "lain.example 60 IN MX 10 mail.lain.example",
        "mail.lain.example 60 IN A 192.0.2.20",
        "kampus.example 60 IN A 198.51.100.1",
        "20.2.0.192.spf.lain.example 60 IN A 127.0.0.2",
        "example.lain.example 60 IN A 192.0.2.5",
    ]
    return {
        "scope": "mfrom",
        "identity": "ani@kampus.example",
        "address": dice.choice(("192.0.2.5", "192.0.2.20", "198.51.100.77", "203.0.113.1")),
        "helo": "pc.kampus.example",
        "records": records,
    }


def test_mail_spf_comes_to_the_same_verdict_on_random_records() -> None:
    dice = random.Random(7208)
    questions = [spf_question(dice) for _ in range(400)]
    seen = set()
    for question, theirs in zip(questions, mail_spf(questions), strict=True):
        zones: dict[str, dict[str, list[str]]] = {}
        for record in question["records"]:
            name, _, _, rdtype, data = record.split(" ", 4)
            zones.setdefault(name, {}).setdefault(rdtype, []).append(data)
        claim = Claim(question["address"], question["helo"], question["identity"])
        result = now(spf_check(claim, Zones(zones).lookup, receiver="mx1.kantor.example", at=NOW))
        seen.add(result.verdict)
        assert result.verdict == theirs, question
    assert seen == {"pass", "fail", "softfail", "neutral", "none", "permerror"}


# --- mailauth --------------------------------------------------------------------------------


def mailauth(questions: list[dict[str, Any]]) -> list[Any]:
    """mailauth's answers. It is found where Node finds packages: NODE_PATH.

    It wants a Node that not every machine has, so it may be missing in CI too.
    """
    node = program("node")
    script = str(_HERE / "mailauth.js")
    loads = subprocess.run(
        [node, "-e", "require('mailauth/lib/dmarc')"], capture_output=True, check=False
    )
    if loads.returncode:
        pytest.skip("mailauth is not installed (npm install mailauth@7; NODE_PATH)")
    text = json.dumps(questions).encode()
    run = subprocess.run([node, script], input=text, capture_output=True, check=True, timeout=60)
    answers: list[Any] = json.loads(run.stdout)
    return answers


def test_mailauth_comes_to_the_same_verdict_on_signatures() -> None:
    asked = [(octets, key_zone()) for octets in MAILS.values()]
    for change in CHANGES.values():
        octets = signed(key=ED25519).replace(*change)
        asked.append((octets, key_zone(ED25519)))
    both = signed(signed(), ED25519, "milis.example")
    asked.append((both, {**key_zone(), **key_zone(ED25519, "milis.example")}))
    asked.append((MAIL, {}))
    questions = [
        {
            "kind": "dkim",
            "message": base64.b64encode(octets).decode(),
            "zone": plain(records),
            "at": NOW.isoformat(),
        }
        for octets, records in asked
    ]
    # A body that does not match its hash is neutral to mailauth, where RFC 8601 2.7.1 has fail.
    said = {"neutral": "fail"}
    theirs = [
        [(domain or "", said.get(verdict, verdict)) for domain, verdict in answer]
        for answer in mailauth(questions)
    ]
    assert theirs == [ours(octets, records) for octets, records in asked]


NAMES = [
    "example",
    "bank.example",
    "giant.bank.example",
    "mail.giant.bank.example",
    "a.mail.giant.bank.example",
    "mega.bank.example",
    "a.b.c.d.e.f.giant.bank.example",
    "other.example",
]
TAGS = {
    "p": ("none", "quarantine", "reject"),
    "sp": ("none", "quarantine", "reject"),
    "np": ("none", "reject", "nonsense"),
    "adkim": ("r", "s"),
    "aspf": ("r", "s", "x"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
    "pct": ("0",),
}


def dmarc_question(dice: random.Random) -> dict[str, Any]:
    """A random part of the DNS, an author, and what SPF and DKIM passed for."""
    zone: dict[str, dict[str, list[str]]] = {}
    for name in NAMES:
        if dice.random() < 0.4:
            # Always with p=: without it mailauth applies no DMARC, by the letter of 4.10.1, where
            # we and checkdmarc follow the sentence in 4.7 that reads a missing p= as none.
            tags = ["p"] + [tag for tag in list(TAGS)[1:] if dice.random() < 0.3]
            text = "; ".join(f"{tag}={dice.choice(TAGS[tag])}" for tag in tags)
            more = ["v=spf1 -all"] if dice.random() < 0.1 else []
            zone[f"_dmarc.{name}"] = {"TXT": [f"v=DMARC1; {text}", *more]}
        if dice.random() < 0.3:
            zone[name] = {"A": ["192.0.2.1"]}
    return {
        "kind": "dmarc",
        "author": dice.choice(NAMES[2:]),
        "spf": dice.sample(NAMES, dice.randrange(2)),
        "dkim": dice.sample(NAMES, dice.randrange(3)),
        "zone": zone,
    }


def test_mailauth_comes_to_the_same_verdict_on_random_policies() -> None:
    dice = random.Random(9989)
    questions = [dmarc_question(dice) for _ in range(1_500)]
    seen = set()
    for question, theirs in zip(questions, mailauth(questions), strict=True):
        zones = Zones(
            {
                name: {**found, "TXT": [quoted(text.encode()) for text in found.get("TXT", ())]}
                for name, found in question["zone"].items()
            }
        )
        (spf_domain,) = question["spf"] or ("",)
        spf = SpfResult("pass" if spf_domain else "none", spf_domain)
        dkim = [DkimResult("pass", domain) for domain in question["dkim"]]
        result = now(evaluate(question["author"], spf, dkim, zones.lookup))
        seen.add((result.verdict, result.requested, result.applied))
        assert result.verdict == theirs["verdict"], question
        if result.verdict == "none":
            continue
        assert result.policy_domain == theirs["policy_domain"], question
        assert result.aligned_spf == theirs["aligned_spf"], question
        assert result.aligned_dkim == theirs["aligned_dkim"], question
        if result.verdict == "fail":
            assert result.applied == theirs["policy"], question
            organizational = result.organizational_domain or theirs["organizational_domain"]
            assert organizational == theirs["organizational_domain"], question
    assert {verdict for verdict, _, _ in seen} == {"pass", "fail", "none"}
    assert len(seen) > 8


# --- authres ---------------------------------------------------------------------------------


def test_authres_reads_what_we_write() -> None:
    if importlib.util.find_spec("authres") is None:
        missing("authres is not installed")
    import authres

    octets = MAILS["another body"]
    spf = SpfResult("fail", "kampus.example", "SPF fail - not authorized", "-all")
    dkim = now(verify(octets, Zones(key_zone()).lookup, at=NOW))
    policy = Zones({"_dmarc.kampus.example": {"TXT": ['"v=DMARC1; p=reject; t=y"']}})
    dmarc = now(evaluate("kampus.example", spf, dkim, policy.lookup))
    name, value = authentication_results("mx1.kantor.example", spf=spf, dkim=dkim, dmarc=dmarc)
    header = f"{name}: {value}".replace("\r\n", "")  # authres wants it unfolded
    parsed = authres.AuthenticationResultsHeader.parse(header)
    assert parsed.authserv_id == "mx1.kantor.example"
    read = {
        one.method: (
            one.result,
            one.reason,
            {f"{p.type}.{p.name}": p.value for p in one.properties},
        )
        for one in parsed.results
    }
    signature = dkim[0]
    assert read == {
        "spf": ("fail", "SPF fail - not authorized", {"smtp.mailfrom": "kampus.example"}),
        "dkim": (
            "fail",
            "body hash did not verify",
            {
                "header.d": "kampus.example",
                "header.i": "@kampus.example",
                "header.a": "rsa-sha256",
                "header.s": "s1",
                "header.b": signature.begins,
            },
        ),
        "dmarc": (
            "fail",
            None,
            {"header.from": "kampus.example", "policy.dmarc": "quarantine"},
        ),
    }


# --- checkdmarc ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tags",
    [
        "p=none",
        "p=reject; sp=quarantine; np=none",
        "p=quarantine; np=reject; psd=y",
        "p=reject; t=y; psd=n",
        "p=reject; adkim=s; aspf=s",
        "sp=reject; p=none",
        "p=reject; pct=50; unknown=1",
        "rua=mailto:a@kampus.example",
    ],
)
def test_checkdmarc_reads_a_policy_as_we_do(tags: str) -> None:
    if importlib.util.find_spec("checkdmarc") is None:
        pytest.skip("checkdmarc is not installed: twenty packages for a second opinion")
    from checkdmarc.dmarc import parse_dmarc_record

    theirs = parse_dmarc_record(f"v=DMARC1; {tags}", "kampus.example")["tags"]
    record = parse_policy(f"v=DMARC1; {tags}".encode())
    assert record is not None
    assert {
        tag: theirs[tag]["value"] for tag in ("p", "sp", "np", "psd", "t", "adkim", "aspf")
    } == {
        "p": record.p,
        "sp": record.request_for(subdomain=True),
        "np": record.request_for(subdomain=True, exists=False),
        "psd": record.psd,
        "t": "y" if record.testing else "n",
        "adkim": record.adkim,
        "aspf": record.aspf,
    }
