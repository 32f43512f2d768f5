"""Who may send what through whom, and what somebody learns who types SMTP by hand."""

from __future__ import annotations

import base64

from simulator.mail.proofs import digest_of
from simulator.trace.event import Command, Connected, Reply, Tls
from tests.lessons_in_scenarios.played import Run, play


def test_smtp_is_text_that_a_person_can_type() -> None:
    run = play("smtp-by-hand")
    run.shows("""
        pc-tamu.asing.example  C: HELP
        mx1.kantor.example     S: 214 2.0.0 Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL NOOP
        pc-tamu.asing.example  C: HALO
        mx1.kantor.example     S: 500 5.5.2 Error: command not recognized
        pc-tamu.asing.example  C: MAIL FROM:<tamu@asing.example>
        mx1.kantor.example     S: 503 5.5.1 Error: send HELO/EHLO first
        pc-tamu.asing.example  C: EHLO
        mx1.kantor.example     S: 501 Syntax: EHLO hostname
        pc-tamu.asing.example  C: NOOP
        mx1.kantor.example     S: 250 2.0.0 Ok
        pc-tamu.asing.example  C: VRFY citra@kantor.example
        mx1.kantor.example     S: 252 2.0.0 citra@kantor.example
        pc-tamu.asing.example  C: VRFY cita@kantor.example
        mx1.kantor.example     S: 550 5.1.1
        pc-tamu.asing.example  C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example     S: 503 5.5.1 Error: need MAIL command
        pc-tamu.asing.example  C: MAIL TO:<citra@kantor.example>
        mx1.kantor.example     S: 501 5.5.4 Syntax: MAIL FROM:<address>
        pc-tamu.asing.example  C: DATA
        mx1.kantor.example     S: 554 5.5.1 Error: no valid recipients
        pc-tamu.asing.example  C: RSET
        mx1.kantor.example     S: 250 2.0.0 Ok
        pc-tamu.asing.example  C: the message, 99 octets
        mx1.kantor.example     S: 250 2.0.0 Ok: queued as
        pc-tamu.asing.example  C: HELO pc-tamu.asing.example
        mx1.kantor.example     S: 250 mx1.kantor.example
        pc-tamu.asing.example  C: MAIL FROM:<tamu@asing.example>
        pc-tamu.asing.example  C: RCPT TO:<citra@kantor.example>
        pc-tamu.asing.example  C: DATA
        mx1.kantor.example     S: 250 2.1.0 Ok
        mx1.kantor.example     S: 250 2.1.5 Ok
        mx1.kantor.example     S: 354
    """)
    by_ehlo, by_helo = run.stored("citra@kantor.example")
    assert "with ESMTP id" in by_ehlo["Received"]
    assert "with SMTP id" in by_helo["Received"]


def test_a_server_carries_mail_on_for_its_own_users_only() -> None:
    run = play("open-relay")
    run.shows("""
        pc-ani.kampus.example   C: RCPT TO:<eka@rumah.example>
        smtp.kampus.example     S: 250 2.1.5 Ok
        mail.rumah.example      stores m1 for eka@rumah.example
        pc-tamu.asing.example   C: MAIL FROM:<ani@kampus.example>
        smtp.kampus.example     S: 250 2.1.0 Ok
        pc-tamu.asing.example   C: RCPT TO:<eka@rumah.example>
        smtp.kampus.example     S: 554 5.7.1 <eka@rumah.example>: Relay access denied
        pc-tamu.asing.example   C: RCPT TO:<ani@kampus.example>
        smtp.kampus.example     S: 250 2.1.5 Ok
    """)


def test_with_a_wrong_password_the_mail_never_leaves_the_client() -> None:
    run = play("wrong-password")
    run.shows("""
        smtp.kampus.example    S: 535 5.7.8 Error: authentication failed
        pc-ani.kampus.example  C: QUIT
        pc-ani.kampus.example  = submission.refused refused: citra@kantor.example
    """)
    run.hides("C: MAIL")


def test_a_password_is_heard_only_after_tls_and_a_second_ehlo() -> None:
    run = play("password-needs-tls")
    run.shows("""
        pc-ani.kampus.example  C: AUTH PLAIN
        smtp.kampus.example    S: 538 5.7.11 Encryption required
        pc-ani.kampus.example  C: STARTTLS
        smtp.kampus.example    S: 220 2.0.0 Ready to start TLS
        pc-ani.kampus.example  seals: smtp.kampus.example, proved to be smtp.kampus.example
        pc-ani.kampus.example  C: MAIL FROM:<ani@kampus.example>
        smtp.kampus.example    S: 503 5.5.1 Error: send HELO/EHLO first
        pc-ani.kampus.example  C: EHLO pc-ani.kampus.example
        pc-ani.kampus.example  C: AUTH LOGIN
        smtp.kampus.example    S: 334 VXNlcm5hbWU6
        smtp.kampus.example    S: 334 UGFzc3dvcmQ6
        smtp.kampus.example    S: 235 2.7.0 Authentication successful
    """)
    before, after = _offers(run)
    assert "STARTTLS" in before
    assert "AUTH PLAIN LOGIN" not in before
    assert "STARTTLS" not in after
    assert "AUTH PLAIN LOGIN" in after
    (mail,) = run.stored("citra@kantor.example")
    assert "with ESMTPSA id" in mail.get_all("Received")[-1]


