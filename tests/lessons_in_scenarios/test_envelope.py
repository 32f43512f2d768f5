"""The envelope decides where a mail goes; the header is only read by people."""

from __future__ import annotations

from simulator.trace.event import Content, Stored
from simulator.trace.octets import octets_of
from tests.lessons_in_scenarios.played import play

KAMPUS, GUEST = "smtp.kampus.example", "pc-tamu.asing.example"


def test_the_mail_goes_to_whom_the_envelope_names_and_not_the_header() -> None:
    run = play("envelope-and-header")
    run.shows("""
        pc-ani.kampus.example    writes m1 from <ani@kampus.example> to citra@kantor.example
        pc-ani.kampus.example    C: RCPT TO:<citra@kantor.example>
        smtp.kampus.example      C: RCPT TO:<citra@kantor.example>
        mail.kantor.example      stores m1 for citra@kantor.example
        pc-citra.kantor.example  shows m1: Rapat Senin
    """)
    (mail,) = run.stored("citra@kantor.example")
    assert mail["To"] == "dedi@kantor.example"
    assert mail["Return-Path"] == "<ani@kampus.example>"
    assert run.stored("dedi@kantor.example") == []


def test_bcc_stands_in_the_envelope_and_in_no_header() -> None:
    run = play("blind-copy")
    run.shows("""
        pc-ani.kampus.example  C: RCPT TO:<citra@kantor.example>
        pc-ani.kampus.example  C: RCPT TO:<dedi@kantor.example>
        pc-ani.kampus.example  C: RCPT TO:<budi@kampus.example>
        smtp.kampus.example    C: RCPT TO:<citra@kantor.example>
        smtp.kampus.example    C: RCPT TO:<dedi@kantor.example>
        mail.kampus.example    stores m1 for budi@kampus.example
        mail.kantor.example    stores m1 for citra@kantor.example
        mail.kantor.example    stores m1 for dedi@kantor.example
    """)
    for mailbox in ("citra@kantor.example", "dedi@kantor.example", "budi@kampus.example"):
        (mail,) = run.stored(mailbox)
        assert (mail["To"], mail["Cc"], mail["Bcc"]) == (
            "citra@kantor.example",
            "dedi@kantor.example",
            None,
        )
    for mailbox in ("citra@kantor.example", "dedi@kantor.example"):
        (mail,) = run.stored(mailbox)
        assert b"budi" not in mail.as_bytes()


