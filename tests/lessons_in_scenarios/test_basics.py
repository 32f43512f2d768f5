"""How a mail gets from one person to another when nothing goes wrong."""

from __future__ import annotations

from simulator.mail.message import attachments_of
from tests.lessons_in_scenarios.played import MINUTE, play


def test_two_people_of_one_domain_need_one_server_and_no_mx() -> None:
    run = play("same-domain")
    run.shows("""
        pc-ani.kampus.example   calls smtp.kampus.example, port 587
        pc-ani.kampus.example   C: MAIL FROM:<ani@kampus.example>
        pc-ani.kampus.example   C: RCPT TO:<budi@kampus.example>
        smtp.kampus.example     S: 250 2.0.0 Ok: queued as
        mail.kampus.example     stores m1 for budi@kampus.example
        pc-budi.kampus.example  C: RETR 1
        pc-budi.kampus.example  shows m1: Rapat Senin
    """)
    run.hides("Q: ")
    run.hides("port 25")


def test_two_domains_need_two_smtp_conversations_and_the_dns_between_them() -> None:
    run = play("two-domains")
    run.shows("""
        pc-ani.kampus.example  calls smtp.kampus.example, port 587
        smtp.kampus.example    S: 250 2.0.0 Ok: queued as
        smtp.kampus.example    Q: kantor.example MX
        resolver.isp.example   A: 10 mx1.kantor.example., 20 mx2.kantor.example.
        smtp.kampus.example    calls mx1.kantor.example, port 25
        smtp.kampus.example    C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example     S: 250 2.0.0 Ok: queued as
        mx1.kantor.example     calls mail.kantor.example, port 24
        mail.kantor.example    stores m1 for citra@kantor.example
    """)
    assert [line.text for line in run.lines if line.text.endswith(("port 587", "port 25"))] == [
        "calls smtp.kampus.example, port 587",
        "calls mx1.kantor.example, port 25",
    ]


def test_each_relay_on_the_way_writes_one_received_line_on_top() -> None:
    run = play("two-relays")
    run.shows("""
        smtp.kampus.example     calls relay1.transit.example, port 25
        relay1.transit.example  calls relay2.transit.example, port 25
        relay2.transit.example  Q: kantor.example MX
        relay2.transit.example  calls mx1.kantor.example, port 25
    """)
    (mail,) = run.stored("citra@kantor.example")
    diary = [line.split(" by ")[1].split()[0] for line in _received(mail)]
    assert diary == [
        "mail.kantor.example",
        "mx1.kantor.example",
        "relay2.transit.example",
        "relay1.transit.example",
        "smtp.kampus.example",
    ]


def test_attachments_travel_inside_the_one_message() -> None:
    run = play("attachment")
    run.shows("""
        pc-ani.kampus.example    C: the message
        smtp.kampus.example      C: the message
        mx1.kantor.example       C: the message
        mail.kantor.example      S: the message
        pc-citra.kantor.example  shows m1: Rapat Senin
    """)
    (mail,) = run.stored("citra@kantor.example")
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "text/csv",
        "image/png",
    ]
    sent = run.scenario.mails[0].attachments
    assert [a.octets for a in attachments_of(mail.as_bytes())] == [a.octets for a in sent]


def test_mail_waits_for_three_days_on_the_server_and_no_other_server_minds() -> None:
    run = play("offline-three-days")
    run.shows("""
        mx1.kantor.example       S: 221 2.0.0 Bye
        mail.kantor.example      stores m1 for citra@kantor.example
        pc-citra.kantor.example  calls mail.kantor.example, port 110
        pc-citra.kantor.example  shows m1: Rapat Senin
    """)
    stored, called = (
        next(line.at for line in run.lines if line.text.startswith(words))
        for words in ("stores m1", "calls mail.kantor.example, port 110")
    )
    assert (called - stored) // MINUTE == 3 * 24 * 60
    assert run.reports() == []


def test_a_client_that_leaves_its_mail_on_the_server_fetches_only_what_is_new() -> None:
    run = play("leave-on-server")
    run.shows("""
        pc-citra.kantor.example  C: UIDL
        mail.kantor.example      S: +OK / 1 00000001
        pc-citra.kantor.example  C: RETR 1
        pc-citra.kantor.example  has m1 from citra@kantor.example; the server keeps it
        pc-citra.kantor.example  C: UIDL
        mail.kantor.example      S: +OK / 1 00000001
        pc-citra.kantor.example  C: RETR 2
        pc-citra.kantor.example  has m2 from citra@kantor.example; the server keeps it
    """)
    run.hides("DELE")
    assert sum(line.text.startswith("C: RETR") for line in run.lines) == 2


def _received(mail: object) -> list[str]:
    return [" ".join(str(value).split()) for value in mail.get_all("Received")]  # type: ignore[attr-defined]
