"""What an attacker types: each attempt ends as one mail, or as a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.header import fields_of
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, loads
from simulator.trace.event import (
    Bounced,
    Command,
    Event,
    Judged,
    Queued,
    Read,
    Removed,
    Reply,
    Stored,
)
from simulator.trace.octets import octets_of
from tests.changed import change
from tests.dialogue import a_world, converse

ANI, CITRA = "ani@kampus.example", "citra@kantor.example"
TWO = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
subject = "Rapat"
body = "Halo."
"""
ENVELOPE = '"EHLO x", "MAIL FROM:<tamu@asing.example>", "RCPT TO:<citra@kantor.example>", "DATA"'
SMUGGLED = "MAIL FROM:<evil@asing.example>\\r\\nRCPT TO:<citra@kantor.example>\\r\\nDATA\\r\\n"


def typed(lines: str, *, port: int = 25, server: str = "mx1.kantor.example") -> list[Event]:
    text = (
        '[domains."kantor.example"]\nusers = ["citra"]\n'
        f'[[session]]\nserver = "{server}"\nport = {port}\nlines = [{lines}]\n'
    )
    return list(simulate(loads(text, file="attack.toml", folder=Path())))


def stored(events: list[Event]) -> list[bytes]:
    return [octets_of(event.fact) for event in events if isinstance(event.fact, Stored)]


@pytest.mark.parametrize(
    "end",
    [
        r"\n.\n",
        r"\n.\r\n",
        r"\r\n.\n",
        r"\r.\r",
        r"\r\n.\r",
        r"\r.\r\n",
        r"\r\n.\\x00\r\n",
        r"\r\n.\\x0b\r\n",
        r"\n.\r",
    ],
)
def test_only_a_dot_between_crlfs_ends_a_mail(end: str) -> None:
    """SMTP smuggling (CVE-2023-51764, CVE-2024-27305): one server's end is another's text."""
    events = typed(f'{ENVELOPE}, "Subject: x\\r\\n\\r\\nhi{end}{SMUGGLED}\\r\\nevil", ".", "QUIT"')
    (mail,) = stored(events)
    assert b"Return-Path: <tamu@asing.example>" in mail
    assert b"evil@asing.example" in mail  # as text
    assert b"\r" not in mail.replace(b"\r\n", b"")
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert [e.fact.code for e in events if isinstance(e.fact, Reply)][-2:] == [250, 221]


