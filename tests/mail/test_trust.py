"""What servers do with SPF, DKIM and DMARC: whole runs, and strangers who lie."""

from __future__ import annotations

import msgspec
import pytest

from simulator.engine.cast import raise_actors
from simulator.engine.simulate import simulate
from simulator.engine.world import World
from simulator.mail.header import fields_of
from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Host, Mail, PickUp, Scenario, Words
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event, Judged, Query, Reply, Stamped, Stored
from simulator.trace.octets import octets_of
from tests.changed import change
from tests.dialogue import converse

MX = "mx1.kantor.example"
SPF_STRICT = '@ 3600 IN TXT "v=spf1 mx -all"'
SPF_SOFT = '@ 3600 IN TXT "v=spf1 mx ~all"'
DMARC_REJECT = '_dmarc 3600 IN TXT "v=DMARC1; p=reject"'
DMARC_QUARANTINE = '_dmarc 3600 IN TXT "v=DMARC1; p=quarantine"'


def domain(name: str, user: str, mx: str, **settings: object) -> Domain:
    plain = Domain(
        name=name,
        users=(user,),
        exchangers=(MailExchanger(preference=10, host=f"{mx}.{name}"),),
        submission=f"smtp.{name}",
        mailbox=f"mail.{name}",
    )
    return msgspec.structs.replace(plain, **settings)


def kampus(*records: str, **settings: object) -> Domain:
    return domain("kampus.example", "ani", "smtp", records=records, **settings)


def kantor(**settings: object) -> Domain:
    return domain("kantor.example", "citra", "mx1", **({"checks_trust": True} | settings))


def ani_writes(*domains: Domain, **otherwise: object) -> Scenario:
    mail = Mail(
        sender="ani@kampus.example",
        to=("citra@kantor.example",),
        subject="Rapat",
        body="Halo,\n\nRapat.\n",
    )
    return Scenario(
        name="trust",
        mails=(msgspec.structs.replace(mail, **otherwise),),
        domains=domains,
        pickups=(PickUp(mailbox="citra@kantor.example"),),
        words={"en": Words(title="trust")},
    )


def stranger_says(script: str, *domains: Domain) -> list[Event]:
    """Somebody at 203.0.113.200, whom nobody's SPF record names, speaks to the MX."""
    scenario = msgspec.structs.replace(ani_writes(*domains), mails=(), pickups=())
    return said_to(MX, 25, scenario, script)


def said_to(server: str, port: int, scenario: Scenario, script: str) -> list[Event]:
    stranger = Host(
        name="stranger.example",
        role="mail_client",
        addresses=("203.0.113.200",),
        owner="",
        label="stranger",
    )
    world = World(scenario, (*hosts_of(scenario), stranger))
    raise_actors(world)
    return converse(world, server, port, script)


def verdicts(events: list[Event], host: str = "") -> list[str]:
    """Every decision about trust, as ``dkim pass``, in order."""
    return [
        f"{event.fact.rule.removeprefix('trust.')} {event.fact.verdict}"
        for event in events
        if isinstance(event.fact, Judged) and event.fact.rule.startswith("trust.")
        if host in {"", event.host}
    ]


def inputs(events: list[Event], rule: str, verdict: str) -> dict[str, str]:
    (found,) = (
        event.fact.inputs
        for event in events
        if isinstance(event.fact, Judged)
        and (event.fact.rule, event.fact.verdict) == (rule, verdict)
    )
    return found


def stored(events: list[Event]) -> Stored:
    (found,) = (event.fact for event in events if isinstance(event.fact, Stored))
    return found


def names(octets: bytes) -> list[str]:
    return [name for name, _ in fields_of(octets)]


def refusals(events: list[Event]) -> list[tuple[str, str]]:
    return [
        (event.fact.rule, event.fact.lines[0])
        for event in events
        if isinstance(event.fact, Reply) and str(event.fact.code).startswith("5")
    ]


# A mail that is what it says ------------------------------------------------------------------


