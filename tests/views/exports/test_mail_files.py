"""The mail as a file: the standard library and the trace read the same octets."""

from __future__ import annotations

import email
import email.policy
import mailbox
import re
from pathlib import Path

import pytest

from simulator.scenario.library import shipped
from simulator.trace.event import Stored
from simulator.trace.octets import octets_of
from simulator.views.exports.mail_files import eml, mbox
from simulator.views.exports.order import ExportError, Order
from tests.views.exports.orders import HOSTILE, hostile_run, order_of


def stored(order: Order) -> list[bytes]:
    facts = [event.fact for event in order.events]
    return [octets_of(fact) for fact in facts if isinstance(fact, Stored)]


def test_the_mail_is_as_the_recipient_s_mailbox_holds_it_byte_for_byte() -> None:
    order = order_of("attachment")
    assert eml(order) == stored(order)[0]
    message = email.message_from_bytes(eml(order), policy=email.policy.default)
    assert message["Return-Path"] == "<ani@kampus.example>"
    assert [part.get_filename() for part in message.iter_attachments()] != []


def test_at_every_hop_the_mail_has_one_received_field_more() -> None:
    hops = ("pc-ani.kampus.example", "smtp.kampus.example", "mx1.kantor.example")
    mails = [
        email.message_from_bytes(eml(order_of("two-domains", host=host)), policy=email.policy.SMTP)
        for host in hops
    ]
    assert [len(mail.get_all("Received", [])) for mail in mails] == [0, 1, 2]
    assert (
        eml(order_of("two-domains", host="pc-citra.kantor.example"))
        == stored(order_of("two-domains"))[0]
    )


def test_a_report_is_a_mail_of_its_own() -> None:
    report = email.message_from_bytes(eml(order_of("some-refused", journey="m2")))
    assert report.get_content_type() == "multipart/report"


def test_a_host_is_known_by_its_label_too_whatever_its_capitals() -> None:
    whole = eml(order_of("two-domains", host="smtp.kampus.example"))
    assert eml(order_of("two-domains", host="smtp.kampus")) == whole
    assert eml(order_of("two-domains", host="SMTP.Kampus.example")) == whole


def test_who_had_the_mail_is_named_where_somebody_else_is_asked_for_it() -> None:
    with pytest.raises(ExportError) as found:
        eml(order_of("five-days", journey="m1"))
    assert found.value.values["hosts"] == "pc-ani.kampus.example, smtp.kampus.example"


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ({"host": "nobody.example"}, "no-such-host"),
        ({"host": "a.root.example"}, "host-without"),
        ({"journey": "m9"}, "no-such-journey"),
    ],
)
def test_what_is_not_there_is_said(wanted: dict[str, str], key: str) -> None:
    with pytest.raises(ExportError) as found:
        eml(order_of("two-domains", **wanted))
    assert found.value.key == key


@pytest.mark.parametrize("name", [folder.name for folder in shipped()])
def test_the_standard_library_reads_every_mail_of_every_mbox_back(
    name: str, tmp_path: Path
) -> None:
    order = order_of(name)
    expected = stored(order)
    if not expected:
        with pytest.raises(ExportError):
            mbox(order)
        return
    assert read_back(mbox(order), tmp_path) == expected


def read_back(octets: bytes, folder: Path) -> list[bytes]:
    """The messages as ``mailbox`` finds them, their From lines no longer quoted, with CRLF."""
    file = folder / "mails.mbox"
    file.write_bytes(octets)
    box = mailbox.mbox(file, create=False)
    raw = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - a mailbox is no dict
    box.close()
    unquoted = (re.sub(rb"^>(>*From )", rb"\1", one, flags=re.MULTILINE) for one in raw)
    return [one.replace(b"\n", b"\r\n") for one in unquoted]


def test_a_line_that_begins_with_from_divides_no_mail(tmp_path: Path) -> None:
    order = hostile_run()
    (mail,) = read_back(mbox(order), tmp_path)
    assert mail == stored(order)[0]
    message = email.message_from_bytes(mail, policy=email.policy.default)
    assert message["Subject"].startswith("end; alt #1 </script>")
    assert message.get_content().splitlines() == [HOSTILE, "From x"]
