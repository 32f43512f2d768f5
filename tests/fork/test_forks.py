"""What if: each kind of change as a conversation, from the event at which it was made."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from simulator.dns.message import DnsMessageError
from simulator.engine.simulate import simulate
from simulator.scenario.change_words import write_change
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Answer, Connected, Event, Intervened, Judged, Reply
from tests.changed import change
from tests.fork.forked import fork, moment, played
from tests.lessons_in_scenarios.played import play

CITRA = "citra@kantor.example"


def test_a_450_to_rcpt_sends_the_mail_to_the_second_mx() -> None:
    fork("two-domains", "RCPT", "reply 450 4.2.1 Busy").shows("""
        smtp.kampus.example C: MAIL FROM:<ani@kampus.example>
        smtp.kampus.example C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example ! reply 450 4.2.1 Busy
        smtp.kampus.example C: DATA
        mx1.kantor.example S: 250 2.1.0 Ok
        mx1.kantor.example S: 450 4.2.1 Busy
        mx1.kantor.example S: 554 5.5.1 Error: no valid recipients
        smtp.kampus.example calls mx2.kantor.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_the_reply_is_to_the_command_but_next_is_whatever_reply_comes_next() -> None:
    run = fork("two-domains", "DATA", "reply 452 4.3.1 No room")
    run.shows("""
        mx1.kantor.example S: 250 2.1.0 Ok
        mx1.kantor.example S: 250 2.1.5 Ok
        mx1.kantor.example S: 452 4.3.1 No room
    """)
    run = fork("two-domains", "DATA", "on next: reply 452 4.3.1 No room")
    run.shows("""
        mx1.kantor.example S: 452 4.3.1 No room
        mx1.kantor.example S: 503 5.5.1 Error: need MAIL command
    """)


def test_who_says_250_to_a_stranger_has_to_write_the_bounce() -> None:
    fork("unknown-user", "RCPT", "reply 250 2.1.5 Welcome").shows("""
        mx1.kantor.example S: 250 2.1.5 Welcome
        mx1.kantor.example S: 354 End data
        mx1.kantor.example S: 250 2.0.0 Ok: queued as
        mx1.kantor.example gives m1 up for cita@kantor.example and reports it in m2
        pc-ani.kampus.example shows m2: Undelivered Mail Returned to Sender
    """)


def test_a_354_that_nobody_meant_still_takes_the_message_and_then_refuses_it() -> None:
    run = fork("unknown-user", "DATA", "reply 354 Go ahead")
    run.shows("""
        mx1.kantor.example S: 354 Go ahead
        smtp.kampus.example C: the message, 3 octets
        mx1.kantor.example S: 554 5.5.1 Error: no valid recipients
    """)


def test_any_3yz_lets_the_message_follow_and_the_server_takes_it() -> None:
    run = fork("two-domains", "DATA", "reply 300 Go on")
    run.shows("""
        mx1.kantor.example S: 300 Go on
        smtp.kampus.example C: the message
        mx1.kantor.example S: 250 2.0.0 Ok: queued as
    """)
    assert len(run.stored(CITRA)) == 1


def test_a_question_for_a_password_lets_no_message_follow_on_either_side() -> None:
    run = fork("two-domains", "DATA", "reply 334 VXNlcm5hbWU6")
    run.shows("""
        mx1.kantor.example S: 334 VXNlcm5hbWU6
        smtp.kampus.example C: RSET
        smtp.kampus.example C: QUIT
        mx1.kantor.example S: 250 2.0.0 Ok
        mx1.kantor.example S: 221 2.0.0 Bye
    """)
    assert run.stored(CITRA) == []


def test_a_554_after_the_dot_means_that_the_server_has_not_taken_the_mail() -> None:
    run = fork("two-domains", "QUIT", "on next: reply 554 5.7.1 No thanks")
    run.shows("""
        smtp.kampus.example C: QUIT
        mx1.kantor.example S: 554 5.7.1 No thanks
        mx1.kantor.example S: 221 2.0.0 Bye
        smtp.kampus.example gives m1 up for citra@kantor.example and reports it in m2
    """)
    assert run.stored(CITRA) == []


