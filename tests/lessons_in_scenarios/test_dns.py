"""What the DNS says, how it says it, and what a mail server makes of it."""

from __future__ import annotations

from simulator.trace.event import Judged, Query
from tests.lessons_in_scenarios.played import play


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