@pytest.fixture(scope="module")
def honest() -> list[Event]:
    signing = kampus(SPF_STRICT, DMARC_REJECT, dkim_selector="s1")
    return list(simulate(ani_writes(signing, kantor(delivery="lmtp"))))


def test_an_honest_mail_passes_every_check(honest: list[Event]):
    assert verdicts(honest, "smtp.kampus.example") == ["dkim-sign signed"]
    assert verdicts(honest, MX) == ["spf none", "spf pass", "dkim pass", "dmarc pass"]
    assert inputs(honest, "trust.spf", "none")["identity"] == "helo"
    assert inputs(honest, "trust.spf", "pass")["mechanism"] == "mx"
    assert inputs(honest, "trust.dmarc", "pass")["dkim"] == "aligned"
    assert refusals(honest) == []


def test_each_server_writes_its_stamps_above_its_own_received(honest: list[Event]):
    mail = stored(honest)
    assert mail.folder == "INBOX"
    assert names(octets_of(mail))[:10] == [
        "Return-Path",
        "Delivered-To",
        "Received",
        "Authentication-Results",
        "Received-SPF",
        "Received",
        "DKIM-Signature",
        "Received",
        "From",
        "To",
    ]
    results = dict(fields_of(octets_of(mail)))["Authentication-Results"]
    assert results.startswith(f"{MX};\r\n\tspf=pass smtp.mailfrom=kampus.example;")
    assert "dkim=pass" in results
    assert "dmarc=pass" in results


def test_every_stamp_is_told(honest: list[Event]):
    told = [
        (event.host, *(name for name, _ in event.fact.headers))
        for event in honest
        if isinstance(event.fact, Stamped) and event.fact.where == "top"
    ]
    assert told == [
        ("smtp.kampus.example", "Received"),
        ("smtp.kampus.example", "DKIM-Signature"),
        (MX, "Received"),
        (MX, "Authentication-Results", "Received-SPF"),
        ("mail.kantor.example", "Return-Path", "Delivered-To", "Received"),
    ]


def test_the_dns_is_asked_in_the_order_in_which_a_real_server_asks(honest: list[Event]):
    asked = [
        f"{event.fact.type} {event.fact.name}"
        for event in honest
        if isinstance(event.fact, Query) and event.host == MX
        if not event.fact.type.startswith("PTR")
    ]
    assert asked == [
        "A smtp.kampus.example",
        "TXT smtp.kampus.example",
        "TXT kampus.example",
        "MX kampus.example",
        "A smtp.kampus.example",
        "TXT s1._domainkey.kampus.example",
        "TXT _dmarc.kampus.example",
    ]


def test_the_same_seed_signs_with_the_same_key_and_another_seed_with_another():
    scenario = ani_writes(kampus(dkim_selector="s1"), kantor())
    again, other = (msgspec.structs.replace(scenario, seed=seed) for seed in (1, 2))
    first, second, third = (
        dict(fields_of(octets_of(stored(list(simulate(one))))))["DKIM-Signature"]
        for one in (scenario, again, other)
    )
    assert first == second != third
    assert verdicts(list(simulate(other)), MX)[-2] == "dkim pass"


def test_a_mail_without_signature_and_record_is_taken_and_nothing_is_proved():
    events = list(simulate(ani_writes(kampus(), kantor())))
    assert verdicts(events) == ["spf none", "spf none", "dkim none", "dmarc none"]
    results = dict(fields_of(octets_of(stored(events))))["Authentication-Results"]
    assert [line.split(" ")[0] for line in results.split("\r\n\t")[1:]] == [
        "spf=none",
        "dkim=none;",
        "dmarc=none",
    ]


def test_who_does_not_check_writes_nothing_and_asks_nothing():
    events = list(simulate(ani_writes(kampus(SPF_STRICT), kantor(checks_trust=False))))
    assert verdicts(events) == []
    assert "Received-SPF" not in names(octets_of(stored(events)))
    assert not [e for e in events if isinstance(e.fact, Query) and e.fact.type == "TXT"]


