"""Our sending server hands a mail to scripted servers, in virtual time."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Any

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.mail.transparency import dot_unstuff
from simulator.scenario.domain import Domain, MailExchanger, Retry
from simulator.scenario.model import Mail, Scenario, Words
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Composed, Content, Event, Judged
from simulator.trace.octets import octets_of
from tests.judges.scripted_server import ScriptedServer
from tests.judges.sending_case import MX, REFUSED, SENDER, SENDING_SERVER, Case, Course
from tests.judges.sending_report import named, report_lines


class OurCourse:
    """What our sending server did with a case, and what its user's client had told it."""

    def __init__(self, case: Case, domain: str) -> None:
        self.course = Course(domain, in_step=case.in_step)
        self.events = _played(case, domain, self.course)
        for event in self.events:
            match event.fact:
                case Judged(rule="delivery.outcome", inputs=about) if about["recipient"] != SENDER:
                    self.course.outcomes.append(_outcome(event.fact))
                case Composed(report="failed" | "delayed" | "delivered" | "relayed"):
                    self.course.reports.append(report_lines(octets_of(event.fact)))

    def submission(self) -> tuple[list[str], bytes]:
        """The envelope as the client gave it, and the message."""
        envelope: list[str] = []
        for event in self.events:
            match event.fact:
                case Command(peer=peer, line=line) if peer == SENDING_SERVER:
                    if line.startswith(("MAIL", "RCPT")):
                        envelope.append(line)
                case Content(peer=peer) if peer == SENDING_SERVER:
                    return envelope, dot_unstuff(octets_of(event.fact))
        raise AssertionError("the client handed nothing over")


def _outcome(fact: Judged) -> str:
    about = fact.inputs
    said = f" {about['said']}" if fact.verdict == "sent" else ""
    return named(f"{about['recipient']}: {fact.verdict} {about['status']}{said}")


def _played(case: Case, domain: str, course: Course) -> list[Event]:
    scenario = _scenario(case, domain)
    world = World(scenario, hosts_of(scenario))
    raise_actors(world)
    for mx, script in zip(MX, case.scripts, strict=False):
        (address,) = world.hosts[f"{mx}.{domain}"].addresses
        world.network.listeners.pop((address, 25))
        if script is not REFUSED:
            world.network.listen(address, 25, partial(ScriptedServer, script, mx, course))
    with closing(world):
        return list(world.told())


def _in(domain: str, value: Any) -> Any:
    """A value of a mail: of addresses, those of this domain."""
    if isinstance(value, tuple):
        return tuple(one.replace("{domain}", domain) for one in value)
    return value


def _scenario(case: Case, domain: str) -> Scenario:
    """One try alone: what is deferred is given up at once."""
    recipients = tuple(f"{user}@{domain}" for user in case.users)
    usual = {"sender": SENDER, "to": recipients, "subject": "Rapat", "body": "Halo."}
    mail = Mail(**usual | {key: _in(domain, value) for key, value in case.mail.items()})
    kampus = Domain(
        name="kampus.example",
        users=("ani",),
        exchangers=(MailExchanger(preference=10, host="mx1.kampus.example"),),
        submission=SENDING_SERVER,
        mailbox="mail.kampus.example",
        tls="may" if case.seals else "none",
        retry=Retry(lifetime=0),
    )
    exchangers = tuple(
        MailExchanger(preference=10 * place, host=f"{mx}.{domain}")
        for place, mx in enumerate(MX[: len(case.scripts)], 1)
    )
    other = Domain(
        name=domain,
        users=case.users,
        exchangers=exchangers,
        submission=f"smtp.{domain}",
        mailbox=f"mail.{domain}",
    )
    return Scenario(
        name="judged",
        mails=(mail,),
        domains=(kampus, other),
        pickups=(),
        words={"en": Words(title="judged")},
    )
