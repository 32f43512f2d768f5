"""The envelope decides where a mail goes; the header is only read by people."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import play


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