def test_the_same_server_can_sign_at_one_port_and_check_at_the_other():
    both = kampus(SPF_STRICT, dkim_selector="s1", checks_trust=True)
    writes = domain("kantor.example", "citra", "smtp")
    scenario = ani_writes(both, writes, sender="citra@kantor.example", to=("ani@kampus.example",))
    events = list(simulate(scenario))
    assert verdicts(events) == ["spf none", "spf none", "dkim none", "dmarc none"]


# Mail that goes another way -------------------------------------------------------------------


def test_a_forwarded_mail_fails_spf_but_its_signature_survives():
    signing = kampus(SPF_SOFT, DMARC_REJECT, dkim_selector="s1")
    forwarding = kantor(checks_trust=False, aliases={"alumni": ("eka@rumah.example",)})
    rumah = domain("rumah.example", "eka", "mx1", checks_trust=True)
    events = list(simulate(ani_writes(signing, forwarding, rumah, to=("alumni@kantor.example",))))
    assert verdicts(events, "mx1.rumah.example") == [
        "spf none",
        "spf softfail",
        "dkim pass",
        "dmarc pass",
    ]
    passed = inputs(events, "trust.dmarc", "pass")
    assert (passed["spf"], passed["dkim"]) == ("not aligned", "aligned")
    assert stored(events).mailbox == "eka@rumah.example"


def test_a_forwarded_mail_is_refused_where_the_owner_denies_all_others():
    signing = kampus(SPF_STRICT, dkim_selector="s1")
    forwarding = kantor(checks_trust=False, aliases={"alumni": ("eka@rumah.example",)})
    rumah = domain("rumah.example", "eka", "mx1", checks_trust=True)
    events = list(simulate(ani_writes(signing, forwarding, rumah, to=("alumni@kantor.example",))))
    assert verdicts(events, "mx1.rumah.example") == ["spf none", "spf fail"]
    rule, said = refusals(events)[0]
    assert rule == "rcpt.spf-fail"
    assert stored(events).mailbox == "ani@kampus.example", "the forwarder reports it to the author"
    assert said.startswith("550 5.7.23 <eka@rumah.example>: Recipient address rejected: ")


def test_a_backup_s_checks_stand_when_it_brings_the_mail_to_the_better_server():
    exchangers = tuple(
        MailExchanger(preference=n * 10, host=f"mx{n}.kantor.example") for n in (1, 2)
    )
    scenario = ani_writes(
        kampus(
            SPF_STRICT.replace("mx", "ip4:192.0.2.99").replace("-all", "~all"), DMARC_QUARANTINE
        ),
        kantor(exchangers=exchangers),
    )
    down = change(f"at {MX} until 1 min: refuse")
    events = list(simulate(scenario.changed(down)))
    assert verdicts(events, MX) == []
    assert verdicts(events, "mx2.kantor.example")[-2:] == ["dmarc fail", "folder junk"]
    assert stored(events).folder == "Junk"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("From: orang@asing.example", "From is of asing.example"),
        ("Subject: tanpa nama", "From is of nobody"),
        ("From: ani@kampus.example\\r\\nno field", "this message cannot be signed: "),
    ],
)
def test_what_cannot_be_signed_in_the_domain_s_name_goes_unsigned(header: str, reason: str):
    events = said_to(
        "smtp.kampus.example",
        587,
        ani_writes(kampus(dkim_selector="s1"), kantor(checks_trust=False)),
        f"""
        S: 220
        C: EHLO pc-ani.kampus.example
        S: 250 CHUNKING
        C: STARTTLS
        S: 220
        TLS
        C: EHLO pc-ani.kampus.example
        S: 250 CHUNKING
        C: AUTH PLAIN AGFuaUBrYW1wdXMuZXhhbXBsZQByYWhhc2lh
        S: 235
        C: MAIL FROM:<ani@kampus.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: DATA
        S: 354
        C: {header}
        C:
        C: Halo.
        C: .
        S: 250
        C: QUIT
        S: 221
        """,
    )
    told = inputs(events, "trust.dkim-sign", "unsigned")
    assert told["reason"].startswith(reason)
    assert told["domain"] == "kampus.example"


# Strangers who lie ----------------------------------------------------------------------------

