"""Reports to the sender, in the shape of Postfix's, read by the email package (RFC 3464)."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.dsn import LARGEST_RETURNED, DeliveryReport, RecipientStatus, delivery_report
from simulator.mail.header import fields_of, header_block, prepend
from simulator.mail.trace_fields import received_locally

DATE = datetime(2026, 11, 23, 10, 19, 30, tzinfo=UTC)
ORIGINAL = (
    b"Received: from pc-ani.kampus.example (pc-ani.kampus.example [10.77.0.10])\r\n"
    b"\tby smtp.kampus.example with ESMTPA id B12711642BF\r\n"
    b"\tfor <tidakada@kantor.example>; Mon, 23 Nov 2026 10:19:30 +0000 (UTC)\r\n"
    b"To: tidakada@kantor.example\r\n"
    b"From: ani@kampus.example\r\n"
    b"Subject: Rapat Senin\r\n"
    b"\r\n"
    b"Halo,\r\n"
)
SAID = "550 5.1.1 <tidakada@kantor.example>: Recipient address rejected: User unknown in virtual "
UNKNOWN = RecipientStatus(
    recipient="tidakada@kantor.example",
    action="failed",
    status="5.1.1",
    explanation=(
        f"host mx1.kantor.example[10.77.0.41] said: {SAID}mailbox table "
        "(in reply to RCPT TO command)"
    ),
    remote_mta="mx1.kantor.example",
    remote_reply=f"{SAID}mailbox table",
    original_recipient="rfc822;tidakada@kantor.example",
)
DELAYED = replace(
    UNKNOWN,
    action="delayed",
    status="4.2.1",
    will_retry_until=DATE + timedelta(days=5),
)


def a_report(
    *recipients: RecipientStatus,
    reverse_path: str = "ani@kampus.example",
    original: bytes = ORIGINAL,
    headers_only: bool = False,
    envelope_id: str = "",
    waited: timedelta = timedelta(0),
) -> DeliveryReport | None:
    return delivery_report(
        reporting_mta="smtp.kampus.example",
        domain="kampus.example",
        queue_id="B12711642BF",
        reverse_path=reverse_path,
        arrival_date=DATE - waited,
        date=DATE,
        message_id="<20261123101930.B45501642C2@smtp.kampus.example>",
        recipients=recipients,
        original=original,
        headers_only=headers_only,
        envelope_id=envelope_id,
    )


def opened(report: DeliveryReport | None) -> tuple[EmailMessage, list[EmailMessage]]:
    assert report is not None
    message = email.message_from_bytes(report.octets, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message, list(message.iter_parts())


def test_an_unknown_user_is_reported_octet_for_octet() -> None:
    report = a_report(UNKNOWN)
    assert report is not None
    stamped = prepend(
        report.octets,
        (received_locally(by="smtp.kampus.example", queue_id="B45501642C2", date=DATE),),
    )
    assert (
        stamped.replace(b"\r\n", b"\n").decode()
        == """\
Received: by smtp.kampus.example
	id B45501642C2; Mon, 23 Nov 2026 10:19:30 +0000 (UTC)
Date: Mon, 23 Nov 2026 10:19:30 +0000 (UTC)
From: Mail Delivery System <MAILER-DAEMON@kampus.example>
Subject: Undelivered Mail Returned to Sender
To: ani@kampus.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="B12711642BF.1795429170/smtp.kampus.example"
Content-Transfer-Encoding: 7bit
Message-Id: <20261123101930.B45501642C2@smtp.kampus.example>

This is a MIME-encapsulated message.

--B12711642BF.1795429170/smtp.kampus.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

This is the mail system at host smtp.kampus.example.

Your message could not be delivered to the recipients named below,
and will not be tried again. The message itself, or its header where
it is too large, is attached to this report.

If you need help, write to postmaster and send this report along.

                   The mail system

<tidakada@kantor.example>: host mx1.kantor.example[10.77.0.41] said: 550 5.1.1
    <tidakada@kantor.example>: Recipient address rejected: User unknown in
    virtual mailbox table (in reply to RCPT TO command)

--B12711642BF.1795429170/smtp.kampus.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; smtp.kampus.example
X-SMTPFlow-Queue-ID: B12711642BF
X-SMTPFlow-Sender: rfc822; ani@kampus.example
Arrival-Date: Mon, 23 Nov 2026 10:19:30 +0000 (UTC)

