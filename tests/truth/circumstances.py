"""What was otherwise than in the shipped scenarios when the captures were made."""

from __future__ import annotations

import msgspec

from simulator.scenario.domain import Domain, MailExchanger, Retry
from simulator.scenario.model import Scenario
from simulator.scenario.virtual_time import SECOND
from tests.changed import change


def with_null_mx(scenario: Scenario) -> Scenario:
    """There is a domain that takes no mail (RFC 7505)."""
    return _with(scenario, _domain("nullmx.example", MailExchanger(preference=0, host=".")))


def with_empty_domain(scenario: Scenario) -> Scenario:
    """There is a domain that has neither an MX nor an address."""
    return _with(scenario, _domain("kosong.example"))


def _domain(name: str, *exchangers: MailExchanger) -> Domain:
    host = f"mail.{name}"
    return Domain(name=name, users=("eka",), exchangers=exchangers, submission=host, mailbox=host)


def _with(scenario: Scenario, domain: Domain) -> Scenario:
    return msgspec.structs.replace(scenario, domains=(*scenario.domains, domain))


def with_primary_down(scenario: Scenario) -> Scenario:
    """The best exchanger refuses, also when the other one tries for the second time."""
    down = change("at mx1.kantor.example until 6 s: refuse")
    return scenario.changed(down)


def with_trust(scenario: Scenario) -> Scenario:
    """The sender's domain publishes SPF and signs; the recipient's checks."""
    kampus, kantor = scenario.domains
    kampus = msgspec.structs.replace(
        kampus, records=('@ 3600 IN TXT "v=spf1 mx -all"',), dkim_selector="s1"
    )
    kantor = msgspec.structs.replace(kantor, checks_trust=True)
    return msgspec.structs.replace(scenario, domains=(kampus, kantor))


def with_soft_domain(scenario: Scenario) -> Scenario:
    """There is also a domain that only doubts mail from elsewhere."""
    rumah = _domain("rumah.example", MailExchanger(preference=10, host="mail.rumah.example"))
    soft = msgspec.structs.replace(rumah, records=('@ 3600 IN TXT "v=spf1 mx ~all"',))
    return _with(with_trust(scenario), soft)


def greylisting(scenario: Scenario) -> Scenario:
    """Both exchangers let a stranger wait; a second mail of the same sender comes later."""
    kampus, kantor = scenario.domains
    kantor = msgspec.structs.replace(kantor, greylist=12 * SECOND)
    (mail,) = scenario.mails
    second = msgspec.structs.replace(mail, subject="Kedua", at=60 * SECOND)
    return msgspec.structs.replace(scenario, domains=(kampus, kantor), mails=(mail, second))


def never_now(scenario: Scenario) -> Scenario:
    """The recipient's servers say not now, for ever; the sender is told when it gets late."""
    put_off = (
        change(f"on RCPT at {host}: reply 450 4.2.1 <citra@kantor.example>: Later")
        for host in ("mx1.kantor.example", "mx2.kantor.example")
    )
    # The captured servers stood on one machine: a try took no time.
    return msgspec.structs.replace(scenario.changed(*put_off), latency=100)


def without_mx(scenario: Scenario) -> Scenario:
    """There is a domain without an MX; the host that takes its mail has its name."""
    host = "tanpamx.example"
    domain = Domain(name=host, users=("eka",), exchangers=(), submission=host, mailbox=host)
    return _with(scenario, domain)


def asking_first(scenario: Scenario) -> Scenario:
    """The submission server asks the DNS for the domain of every recipient before its 250."""
    kampus, kantor = scenario.domains
    kampus = msgspec.structs.replace(kampus, refuses_unknown_domains=True)
    scenario = msgspec.structs.replace(scenario, domains=(kampus, kantor))
    lame = change("on dns at resolver.isp.example only lame.example: silence")
    scenario = scenario.changed(lame)
    return with_null_mx(with_empty_domain(scenario))