HELLO = """
    S: 220
    C: EHLO stranger.example
    S: 250 CHUNKING
"""
SPOOFED = """
    S: 354
    C: From: Rektor <ani@kampus.example>
    C: Subject: Rapat
    C:
    C: Halo.
    C: .
"""


def test_spf_refuses_at_rcpt_and_asks_once_for_all_recipients():
    events = stranger_says(
        HELLO
        + """
        C: MAIL FROM:<ani@kampus.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 550 5.7.23 <citra@kantor.example>: Recipient address rejected: Message rejected
        C: RCPT TO:<postmaster@kantor.example>
        S: 550 5.7.23
        C: MAIL FROM:<orang@tidakada.example>
        S: 503
        C: RSET
        S: 250
        C: MAIL FROM:<orang@tidakada.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: QUIT
        S: 221
        """,
        kampus(SPF_STRICT),
        kantor(),
    )
    assert verdicts(events) == ["spf none", "spf fail", "spf none", "spf none"]


def test_a_helo_name_whose_owner_denies_it_is_refused_whatever_the_sender_is():
    events = stranger_says(
        """
        S: 220
        C: EHLO kampus.example
        S: 250 CHUNKING
        C: MAIL FROM:<>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 550 5.7.23
        C: QUIT
        S: 221
        """,
        kampus(SPF_STRICT),
        kantor(),
    )
    assert verdicts(events) == ["spf fail"]
    assert inputs(events, "trust.spf", "fail")["identity"] == "helo"


def from_elsewhere(*, said: str, policy: str) -> list[Event]:
    """An envelope that SPF has nothing against, around a From that is somebody else's."""
    envelope = """
        C: MAIL FROM:<orang@tidakada.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: DATA
    """
    ending = f"{said}\nC: QUIT\nS: 221"
    return stranger_says(f"{HELLO}{envelope}{SPOOFED}{ending}", kampus(policy), kantor())


def test_a_spoofed_author_is_rejected_after_the_message_where_the_owner_asks_for_it():
    events = from_elsewhere(
        said="S: 550 5.7.1 rejected by DMARC policy for kampus.example", policy=DMARC_REJECT
    )
    assert verdicts(events) == ["spf none", "spf none", "dkim none", "dmarc fail"]
    assert refusals(events)[0][0] == "data.dmarc-reject"
    assert not [e for e in events if e.kind in {"queued", "stored"}]


def test_a_spoofed_author_is_put_into_junk_where_the_owner_asks_for_quarantine():
    events = from_elsewhere(said="S: 250 2.0.0", policy=DMARC_QUARANTINE)
    assert verdicts(events)[-2:] == ["dmarc fail", "folder junk"]
    mail = stored(events)
    assert mail.folder == "Junk"
    assert "X-Spam-Flag" in names(octets_of(mail))
    assert "dmarc=fail (p=quarantine dis=quarantine)" in mail.data


def test_pop3_does_not_fetch_what_lies_in_junk():
    scenario = ani_writes(kampus(SPF_SOFT.replace("mx", ""), DMARC_QUARANTINE), kantor())
    events = list(simulate(scenario))
    assert stored(events).folder == "Junk"
    assert not [event for event in events if event.kind in {"fetched", "read"}]


def test_forged_results_and_junk_marks_further_down_count_for_nothing():
    events = stranger_says(
        HELLO
        + f"""
        C: MAIL FROM:<orang@tidakada.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: DATA
        S: 354
        C: X-Spam-Flag: YES
        C: Authentication-Results: {MX}; dmarc=pass header.from=bank.example
        C: From: orang@tidakada.example
        C:
        C: Halo.
        C: .
        S: 250 2.0.0
        C: QUIT
        S: 221
        """,
        kampus(),
        kantor(),
    )
    assert inputs(events, "trust.forged", "removed")["value"].startswith(f"{MX}; dmarc=pass")
    mail = stored(events)
    assert mail.folder == "INBOX"
    assert "bank.example" not in mail.data
    assert names(octets_of(mail)).count("Authentication-Results") == 1
