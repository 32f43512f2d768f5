"""Delivery where some addresses are mailing lists: a list is the end of one mail's way, and the
beginning of another's."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.mail.header import fields_of, prepend, subject_of
from simulator.mail.mailing_list import bounces_of, has_been_at, posting
from simulator.mail.outbox import Delivery, Outbox
from simulator.mail.queue import QueuedMail
from simulator.mail.site import Errand, Site
from simulator.mail.smtp.dialogue import Verdict, Verdicts
from simulator.mail.trace_fields import received_locally
from simulator.scenario.domain import MailingList
from simulator.trace.event import Composed, Judged, Stamped
from simulator.trace.octets import octets_to_text


class Distribution:
    """The mailing lists of one server, beside its mailboxes."""

    def __init__(self, site: Site, lists: Mapping[str, MailingList], mailboxes: Delivery) -> None:
        self._site = site
        self._lists = lists
        self._mailboxes = mailboxes
        self._outbox: Outbox | None = None

    def posts_through(self, outbox: Outbox) -> None:
        """Send what the lists write through this queue."""
        self._outbox = outbox

    async def deliver(self, mail: QueuedMail, recipients: tuple[str, ...]) -> Verdicts:
        """Give lists their mail, and mailboxes theirs; gives a verdict for each recipient."""
        lists = {one: self._lists[one.lower()] for one in recipients if one.lower() in self._lists}
        verdicts = {one: self._post(mail, one.lower(), each) for one, each in lists.items()}
        people = tuple(one for one in recipients if one not in lists)
        return verdicts | (await self._mailboxes.deliver(mail, people) if people else {})

    def _post(self, mail: QueuedMail, address: str, mailing_list: MailingList) -> Verdict:
        if not mail.reverse_path:
            # A report that went to all members would come back as many reports.
            self._decide(mail, "refused", address, "")
            return Verdict("failed", "5.7.1", f"{address} takes no reports", spoken=False)
        if has_been_at(address, mail.octets):
            self._decide(mail, "loop", address, "")
            return Verdict("failed", "5.4.6", f"mail loop at the list {address}", spoken=False)
        journey = self._site.new_journey()
        self._decide(mail, "posted", address, journey)
        self._write(mail, address, mailing_list, journey)
        return Verdict("sent", "2.0.0", "delivered to the mailing list", spoken=False)

    def _write(
        self, mail: QueuedMail, address: str, mailing_list: MailingList, journey: str
    ) -> None:
        """The list's own mail to its members: the text as before, the envelope a new one."""
        if self._outbox is None:
            raise RuntimeError("a mailing list needs a queue to send through")
        queue_id = self._outbox.new_id()
        stamp = received_locally(by=self._site.name, queue_id=queue_id, date=self._site.date())
        octets = posting(mail.octets, address, mailing_list, self._site.random)
        post = QueuedMail(
            queue_id=queue_id,
            journey=journey,
            reverse_path=bounces_of(address),
            recipients=mailing_list.members,
            octets=prepend(octets, (stamp,)),
            arrived=self._site.now(),
            originates=True,
        )
        self._tell(post)
        self._outbox.post(post)

    def _tell(self, post: QueuedMail) -> None:
        errand = Errand(post.journey, 3)
        data, encoding = octets_to_text(post.octets)
        self._site.emit(
            errand,
            Composed(
                report="posted",
                reverse_path=post.reverse_path,
                recipients=post.recipients,
                subject=subject_of(post.octets),
                data=data,
                encoding=encoding,
            ),
        )
        self._site.emit(errand, Stamped(headers=fields_of(post.octets), where="whole"))

    def _decide(self, mail: QueuedMail, verdict: str, address: str, journey: str) -> None:
        inputs = {"recipient": address, "bounces": bounces_of(address), "journey": journey}
        fact = Judged(rule="list.post", verdict=verdict, inputs=inputs)
        self._site.emit(Errand(mail.journey, 6), fact)
