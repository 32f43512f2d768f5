"""Reports: who writes one, who gets one, and who never does."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import play


def test_who_has_said_250_must_report_what_fails_afterwards() -> None:
    run = play("accepted-then-bounced")
    run.shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mx1.kantor.example   calls mail.kantor.example, port 24
        mail.kantor.example  S: 552 5.2.2 <citra@kantor.example> Quota exceeded
        mx1.kantor.example   gives m1 up for citra@kantor.example and reports it in m2
        mx1.kantor.example   writes m2 from <> to ani@kampus.example
        mx1.kantor.example   Q: kampus.example MX
        mx1.kantor.example   calls smtp.kampus.example, port 25
        mx1.kantor.example   C: MAIL FROM:<>
        mail.kampus.example  stores m2 for ani@kampus.example
    """)
    (report,) = run.reports()
    assert report.by == "mx1.kantor.example"
    assert report.of_the_mail()["Reporting-MTA"] == "dns; mx1.kantor.example"
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("failed", "5.2.2")
    (mail,) = run.stored("ani@kampus.example")
    assert mail["Return-Path"] == "<>"


def test_who_asks_for_it_is_told_of_success_under_their_own_mark() -> None:
    run = play("success-notice")
    run.shows("""
        pc-ani.kampus.example  C: MAIL FROM:<ani@kampus.example> ENVID=rapat-17 RET=HDRS
        pc-ani.kampus.example  C: RCPT TO:<citra@kantor.example> NOTIFY=SUCCESS
        mx1.kantor.example     S: 250-mx1.kantor.example
        smtp.kampus.example    C: MAIL FROM:<ani@kampus.example> SIZE=485 ENVID=rapat-17 RET=HDRS
        smtp.kampus.example  C: RCPT TO:<citra@kantor.example> ORCPT=rfc822;citra@kantor.example NOT
        mail.kantor.example    stores m1 for citra@kantor.example
        mx1.kantor.example     writes m2 from <> to ani@kampus.example
        pc-ani.kampus.example  shows m2: Successful Mail Delivery Report
    """)
    (report,) = run.reports()
    assert report.of_the_mail()["Original-Envelope-Id"] == "rapat-17"
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("delivered", "2.0.0")
    header = report.returned()
    assert header["Subject"] == "Rapat Senin"
    assert header.get_content() == "", "RET=HDRS: the text stays where it is"


def test_a_forged_sender_gets_the_report_and_a_report_is_never_reported() -> None:
    run = play("forged-sender")
    run.shows("""
        pc-dedi.kantor.example  C: MAIL FROM:<ani@kampus.example>
        pc-dedi.kantor.example  C: RCPT TO:<hantu@kampus.example>
        mx1.kampus.example      S: 550 5.1.1 <hantu@kampus.example>: Recipient address rejected
        smtp.kantor.example     writes m2 from <> to ani@kampus.example
        mail.kampus.example     stores m2 for ani@kampus.example
        pc-ani.kampus.example   shows m2: Undelivered Mail Returned to Sender
        pc-dedi.kantor.example  C: MAIL FROM:<bayang@kampus.example>
        smtp.kantor.example     writes m4 from <> to bayang@kampus.example
        smtp.kantor.example     C: MAIL FROM:<>
        mx1.kampus.example      S: 550 5.1.1 <bayang@kampus.example>: Recipient address rejected
        smtp.kantor.example     gives m4 up for bayang@kampus.example and tells nobody
    """)
    assert "ani@kampus.example" not in {mail.sender for mail in run.scenario.mails}
    assert [report.to for report in run.reports()] == [
        ("ani@kampus.example",),
        ("bayang@kampus.example",),
    ]


def test_who_wants_no_report_gets_none_and_who_does_says_what_comes_back() -> None:
    run = play("wanted-silence")
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<cita@kantor.example> ORCPT=rfc822;cita@kantor.example NOTI
        mx1.kantor.example     S: 550 5.1.1
        smtp.kampus.example    gives m1 up for cita@kantor.example and tells nobody
        pc-ani.kampus.example  C: MAIL FROM:<ani@kampus.example> RET=FULL
        smtp.kampus.example    gives m2 up for cita@kantor.example and reports it in m3
        pc-ani.kampus.example  C: MAIL FROM:<ani@kampus.example> RET=HDRS
        smtp.kampus.example    gives m4 up for cita@kantor.example and reports it in m5
    """)
    whole, header = (report.returned() for report in run.reports())
    assert whole["Subject"] == "Kembalikan seluruhnya"
    assert whole.get_content().strip() == "Naskah ini tidak saya simpan."
    assert header["Subject"] == "Cukup kepalanya"
    assert header.get_content().strip() == ""


def test_of_two_who_wait_only_the_one_who_wants_it_is_told_of_the_delay() -> None:
    run = play("delay-notice")
    run.shows("""
        pc-ani.kampus.example   C: RCPT TO:<citra@kantor.example> NOTIFY=DELAY
        pc-budi.kampus.example  C: RCPT TO:<citra@kantor.example> NOTIFY=FAILURE
        smtp.kampus.example     keeps m1 for citra@kantor.example until 1:20
        smtp.kampus.example     writes m3 from <> to ani@kampus.example
        pc-ani.kampus.example   shows m3: Delayed Mail (still being retried)
        pc-citra.kantor.example shows m1: Rapat Senin
        pc-citra.kantor.example shows m2: Rapat Selasa
    """)
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert citra["Action"] == "delayed"
