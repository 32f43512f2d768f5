"""The sender's mail client: composes a mail, finds its own server, and hands the mail over."""

from __future__ import annotations

from simulator.engine.site import SimulatedSite
from simulator.mail.conversation import converse
from simulator.mail.credentials import Credentials
from simulator.mail.header import fields_of
from simulator.mail.message import compose
from simulator.mail.own_server import address_of_own_server
from simulator.mail.site import Errand
from simulator.mail.smtp.dialogue import Finding, Transaction, Verdict, Verdicts
from simulator.mail.submission import submit
from simulator.scenario.domain_labels import u_labels
from simulator.scenario.model import Mail
from simulator.scenario.typed import SUBMISSION, SUBMISSIONS
from simulator.trace.event import Composed, Judged, Stamped
from simulator.trace.octets import octets_to_text


class MailClient:
    """One user's program for writing mail."""

    def __init__(
        self, site: SimulatedSite, credentials: Credentials, server: str, port: int = SUBMISSION
    ) -> None:
        self._site = site
        self._credentials = credentials
        self._server = server
        self._port = port

    def write(self, mail: Mail) -> None:
        """Let its user write and send a mail, as soon as the machine is on."""
        site = self._site
        site.when_on(lambda: site.start(self.send(mail), f"{site.name} sends"))

    async def send(self, mail: Mail) -> None:
        """From the press on send to the server's 250."""
        journey = self._site.new_journey()
        octets = self._compose(mail, Errand(journey, 1))
        address = await address_of_own_server(self._site, self._server, Errand(journey, 1))
        if not address:
            return
        transaction = Transaction(
            mail.reverse_path,
            mail.recipients,
            octets,
            mail_parameters=_mail_parameters(mail),
            recipient_parameters=dict.fromkeys(mail.recipients, _recipient_parameters(mail)),
        )
        self._tell(Errand(journey, 2), await self._hand_over(transaction, address, journey))

    def _compose(self, mail: Mail, errand: Errand) -> bytes:
        message_id = f"<{self._site.date():%Y%m%d%H%M%S}.{self._number()}@{self._site.name}>"
        octets = compose(
            mail, date=self._site.date(), message_id=message_id, random=self._site.random
        ).octets
        data, encoding = octets_to_text(octets)
        self._site.emit(
            errand,
            Composed(
                reverse_path=mail.reverse_path,
                recipients=mail.recipients,
                subject=mail.subject,
                data=data,
                encoding=encoding,
            ),
        )
        self._site.emit(errand, Stamped(headers=tuple(fields_of(octets)), where="whole"))
        self._tell_spellings((mail.sender, *mail.recipients), errand)
        return octets

    def _tell_spellings(self, addresses: tuple[str, ...], errand: Errand) -> None:
        """Say how the DNS has the domains that people write with letters beyond ASCII."""
        for domain in dict.fromkeys(address.rpartition("@")[2].lower() for address in addresses):
            letters = u_labels(domain)
            if letters != domain:
                inputs = {"domain": letters}
                fact = Judged(rule="domain.a-labels", verdict=domain, inputs=inputs)
                self._site.emit(errand, fact)

    def _number(self) -> str:
        return f"{self._site.random.randrange(10**6):06d}"

    async def _hand_over(self, transaction: Transaction, address: str, journey: str) -> Verdicts:
        try:
            line = await self._site.call(
                self._server, address, self._port, "smtp", Errand(journey, 1)
            )
        except (ConnectionError, TimeoutError) as error:
            how = "unanswered" if isinstance(error, TimeoutError) else "refused"
            where = {"server": self._server, "address": address, "port": str(self._port)}
            unreached = Verdict("deferred", "4.4.1", "", spoken=False, finding=Finding(how, where))
            return dict.fromkeys(transaction.forward_paths, unreached)
        sealed = self._port == SUBMISSIONS
        dialogue = submit(self._site.name, transaction, self._credentials, sealed=sealed)
        return await converse(line, dialogue, steps={"MAIL": 2}, strict=True)

    def _tell(self, errand: Errand, verdicts: Verdicts) -> None:
        """Show the user what was not handed over, and why; a 250 needs no words.

        On a machine that went off meanwhile nothing is shown.
        """
        if self._site.is_off:
            return
        for recipient, verdict in verdicts.items():
            if verdict.outcome != "sent":
                self._site.emit(errand, _not_handed_over(recipient, verdict))


def _not_handed_over(recipient: str, verdict: Verdict) -> Judged:
    """The server refused, or put off; or the client found out by itself that it cannot."""
    inputs = {"recipient": recipient, "status": verdict.status}
    if verdict.finding is not None:
        inputs |= {"finding": verdict.finding.key, **verdict.finding.values}
        return Judged(rule="submission.kept", verdict="kept", inputs=inputs)
    how = "refused" if verdict.outcome == "failed" else "deferred"
    inputs["said"] = verdict.said
    return Judged(rule=f"submission.{how}", verdict=how, inputs=inputs)


def _mail_parameters(mail: Mail) -> tuple[str, ...]:
    """What the sender asks of a report on the whole mail (RFC 3461)."""
    wanted = (("RET", mail.returned.upper()), ("ENVID", mail.envelope_id))
    return tuple(f"{name}={value}" for name, value in wanted if value)


def _recipient_parameters(mail: Mail) -> tuple[str, ...]:
    """When the sender wants to hear of a recipient (RFC 3461 section 4.1)."""
    return (f"NOTIFY={','.join(mail.notify).upper()}",) if mail.notify else ()
