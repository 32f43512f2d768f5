"""What a sender wants to hear (RFC 3461): said rightly or refused, and answered for by the last."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from tests.dialogue import a_world, converse
from tests.lessons_in_scenarios.conversation import lines_of
from tests.lessons_in_scenarios.played import Run

MX = "mx1.kantor.example"


def played(text: str) -> Run:
    scenario = loads(text, file="scenario.toml", folder=Path("rapat"))
    events = tuple(simulate(scenario))
    return Run(scenario, events, lines_of(hosts_of(scenario), events))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("RET=FOO", "RET"),
        ("ENVID=", "ENVID"),
        ("RET=FULL RET=HDRS", "RET"),
        ("ENVID=a+2", "ENVID"),
        (f"ENVID={'x' * 101}", "ENVID"),
    ],
)
def test_what_mail_cannot_ask_for_is_refused(parameters: str, name: str) -> None:
    converse(
        a_world(),
        MX,
        25,
        f"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<ani@kampus.example> {parameters}
        S: 501 5.5.4 Error: Bad {name} parameter syntax
        C: MAIL FROM:<ani@kampus.example> ret=hdrs ENVID=rapat+2B17
        S: 250 2.1.0
        C: QUIT
        S: 221
        """,
    )


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("NOTIFY=FOO", "NOTIFY"),
        ("NOTIFY=", "NOTIFY"),
        ("NOTIFY=NEVER,SUCCESS", "NOTIFY"),
        ("NOTIFY=NEVER NOTIFY=DELAY", "NOTIFY"),
        ("ORCPT=citra", "ORCPT"),
        ("ORCPT=rfc822;", "ORCPT"),
        ("ORCPT=rfc822;a=b", "ORCPT"),
    ],
)
def test_what_rcpt_cannot_ask_for_is_refused_and_adds_nobody(parameters: str, name: str) -> None:
    converse(
        a_world(),
        MX,
        25,
        f"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<ani@kampus.example>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example> {parameters}
        S: 501 5.5.4 Error: Bad {name} parameter syntax
        C: DATA
        S: 554 5.5.1 Error: no valid recipients
        C: RCPT TO:<citra@kantor.example> notify=success,delay ORCPT=rfc822;a+2Bb@kantor.example
        S: 250 2.1.5
        C: QUIT
        S: 221
        """,
    )


@pytest.mark.parametrize("lacks", ['"DSN"', '"DSN", "PIPELINING"'])
def test_where_the_next_server_sends_no_notices_the_last_that_does_says_relayed(lacks: str) -> None:
    run = played(f"""
        mail = {{ from = "ani@kampus.example", to = "citra@kantor.example", notify = ["success"] }}
        [domains."kampus.example"]
        [domains."kantor.example"]
        users = ["citra"]
        lacks = [{lacks}]
    """)
    run.shows("""
        smtp.kampus.example  C: RCPT TO:<citra@kantor.example>
        mx1.kantor.example   S: 250 2.0.0 Ok: queued as
        smtp.kampus.example  writes m2 from <> to ani@kampus.example
        mail.kampus.example  stores m2 for ani@kampus.example
    """)
    (report,) = run.reports()
    (citra,) = report.of_the_recipients()
    assert (citra["Action"], citra["Status"]) == ("relayed", "2.0.0")
    assert citra["Remote-MTA"] == "dns; mx1.kantor.example"


@pytest.mark.parametrize(
    ("wish", "kantor"), [("failure", 'lacks = ["DSN"]'), ("never", 'lacks = ["DSN"]')]
)
def test_who_does_not_ask_for_success_hears_of_no_relaying(wish: str, kantor: str) -> None:
    run = played(f"""
        mail = {{ from = "ani@kampus.example", to = "citra@kantor.example", notify = ["{wish}"] }}
        [domains."kampus.example"]
        [domains."kantor.example"]
        users = ["citra"]
        {kantor}
    """)
    assert run.stored("citra@kantor.example")
    assert run.reports() == []


def test_a_relay_keeps_to_the_schedule_of_its_own_domain() -> None:
    run = played("""
        mail = { from = "ani@kampus.example", to = "citra@kantor.example" }
        [domains."kampus.example"]
        relays = ["relay1.transit.example"]
        [domains."transit.example"]
        retry = { shortest = "7 min" }
        [domains."kantor.example"]
        users = ["citra"]
        [[change]]
        do = "at mx1.kantor.example times 1: refuse"
    """)
    assert run.tries("relay1.transit.example", MX) == [0, 7]
    assert run.stored("citra@kantor.example")
