"""How a server hands a mail to the next one: the addresses in turn, until one has a final word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from simulator.mail.conversation import converse
from simulator.mail.queue import QueuedMail
from simulator.mail.routing import Hop
from simulator.mail.site import Errand, Line, Site
from simulator.mail.smtp.client import Manners, transfer
from simulator.mail.smtp.dialogue import Transaction, Verdict, Verdicts, is_insecure
from simulator.mail.sts import Policy
from simulator.trace.event import Judged

_ADDRESSES, _SESSIONS = 5, 2
"""Postfix: smtp_mx_address_limit, smtp_mx_session_limit."""


@dataclass(frozen=True, slots=True)
class Handing:
    """One mail on its way out, for some recipients of one domain."""

    site: Site
    mail: QueuedMail
    errand: Errand
    tls: Literal["none", "may"]
    policy: Policy | None = None
    """What the recipient's domain wants of those who send to it (RFC 8461)."""

    async def to(self, hops: tuple[Hop, ...], recipients: tuple[str, ...]) -> Verdicts:
        """The next address where one refuses or puts off; a final word ends it."""
        verdicts: Verdicts = {}
        waiting = recipients
        sessions = 0
        for hop in hops[:_ADDRESSES]:
            if not self._may_go_to(hop):
                said = f"{hop.host} is no server that the MTA-STS policy names"
                verdicts |= dict.fromkeys(waiting, Verdict("deferred", "4.7.1", said, spoken=False))
                continue
            line = await self._connect(hop)
            if isinstance(line, Verdict):
                verdicts |= dict.fromkeys(waiting, line)
                continue
            sessions += 1
            said_by_hop = await self._speak(line, hop, waiting)
            by = f"{hop.host}[{hop.address}]"
            verdicts = {one: old for one, old in verdicts.items() if one not in said_by_hop}
            verdicts |= {one: replace(verdict, by=by) for one, verdict in said_by_hop.items()}
            waiting = tuple(one for one in waiting if verdicts[one].outcome == "deferred")
            if not waiting or sessions == _SESSIONS:
                break
        return verdicts

    async def _speak(self, line: Line, hop: Hop, recipients: tuple[str, ...]) -> Verdicts:
        """One session; where a policy is only tested, a second one that asks for less."""
        if self.policy is None or self.policy.mode == "none":
            return await self._converse(line, hop, recipients, self.tls)
        verdicts = await self._converse(line, hop, recipients, "verify")
        insecure = next((one for one in verdicts.values() if is_insecure(one)), None)
        if insecure is None:
            self._judge("sts.tls", "secured", host=hop.host, mode=self.policy.mode, reason="")
            return verdicts
        self._judge(
            "sts.tls", "insecure", host=hop.host, mode=self.policy.mode, reason=insecure.said
        )
        if self.policy.mode == "enforce":
            return verdicts
        again = await self._connect(hop)
        if isinstance(again, Verdict):
            return dict.fromkeys(recipients, again)
        return await self._converse(again, hop, recipients, "may")

    async def _converse(
        self,
        line: Line,
        hop: Hop,
        recipients: tuple[str, ...],
        tls: Literal["none", "may", "verify"],
    ) -> Verdicts:
        mail = self.mail
        transaction = Transaction(
            mail.reverse_path,
            recipients,
            mail.octets,
            mail.mail_parameters,
            mail.recipient_parameters,
            utf8=mail.utf8,
            eight_bit=mail.eight_bit,
        )
        peer = f"{hop.host}[{hop.address}]"
        manners = Manners(self.site.name, tls, peer=peer, tell=self._decided)
        return await converse(line, transfer(manners, transaction), peer=peer)

    def _decided(self, rule: str, verdict: str) -> None:
        """The dialogue has decided something about the mail."""
        self.site.emit(self.errand, Judged(rule=rule, verdict=verdict, inputs={}))

    def _may_go_to(self, hop: Hop) -> bool:
        """Whether the policy names that host; a policy that is only tested stops nobody."""
        policy = self.policy
        if policy is None or policy.mode == "none":
            return True
        named = policy.names(hop.host)
        verdict = "match" if named else "mismatch"
        self._judge("sts.mx", verdict, host=hop.host, mode=policy.mode, mx=", ".join(policy.mx))
        return named or policy.mode == "testing"

    async def _connect(self, hop: Hop) -> Line | Verdict:
        preference = str(hop.preference)
        self._judge("delivery.attempt", hop.host, preference=preference, address=hop.address)
        where = f"connect to {hop.host}[{hop.address}]:25"
        try:
            return await self.site.call(hop.host, hop.address, 25, "smtp", self.errand)
        except TimeoutError:
            return Verdict("deferred", "4.4.1", f"{where}: Connection timed out", spoken=False)
        except ConnectionError:
            return Verdict("deferred", "4.4.1", f"{where}: Connection refused", spoken=False)

    def _judge(self, rule: str, verdict: str, **inputs: str) -> None:
        self.site.emit(self.errand, Judged(rule=rule, verdict=verdict, inputs=inputs))
