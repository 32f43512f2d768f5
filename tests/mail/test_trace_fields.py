"""Trace fields, octet for octet as real servers wrote them (RFC 5321 section 4.4)."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.header import field_line, fields_of
from simulator.mail.trace_fields import (
    TlsSession,
    date_text,
    delivered_to,
    lmtp_id,
    lmtp_received,
    original_to,
    queue_id,
    received,
    received_locally,
    return_path,
    with_protocol,
)

DATE = datetime(2026, 11, 23, 10, 19, 19, tzinfo=UTC)


def from_the_client(
    *,
    helo: str = "pc-ani.kampus.example",
    client_name: str = "pc-ani.kampus.example",
    client_address: str = "10.77.0.10",
    recipient: str | None = "citra@kantor.example",
    tls: TlsSession | None = None,
    product: str = "",
    date: datetime = DATE,
) -> str:
    name, value = received(
        helo=helo,
        client_name=client_name,
        client_address=client_address,
        by="smtp.kampus.example",
        with_protocol="ESMTPA",
        queue_id="DDC99164101",
        recipient=recipient,
        date=date,
        tls=tls,
        product=product,
    )
    assert name == "Received"
    return value


def test_a_received_field_looks_like_postfixs() -> None:
    assert from_the_client(product="Postfix") == (
        "from pc-ani.kampus.example (pc-ani.kampus.example [10.77.0.10])\r\n"
        "\tby smtp.kampus.example (Postfix) with ESMTPA id DDC99164101\r\n"
        "\tfor <citra@kantor.example>; Mon, 23 Nov 2026 10:19:19 +0000 (UTC)"
    )


def test_a_transaction_with_several_recipients_names_none_of_them() -> None:
    assert from_the_client(recipient=None) == (
        "from pc-ani.kampus.example (pc-ani.kampus.example [10.77.0.10])\r\n"
        "\tby smtp.kampus.example with ESMTPA id DDC99164101;\r\n"
        "\tMon, 23 Nov 2026 10:19:19 +0000 (UTC)"
    )


def test_a_sealed_connection_is_described_between_the_two_hosts() -> None:
    tls = TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", 256)
    assert from_the_client(tls=tls).split("\r\n\t")[1:4] == [
        "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))",
        "(No client certificate requested)",
        "by smtp.kampus.example with ESMTPA id DDC99164101",
    ]


def test_a_client_whose_name_the_dns_does_not_confirm_is_unknown() -> None:
    assert from_the_client(helo="bohong.example", client_name="").startswith(
        "from bohong.example (unknown [10.77.0.10])\r\n"
    )


def test_an_ipv6_client_is_written_as_a_literal() -> None:
    assert "(pc-ani.kampus.example [IPv6:2001:db8::10])" in from_the_client(
        client_address="2001:db8::10"
    )


def test_a_bounce_is_received_from_nobody() -> None:
    assert received_locally(by="smtp.kampus.example", queue_id="B45501642C2", date=DATE) == (
        "Received",
        "by smtp.kampus.example\r\n\tid B45501642C2; Mon, 23 Nov 2026 10:19:19 +0000 (UTC)",
    )


def test_a_mailbox_server_writes_dovecots_form() -> None:
    def stamp(recipient: str | None) -> tuple[str, str]:
        return lmtp_received(
            helo="mx1.kantor.example",
            client_address="127.0.0.1",
            by="mx1.kantor.example",
            session_id="wH2BNicTBGvsQwAAblQSPw",
            reverse_path="ani@kampus.example",
            recipient=recipient,
            date=DATE,
        )

    head = (
        "from mx1.kantor.example ([127.0.0.1])\r\n"
        "\tby mx1.kantor.example with LMTP\r\n"
        "\tid wH2BNicTBGvsQwAAblQSPw\r\n"
        "\t(envelope-from <ani@kampus.example>)"
    )
    for_one = "\r\n\tfor <citra@kantor.example>; Mon, 23 Nov 2026 10:19:19 +0000"
    assert stamp("citra@kantor.example") == ("Received", head + for_one)
    assert stamp(None) == ("Received", head + "; Mon, 23 Nov 2026 10:19:19 +0000")


def test_final_delivery_writes_the_envelope_down() -> None:
    assert return_path("ani@kampus.example") == ("Return-Path", "<ani@kampus.example>")
    assert return_path("") == ("Return-Path", "<>")
    assert original_to("budi@kampus.example") == ("X-Original-To", "budi@kampus.example")
    assert delivered_to("budi@kampus.example") == ("Delivered-To", "budi@kampus.example")


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (DATE, "Mon, 23 Nov 2026 10:19:19 +0000 (UTC)"),
        (
            DATE.astimezone(timezone(timedelta(hours=7), "WIB")),
            "Mon, 23 Nov 2026 17:19:19 +0700 (WIB)",
        ),
        (DATE.astimezone(timezone(timedelta(hours=7))), "Mon, 23 Nov 2026 17:19:19 +0700"),
    ],
)
def test_a_date_names_its_zone_where_the_zone_has_a_name(date: datetime, written: str) -> None:
    assert date_text(date) == written


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        date_text(datetime(2026, 11, 23))


def test_the_protocol_names_are_the_registered_ones() -> None:
    flags = ("secure", "authenticated", "utf8", "lmtp")
    names = {
        with_protocol(extended=extended, **dict(zip(flags, on, strict=True)))
        for extended in (True, False)
        for on in itertools.product((True, False), repeat=4)
    }
    # RFC 3848 and RFC 6531 section 4.3, and the SMTP of RFC 5321.
    assert names == {
        *("SMTP", "ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA", "LMTP", "LMTPA", "LMTPS", "LMTPSA"),
        *("UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"),
        *("UTF8LMTP", "UTF8LMTPA", "UTF8LMTPS", "UTF8LMTPSA"),
    }
    assert with_protocol(extended=True, secure=True, authenticated=True) == "ESMTPSA"
    assert with_protocol(extended=False) == "SMTP"


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_whatever_a_client_calls_itself_the_field_stays_one_field(
    helo: str, client_name: str, client_address: str, recipient: str, product: str
) -> None:
    value = from_the_client(
        helo=helo,
        client_name=client_name,
        client_address=client_address,
        recipient=recipient,
        product=product,
    )
    line = field_line("Received", value)
    assert fields_of(line + b"\r\nisi\r\n") == (("Received", value),)
    assert value.count("\r\n") == 2
    assert value.splitlines()[0].count("(") == 1


def test_a_helo_cannot_close_the_comment_or_forge_a_stamp() -> None:
    forged = from_the_client(helo="x) by gmail.com; <a@b>\x1b[2J")
    assert forged.startswith("from x??by?gmail.com???a?b??[2J (pc-ani")


def test_queue_ids_are_hex_like_postfixs_and_the_same_for_the_same_random() -> None:
    assert queue_id(712_345, random.Random(1)) == queue_id(5_000_712_345, random.Random(1))
    assert queue_id(712_345, random.Random(1)).startswith(f"{712_345:05X}")
    drawn = random.Random(1)
    ids = [queue_id(7, drawn) for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(len(identity) == 11 and int(identity, 16) for identity in ids)


def test_lmtp_session_ids_are_like_dovecots() -> None:
    identity = lmtp_id(1_795_429_159_914_456, random.Random(1))
    # The capture's own id of that moment is wH2BNicTBGvsQwAAblQSPw: time, then process and host.
    assert identity.startswith("wH2BNicTBG")
    assert len(identity) == 22
    assert identity == lmtp_id(1_795_429_159_914_456, random.Random(1))