def test_a_group_address_is_replaced_by_the_people_behind_it() -> None:
    run = play("group-address")
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<rapat@kantor.example>
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   = alias citra@kantor.example, budi@kampus.example: rapat@kantor.example
        mail.kantor.example  stores m1 for citra@kantor.example
        mx1.kantor.example   calls smtp.kampus.example, port 25
        mx1.kantor.example   C: MAIL FROM:<ani@kampus.example>
        mx1.kantor.example   C: RCPT TO:<budi@kampus.example>
        mail.kampus.example  stores m1 for budi@kampus.example
    """)
    for mailbox in ("citra@kantor.example", "budi@kampus.example"):
        (mail,) = run.stored(mailbox)
        assert mail["To"] == "rapat@kantor.example"
    assert run.scenario.domain("kantor.example").users == ("citra",)  # type: ignore[union-attr]


def test_addresses_that_lead_to_each_other_are_stopped_by_the_received_lines() -> None:
    run = play("forward-loop")
    run.shows("""
        mx1.kantor.example   = alias dedi@rumah.example: dedi@kantor.example
        mx1.kantor.example   calls mx1.rumah.example, port 25
        mx1.rumah.example    = alias dedi@kantor.example: dedi@rumah.example
        mx1.rumah.example    calls mx1.kantor.example, port 25
        mx1.kantor.example   = loop refused: 9
        mx1.kantor.example   S: 554 5.4.0 Error: too many hops
        mx1.rumah.example    gives m1 up for dedi@kantor.example and reports it in m2
        mx1.rumah.example    writes m2 from <> to ani@kampus.example
        mail.kampus.example  stores m2 for ani@kampus.example
    """)
    (report,) = run.reports()
    assert len(report.returned().get_all("Received", [])) == 9
    (dedi,) = report.of_the_recipients()
    assert dedi["Original-Recipient"] == "rfc822;dedi@kantor.example"


def test_a_dot_at_the_start_of_a_line_is_doubled_on_the_wire_and_nowhere_else() -> None:
    run = play("dots")
    lines = b".\r\n..dan yang ini diawali dua titik\r\nSelesai.\r\n"
    sent = [octets_of(event.fact) for event in run.events if isinstance(event.fact, Content)]
    assert all(octets.endswith(b"." + lines[:3] + b"." + lines[3:] + b".\r\n") for octets in sent)
    kept = [octets_of(event.fact) for event in run.events if isinstance(event.fact, Stored)]
    assert [octets.endswith(b"\r\n" + lines) for octets in kept] == [True]


def test_eight_bit_text_is_rewritten_for_a_server_that_takes_seven() -> None:
    run = play("eight-bits")
    run.shows("""
        pc-ani.kampus.example  C: MAIL FROM:<ani@kampus.example> BODY=8BITMIME
        smtp.kampus.example    C: MAIL FROM:<ani@kampus.example> SIZE=492 BODY=8BITMIME
        smtp.kampus.example    = fit.8bit converted
        smtp.kampus.example    C: MAIL FROM:<ani@kampus.example>
        smtp.kampus.example    C: RCPT TO:<eka@rumah.example>
    """)
    (citras,), (ekas,) = run.stored("citra@kantor.example"), run.stored("eka@rumah.example")
    assert citras["Content-Transfer-Encoding"] == "8bit"
    assert ekas["Content-Transfer-Encoding"] == "quoted-printable"
    assert citras.get_content() == ekas.get_content()
    assert "3 €" in ekas.get_content()


def test_an_address_beyond_ascii_needs_smtputf8_all_the_way() -> None:
    run = play("letters-beyond-ascii")
    run.shows("""
        smtp.kampus.example  C: MAIL FROM:<ani@kampus.example> SIZE=474 BODY=8BITMIME SMTPUTF8
        smtp.kampus.example  C: RCPT TO:<renée@kantor.example> ORCPT=utf-8;renée@kantor.example
        mail.kantor.example  stores m1 for renée@kantor.example
        smtp.kampus.example  calls mx1.rumah.example, port 25
        smtp.kampus.example  = fit.utf8 refused
        smtp.kampus.example  C: QUIT
        smtp.kampus.example  gives m1 up for zoë@rumah.example and reports it in m2
    """)
    (mail,) = run.stored("renée@kantor.example")
    assert mail["To"] == "renée@kantor.example, zoë@rumah.example"
    assert "with UTF8SMTP id" in mail["Received"]
    (report,) = run.reports()
    (zoe,) = report.of_the_recipients()
    assert (zoe["Action"], zoe["Status"]) == ("failed", "5.6.7")
    assert zoe["Final-Recipient"] == "utf-8; zo\\x{EB}@rumah.example"


def test_a_domain_beyond_ascii_has_a_second_spelling_that_every_server_knows() -> None:
    run = play("domain-beyond-ascii")
    run.shows("""
        pc-ani.kampus.example    writes m1 from <ani@kampus.example> to citra@xn--kaf-dma.example
        pc-ani.kampus.example    = domain.a-labels xn--kaf-dma.example: kafé.example
        pc-ani.kampus.example    C: MAIL FROM:<ani@kampus.example>
        pc-ani.kampus.example    C: RCPT TO:<citra@xn--kaf-dma.example>
        smtp.kampus.example      Q: xn--kaf-dma.example MX
        smtp.kampus.example      C: RCPT TO:<citra@xn--kaf-dma.example>
        mail.xn--kaf-dma.example  stores m1 for citra@xn--kaf-dma.example
    """)
    (mail,) = run.stored("citra@xn--kaf-dma.example")
    assert mail["To"] == "citra@xn--kaf-dma.example"


def test_a_line_too_long_to_be_sent_is_broken_where_998_octets_end() -> None:
    run = play("long-line")
    run.shows("""
        pc-ani.kampus.example    C: the message
        smtp.kampus.example      S: 250 2.0.0 Ok: queued as
        smtp.kampus.example      = fit.line folded
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        mail.kantor.example      stores m1 for citra@kantor.example
        pc-tamu.asing.example    C: the message
        mx1.kantor.example       S: 554 5.6.0 Error: text line too long
        pc-citra.kantor.example  shows m1: Jadwal
    """)
    contents = [(one.host, one.fact) for one in run.events if isinstance(one.fact, Content)]
    by_host = {host: octets_of(fact).split(b"\r\n") for host, fact in contents}
    written, sent, refused = by_host["pc-ani.kampus.example"], by_host[KAMPUS], by_host[GUEST]
    (long,) = (line for line in written if line.startswith(b"Jadwal: "))
    begin, rest = (line for line in sent if len(line) > 300)
    assert len(long) > 998
    assert (len(begin), rest[:1], begin + rest[1:]) == (998, b" ", long)
    assert long in refused
    assert len(run.stored("citra@kantor.example")) == 1


def test_a_server_without_ehlo_is_greeted_by_helo_and_asked_for_nothing_more() -> None:
    run = play("old-server")
    run.shows("""
        smtp.kampus.example  C: EHLO smtp.kampus.example
        mx1.kantor.example   S: 502 Command not implemented
        smtp.kampus.example  C: HELO smtp.kampus.example
        mx1.kantor.example   S: 250 mx1.kantor.example
        smtp.kampus.example  C: MAIL FROM:<ani@kampus.example>
        mx1.kantor.example   S: 250 2.1.0 Ok
        smtp.kampus.example  C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example   S: 250 2.1.5 Ok
        smtp.kampus.example  C: DATA
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    run.hides("SIZE=")
    run.hides("ORCPT")
    (mail,) = run.stored("citra@kantor.example")
    last, first = mail.get_all("Received", [])
    assert ("with SMTP id" in last, "with ESMTPSA id" in first) == (True, True)
