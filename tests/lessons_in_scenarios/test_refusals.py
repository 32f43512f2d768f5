"""No for good: who says it, and who then tells the sender."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import Report, Run, play


def the_report(run: Run) -> Report:
    """The one report of a run, which Ani gets and reads."""
    (report,) = run.reports()
    assert report.to == ("ani@kampus.example",)
    assert ("ani@kampus.example", "Undelivered Mail Returned to Sender") in run.read()
    return report


def test_a_recipient_refused_at_rcpt_is_reported_by_the_server_that_sends() -> None:
    run = play("unknown-user")
    run.shows("""
        pc-ani.kampus.example  C: RCPT TO:<cita@kantor.example>
        smtp.kampus.example    S: 250 2.1.5 Ok
        smtp.kampus.example    C: RCPT TO:<cita@kantor.example>
        smtp.kampus.example    C: DATA
        mx1.kantor.example     = recipient unknown: cita@kantor.example
        mx1.kantor.example     S: 550 5.1.1 <cita@kantor.example>: Recipient address rejected
        mx1.kantor.example     S: 554 5.5.1 Error: no valid recipients
        smtp.kampus.example    C: RSET
        smtp.kampus.example    C: QUIT
        smtp.kampus.example    gives m1 up for cita@kantor.example and reports it in m2
        smtp.kampus.example    writes m2 from <> to ani@kampus.example
    """)
    report = the_report(run)
    assert report.by == "smtp.kampus.example"
    (cita,) = report.of_the_recipients()
    assert cita["Final-Recipient"] == "rfc822; cita@kantor.example"
    assert (cita["Action"], cita["Status"]) == ("failed", "5.1.1")
    assert cita["Remote-MTA"] == "dns; mx1.kantor.example"


def test_one_refused_recipient_does_not_stop_the_others() -> None:
    run = play("some-refused")
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<citra@kantor.example>
        smtp.kampus.example  C: RCPT TO:<cita@kantor.example>
        smtp.kampus.example  C: RCPT TO:<dedi@kantor.example>
        mx1.kantor.example   S: 250 2.1.0 Ok
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   S: 550 5.1.1 <cita@kantor.example>: Recipient address rejected
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   S: 354
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        smtp.kampus.example  gives m1 up for cita@kantor.example and reports it in m2
        mail.kantor.example  stores m1 for citra@kantor.example
        mail.kantor.example  stores m1 for dedi@kantor.example
    """)
    refused = [fields["Final-Recipient"] for fields in the_report(run).of_the_recipients()]
    assert refused == ["rfc822; cita@kantor.example"]


def test_a_null_mx_ends_it_before_anybody_is_called() -> None:
    run = play("null-mx")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 0 .
        smtp.kampus.example   = route.null-mx failed: kantor.example
        smtp.kampus.example   gives m1 up for citra@kantor.example and reports it in m2
    """)
    run.hides("port 25")
    report = the_report(run)
    assert report.by == "smtp.kampus.example"
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("failed", "5.1.0")


def test_a_server_that_asks_the_dns_at_rcpt_shows_a_slip_while_its_author_is_there() -> None:
    run = play("typo-refused-at-once")
    run.shows("""
        pc-ani.kampus.example   C: RCPT TO:<citra@kantr.example>
        smtp.kampus.example     Q: kantr.example MX
        resolver.isp.example    A: NXDOMAIN
        smtp.kampus.example     S: 450 4.1.2 <citra@kantr.example>: Recipient address rejected
        pc-ani.kampus.example   C: RCPT TO:<dedi@kantor.example>
        smtp.kampus.example     S: 250 2.1.5 Ok
        pc-ani.kampus.example   = submission.deferred deferred: citra@kantr.example
        mail.kantor.example     stores m1 for dedi@kantor.example
    """)
    assert run.reports() == []


def test_in_a_playground_the_address_says_what_goes_wrong_and_when() -> None:
    run = play("playground")
    run.shows("""
        smtp.kampus.example   C: RCPT TO:<siapa-saja@taman.example>
        smtp.kampus.example   C: RCPT TO:<rcptto450@taman.example>
        mx1.taman.example     S: 250 2.1.5 Ok
        mx1.taman.example     = fault reply: RCPT
        mx1.taman.example     S: 450 4.0.0 As the address asked for
        smtp.kampus.example   keeps m1 for rcptto450@taman.example until 5:00
        mail.taman.example    stores m1 for siapa-saja@taman.example
        smtp.kampus.example   C: RCPT TO:<permerror@taman.example>
        mx1.taman.example     = fault reply: .
        mx1.taman.example     S: 550 5.0.0 As the address asked for
        smtp.kampus.example   C: MAIL FROM:<mailfrom550@kampus.example>
        mx1.taman.example     = fault reply: MAIL
        mx1.taman.example     S: 550 5.0.0 As the address asked for
        smtp.kampus.example   = queue.expired bounced
    """)
    failed = [fields["Status"] for report in run.reports() for fields in report.of_the_recipients()]
    assert failed == ["5.0.0", "5.0.0", "4.0.0"]


def test_a_domain_that_does_not_exist_is_given_up_at_once() -> None:
    run = play("no-such-domain")
    run.shows("""
        smtp.kampus.example   Q: kantr.example MX
        resolver.isp.example  A: NXDOMAIN
        smtp.kampus.example   = route.no-host failed: kantr.example
        smtp.kampus.example   gives m1 up for citra@kantr.example and reports it in m2
    """)
    run.hides("until")
    report = the_report(run)
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("failed", "5.4.4")


def test_a_sender_whom_no_report_could_reach_is_refused_by_the_server_that_asks() -> None:
    run = play("no-answer-wanted")
    run.shows("""
        mx1.kantor.example  Q: buletin.example MX
        mx1.kantor.example  S: 550 5.7.27 <jangan-balas@buletin.example>: Sender address rejected
        mx1.rumah.example   S: 250 2.0.0 Ok: queued as
        smtp.toko.example   writes m2 from <> to jangan-balas@buletin.example
        smtp.toko.example   Q: buletin.example MX
        smtp.toko.example   gives m2 up for jangan-balas@buletin.example and tells nobody
    """)
    assert run.stored("citra@kantor.example") == []
    assert len(run.stored("eka@rumah.example")) == 1
