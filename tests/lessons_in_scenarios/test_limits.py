"""Too large, too many, too full."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import play

KAMPUS, MX1 = "smtp.kampus.example", "mx1.kantor.example"


def test_a_mail_larger_than_the_server_takes_is_not_even_begun() -> None:
    run = play("too-large")
    run.shows("""
        smtp.kampus.example  C: EHLO smtp.kampus.example
        mx1.kantor.example   S: 250-mx1.kantor.example / 250-PIPELINING / 250-SIZE 400 /
        smtp.kampus.example  C: QUIT
        smtp.kampus.example  gives m1 up for citra@kantor.example and reports it in m2
        smtp.kampus.example  writes m2 from <> to ani@kampus.example
    """)
    assert not [line for line in run.lines if line.host == KAMPUS and "C: MAIL" in line.text]
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("failed", "5.3.4")


def test_a_recipient_too_many_is_put_off_and_comes_next() -> None:
    run = play("too-many-recipients")
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<citra@kantor.example>
        smtp.kampus.example  C: RCPT TO:<dedi@kantor.example>
        mx1.kantor.example   S: 250 2.1.5 Ok
        mx1.kantor.example   S: 452 4.5.3 Error: too many recipients
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        smtp.kampus.example  keeps m1 for dedi@kantor.example until 5:0
        mail.kantor.example  stores m1 for citra@kantor.example
        smtp.kampus.example  C: RCPT TO:<dedi@kantor.example>
        mail.kantor.example  stores m1 for dedi@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5]
    assert run.reports() == []


def test_a_full_mailbox_takes_the_next_mail_when_its_owner_has_made_room() -> None:
    run = play("full-mailbox")
    run.shows("""
        mail.kantor.example      stores m1 for citra@kantor.example
        mx1.kantor.example       S: 250 2.0.0 Ok: queued as
        mx1.kantor.example       calls mail.kantor.example, port 24
        mail.kantor.example      = quota full: citra@kantor.example
        mail.kantor.example      S: 452 4.2.2 <citra@kantor.example> Quota exceeded
        mx1.kantor.example       keeps m2 for citra@kantor.example until 5:1
        mail.kantor.example      S: 452 4.2.2 <citra@kantor.example> Quota exceeded
        mx1.kantor.example       keeps m2 for citra@kantor.example until 10:1
        pc-citra.kantor.example  has m1 from citra@kantor.example; the server deletes it
        mx1.kantor.example       calls mail.kantor.example, port 24
        mail.kantor.example      stores m2 for citra@kantor.example
    """)
    assert [subject for _, subject in run.read()] == ["Rapat Senin", "Rapat Selasa"]
    assert run.reports() == []
