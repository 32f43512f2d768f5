"""Who can read a mail between two servers, and what a domain can do about it."""

from __future__ import annotations

from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Content, Queued, Reply, Stored, Tls
from simulator.trace.octets import octets_of
from simulator.trace.scene import fold, opening
from tests.lessons_in_scenarios.played import play

ATTACKER = "pc-penyusup.asing.example"


def test_one_line_taken_out_makes_a_mail_go_in_the_clear() -> None:
    run = play("stripped-tls")
    run.shows("""
        smtp.kampus.example        calls pc-penyusup.asing.example, port 25
        pc-penyusup.asing.example  calls mx1.kantor.example, port 25
        pc-penyusup.asing.example  = intercept stripped: mx1.kantor.example
        smtp.kampus.example        C: MAIL FROM:<ani@kampus.example>
        pc-penyusup.asing.example  C: MAIL FROM:<ani@kampus.example>
        mail.kantor.example        stores m1 for citra@kantor.example
    """)
    offered, passed_on = [
        event.fact.lines
        for event in run.events
        if isinstance(event.fact, Reply) and len(event.fact.lines) > 1 and event.step == 5
    ]
    assert set(offered) - set(passed_on) == {"250-STARTTLS"}
    read = [event.fact for event in run.events if isinstance(event.fact, Content)]
    assert all(not fact.secure for fact in read if fact.peer == ATTACKER)
    (mail,) = run.stored("citra@kantor.example")
    # Even the address in Received is that of Ani's server: nobody sees that somebody was there.
    assert "(smtp.kampus.example [192.0.2.11])" in mail["Received"]


def test_with_mta_sts_the_mail_rather_waits_and_then_comes_back() -> None:
    run = play("mta-sts")
    run.shows("""
        smtp.kampus.example        Q: _mta-sts.kantor.example TXT
        resolver.isp.example       A: "v=STSv1; id=20261123090000;"
        smtp.kampus.example        calls mta-sts.kantor.example, port 443
        smtp.kampus.example        C: GET /.well-known/mta-sts.txt HTTP/1.1
        mta-sts.kantor.example     S: HTTP/1.1 200 OK
        smtp.kampus.example        = sts.policy enforce: kantor.example
        smtp.kampus.example        = sts.mx match: mx1.kantor.example
        pc-penyusup.asing.example  = intercept stripped: mx1.kantor.example
        smtp.kampus.example        = sts.tls insecure: mx1.kantor.example
        smtp.kampus.example        keeps m1 for citra@kantor.example until 5:00
        smtp.kampus.example        C: STARTTLS
        pc-penyusup.asing.example  = intercept impersonated: mx1.kantor.example
        smtp.kampus.example        cannot seal: Hostname mismatch
        smtp.kampus.example        = queue.expired bounced
        smtp.kampus.example        gives m1 up for citra@kantor.example and reports it in m2
    """)
    said = [e.fact.line for e in run.events if isinstance(e.fact, Command) and e.step == 5]
    assert not [line for line in said if line.startswith(("MAIL", "RCPT", "DATA"))]
    assert not run.stored("citra@kantor.example")
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert citra["Status"] == "4.7.5"
    fetches = [e for e in run.events if isinstance(e.fact, Command) and "GET" in e.fact.line]
    assert len(fetches) == 1  # after that it is remembered
    (policy,) = [
        octets_of(event.fact)
        for event in run.events
        if isinstance(event.fact, Content) and event.host == "mta-sts.kantor.example"
    ]
    assert policy == (
        b"version: STSv1\r\nmode: enforce\r\nmx: mx1.kantor.example\r\nmax_age: 604800\r\n"
    )
    proved = [
        event.fact.name
        for event in run.events
        if isinstance(event.fact, Tls) and event.fact.verified
    ]
    assert proved == ["smtp.kampus.example", "mta-sts.kantor.example"]
    assert [e for e in run.events if isinstance(e.fact, Stored) and e.journey == "m2"]


def test_one_text_is_two_mails_where_a_lone_lf_ends_a_line_and_one_where_it_does_not() -> None:
    run = play("smuggled-mail")
    run.shows("""
        mx1.kantor.example  S: 354
        mx1.kantor.example  S: 250 2.0.0 Ok: queued as
        mx1.kantor.example  S: 250 2.1.0 Ok
        mx1.kantor.example  S: 250 2.1.5 Ok
        mx1.kantor.example  S: 354
        mx1.kantor.example  S: 250 2.0.0 Ok: queued as
        mx1.rumah.example   S: 354
        mx1.rumah.example   S: 250 2.0.0 Ok: queued as
        mx1.rumah.example   S: 221 2.0.0 Bye
    """)
    subjects = [mail["Subject"] for mail in run.stored("citra@kantor.example")]
    assert subjects == ["Halo", "Besok libur"]
    _, smuggled = run.stored("citra@kantor.example")
    assert smuggled["Return-Path"] == "<rektor@kampus.example>"
    assert "spf=pass" in smuggled["Authentication-Results"]
    (whole,) = run.stored("eka@rumah.example")
    assert "MAIL FROM:<rektor@kampus.example>" in whole.get_content()


def test_one_text_is_two_mails_to_whoever_takes_a_lone_lf_for_the_end_of_a_line() -> None:
    run = play("smuggled-mail")
    scene, queued = opening(hosts_of(run.scenario)), dict[tuple[str, str], bytes]()
    for event in run.events:
        scene = fold(scene, event)
        if isinstance(event.fact, Queued):
            key = event.host, event.journey
            queued[key] = scene.copies[key].octets.partition(b"\r\n\r\n")[2]
    assert queued["mx1.kantor.example", "m1"] == b"Apa kabar?\r\n"
    assert queued["mx1.kantor.example", "m2"] == b"Besok kampus libur.\r\n"
    assert scene.envelopes["m2"].reverse_path == "rektor@kampus.example"
    assert queued["mx1.rumah.example", "m3"].startswith(b"Apa kabar?\r\n.\r\nMAIL FROM:")