@pytest.mark.parametrize("end", ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r"])
def test_what_a_mail_is_sent_on_as_has_no_end_in_it_for_anybody(end: str) -> None:
    """The next server may be one that takes a bare LF for a line end."""
    overrides = Overrides(body=f"hi{end}MAIL FROM:<evil@asing.example>{end}")
    text = loads(TWO, file="attack.toml", folder=Path(), overrides=overrides)
    events = list(simulate(text))
    (mail,) = stored(events)
    assert b"\r" not in mail.replace(b"\r\n", b"")
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r\n..\r\n" not in mail
    assert len([event for event in events if isinstance(event.fact, Read)]) == 1


def test_what_is_sent_ahead_of_the_handshake_is_never_carried_out() -> None:
    """STARTTLS injection (CVE-2011-0411, CVE-2024-34083): the server forgets what it had read."""
    events = typed(
        '"EHLO x", "STARTTLS\\r\\nEHLO evil\\r\\nMAIL FROM:<evil@asing.example>",'
        '"RCPT TO:<citra@kantor.example>", "EHLO x", "QUIT"'
    )
    replies = [
        (event.fact.code, event.fact.secure) for event in events if isinstance(event.fact, Reply)
    ]
    assert replies == [
        *((220, False), (250, False), (220, False)),
        *((503, True), (250, True), (221, True)),
    ]


def test_what_a_server_says_ahead_of_the_handshake_counts_for_nothing() -> None:
    """The same from the other side: what was injected answers nothing that is said in TLS."""
    injected = change(
        r"on STARTTLS at smtp.kampus.example: reply "
        r"220 ok\n250-smtp.kampus.example\n250 AUTH PLAIN"
    )
    scenario = loads(TWO, file="attack.toml", folder=Path())
    events = list(simulate(scenario.changed(injected)))
    assert len(stored(events)) == 1
    said = [
        getattr(event.fact, "line", getattr(event.fact, "rule", ""))[:8]
        for event in events
        if event.step <= 2 and isinstance(event.fact, Command | Reply)
    ]
    # Only the reply that came in TLS is taken for the one to the second EHLO.
    start = said.index("fault") + 1
    assert said[start : start + 4] == ["EHLO pc-", "ehlo", "AUTH PLA", "auth.ok"]


@pytest.mark.parametrize(
    "address",
    [
        "citra@kantor.example>\\r\\nRCPT TO:<dedi@kantor.example",
        "citra@kantor.example\\nRCPT TO:<dedi@kantor.example>",
        "<citra@kantor.example> NOTIFY=NEVER",
        "citra@kantor.example\\u0000",
    ],
)
@pytest.mark.parametrize("key", ["to", "envelope_to", "envelope_from", "from", "header_from"])
def test_an_address_of_a_scenario_holds_no_second_command(key: str, address: str) -> None:
    other = {"from": "to", "to": "from"}.get(key, "")
    lines = ['from = "ani@kampus.example"', 'to = "citra@kantor.example"']
    kept = [line for line in lines if not other or line.startswith(f"{other} ")]
    text = "\n".join(["[mail]", *kept, f'{key} = "{address}"'])
    with pytest.raises(ScenarioError):
        loads(text, file="attack.toml", folder=Path())


def test_a_subject_of_a_scenario_holds_no_second_field() -> None:
    text = TWO.replace("Rapat", "x\\r\\nBcc: v@kantor.example")
    with pytest.raises(ScenarioError) as caught:
        loads(text, file="attack.toml", folder=Path())
    assert caught.value.rule == "scenario.control-character"


@pytest.mark.parametrize(
    ("helo", "count"),
    [(r"x\rX-Evil: 1", 1), (r"x\nX-Evil: 1", 0), (r"x\\x0b\\x85(\\)\\xff", 1)],
)
def test_a_name_that_a_client_gives_is_no_second_field(helo: str, count: int) -> None:
    """A LF ends the command; to what then looks like a header field the server says goodbye."""
    events = typed(
        f'"EHLO {helo}", "EHLO x{helo[1:]}", "MAIL FROM:<a@asing.example>",'
        '"RCPT TO:<citra@kantor.example>", "DATA", "Subject: x", ".", "QUIT"'
    )
    written = ["Return-Path", "X-Original-To", "Delivered-To", "Received", "Subject"]
    names = [[name for name, _ in fields_of(mail)] for mail in stored(events)]
    assert names == [written] * count


def test_quoted_line_breaks_in_an_address_are_no_address() -> None:
    converse(
        a_world(),
        "mx1.kantor.example",
        25,
        r"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<"a\rRCPT TO:<x@y>"@asing.example>
        S: 5
        C: MAIL FROM:<a@asing.example>
        S: 250
        C: RCPT TO:<"citra\rDATA"@kantor.example>
        S: 5
        C: QUIT
        S: 221
        """,
    )


@pytest.mark.parametrize("text", ["354 Go ahead", "220 ready", "250 2.0.0 Ok", "421 4.3.2 no"])
@pytest.mark.parametrize(
    "on", ["MAIL", "RCPT", "DATA", "STARTTLS", "AUTH", ".", "EHLO", "greeting"]
)
@pytest.mark.parametrize("host", ["smtp.kampus.example", "mx1.kantor.example"])
def test_a_forged_reply_ends_no_run(host: str, on: str, text: str) -> None:
    if on == "AUTH" and host.startswith("mx"):
        return
    body = "\\n".join(str(number) for number in range(30))
    scenario = TWO.replace("Halo.", body) + (
        f'[[change]]\ndo = "on {on} at {host}: reply {text}"\n'
        '[domains."kampus.example"]\nusers = ["ani"]\ntls = "may"\nretry = {lifetime = "10 min"}\n'
        '[domains."kantor.example"]\nusers = ["citra"]\n'
    )
    facts = [e.fact for e in simulate(loads(scenario, file="attack.toml", folder=Path()))]
    stored = [fact.mailbox for fact in facts if isinstance(fact, Stored)]
    bounced = [fact.recipients for fact in facts if isinstance(fact, Bounced)]
    refused = [f for f in facts if isinstance(f, Judged) and f.rule.startswith("submission.")]
    ends = (stored, bounced, len(refused))
    arrived, told = ([CITRA], [], 0), ([], [], 1)
    reported = ([ANI], [(CITRA,)], 0)
    assert ends in ((arrived, told) if host.startswith("smtp") else (arrived, reported))
    queued = [fact.queue_id for fact in facts if isinstance(fact, Queued)]
    assert queued == [fact.queue_id for fact in facts if isinstance(fact, Removed)]


def test_a_client_that_errs_twenty_times_is_sent_away() -> None:
    events = typed(", ".join(['"FOO"'] * 25) + ', "QUIT"')
    replies = [event.fact.code for event in events if isinstance(event.fact, Reply)]
    assert replies == [220, *[500] * 20, 421]
    times = [event.at for event in events if isinstance(event.fact, Reply)]
    assert times[15] - times[14] > times[5] - times[4]  # Postfix grows slow after ten


def test_whatever_is_sent_after_quit_is_not_heard() -> None:
    events = typed('"EHLO x", "STARTTLS", ["QUIT", "NOOP", "NOOP"], "NOOP"')
    assert [e.fact.code for e in events if isinstance(e.fact, Reply)] == [220, 250, 220, 221]
