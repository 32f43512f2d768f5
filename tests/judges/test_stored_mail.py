"""The standard library reads back what a simulation has stored."""

from __future__ import annotations

import email
import email.policy
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.trace.event import Stored
from simulator.trace.octets import octets_of

pytestmark = pytest.mark.judge


@pytest.fixture(scope="module")
def octets() -> bytes:
    """The mail of the scenario with attachments, as it lies in the mailbox."""
    events = simulate(load(find("attachment")))
    (stored,) = [octets_of(e.fact) for e in events if isinstance(e.fact, Stored)]
    return stored


def check(message: EmailMessage) -> None:
    """It is the mail that was written, and its attachments are the files octet for octet."""
    (written,) = load(find("attachment")).mails
    assert message.defects == []
    assert (message["From"], message["To"]) == (written.sender, written.to[0])
    assert message["Subject"] == written.subject
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == written.body.splitlines()
    found = {
        part.get_filename(): (part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    }
    assert found == {one.name: (one.media_type, one.octets) for one in written.attachments}
    assert len(found) == 2


def test_the_email_package_reads_the_attachments_octet_for_octet(octets: bytes):
    check(email.message_from_bytes(octets, policy=email.policy.SMTP))


def test_every_line_ends_in_crlf_and_is_seven_bit(octets: bytes):
    assert octets.isascii()
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    assert octets.endswith(b"\r\n")
    assert max(map(len, octets.split(b"\r\n"))) <= 998


def test_the_mailbox_package_keeps_and_reads_it(octets: bytes, tmp_path: Path):
    box = mailbox.mbox(tmp_path / "citra.mbox")
    box.add(octets)
    box.close()
    reopened = mailbox.mbox(tmp_path / "citra.mbox", create=False)
    raw = reopened.get_bytes(reopened.keys()[0])
    reopened.close()
    check(email.message_from_bytes(raw, policy=email.policy.SMTP))
    assert raw == octets


def test_the_trace_fields_stand_on_top_in_the_order_in_which_they_were_written(octets: bytes):
    message = email.message_from_bytes(octets, policy=email.policy.SMTP)
    names = [name for name, _ in message.items()]
    assert names[:5] == ["Return-Path", "Delivered-To", "Received", "Received", "Received"]
    dates = [field.rpartition(";")[2] for field in message.get_all("Received", ())]
    moments = [email.utils.parsedate_to_datetime(date) for date in dates]
    assert moments == sorted(moments, reverse=True)
