"""The bounce that a server writes about a mail it could not deliver, as a mail of its own."""

from __future__ import annotations

from simulator.mail.dsn import RecipientStatus, delivery_report
from simulator.mail.header import prepend
from simulator.mail.queue import QueuedMail
from simulator.mail.site import Errand, Site
from simulator.mail.smtp_dialogue import Verdict, Verdicts
from simulator.mail.trace_fields import received_locally
from simulator.trace.event import Composed, Stamped, octets_to_text


def bounce_of(
    site: Site, mail: QueuedMail, failed: Verdicts, journey: str, queue_id: str
) -> QueuedMail | None:
    """The report to the mail's sender, ready for the queue; None where nobody can be told."""
    date = site.date()
    report = delivery_report(
        reporting_mta=site.name,
        domain=site.name.partition(".")[2] or site.name,
        queue_id=mail.queue_id,
        reverse_path=mail.reverse_path,
        arrival_date=site.date(mail.arrived),
        date=date,
        message_id=f"<{date:%Y%m%d%H%M%S}.{queue_id}@{site.name}>",
        recipients=[_status(recipient, verdict) for recipient, verdict in failed.items()],
        original=mail.octets,
        headers_only="RET=HDRS" in {parameter.upper() for parameter in mail.mail_parameters},
    )
    if report is None:
        return None
    stamp = received_locally(by=site.name, queue_id=queue_id, date=date)
    octets = prepend(report.octets, (stamp,))
    _tell(site, Errand(journey, 3), report.recipient, report.subject, octets, stamp)
    return QueuedMail(
        queue_id=queue_id,
        journey=journey,
        reverse_path="",
        recipients=(report.recipient,),
        octets=octets,
        arrived=site.now(),
        originates=True,
    )


def _status(recipient: str, verdict: Verdict) -> RecipientStatus:
    if not verdict.spoken:
        return RecipientStatus(
            recipient=recipient,
            action="failed",
            status=verdict.status,
            explanation=verdict.said,
            original_recipient=recipient,
        )
    return RecipientStatus(
        recipient=recipient,
        action="failed",
        status=verdict.status,
        explanation=(
            f"host {verdict.by} said: {verdict.said} (in reply to {verdict.command} command)"
        ),
        remote_mta=verdict.by,
        remote_reply=verdict.said,
        original_recipient=recipient,
    )


def _tell(
    site: Site, errand: Errand, recipient: str, subject: str, octets: bytes, stamp: tuple[str, str]
) -> None:
    data, encoding = octets_to_text(octets)
    site.emit(
        errand,
        Composed(
            reverse_path="",
            recipients=(recipient,),
            subject=subject,
            data=data,
            encoding=encoding,
        ),
    )
    site.emit(errand, Stamped(headers=(stamp,), where="whole"))
