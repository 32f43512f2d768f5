"""How a mail server, of whatever ``Doorway``, receives: who may send what, and what it writes."""

from __future__ import annotations

import ssl
from dataclasses import replace

from simulator.mail.content_reader import longest_line
from simulator.mail.doorway import Doorway
from simulator.mail.expansion import Expansion, expanded
from simulator.mail.header import fields_of, prepend
from simulator.mail.host_names import confirmed_name, is_host_name
from simulator.mail.known_domain import refusal_of_recipient, refusal_of_sender
from simulator.mail.limits import SendingAllowance, latest_midnight
from simulator.mail.mishap import struck, tell
from simulator.mail.outbox import Outbox
from simulator.mail.own_address import names_this_machine
from simulator.mail.playground import addresses_at, wish_of
from simulator.mail.proofs import Proof
from simulator.mail.queue import QueuedMail
from simulator.mail.reading import tell_reading
from simulator.mail.reply import Ruled
from simulator.mail.site import Site, Struck
from simulator.mail.smtp import exim_wording, wording
from simulator.mail.smtp.paths import routes_itself
from simulator.mail.trace_fields import received, with_protocol
from simulator.mail.visitor import Finding, Incoming, Trust, Visitor
from simulator.scenario.domain import Domain
from simulator.trace.event import Judged, Stamped


