"""Not now: the mail waits in a queue, is tried again, and is lost for nobody."""

from __future__ import annotations

from tests.lessons_in_scenarios.played import play

KAMPUS, MX1, MX2 = "smtp.kampus.example", "mx1.kantor.example", "mx2.kantor.example"


def test_a_greylisted_mail_is_taken_when_it_comes_again() -> None:
    run = play("greylisting")
    run.shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   = greylist deferred: citra@kantor.example
        mx1.kantor.example   S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected: Grey
        mx1.kantor.example   S: 554 5.5.1 Error: no valid recipients
        smtp.kampus.example  keeps m1 for citra@kantor.example until 5:00
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   = greylist passed: citra@kantor.example
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5]
    assert run.reports() == [], "the 554 to DATA is no refusal of the mail"


def test_a_mail_for_servers_that_are_down_is_tried_again_after_5_10_and_20_minutes() -> None:
    run = play("server-down")
    run.shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25: refused
        smtp.kampus.example  calls mx2.kantor.example, port 25: refused
        smtp.kampus.example  keeps m1 for citra@kantor.example until 5:00
        smtp.kampus.example  calls mx1.kantor.example, port 25: refused
        smtp.kampus.example  calls mx2.kantor.example, port 25: refused
        smtp.kampus.example  keeps m1 for citra@kantor.example until 10:0
        smtp.kampus.example  calls mx1.kantor.example, port 25: refused
        smtp.kampus.example  calls mx2.kantor.example, port 25: refused
        smtp.kampus.example  keeps m1 for citra@kantor.example until 20:0
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5, 10, 20]
    assert run.tries(KAMPUS, MX2) == [0, 5, 10]
    assert run.reports() == []


def test_a_server_that_says_nothing_is_waited_for_and_then_tried_again() -> None:
    run = play("silent-server")
    run.shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25: timeout
        smtp.kampus.example  keeps m1 for citra@kantor.example until
        smtp.kampus.example  calls mx1.kantor.example, port 25: timeout
        smtp.kampus.example  keeps m1 for citra@kantor.example until
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert len(run.tries(KAMPUS, MX1)) == 3
    assert run.reports() == []


def test_a_server_that_goes_down_in_the_middle_is_tried_again_until_it_is_up() -> None:
    run = play("down-and-up")
    run.shows("""
        mx1.kantor.example   S: 354
        mx1.kantor.example   = fault down: mx1.kantor.example
        smtp.kampus.example  hangs up on mx1.kantor.example: dropped
        smtp.kampus.example  keeps m1 for citra@kantor.example until 5:00
        smtp.kampus.example  calls mx1.kantor.example, port 25: timeout
        smtp.kampus.example  calls mx1.kantor.example, port 25: timeout
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5, 11, 23], "each attempt takes half a minute more"
    assert run.reports() == []


def test_a_postmaster_who_knows_sends_the_mail_by_another_way_until_the_server_is_up() -> None:
    run = play("maintenance")
    run.shows("""
        mail.kantor.example  stores m1 for citra@kantor.example
        mx1.kantor.example   = fault down: mx1.kantor.example
        pc-citra.kantor.example calls mail.kantor.example, port 110: timeout
        smtp.kampus.example  = fault route: smtp.kampus.example
        smtp.kampus.example  calls mx2.kantor.example, port 25
        mx2.kantor.example   S: 250 2.0.0 Ok: queued as
        mx2.kantor.example   calls mx1.kantor.example, port 25: timeout
        mx1.kantor.example   = fault up: mx1.kantor.example
        mx2.kantor.example   calls mx1.kantor.example, port 25
        mail.kantor.example  stores m2 for citra@kantor.example
    """)
    assert run.reports() == []


def test_who_comes_back_need_not_know_that_the_rules_have_changed_meanwhile() -> None:
    run = play("strict-for-a-while")
    run.shows("""
        mx1.kantor.example   = fault policy: kantor.example
        mx1.kantor.example   S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
        mx1.kantor.example   S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
        mx1.kantor.example   S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
        mx1.kantor.example   S: 250 2.1.5 Ok
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5, 10, 20]


