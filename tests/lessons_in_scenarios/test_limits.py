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


def test_the_recipient_too_many_of_a_day_is_refused_by_the_sender_s_own_server() -> None:
    run = play("daily-limit")
    run.shows("""
        pc-ani.kampus.example  C: RCPT TO:<eka@rumah.example>
        smtp.kampus.example    S: 250 2.1.5 Ok
        pc-ani.kampus.example  C: RCPT TO:<fajar@rumah.example>
        smtp.kampus.example    = sending.limit refused
        smtp.kampus.example    S: 550 5.4.5 Daily user sending limit exceeded
        pc-ani.kampus.example  = submission.refused refused: fajar@rumah.example
        mail.rumah.example     stores m2 for eka@rumah.example
        pc-ani.kampus.example  writes m3
        smtp.kampus.example    S: 250 2.1.5 Ok
        mail.rumah.example     stores m3 for fajar@rumah.example
    """)
    assert run.reports() == [], "the client still holds what is refused: it needs no report"


def test_two_a_day_ends_at_another_command_with_each_way_of_counting() -> None:
    run = play("counting-units")
    refused = {
        line.host: previous.text.split()[1]
        for previous, _, line in zip(run.lines, run.lines[1:], run.lines[2:], strict=False)
        if line.text.startswith(("S: 45", "S: 550"))
    }
    assert refused == {
        "smtp.pesan.example": "the",  # message, which was sent for nothing
        "smtp.orang.example": "RCPT",
        "smtp.kali.example": "MAIL",
    }
    stored = [line.text for line in run.lines if line.text.startswith("stores")]
    by_whom = [sum(f"stores m{n} " in text for text in stored) for n in range(1, 10)]
    assert by_whom == [2, 2, 0, 2, 0, 0, 2, 2, 0]


def test_a_newsletter_through_one_s_own_provider_stops_at_its_limit() -> None:
    run = play("newsletter")
    run.shows("""
        pc-kabar.toko.example  calls smtp.toko.example, port 587
        smtp.toko.example      S: 550 5.7.1 Hourly limit of the domain exceeded
        pc-kabar.toko.example  = submission.refused refused: eka@rumah.example
        mail.kantor.example    stores m1 for dedi@kantor.example
    """)
    run.hides("stores m1 for eka@rumah.example")


def test_a_relay_service_sends_it_all_and_may_speak_for_the_shop() -> None:
    run = play("relay-service")
    run.shows("""
        pc-kabar.toko.example  calls kirim.layanan.example, port 587
        kirim.layanan.example  = trust.dkim-sign signed: toko.example
        kirim.layanan.example  Q: toko.example MX
        kirim.layanan.example  calls mx1.toko.example, port 25
        kirim.layanan.example  Q: kampus.example MX
        mx1.kampus.example     = trust.spf pass: toko.example
        mx1.kampus.example     = trust.dkim pass: toko.example
        mx1.kampus.example     = trust.dmarc pass: toko.example
        mail.rumah.example     stores m1 for gita@rumah.example
    """)
    run.hides("refused")
    recipients = run.scenario.mails[0].recipients
    assert all(len(run.stored(recipient)) == 1 for recipient in recipients)


def test_a_letter_to_many_readers_takes_one_conversation_a_town() -> None:
    run = play("many-readers")
    run.shows("""
        smtp.kampus.example  calls mx1.kota1.example, port 25
        smtp.kampus.example  C: RCPT TO:<pembaca1@kota1.example>
        smtp.kampus.example  C: RCPT TO:<pembaca13@kota1.example>
        smtp.kampus.example  C: RCPT TO:<pembaca25@kota1.example>
        mx1.kota3.example    S: 550 5.1.1 <pembaca15@kota3.example>
        mx1.kota4.example    S: 450 4.2.0 <pembaca4@kota4.example>
        smtp.kampus.example  calls mx1.kota12.example, port 25
        smtp.kampus.example  calls mx1.kota5.example, port 25: timeout
        smtp.kampus.example  gives m1 up for pembaca15@kota3.example, pembaca27@kota3.example
        smtp.kampus.example  calls mx1.kota4.example, port 25
        smtp.kampus.example  calls mx1.kota5.example, port 25: timeout
        smtp.kampus.example  calls mx1.kota5.example, port 25
        mail.kota5.example   stores m1 for pembaca29@kota5.example
    """)
    (report,) = run.reports()
    assert len(report.of_the_recipients()) == 2


def test_a_size_that_is_said_is_refused_at_mail_and_one_that_is_not_after_the_text() -> None:
    play("declared-size").shows("""
        mx1.kantor.example     S: 250-mx1.kantor.example / 250-PIPELINING / 250-SIZE 300
        pc-tamu.asing.example  C: MAIL FROM:<tamu@asing.example> SIZE=400
        mx1.kantor.example     S: 552 5.3.4 Message size exceeds fixed limit
        pc-tamu.asing.example  C: MAIL FROM:<tamu@asing.example> SIZE=200
        mx1.kantor.example     S: 250 2.1.0 Ok
        pc-tamu.asing.example  C: MAIL FROM:<tamu@asing.example>
        pc-tamu.asing.example  C: the message, 380 octets
        mx1.kantor.example     S: 552 5.3.4 Error: message file too big
    """)


def test_two_providers_allow_their_users_a_different_number_of_recipients() -> None:
    run = play("two-providers")
    run.shows("""
        smtp.surat.example     = sending.limit refused
        smtp.surat.example     S: 452 4.5.3 Error: too many recipients
        pc-ani.surat.example   = submission.deferred deferred: pembaca100@kota1.example
        mail.surat.example     stores m1 for ani@surat.example
        mail.kota1.example     stores m1 for pembaca99@kota1.example
        mail.kerja.example     stores m2 for budi@kerja.example
        mail.kota1.example     stores m2 for pembaca100@kota1.example
    """)
    run.hides("mail.kota1.example stores m1 for pembaca100@kota1.example")
