"""When a sender is told what became of a mail, and when nobody is (RFC 5321 6.1, RFC 3461)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.mail.bounce import Action3464, report_of, wanted
from simulator.mail.queue import QueuedMail
from simulator.mail.site import Errand, Site
from simulator.mail.smtp.dialogue import Verdict, Verdicts
from simulator.scenario.domain import Retry
from simulator.trace.event import Bounced, Step


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of one server; ``post`` sends what is written."""

    site: Site
    own_domains: frozenset[str]
    retry: Retry
    new_id: Callable[[], str]
    post: Callable[[QueuedMail], None]

    def of_failure(self, mail: QueuedMail, failed: Verdicts, step: Step) -> None:
        """Nothing more is tried for these recipients; their sender is told."""
        if not failed:
            return
        told = wanted(mail, failed, "failed")
        journey = self.site.new_journey() if told else ""
        self.site.emit(
            Errand(mail.journey, step),
            Bounced(
                queue_id=mail.queue_id,
                recipients=tuple(failed),
                reason="; ".join(dict.fromkeys(v.said for v in failed.values())),
                bounce=journey,
            ),
        )
        if journey:
            self._write(mail, told, "failed", journey)

    def of_success(self, mail: QueuedMail, verdicts: Verdicts) -> None:
        """A success notice, where one is wanted, at the end of the way.

        That is the mailbox, or a server that will send no notice itself (RFC 3461 section 5.2.2).
        """
        sent = {r: verdict for r, verdict in verdicts.items() if verdict.outcome == "sent"}
        own = [r for r in sent if r.rpartition("@")[2].lower() in self.own_domains]
        self._report(mail, {r: sent[r] for r in own}, "delivered")
        relayed = {r: v for r, v in sent.items() if r not in own and not v.reported}
        self._report(mail, relayed, "relayed")

    def of_delay(self, mail: QueuedMail, deferred: Verdicts) -> None:
        """A warning that these recipients' mail is late."""
        self._report(mail, deferred, "delayed")

    def of_expansion(self, mail: QueuedMail, aliases: tuple[str, ...]) -> None:
        """These aliases were replaced by several addresses: as far as a notice of success goes."""
        done = Verdict("sent", "2.0.0", "alias expanded", spoken=False)
        if aliases and mail.reverse_path:
            fates = dict.fromkeys(aliases, done)
            self._write(mail, fates, "expanded", self.site.new_journey())

    def _report(self, mail: QueuedMail, fates: Verdicts, action: Action3464) -> None:
        told = wanted(mail, fates, action)
        if told:
            self._write(mail, told, action, self.site.new_journey())

    def _write(self, mail: QueuedMail, fates: Verdicts, action: Action3464, journey: str) -> None:
        until = mail.arrived + self.retry.lifetime if action == "delayed" else None
        errand = Errand(journey, 3)
        self.post(report_of(self.site, mail, fates, action, errand, self.new_id(), until))