def test_on_a_line_that_stands_still_nothing_is_lost_but_patience() -> None:
    run = play("slow-line")
    run.shows("""
        smtp.kampus.example  = fault wait: smtp.kampus.example
        smtp.kampus.example  C: MAIL FROM:<ani@kampus.example>
        mx1.kantor.example   S: 421 4.4.2 mx1.kantor.example Error: timeout exceeded
        smtp.kampus.example  keeps m1 for citra@kantor.example until 10:0
        smtp.kampus.example  = route.dns-failure deferred: TIMEOUT
        smtp.kampus.example  C: MAIL FROM:<ani@kampus.example>
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert len(run.stored("citra@kantor.example")) == 1


def test_a_client_waits_longer_after_the_dot_than_a_slow_server_needs() -> None:
    run = play("slow-server")
    run.shows("""
        smtp.kampus.example  C: the message
        mx1.kantor.example   = fault delay: .
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert len(run.stored("citra@kantor.example")) == 1
    assert run.tries(KAMPUS, MX1) == [0]


def test_the_second_exchanger_keeps_the_mail_until_the_first_is_back() -> None:
    run = play("primary-down")
    run.shows("""
        smtp.kampus.example  calls mx1.kantor.example, port 25: refused
        smtp.kampus.example  calls mx2.kantor.example, port 25
        mx2.kantor.example   S: 250 2.0.0 Ok: queued as
        mx2.kantor.example   calls mx1.kantor.example, port 25: refused
        mx2.kantor.example   keeps m1 for citra@kantor.example until 5:0
        mx2.kantor.example   calls mx1.kantor.example, port 25: refused
        mx2.kantor.example   keeps m1 for citra@kantor.example until 10:0
        mx2.kantor.example   calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0], "for the campus the mail is sent"
    assert run.tries(MX2, MX1) == [0, 5, 10]
    (mail,) = run.stored("citra@kantor.example")
    assert len(mail.get_all("Received")) == 3


def test_a_nameserver_in_trouble_means_later_and_not_never() -> None:
    run = play("dns-trouble")
    run.shows("""
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: SERVFAIL
        smtp.kampus.example   = route.dns-failure deferred: SERVFAIL
        smtp.kampus.example   keeps m1 for citra@kantor.example until 5:0
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: SERVFAIL
        smtp.kampus.example   keeps m1 for citra@kantor.example until 10:0
        smtp.kampus.example   Q: kantor.example MX
        resolver.isp.example  A: 10 mx1.kantor.example.
        smtp.kampus.example   calls mx1.kantor.example, port 25
        mail.kantor.example   stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [10]
    assert run.reports() == []


def test_a_message_that_is_cut_off_counts_for_nothing_and_is_sent_again() -> None:
    run = play("cut-wire")
    run.shows("""
        mx1.kantor.example   S: 354
        mx1.kantor.example   = fault drop: content
        mx1.kantor.example   hangs up on smtp.kampus.example: dropped
        smtp.kampus.example  keeps m1 for citra@kantor.example until 5:0
        smtp.kampus.example  calls mx1.kantor.example, port 25
        smtp.kampus.example  C: the message
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5]
    assert len(run.stored("citra@kantor.example")) == 1


def test_a_mail_whose_250_is_lost_comes_twice() -> None:
    """RFC 5321 section 6.1: rather twice than not at all."""
    run = play("lost-reply")
    run.shows("""
        smtp.kampus.example  C: the message
        mx1.kantor.example   = fault drop: accepted
        mx1.kantor.example   hangs up on smtp.kampus.example: dropped
        smtp.kampus.example  keeps m1 for citra@kantor.example until 5:0
        mail.kantor.example  stores m1 for citra@kantor.example
        smtp.kampus.example  calls mx1.kantor.example, port 25
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5]
    first, second = run.stored("citra@kantor.example")
    assert first["Message-ID"] == second["Message-ID"], "by which a client can tell"
    assert run.read() == [("citra@kantor.example", "Rapat Senin")] * 2


def test_after_four_hours_the_sender_is_warned_and_after_five_days_told() -> None:
    run = play("five-days")
    run.shows("""
        smtp.kampus.example    calls mx1.kantor.example, port 25: refused
        smtp.kampus.example    keeps m1 for citra@kantor.example until 30:0
        smtp.kampus.example    writes m2 from <> to ani@kampus.example
        pc-ani.kampus.example  shows m2: Delayed Mail (still being retried)
        smtp.kampus.example    calls mx1.kantor.example, port 25: refused
        smtp.kampus.example    = queue.expired bounced: 4320
        smtp.kampus.example    gives m1 up for citra@kantor.example and reports it in m3
        pc-ani.kampus.example  shows m3: Undelivered Mail Returned to Sender
    """)
    hours = [0, 0.5, 1, 2, 4, *range(8, 121, 8)]
    assert run.tries(KAMPUS, MX1) == [60 * hour for hour in hours]
    warning, end = run.reports()
    (waiting,), (failed,) = warning.of_the_recipients(), end.of_the_recipients()
    assert (waiting["Action"], waiting["Status"]) == ("delayed", "4.4.1")
    assert waiting["Will-Retry-Until"] == "Sat, 28 Nov 2026 09:00:00 +0700"
    assert (failed["Action"], failed["Status"]) == ("failed", "4.4.1")
    assert end.returned()["Subject"] == "Rapat Senin"


def test_each_server_tries_again_when_its_own_schedule_says() -> None:
    run = play("two-schedules")
    run.shows("""
        mail.kantor.example  stores m2 for citra@kantor.example
        mail.kantor.example  stores m1 for citra@kantor.example
    """)
    assert run.tries(KAMPUS, MX1) == [0, 5, 10, 20, 40, 80, 146, 213]
    assert run.tries("smtp.rumah.example", MX1) == [*range(0, 121, 15), 180]
    assert run.reports() == []