Final-Recipient: rfc822; tidakada@kantor.example
Original-Recipient: rfc822;tidakada@kantor.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx1.kantor.example
Diagnostic-Code: smtp; 550 5.1.1 <tidakada@kantor.example>: Recipient address
    rejected: User unknown in virtual mailbox table

--B12711642BF.1795429170/smtp.kampus.example
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 7bit

Return-Path: <ani@kampus.example>
Received: from pc-ani.kampus.example (pc-ani.kampus.example [10.77.0.10])
	by smtp.kampus.example with ESMTPA id B12711642BF
	for <tidakada@kantor.example>; Mon, 23 Nov 2026 10:19:30 +0000 (UTC)
To: tidakada@kantor.example
From: ani@kampus.example
Subject: Rapat Senin

Halo,

--B12711642BF.1795429170/smtp.kampus.example--
"""
    )


def test_a_report_goes_to_the_sender_from_nobody() -> None:
    report = a_report(UNKNOWN)
    assert report is not None
    assert (report.reverse_path, report.recipient) == ("", "ani@kampus.example")
    message, parts = opened(report)
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in parts] == [
        *("text/plain", "message/delivery-status", "message/rfc822")
    ]
    on_mail, on_recipient = parts[1].get_payload()
    assert on_mail["Reporting-MTA"] == "dns; smtp.kampus.example"
    assert on_recipient["Status"] == "5.1.1"
    assert parts[2].get_content()["Subject"] == "Rapat Senin"


def test_a_report_is_never_answered_by_a_report() -> None:
    assert a_report(UNKNOWN, reverse_path="") is None


def test_a_delay_is_a_warning_with_the_header_alone() -> None:
    message, parts = opened(a_report(DELAYED, waited=timedelta(hours=4, minutes=20)))
    assert message["Subject"] == "Delayed Mail (still being retried)"
    text = parts[0].get_content()
    assert "THIS IS A WARNING ONLY" in text
    assert "waiting here for 4 hours " in text
    on_recipient = parts[1].get_payload()[1]
    assert on_recipient.items()[-1] == ("Will-Retry-Until", "Sat, 28 Nov 2026 10:19:30 +0000 (UTC)")
    assert on_recipient["Action"] == "delayed"
    assert parts[2].get_content_type() == "text/rfc822-headers"


@pytest.mark.parametrize("action", ["delivered", "relayed"])
def test_success_is_reported_with_the_header_alone(action: str) -> None:
    reached = RecipientStatus("citra@kantor.example", action, "2.0.0", "delivered to mailbox")  # type: ignore[arg-type]
    message, parts = opened(a_report(reached, envelope_id="surat-7"))
    assert message["Subject"] == "Successful Mail Delivery Report"
    on_mail, on_recipient = parts[1].get_payload()
    assert on_mail["Original-Envelope-Id"] == "surat-7"
    assert on_recipient.items() == [
        ("Final-Recipient", "rfc822; citra@kantor.example"),
        ("Action", action),
        ("Status", "2.0.0"),
        ("Diagnostic-Code", "X-SMTPFlow; delivered to mailbox"),
    ]
    assert parts[2].get_content_type() == "text/rfc822-headers"


@pytest.mark.parametrize(
    ("original", "headers_only", "kind"),
    [
        (ORIGINAL, False, "message/rfc822"),
        (ORIGINAL, True, "text/rfc822-headers"),
        (ORIGINAL.ljust(LARGEST_RETURNED, b"x"), False, "message/rfc822"),
        (ORIGINAL.ljust(LARGEST_RETURNED + 1, b"x"), False, "text/rfc822-headers"),
    ],
)
def test_a_large_mail_or_ret_hdrs_gets_only_the_header_back(
    original: bytes, headers_only: bool, kind: str
) -> None:
    report = a_report(UNKNOWN, original=original, headers_only=headers_only)
    assert report is not None
    assert opened(report)[1][2].get_content_type() == kind
    assert header_block(ORIGINAL) in report.octets
    assert (b"Halo,\r\n" in report.octets) == (kind == "message/rfc822")


def test_each_recipient_has_its_own_words_and_fields() -> None:
    hantu = RecipientStatus(
        "hantu@kampus.example",
        "failed",
        "5.1.1",
        "unknown user",
        original_recipient="hantu@kampus.example",
    )
    _, parts = opened(a_report(UNKNOWN, hantu))
    assert [block["Final-Recipient"] for block in parts[1].get_payload()[1:]] == [
        *("rfc822; tidakada@kantor.example", "rfc822; hantu@kampus.example")
    ]
    assert parts[1].get_payload()[2].items()[1:] == [
        ("Original-Recipient", "rfc822;hantu@kampus.example"),
        ("Action", "failed"),
        ("Status", "5.1.1"),
        ("Diagnostic-Code", "X-SMTPFlow; unknown user"),
    ]
    assert "<hantu@kampus.example>: unknown user" in parts[0].get_content()


def test_a_mail_given_up_after_days_keeps_its_transient_status() -> None:
    expired = replace(DELAYED, action="failed", will_retry_until=None)
    assert opened(a_report(expired))[1][1].get_payload()[1]["Status"] == "4.2.1"


def test_recipients_of_different_fates_belong_in_different_reports() -> None:
    with pytest.raises(ValueError, match="same fate"):
        a_report(UNKNOWN, DELAYED)
    with pytest.raises(ValueError, match="at least one"):
        a_report()


@pytest.mark.parametrize("status", ["", "550", "1.0.0", "5.1", "5.1.1\r\nX: y", "5.1234.1"])
def test_a_status_that_is_none_is_refused(status: str) -> None:
    with pytest.raises(ValueError, match="RFC 3463"):
        a_report(replace(UNKNOWN, status=status))


def test_an_internationalized_address_is_written_in_ascii() -> None:
    report = a_report(replace(UNKNOWN, recipient="añi@kantor.example"))
    assert report is not None
    assert b"Final-Recipient: utf-8; a\\x{F1}i@kantor.example\r\n" in report.octets
    assert fields_of(report.octets)[7] == ("Content-Transfer-Encoding", "8bit")


def test_an_original_that_holds_the_boundary_does_not_end_the_report() -> None:
    forged = ORIGINAL + b"--B12711642BF.1795429170/smtp.kampus.example--\r\nsisa\r\n"
    message, parts = opened(a_report(UNKNOWN, original=forged))
    assert len(parts) == 3
    assert message.get_boundary() == "B12711642BF.1795429170/smtp.kampus.example="
    assert "sisa" in parts[2].get_content().get_content()


def test_eight_bit_originals_come_back_as_they_were() -> None:
    eight = ORIGINAL + b"caf\xe9\r\n"
    report = a_report(UNKNOWN, original=eight)
    assert report is not None
    assert eight in report.octets
    assert opened(report)[0]["Content-Transfer-Encoding"] == "8bit"


@given(st.text(), st.text(), st.text(), st.binary(max_size=200))
def test_whatever_the_other_server_said_the_report_keeps_its_shape(
    explanation: str, reply: str, mta: str, original: bytes
) -> None:
    odd = replace(UNKNOWN, explanation=explanation, remote_reply=reply, remote_mta=mta)
    report = a_report(odd, original=original)
    assert report is not None
    names = [name for name, _ in fields_of(report.octets)]
    assert names == [
        *("Date", "From", "Subject", "To", "Auto-Submitted", "MIME-Version", "Content-Type"),
        *("Content-Transfer-Encoding", "Message-Id"),
    ]
    lines = report.octets.split(b"\r\n")
    boundary = b"--B12711642BF.1795429170/smtp.kampus.example"
    assert lines.count(boundary) == 3
    assert lines.count(boundary + b"--") == 1
    assert max(map(len, lines)) <= 998
    assert report.octets.count(b"\n") == report.octets.count(b"\r") == len(lines) - 1
    status = report.octets.split(boundary)[2].strip(b"\r\n").split(b"\r\n\r\n")
    assert [name for name, _ in fields_of(status[2])][:4] == [
        *("Final-Recipient", "Original-Recipient", "Action", "Status")
    ]


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_warning_says_how_long_the_mail_has_waited(waited: timedelta, words: str) -> None:
    assert (
        f"here for {words} because" in opened(a_report(DELAYED, waited=waited))[1][0].get_content()
    )
