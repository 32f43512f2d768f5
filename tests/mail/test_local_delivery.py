"""Whoever writes a mailbox itself needs the machine that the mailbox lies on."""

from __future__ import annotations

from pathlib import Path

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.trace.event import Bounced, Judged, Retried, Stored

HOUR = 3_600_000_000


def test_a_second_exchanger_waits_until_the_machine_with_the_mailboxes_is_up():
    text = """
        [mail]
        from = "ani@kampus.example"
        to = "citra@kantor.example"
        [domains."kantor.example"]
        users = ["citra"]
        mx = ["10 mx1.kantor.example", "10 mx2.kantor.example"]
        [[change]]
        do = "at mx1.kantor.example until 1 h: down"
    """
    events = list(simulate(loads(text, file="down.toml", folder=Path())))
    deferred = [
        e for e in events if isinstance(e.fact, Retried) and e.host != "smtp.kampus.example"
    ]
    assert {event.host for event in deferred} == {"mx2.kantor.example"}
    (said,) = {e.fact.reason for e in deferred if isinstance(e.fact, Retried)}
    assert said == "maildir delivery failed: mail.kantor.example: Host is down"
    (stored,) = [event for event in events if isinstance(event.fact, Stored)]
    assert stored.at > HOUR
    written = [
        e.at for e in events if isinstance(e.fact, Judged) and e.fact.rule == "mailbox.delivery"
    ]
    assert len(written) == 1
    assert written[0] > HOUR
    assert not [event for event in events if isinstance(event.fact, Bounced)]
