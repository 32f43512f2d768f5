"""The reports that a server writes to a mail's sender: each a mail of its own (RFC 3464)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from simulator.mail.dsn import DeliveryReport, RecipientStatus, delivery_report
from simulator.mail.dsn_parameters import Wish, decoded, value_of
from simulator.mail.header import fields_of, prepend
from simulator.mail.queue import QueuedMail
from simulator.mail.site import Errand, Site
from simulator.mail.smtp.dialogue import Verdict, Verdicts
from simulator.mail.trace_fields import received_locally
from simulator.trace.event import Composed, Stamped
from simulator.trace.octets import octets_to_text

Action3464: TypeAlias = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
"""What became of a recipient, in RFC 3464's words (section 2.3.3)."""


_EVENTS: dict[Action3464, Wish] = {
    "failed": "FAILURE",
    "delayed": "DELAY",
    "delivered": "SUCCESS",
    "relayed": "SUCCESS",
    "expanded": "SUCCESS",
}


def wanted(mail: QueuedMail, fates: Verdicts, action: Action3464) -> Verdicts:
    """Those fates that a report is sent of.

    None is sent to the null reverse-path (RFC 5321 section 4.5.5), nor to who does not want it.
    """
    if not mail.reverse_path:
        return {}
    return {r: v for r, v in fates.items() if mail.wants_word_of(r, _EVENTS[action])}


def report_of(
    site: Site,
    mail: QueuedMail,
    fates: Verdicts,
    action: Action3464,
    errand: Errand,
    queue_id: str,
    until: int | None,
) -> QueuedMail:
    """The report to the mail's sender, ready for the queue, on a journey of its own.

    ``until`` is when a delayed mail is given up, in virtual microseconds. Raises ValueError for a
    mail with the null reverse-path: nobody can be told of it.
    """
    date = site.date()
    report = delivery_report(
        reporting_mta=site.name,
        domain=site.name.partition(".")[2] or site.name,
        queue_id=mail.queue_id,
        reverse_path=mail.reverse_path,
        arrival_date=site.date(mail.arrived),
        date=date,
        message_id=f"<{date:%Y%m%d%H%M%S}.{queue_id}@{site.name}>",
        recipients=[_status(site, mail, r, v, action, until) for r, v in fates.items()],
        original=mail.octets,
        headers_only=value_of("RET", mail.mail_parameters).upper() == "HDRS",
        envelope_id=decoded(value_of("ENVID", mail.mail_parameters)),
    )
    if report is None:
        raise ValueError("a mail with the null reverse-path is never reported on")
    stamp = received_locally(by=site.name, queue_id=queue_id, date=date)
    octets = prepend(report.octets, (stamp,))
    _tell(site, errand, report, octets, action)
    return QueuedMail(
        queue_id=queue_id,
        journey=errand.journey,
        reverse_path="",
        recipients=(report.recipient,),
        octets=octets,
        arrived=site.now(),
        originates=True,
    )


def _status(
    site: Site,
    mail: QueuedMail,
    recipient: str,
    verdict: Verdict,
    action: Action3464,
    until: int | None,
) -> RecipientStatus:
    return RecipientStatus(
        recipient=recipient,
        action=action,
        status=verdict.status,
        explanation=verdict.explanation,
        remote_mta=verdict.by.partition("[")[0] if verdict.spoken else "",
        remote_reply=verdict.said if verdict.spoken else "",
        original_recipient=_original(mail, recipient),
        will_retry_until=site.date(until) if until is not None else None,
    )


def _original(mail: QueuedMail, recipient: str) -> str:
    """The address that the sender wrote, with its type (ORCPT, RFC 3461 section 4.2)."""
    given = value_of("ORCPT", mail.recipient_parameters.get(recipient, ()))
    return decoded(given) or f"rfc822;{recipient}"


def _tell(
    site: Site, errand: Errand, report: DeliveryReport, octets: bytes, action: Action3464
) -> None:
    data, encoding = octets_to_text(octets)
    site.emit(
        errand,
        Composed(
            report=action,
            reverse_path="",
            recipients=(report.recipient,),
            subject=report.subject,
            data=data,
            encoding=encoding,
        ),
    )
    site.emit(errand, Stamped(headers=fields_of(octets), where="whole"))