def with_unknown_recipients(scenario: Scenario) -> Scenario:
    """Some of the recipients do not exist, and then none."""
    (mail,) = scenario.mails
    at = "@kantor.example"
    some = msgspec.structs.replace(mail, to=(f"citra{at}", f"tidakada{at}", f"dedi{at}"))
    none = msgspec.structs.replace(mail, to=(f"tidakada1{at}", f"tidakada2{at}"), at=60 * SECOND)
    return msgspec.structs.replace(scenario, mails=(some, none))


def without_pipelining(scenario: Scenario) -> Scenario:
    """One of the recipients does not exist, and the server does not offer PIPELINING."""
    some, _ = with_unknown_recipients(scenario).mails
    kampus, kantor = scenario.domains
    kantor = msgspec.structs.replace(kantor, lacks=("PIPELINING",))
    return msgspec.structs.replace(scenario, mails=(some,), domains=(kampus, kantor))


def with_dots(scenario: Scenario) -> Scenario:
    """The mail has lines that begin with a dot."""
    (mail,) = scenario.mails
    mail = msgspec.structs.replace(mail, body="baris satu\n.\n..\n.titik di depan\nakhir\n")
    return msgspec.structs.replace(scenario, mails=(mail,))


def with_odd_server(scenario: Scenario) -> Scenario:
    """The server knows no EHLO, then greets with 421, then with 554, then wants no MAIL."""
    (mail,) = scenario.mails
    host = "host99.asing.example"
    mails = tuple(
        msgspec.structs.replace(mail, to=("x@asing.example",), at=number * 60 * SECOND)
        for number in range(4)
    )
    changes = (
        change(f"on EHLO at {host} times 1: reply 502 tidak kenal"),
        change(f"on greeting at {host} try 2 times 1: reply 421 4.3.2 sibuk"),
        change(f"on greeting at {host} try 3 times 1: reply 554 5.3.2 tutup"),
        change(f"on MAIL at {host} try 2 times 1: reply 421 4.7.0 nanti"),
    )
    asing = Domain(
        name="asing.example",
        users=("x",),
        exchangers=(MailExchanger(preference=10, host=host),),
        submission=host,
        mailbox=host,
        starttls=False,
        lacks=(
            *("PIPELINING", "SIZE", "VRFY", "ETRN", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN"),
            *("SMTPUTF8", "CHUNKING"),
        ),
    )
    kampus, *others = scenario.domains
    hasty = msgspec.structs.replace(kampus, retry=Retry(lifetime=0))
    return msgspec.structs.replace(
        scenario, mails=mails, domains=(hasty, *others, asing), changes=changes, pickups=()
    )


def with_exim(scenario: Scenario) -> Scenario:
    """There is a domain whose server is one like Exim."""
    host = "mail.warung.example"
    warung = Domain(
        name="warung.example",
        users=("gita",),
        exchangers=(MailExchanger(preference=10, host=host),),
        submission="smtp.warung.example",
        mailbox=host,
        follows="exim",
        starttls=False,
        size_limit=10_485_760,
    )
    return _with(scenario, warung)


def deferring(scenario: Scenario) -> Scenario:
    """The recipient's servers refuse to relay for now only."""
    return _as_set(scenario, defers_relaying=True)


def taking_bare_lf(scenario: Scenario) -> Scenario:
    """The recipient's servers take a bare LF for the end of a line; there is one more user."""
    return _as_set(scenario, bare_newline="accept", users=("citra", "dedi"))


def refusing_early_talk(scenario: Scenario) -> Scenario:
    """The recipient's servers refuse who does not wait."""
    return _as_set(scenario, refuses_early_talk=True)


def _as_set(scenario: Scenario, **settings: object) -> Scenario:
    """The recipient's servers as they were set in the capture."""
    kampus, kantor, *others = scenario.domains
    kantor = msgspec.structs.replace(kantor, **settings)
    return msgspec.structs.replace(scenario, domains=(kampus, kantor, *others))


def with_large_mail(scenario: Scenario) -> Scenario:
    """The mail has more octets than the recipient's servers take."""
    (mail,) = scenario.mails
    large = msgspec.structs.replace(mail, body=f"{'x' * 70}\n" * 3_000)
    kampus, kantor = scenario.domains
    small = msgspec.structs.replace(kantor, size_limit=100_000)
    return msgspec.structs.replace(scenario, mails=(large,), domains=(kampus, small))