def test_a_lie_about_the_password_opens_the_door() -> None:
    events = play("two-domains").events
    auth = next(e.seq for e in events if getattr(e.fact, "line", "").startswith("AUTH"))
    wrong = play("two-domains").scenario
    mails = (replace(wrong.mails[0], password="salah"),)
    run = played(replace(wrong, mails=mails).changed(change("reply 235 2.7.0 Come in", auth)))
    run.shows(f"mail.kantor.example stores m1 for {CITRA}")


def test_a_cut_wire_is_tried_again_at_the_other_mx() -> None:
    fork("two-domains", "DATA", "drop").shows("""
        smtp.kampus.example C: DATA
        smtp.kampus.example ! drop
        smtp.kampus.example hangs up on mx1.kantor.example: dropped
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_a_host_that_is_down_answers_nothing_until_it_is_up_again() -> None:
    run = fork("no-mx", "? A", "at kantor.example: down")
    run.shows("""
        kantor.example ! down kantor.example
        smtp.kampus.example calls kantor.example, port 25: timeout
        smtp.kampus.example keeps m1 for citra@kantor.example until
    """)
    assert run.stored(CITRA) == []
    fork("no-mx", "? A", "at kantor.example: down", "at kantor.example: up").shows(
        f"mail.kantor.example stores m1 for {CITRA}"
    )


def test_a_refused_connection_goes_on_at_the_next_host() -> None:
    fork("two-domains", "? MX", "at mx1.kantor.example times 1: refuse").shows("""
        smtp.kampus.example calls mx1.kantor.example, port 25: refused
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_another_dns_answer_sends_the_mail_elsewhere_or_nowhere() -> None:
    fork("two-domains", "? MX", "answer 5 mx2.kantor.example").shows("""
        smtp.kampus.example Q: kantor.example MX
        smtp.kampus.example ! answer kantor.example MX 5 mx2.kantor.example
        resolver.isp.example A: 5 mx2.kantor.example.
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)
    fork("two-domains", "? MX", "answer SERVFAIL").shows("""
        resolver.isp.example A: SERVFAIL
        smtp.kampus.example keeps m1 for citra@kantor.example until
    """)
    fork("two-domains", "? MX", "silence").shows("""
        smtp.kampus.example = route.dns-failure deferred: TIMEOUT
    """)
    fork("two-domains", "? MX", "answer 0 .").shows("""
        smtp.kampus.example = route.null-mx failed: kantor.example
    """)


def test_the_dns_says_nothing_that_it_cannot_say() -> None:
    wrong = change("only kantor.example A: answer 10 mx.example", 3)
    scenario = play("two-domains").scenario.changed(wrong)
    with pytest.raises(DnsMessageError, match="is no data of a A record"):
        next(iter(simulate(scenario)))


def test_a_policy_holds_from_now_on() -> None:
    fork("two-domains", "MAIL", "policy greylist 5 min").shows("""
        mx1.kantor.example S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
        mail.kantor.example stores m1 for citra@kantor.example
    """)
    fork("two-domains", "MAIL", "policy quota full").shows("""
        mail.kantor.example = quota full: citra@kantor.example
        mx1.kantor.example gives m1 up for citra@kantor.example
    """)
    fork("two-domains", "queued", "at kantor.example: policy size 10").shows("""
        smtp.kampus.example gives m1 up for citra@kantor.example
    """)
    fork("two-domains", "composed", "at kampus.example: policy tls off").shows("""
        pc-ani.kampus.example = submission.kept kept: citra@kantor.example
    """)


def test_a_line_that_stands_still_costs_patience_and_the_mail_is_late() -> None:
    run = fork("two-domains", "MAIL", "wait 1 h")
    run.shows("""
        smtp.kampus.example ! wait smtp.kampus.example 1 h
        mx1.kantor.example hangs up on smtp.kampus.example: timeout
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_a_person_can_choose_the_next_hop() -> None:
    fork("two-domains", "queued", "only kantor.example: route mx2.kantor.example").shows("""
        smtp.kampus.example ! route kantor.example mx2.kantor.example
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_at_the_choice_of_an_exchanger_a_person_says_which_is_tried_first() -> None:
    fork("two-domains", "route.mx", "only kantor.example: route mx2.kantor.example").shows("""
        smtp.kampus.example ! route kantor.example mx2.kantor.example
        smtp.kampus.example calls mx2.kantor.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_the_other_exchangers_still_follow_the_one_that_a_person_wants_first() -> None:
    fork(
        "two-domains", "route.mx", "route mx2.kantor.example", "at mx2.kantor.example: down"
    ).shows("""
        smtp.kampus.example ! route mx2.kantor.example
        mx2.kantor.example ! down mx2.kantor.example
        smtp.kampus.example Q: mx2.kantor.example A
        smtp.kampus.example calls mx1.kantor.example, port 25
    """)


def test_a_next_hop_that_is_no_exchanger_is_taken_as_a_relay() -> None:
    fork("two-domains", "route.mx", "route nobody.example").shows("""
        smtp.kampus.example ! route nobody.example
        smtp.kampus.example Q: nobody.example A
        smtp.kampus.example gives m1 up for citra@kantor.example
    """)


def test_who_routes_in_one_servers_place_routes_for_that_one_only() -> None:
    fork("two-relays", "route.destination", "route relay1.transit.example").shows("""
        smtp.kampus.example calls relay1.transit.example, port 25
        relay1.transit.example calls relay2.transit.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_a_relay_that_does_not_know_the_server_refuses_what_is_routed_to_it() -> None:
    fork("two-relays", "route.destination", "route relay2.transit.example").shows("""
        smtp.kampus.example calls relay2.transit.example, port 25
        relay2.transit.example S: 554 5.7.1 <citra@kantor.example>: Relay access denied
        smtp.kampus.example gives m1 up for citra@kantor.example
    """)


def test_pop3_is_answered_as_a_person_wants_it_too() -> None:
    events = play("two-domains").events
    retr = next(e.seq for e in events if getattr(e.fact, "line", "") == "RETR 1")
    no = change("reply -ERR no such message", retr)
    run = played(play("two-domains").scenario.changed(no))
    run.shows("""
        pc-citra.kantor.example C: RETR 1
        mail.kantor.example S: -ERR no such message
    """)


def test_a_reply_that_never_comes_costs_the_client_its_patience_and_it_tries_the_other_mx() -> None:
    fork("two-domains", "EHLO", "silence").shows("""
        smtp.kampus.example C: EHLO smtp.kampus.example
        mx1.kantor.example ! silence
        smtp.kampus.example hangs up on mx1.kantor.example: timeout
        smtp.kampus.example calls mx2.kantor.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_a_reply_that_comes_late_comes_all_the_same() -> None:
    late = reply_to_ehlo(fork("two-domains", "EHLO", "delay 2 min").events)
    usual = reply_to_ehlo(play("two-domains").events)
    assert late.at - usual.at == 120 * SECOND
    assert late.fact == usual.fact


def reply_to_ehlo(events: tuple[Event, ...]) -> Event:
    """Of the server that the mail goes to."""
    replies = (e for e in events if isinstance(e.fact, Reply) and e.fact.rule == "ehlo")
    return next(event for event in replies if event.host == "mx1.kantor.example")


def test_only_the_reply_to_what_was_said_last_is_missing_however_much_was_sent_at_once() -> None:
    fork("two-domains", "RCPT", "silence").shows("""
        smtp.kampus.example C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example ! silence
        smtp.kampus.example C: DATA
        mx1.kantor.example S: 250 2.1.0 Ok
        smtp.kampus.example hangs up on mx1.kantor.example: timeout
    """)


def test_a_greeting_can_be_missing() -> None:
    events = play("two-domains").events
    called = next(
        e.seq for e in events if isinstance(e.fact, Connected) and e.fact.peer.startswith("mx1")
    )
    played(play("two-domains").scenario.changed(change("silence", called))).shows("""
        mx1.kantor.example ! silence
        smtp.kampus.example hangs up on mx1.kantor.example: timeout
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_a_reply_that_is_lost_after_the_dot_brings_the_mail_twice() -> None:
    run = fork("two-domains", "DATA", "on accepted at mx1.kantor.example times 1: drop")
    run.shows("""
        mx1.kantor.example ! arranged mx1.kantor.example on accepted at mx1.kantor.example
        mx1.kantor.example = intervention drop: drop
        smtp.kampus.example calls mx2.kantor.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)
    assert len(run.stored(CITRA)) == 2


def test_the_second_try_after_the_event_can_be_struck_and_no_other() -> None:
    second = "on RCPT at mx1.kantor.example try 2 times 1: reply 451 4.3.0 Later"
    assert len(fork("two-domains", "queued", second).stored(CITRA)) == 1
    fork("greylisting", "queued", second).shows("""
        mx1.kantor.example S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
        mx1.kantor.example = intervention reply: reply 451 4.3.0 Later
        mx1.kantor.example S: 451 4.3.0 Later
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_a_host_is_down_for_a_while_counted_from_the_event() -> None:
    fork("no-mx", "? A", "at kantor.example until 20 min: down").shows("""
        kantor.example ! arranged kantor.example at kantor.example until 20 min: down
        smtp.kampus.example calls kantor.example, port 25: timeout
        smtp.kampus.example keeps m1 for citra@kantor.example until
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_whoever_is_asked_stays_silent_and_nobody_else() -> None:
    run = fork("two-domains", "? MX", "silence")
    run.shows("""
        smtp.kampus.example Q: kantor.example MX
        smtp.kampus.example = route.dns-failure deferred: TIMEOUT
    """)
    mx = moment(run.events, "? MX")
    assert any(isinstance(e.fact, Answer) for e in run.events[mx:] if e.host.startswith("ns1"))


def test_a_reply_at_any_later_command_counts_as_if_it_were_meant() -> None:
    welcome = "on RCPT at mx1.kantor.example: reply 250 2.1.5 Welcome"
    fork("unknown-user", "queued", welcome).shows("""
        mx1.kantor.example S: 250 2.1.5 Welcome
        mx1.kantor.example gives m1 up for cita@kantor.example and reports it in m2
    """)


@pytest.mark.parametrize(
    "name",
    [
        *("cut-wire", "dns-trouble", "five-days", "lost-reply", "many-readers", "old-server"),
        *("down-and-up", "primary-down", "server-down", "silent-dns", "silent-server"),
    ],
)
def test_what_a_scenario_says_a_fork_can_do_and_the_same_comes_of_it(name: str) -> None:
    scenario = play(name).scenario
    forks = [change(write_change(one), 0) for one in scenario.changes]
    assert forks
    run = played(replace(scenario, changes=()).changed(*forks))
    assert story(run.events) == story(play(name).events)


def story(events: tuple[Event, ...]) -> list[object]:
    """What happened and when, but for who wanted it so."""
    told: list[object] = []
    for event in events:
        match event.fact:
            case Intervened():
                continue
            case Judged(rule="fault" | "intervention", verdict=verdict):
                told.append((event.at, event.host, verdict))
            case Reply(rule="fault" | "intervention", lines=lines):
                told.append((event.at, event.host, lines))
            case fact:
                told.append((event.at, event.host, fact))
    return told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "at kantor.example from 500 ms: policy greylist 5 min",
            """
            mx1.kantor.example = fault policy: kantor.example
            mx1.kantor.example S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected
            mail.kantor.example stores m1 for citra@kantor.example
            """,
        ),
        (
            "at kantor.example: policy greylist 5 min",
            "mx1.kantor.example S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected",
        ),
        (
            "only kantor.example: route mx2.kantor.example",
            "smtp.kampus.example calls mx2.kantor.example, port 25",
        ),
        (
            "at smtp.kampus.example from 600 ms: wait 1 h",
            """
            smtp.kampus.example = fault wait: smtp.kampus.example
            mail.kantor.example stores m1 for citra@kantor.example
            """,
        ),
        (
            "on dns only kantor.example MX: answer 5 mx2.kantor.example",
            """
            resolver.isp.example A: 5 mx2.kantor.example.
            smtp.kampus.example calls mx2.kantor.example, port 25
            """,
        ),
    ],
)
def test_what_a_fork_can_do_a_scenario_can_say(text: str, shown: str) -> None:
    played(play("two-domains").scenario.changed(change(text))).shows(shown)