class MailReception:
    """The decisions of one port of a mail server."""

    greeting = "ESMTP"

    def __init__(self, site: Site, doorway: Doorway, outbox: Outbox, *, originates: bool) -> None:
        self._site = site
        self._door = doorway
        self._outbox = outbox
        self._originates = originates
        self._allowance = SendingAllowance(doorway.sending_limits)
        self._first_seen: dict[tuple[str, str, str], int] = {}
        self.size_limit: int | None = doorway.size_limit
        self.mechanisms = () if doorway.passwords is None else doorway.mechanisms
        self.follows = doorway.follows
        self.habits = doorway.habits
        usual = exim_wording.KEYWORDS if self.follows == "exim" else wording.KEYWORDS
        missing = doorway.lacks | (frozenset() if self.mechanisms else {"AUTH"})
        if "8BITMIME" in missing:  # letters beyond ASCII need eight bits (RFC 6531 section 3.1)
            missing |= {"SMTPUTF8"}
        self.keywords = tuple(keyword for keyword in usual if keyword not in missing)

    def adopt(self, domain: Domain) -> None:
        """Follow the domain's policies as they are from now on."""
        self._door = replace(
            self._door,
            size_limit=domain.size_limit,
            offers_tls=domain.starttls,
            greylist=domain.greylist,
            recipient_limit=domain.recipient_limit,
        )
        self.size_limit = domain.size_limit

    def strike(self, visitor: Visitor, on: str, argument: str = "") -> Struck | None:
        """What goes otherwise now; the trace says that it was meant to."""
        found = struck(self._site, visitor.wire, on, argument)
        if found is None and self._door.playground:
            found = wish_of(on, addresses_at(on, argument, visitor.forward_paths))
            if found is not None:
                tell(self._site, visitor.wire.errand, found, argument)
        return found

    async def sleep(self, duration: int) -> None:
        """Let virtual time pass."""
        await self._site.sleep(duration)

    async def welcome(self, visitor: Visitor) -> None:
        """Ask the DNS for the client's name, and whether that name leads back to it."""
        errand = visitor.wire.errand
        name = await confirmed_name(self._site, visitor.address, errand)
        visitor.name = name or "unknown"
        verdict = "confirmed" if name else "unknown"
        self._judge(visitor, "client.name", verdict, address=visitor.address, name=name)

    def tls(self) -> ssl.SSLContext | None:
        """This host's certificate, where STARTTLS is offered."""
        return self._site.tls_context() if self._door.offers_tls else None

    def challenge(self) -> str:
        """Something new to be answered, as CRAM-MD5 wants it (RFC 2195 section 2)."""
        number = self._site.random.randrange(10**10)
        return f"<{number:010d}.{self._site.date():%Y%m%d%H%M%S}@{self._site.name}>"

    def check_proof(self, visitor: Visitor, user: str, proof: Proof) -> bool:
        """Compare with the password on file."""
        password = (self._door.passwords or {}).get(user.lower())
        good = password is not None and proof.holds_for(password)
        verdict = "accepted" if good else "rejected"
        self._judge(visitor, "auth", verdict, user=user, mechanism=proof.mechanism)
        return good

    async def judge_sender(self, visitor: Visitor, reverse_path: str) -> Ruled:
        """Anyone may name any sender (RFC 5321 section 7.1); a user's day may be used up."""
        visitor.spf = None
        self._allowance.begin_mail(visitor.user)
        return self._spend(visitor, "transaction") or Ruled("250 2.1.0 Ok", "mail.ok")

    def _spend(self, visitor: Visitor, unit: str) -> Ruled | None:
        """Count what a provider counts; the refusal where the day's limit is reached."""
        if not visitor.user:
            return None
        midnight = latest_midnight(self._site.now(), self._site.date(0))
        spent = self._allowance.spend(visitor.user, unit, self._site.now(), midnight)
        for one in spent:
            verdict = "refused" if one.refusal else "counted"
            self._judge(visitor, "sending.limit", verdict, user=visitor.user, **one.inputs())
        return next((one.refusal for one in spent if one.refusal), None)

    async def judge_recipient(self, visitor: Visitor, forward_path: str) -> Ruled:
        """May this client send there, does the mailbox exist, and is it the time for it?"""
        if visitor.accepted >= self._door.recipient_limit:
            self._judge(visitor, "recipient.limit", "refused", limit=str(visitor.accepted))
            return Ruled("452 4.5.3 Error: too many recipients", "rcpt.too-many")
        refusal = await refusal_of_sender(self._site, self._door, visitor)
        reply = refusal or self._may_receive(visitor, forward_path)
        if not reply.startswith("2"):
            return reply
        refusal = await refusal_of_recipient(self._site, self._door, visitor, forward_path)
        if refusal is None:
            refusal = self._spend(visitor, "recipient")
        trust = self._trust_in(visitor)
        if refusal is None and trust is not None:
            refusal = await trust.judge_client(visitor, forward_path)
        stranger = not visitor.user and visitor.address not in self._door.trusted
        if refusal is None and self._door.greylist and stranger:
            refusal = self._greylisted(visitor, forward_path)
        return refusal or reply

    def _may_receive(self, visitor: Visitor, forward_path: str) -> Ruled:
        local, _, domain = forward_path.lower().rpartition("@")
        permission = self._permission(visitor, domain)
        if permission == "own-domain" and routes_itself(local):
            permission = "denied"
        if permission != "denied" and not is_host_name(domain):  # an address literal, say
            return Ruled("501 5.1.3 Bad recipient address syntax", "syntax.bad")
        self._judge(
            visitor, "relay.permission", permission, client=visitor.name, recipient=forward_path
        )
        if permission == "denied":
            code = "454 4.7.1" if self.habits.defers_relaying else "554 5.7.1"
            text = f"{code} <{forward_path}>: Relay access denied"
            return Ruled(text, "rcpt.relay-denied")
        return self._exists(visitor, forward_path, domain)

    def _greylisted(self, visitor: Visitor, forward_path: str) -> Ruled | None:
        """Not now, to whom we do not know: most spammers never come back (RFC 6647)."""
        known = (visitor.address, visitor.reverse_path.lower(), forward_path.lower())
        waited = self._site.now() - self._first_seen.setdefault(known, self._site.now())
        early = waited < self._door.greylist
        seconds = str(waited // 1_000_000)
        verdict = "deferred" if early else "passed"
        self._judge(visitor, "greylist", verdict, recipient=forward_path, waited=seconds)
        if not early:
            return None
        text = f"450 4.2.0 <{forward_path}>: Recipient address rejected: Greylisted"
        return Ruled(text, "rcpt.greylisted")

    def completed(self, path: str) -> str:
        """An address without a domain is one of our own (myorigin; RFC 5321 section 4.5.1)."""
        if "@" not in path and self._door.own_domains:
            return f"{path}@{min(self._door.own_domains)}"
        return path

    def understood(self, forward_path: str) -> str:
        """So is one at an address of this machine, for Postfix; Exim wants no such thing."""
        local, _, domain = forward_path.rpartition("@")
        own = self.follows == "postfix" and names_this_machine(self._site, domain)
        return self.completed(local if own else forward_path)

    async def verify(self, visitor: Visitor, address: str) -> Ruled:
        """VRFY: the address, if mail for it would be taken (RFC 5321 section 3.5)."""
        if self.follows == "exim" and "@" not in address:
            return Ruled(f"501 {address}: recipient address must contain a domain", "syntax.bad")
        reply = self._may_receive(visitor, self.understood(address))
        if not reply.startswith("2"):
            return Ruled(reply, "vrfy.refused")
        return Ruled(f"252 2.0.0 {address}", "vrfy")

    async def take(self, visitor: Visitor, incoming: Incoming) -> tuple[Ruled, ...]:
        """Stamp the mail, put it into the queue, and promise to see to it."""
        hops = sum(1 for name, _ in fields_of(incoming.octets) if name.lower() == "received")
        if hops > self._door.hop_limit:
            self._judge(visitor, "loop", "refused", hops=str(hops))
            return (Ruled("554 5.4.0 Error: too many hops", "loop"),)
        if 0 < self._door.longest_line < longest_line(incoming.octets):
            return (Ruled("554 5.6.0 Error: text line too long", "line.too-long"),)
        refusal = self._spend(visitor, "message")
        if refusal is not None:
            return (refusal,)
        trust = self._trust_in(visitor)
        finding = await trust.judge_message(visitor, incoming.octets) if trust else None
        if finding is not None and finding.refusal is not None:
            return (finding.refusal,)
        self._begin_a_journey(visitor)
        octets = finding.octets if finding else incoming.octets
        tell_reading(self._site, visitor.wire.errand, incoming, octets)
        queue_id = self._outbox.new_id()
        expansion = self._expanded(visitor, incoming)
        mail = QueuedMail(
            queue_id=queue_id,
            journey=visitor.wire.errand.journey,
            reverse_path=incoming.reverse_path,
            recipients=expansion.recipients,
            octets=self._stamped(visitor, incoming, queue_id, finding),
            arrived=self._site.now(),
            originates=self._originates or bool(visitor.user),
            utf8=incoming.utf8,
            eight_bit=incoming.eight_bit,
            mail_parameters=incoming.mail_parameters,
            recipient_parameters=expansion.parameters,
        )
        self._outbox.take(mail, visitor.wire.errand.step)
        self._judge(visitor, "responsibility", "accepted", queue_id=queue_id)
        self._outbox.reports.of_expansion(mail, expansion.dissolved)
        return (Ruled(f"250 2.0.0 Ok: queued as {queue_id}", "data.accepted"),)

    def _begin_a_journey(self, visitor: Visitor) -> None:
        """A mail that its client takes for a part of another one is a mail of its own here."""
        errand = visitor.wire.errand
        if errand.journey in visitor.journeys:
            errand = replace(errand, journey=self._site.new_journey())
            visitor.wire.errand = errand
        visitor.journeys.add(errand.journey)

    def _trust_in(self, visitor: Visitor) -> Trust | None:
        own = visitor.user and self._door.takes_from_anyone
        return self._door.signing if own else self._door.trust

    def _permission(self, visitor: Visitor, domain: str) -> str:
        if visitor.user:
            return "authenticated"
        if self._door.passwords is not None and not self._door.takes_from_anyone:
            return "denied"  # a submission port is for those who have proved who they are
        if domain in self._door.own_domains:
            return "own-domain"
        return "trusted-network" if visitor.address in self._door.trusted else "denied"

    def _exists(self, visitor: Visitor, forward_path: str, domain: str) -> Ruled:
        if domain not in self._door.own_domains:
            self._judge(visitor, "recipient", "remote", recipient=forward_path)
        elif self._door.users is not None:
            address = forward_path.lower()
            known = address in self._door.users or address in self._door.aliases
            verdict = "known" if known else "unknown"
            self._judge(visitor, "recipient", verdict, recipient=forward_path)
            if not known:
                text = f"550 5.1.1 <{forward_path}>: Recipient address rejected: User unknown"
                return Ruled(text, "rcpt.unknown")
        return Ruled("250 2.1.5 Ok", "rcpt.ok")

    def _expanded(self, visitor: Visitor, incoming: Incoming) -> Expansion:
        def tell(alias: str, targets: tuple[str, ...]) -> None:
            self._judge(visitor, "alias", ", ".join(targets), recipient=alias)

        given = {one: incoming.recipient_parameters.get(one, ()) for one in incoming.forward_paths}
        return expanded(given, self._door.aliases, tell)

    def _stamped(
        self, visitor: Visitor, incoming: Incoming, queue_id: str, finding: Finding | None
    ) -> bytes:
        """The mail with Received on top, and above it what was found out about it."""
        octets, above = (finding.octets, finding.stamps) if finding else (incoming.octets, ())
        for stamps in ((self._received(visitor, incoming, queue_id),), above):
            if stamps:
                self._site.emit(visitor.wire.errand, Stamped(headers=stamps, where="top"))
            octets = prepend(octets, stamps)
        return octets

    def _received(self, visitor: Visitor, incoming: Incoming, queue_id: str) -> tuple[str, str]:
        only = incoming.forward_paths[0] if len(incoming.forward_paths) == 1 else None
        return received(
            helo=visitor.helo or visitor.name,
            client_name=visitor.name,
            client_address=visitor.address,
            by=self._site.name,
            with_protocol=with_protocol(
                extended=visitor.extended,
                secure=visitor.secure,
                authenticated=bool(visitor.user),
                utf8=incoming.utf8,
            ),
            queue_id=queue_id,
            recipient=only,
            date=self._site.date(),
        )

    def _judge(self, visitor: Visitor, rule: str, verdict: str, **inputs: str) -> None:
        self._site.emit(visitor.wire.errand, Judged(rule=rule, verdict=verdict, inputs=inputs))
