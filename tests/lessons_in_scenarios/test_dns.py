"""What the DNS says, how it says it, and what a mail server makes of it."""

from __future__ import annotations

from simulator.trace.event import Judged, Query
from tests.lessons_in_scenarios.played import MINUTE, Run, play


def test_an_answer_too_long_for_a_datagram_is_fetched_over_tcp() -> None:
    run = play("truncated-answer")
    run.shows("""
        ns1.kampus.example    A: kampus.example TXT is cut off
        resolver.isp.example  Q: kampus.example TXT over TCP
        ns1.kampus.example    A: 13 records over TCP
        resolver.isp.example  A: kampus.example TXT is cut off
        mx1.kantor.example    Q: kampus.example TXT over TCP
        resolver.isp.example  A: 13 records over TCP
        mail.kantor.example   stores m1 for citra@kantor.example
    """)
    facts = [event.fact for event in run.events]
    verdicts = [one.verdict for one in facts if isinstance(one, Judged) and one.rule == "trust.spf"]
    assert verdicts[-1] == "pass", "SPF was read from among the others"
    # The resolver remembers the whole answer: nobody asks the campus's nameserver twice.
    asked = [
        event.fact.transport
        for event in run.events
        if isinstance(event.fact, Query)
        and event.fact.server == "ns1.kampus.example"
        and (event.fact.name, event.fact.type) == ("kampus.example", "TXT")
    ]
    assert asked == ["udp", "tcp"]


def asked_of(run: Run, server: str) -> list[tuple[int, str, str]]:
    """What the resolver asked that server about the office's mail: minute, name and type."""
    return [
        (event.at // MINUTE, event.fact.name, event.fact.type)
        for event in run.events
        if isinstance(event.fact, Query)
        and (event.host, event.fact.server) == ("resolver.isp.example", server)
        and event.fact.type != "PTR"
    ]


def test_the_second_mail_needs_no_question_and_after_an_hour_the_third_does() -> None:
    run = play("remembered-answer")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example.
        mail.kantor.example   stores m1 for citra@kantor.example
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example. (remembered)
        smtp.kampus.example   Q: mx1.kantor.example A
        resolver.isp.example  A: 203.0.113.10 (remembered)
        mail.kantor.example   stores m2 for citra@kantor.example
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example.
        mail.kantor.example   stores m3 for citra@kantor.example
    """)
    questions = [("kantor.example", "MX"), ("mx1.kantor.example", "A")]
    asked = asked_of(run, "ns1.kantor.example")
    assert [minute for minute, *question in asked if tuple(question) == questions[0]] == [0, 65]
    assert {minute for minute, *question in asked if tuple(question) == questions[1]} == {0, 65}


def test_an_alias_as_exchanger_is_followed_to_the_host_behind_it() -> None:
    run = play("alias-exchanger")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example., 5 surel.kantor.example.
        smtp.kampus.example   Q: surel.kantor.example A
        resolver.isp.example  A: 203.0.113.10, mx1.kantor.example.
        smtp.kampus.example   = route.alias mx1.kantor.example: surel.kantor.example
        smtp.kampus.example   calls mx1.kantor.example, port 25
        mail.kantor.example   stores m1 for citra@kantor.example
    """)


def test_a_name_that_exists_without_an_answer_is_not_one_that_does_not_exist() -> None:
    run = play("no-data")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: nothing
        smtp.kampus.example   Q: kantor.example A
        resolver.isp.example  A: nothing
        smtp.kampus.example   Q: kantor.example AAAA
        resolver.isp.example  A: nothing
        smtp.kampus.example   = route.no-data failed: kantor.example
        smtp.kampus.example   gives m1 up for citra@kantor.example and reports it in m2
    """)
    run.hides("NXDOMAIN")
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert citra["Status"] == "5.4.4"
    assert "Host found but no data record" in " ".join(citra["Diagnostic-Code"].split())


def test_where_there_is_an_mx_the_domains_own_address_is_never_tried() -> None:
    run = play("lost-exchanger")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 surel.kantor.example.
        smtp.kampus.example   Q: surel.kantor.example A
        resolver.isp.example  A: NXDOMAIN
        smtp.kampus.example   = route.no-host failed: surel.kantor.example
        smtp.kampus.example   gives m1 up for citra@kantor.example and reports it in m2
    """)
    run.hides("Q: kantor.example A")
    run.hides("port 25")


def test_a_server_that_finds_itself_in_the_dns_sends_the_mail_back() -> None:
    run = play("own-exchanger")
    run.shows("""
        smtp.kampus.example   Q: cabang.example MX
        resolver.isp.example  A: 10 smtp.kampus.example.
        smtp.kampus.example   = route.self-mx failed: cabang.example
        smtp.kampus.example   gives m1 up for citra@cabang.example and reports it in m2
    """)
    run.hides("port 25")
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert citra["Status"] == "5.4.6"
    said = " ".join(citra["Diagnostic-Code"].split())
    assert "mail for cabang.example loops back to myself" in said


def test_silence_of_the_dns_is_no_answer_and_the_mail_waits() -> None:
    run = play("silent-dns")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        ns1.kantor.example    = fault silence: dns
        ns1.kantor.example    = fault silence: dns
        ns1.kantor.example    = fault silence: dns
        resolver.isp.example  A: SERVFAIL
        smtp.kampus.example   = route.dns-failure deferred: SERVFAIL
        smtp.kampus.example   keeps m1 for citra@kantor.example until 5:06.600
        resolver.isp.example  A: 10 mx1.kantor.example.
        mail.kantor.example   stores m1 for citra@kantor.example
    """)
    assert run.reports() == []