def test_at_three_ports_a_user_hands_in_mail_and_servers_meet_at_25() -> None:
    run = play("three-ports")
    called = [
        (event.host, event.fact.peer, event.fact.port)
        for event in run.events
        if isinstance(event.fact, Connected) and event.fact.protocol == "smtp"
    ]
    assert called == [
        ("pc-ani.kampus.example", "smtp.kampus.example", 587),
        ("smtp.kampus.example", "smtp.kantor.example", 25),
        ("pc-citra.kantor.example", "smtp.kantor.example", 465),
        ("smtp.kantor.example", "smtp.rumah.example", 25),
        ("pc-eka.rumah.example", "smtp.rumah.example", 25),
        ("smtp.rumah.example", "smtp.kampus.example", 25),
    ]
    secure = {
        event.fact.port: [
            later.fact.secure
            for later in run.events
            if isinstance(later.fact, Reply) and later.fact.conn == event.fact.conn
        ]
        for event in run.events
        if isinstance(event.fact, Connected) and event.host.startswith("pc-")
    }
    assert not secure[587][0]  # the greeting
    assert all(secure[465])
    for domain, user in (("kantor", "citra"), ("rumah", "eka"), ("kampus", "ani")):
        (mail,) = run.stored(f"{user}@{domain}.example")
        assert "with ESMTPSA id" in mail.get_all("Received")[-1]


def test_a_password_can_be_proved_without_being_said() -> None:
    run = play("password-unsaid")
    commands = [event.fact.line for event in run.events if isinstance(event.fact, Command)]
    asked = next(
        event.fact.lines[0] for event in run.events if getattr(event.fact, "code", 0) == 334
    )
    answer = commands[commands.index("AUTH CRAM-MD5") + 1]
    challenge = base64.b64decode(asked.removeprefix("334 ")).decode()
    user, digest = base64.b64decode(answer).decode().split(" ")
    assert (user, digest) == ("ani@kampus.example", digest_of(challenge, "rahasia"))
    said = "\n".join(line for line in commands if not line.startswith("PASS"))
    assert "rahasia" not in said
    assert base64.b64encode(b"rahasia").decode() not in said
    assert ("budi@kampus.example", "Tanpa menyebut kata sandi") in run.read()


def test_servers_seal_where_it_is_offered_and_users_insist_on_it() -> None:
    run = play("sealed-or-not")
    run.shows("""
        mx1.kantor.example    S: 220 2.0.0 Ready to start TLS
        smtp.kampus.example   seals: mx1.kantor.example, whoever that is
        mail.kantor.example   stores m1 for citra@kantor.example
        smtp.kampus.example   calls smtp.rumah.example, port 25
        smtp.kampus.example   C: EHLO smtp.kampus.example
        smtp.kampus.example   C: MAIL FROM:<ani@kampus.example>
        mail.rumah.example    stores m1 for eka@rumah.example
        pc-eka.rumah.example  = submission.kept kept: ani@kampus.example
    """)
    (citras,) = run.stored("citra@kantor.example")
    (ekas,) = run.stored("eka@rumah.example")
    assert "with ESMTPS id" in citras["Received"]
    assert "with ESMTP id" in ekas["Received"]


def test_a_certificate_of_another_name_ends_it_before_anything_is_said() -> None:
    run = play("wrong-certificate")
    run.shows("""
        pc-ani.kampus.example  cannot seal: Hostname mismatch
        pc-ani.kampus.example  hangs up on smtp.kampus.example: tls
        pc-ani.kampus.example  = submission.kept kept: citra@kantor.example
    """)
    assert not [event for event in run.events if isinstance(event.fact, Tls) and event.fact.version]
    commands = [event.fact.line for event in run.events if isinstance(event.fact, Command)]
    assert commands == ["EHLO pc-ani.kampus.example", "STARTTLS"]


def _offers(run: Run) -> list[list[str]]:
    return [
        [line[4:] for line in event.fact.lines]
        for event in run.events
        if isinstance(event.fact, Reply)
        and event.fact.rule == "ehlo"
        and event.host == "smtp.kampus.example"
        and event.fact.lines[0] == "250-smtp.kampus.example"
    ][:2]
