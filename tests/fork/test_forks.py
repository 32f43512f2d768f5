"""What if: each kind of change as a conversation, from the event at which it was made."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from simulator.dns.message import DnsMessageError
from simulator.engine.simulate import simulate
from simulator.scenario.changes import AnswerInstead, Intervention, SayInstead
from tests.fork.forked import fork, played
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


def test_the_reply_is_to_the_command_but_say_is_the_next_reply_that_comes() -> None:
    run = fork("two-domains", "DATA", "reply 452 4.3.1 No room")
    run.shows("""
        mx1.kantor.example S: 250 2.1.0 Ok
        mx1.kantor.example S: 250 2.1.5 Ok
        mx1.kantor.example S: 452 4.3.1 No room
    """)
    run = fork("two-domains", "DATA", "say 452 4.3.1 No room")
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


def test_a_554_after_the_dot_means_that_the_server_has_not_taken_the_mail() -> None:
    run = fork("two-domains", "QUIT", "say 554 5.7.1 No thanks")
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
    change = SayInstead(text="235 2.7.0 Come in")
    run = played(
        replace(wrong, mails=mails, interventions=(Intervention(after=auth, change=change),))
    )
    run.shows(f"mail.kantor.example stores m1 for {CITRA}")


def test_a_cut_wire_is_tried_again_at_the_other_mx() -> None:
    fork("two-domains", "DATA", "drop").shows("""
        smtp.kampus.example C: DATA
        smtp.kampus.example ! drop
        smtp.kampus.example hangs up on mx1.kantor.example: dropped
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_a_host_that_is_cut_off_times_out_until_it_is_back() -> None:
    run = fork("no-mx", "? A", "down kantor.example")
    run.shows("""
        kantor.example ! down kantor.example
        smtp.kampus.example calls kantor.example, port 25: timeout
        smtp.kampus.example keeps m1 for citra@kantor.example until
    """)
    assert run.stored(CITRA) == []
    fork("no-mx", "? A", "down kantor.example", "up kantor.example").shows(
        f"mail.kantor.example stores m1 for {CITRA}"
    )


def test_a_refused_connection_goes_on_at_the_next_host() -> None:
    fork("two-domains", "? MX", "refuse mx1.kantor.example").shows("""
        smtp.kampus.example calls mx1.kantor.example, port 25: refused
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_another_dns_answer_sends_the_mail_elsewhere_or_nowhere() -> None:
    fork("two-domains", "? MX", "dns 5 mx2.kantor.example").shows("""
        smtp.kampus.example Q: kantor.example MX
        smtp.kampus.example ! dns kantor.example MX 5 mx2.kantor.example
        resolver.isp.example A: 5 mx2.kantor.example.
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)
    fork("two-domains", "? MX", "dns SERVFAIL").shows("""
        resolver.isp.example A: SERVFAIL
        smtp.kampus.example keeps m1 for citra@kantor.example until
    """)
    fork("two-domains", "? MX", "dns TIMEOUT").shows("""
        smtp.kampus.example = route.dns-failure deferred: TIMEOUT
    """)
    fork("two-domains", "? MX", "dns 0 .").shows("""
        smtp.kampus.example = route.null-mx failed: kantor.example
    """)


def test_the_dns_says_nothing_that_it_cannot_say() -> None:
    change = AnswerInstead(name="kantor.example", type="A", records=("10 mx.example",))
    scenario = replace(
        play("two-domains").scenario, interventions=(Intervention(after=3, change=change),)
    )
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
    fork("two-domains", "queued", "policy size 10 at kantor.example").shows("""
        smtp.kampus.example gives m1 up for citra@kantor.example
    """)
    fork("two-domains", "composed", "policy tls off at kampus.example").shows("""
        pc-ani.kampus.example = submission.refused refused: citra@kantor.example
    """)


def test_a_line_that_stands_still_costs_patience_and_the_mail_is_late() -> None:
    run = fork("two-domains", "MAIL", "wait 1 h")
    run.shows("""
        smtp.kampus.example ! wait smtp.kampus.example 3600
        mx1.kantor.example hangs up on smtp.kampus.example: timeout
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_a_person_can_choose_the_next_hop() -> None:
    fork("two-domains", "queued", "route mx2.kantor.example for kantor.example").shows("""
        smtp.kampus.example ! route kantor.example mx2.kantor.example
        smtp.kampus.example calls mx2.kantor.example, port 25
    """)


def test_at_the_choice_of_an_exchanger_a_person_says_which_is_tried_first() -> None:
    fork("two-domains", "route.mx", "route mx2.kantor.example for kantor.example").shows("""
        smtp.kampus.example ! route kantor.example mx2.kantor.example
        smtp.kampus.example calls mx2.kantor.example, port 25
        mail.kantor.example stores m1 for citra@kantor.example
    """)


def test_the_other_exchangers_still_follow_the_one_that_a_person_wants_first() -> None:
    fork("two-domains", "route.mx", "route mx2.kantor.example", "down mx2.kantor.example").shows("""
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
    change = Intervention(after=retr, change=SayInstead(text="-ERR no such message"))
    run = played(replace(play("two-domains").scenario, interventions=(change,)))
    run.shows("""
        pc-citra.kantor.example C: RETR 1
        mail.kantor.example S: -ERR no such message
    """)
