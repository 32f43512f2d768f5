"""What is typed by hand in a scenario file: every key of a session, every mistake in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.scenario.typed import Session, typed_octets
from simulator.scenario.virtual_time import SECOND

KANTOR = '[domains."kantor.example"]\nusers = ["citra"]\n'
SESSION = '[[session]]\nserver = "mx1.kantor.example"\n'
"""Its server is on line 4; what follows begins on line 5."""
LINES = 'lines = ["NOOP"]\n'


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="scenario.toml", folder=Path("rapat"), overrides=overrides)


def the_session(text: str) -> Session:
    (session,) = read(f"{KANTOR}{SESSION}{text}").sessions
    return session


def said(text: str, language: str = "en") -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return f"{caught.value.line}: {caught.value.sentence(language)}"  # type: ignore[arg-type]


def test_a_session_alone_is_a_scenario() -> None:
    scenario = read(f"{KANTOR}{SESSION}{LINES}")
    assert scenario.mails == ()
    assert scenario.sessions == (Session(server="mx1.kantor.example", lines=("NOOP",)),)


def test_all_keys_of_a_session() -> None:
    text = (
        'client = "PC-eka.kantor.example"\nport = 587\nprotocol = "smtp"\ntls = true\n'
        'at = "2 min"\nlines = ["NOOP", ["RSET", "QUIT"]]\n'
    )
    assert the_session(text) == Session(
        server="mx1.kantor.example",
        client="pc-eka.kantor.example",
        port=587,
        lines=("NOOP", "RSET\r\nQUIT"),
        tls=True,
        at=120 * SECOND,
    )


@pytest.mark.parametrize(
    ("port", "protocol"), [(25, "smtp"), (465, "smtp"), (110, "pop3"), (143, "imap")]
)
def test_the_port_says_what_is_spoken(port: int, protocol: str) -> None:
    assert the_session(f"port = {port}\n{LINES}").protocol == protocol


def test_the_machine_is_a_host_of_its_own_whose_name_the_dns_knows() -> None:
    hosts = {host.name: host for host in hosts_of(read(f"{KANTOR}{SESSION}{LINES}"))}
    assert hosts["pc-tamu.asing.example"].label == "tamu"
    assert hosts["ns1.asing.example"].role == "nameserver"


def test_whoever_types_to_a_submission_server_makes_it_be_there() -> None:
    text = '[[session]]\nserver = "smtp.kantor.example"\nport = 587\nlines = ["QUIT"]\n'
    hosts = {host.name: host.role for host in hosts_of(read(KANTOR + text))}
    assert hosts["smtp.kantor.example"] == "sending_server"


@pytest.mark.parametrize(
    ("line", "octets"),
    [
        ("NOOP", b"NOOP\r\n"),
        ("NOOP\r\nQUIT", b"NOOP\r\nQUIT\r\n"),
        ("NOOP\n", b"NOOP\n"),
        ("\\xff\\x00", b"\xff\x00\r\n"),
        ("\\xzz \\n", b"\\xzz \\n\r\n"),
        ("surel untuk émile", "surel untuk émile\r\n".encode()),
        ("", b"\r\n"),
    ],
)
def test_any_octets_can_be_typed(line: str, octets: bytes) -> None:
    assert typed_octets(line) == octets


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('lines = "NOOP"\n', '5: "lines" cannot be "NOOP": write lines = ["EHLO'),
        ("lines = []\n", '5: "lines" cannot be []: write'),
        ('lines = ["NOOP", 5]\n', '5: "lines" cannot be 5: write'),
        ("", '3: [[session]] has no "lines": write lines = ["EHLO'),
        (
            f"port = 2525\n{LINES}",
            '5: nobody knows what port 2525 is for: write protocol = "smtp", "pop3" or "imap"',
        ),
        (f"port = 70000\n{LINES}", '5: "port" cannot be 70000: write a value from 1 to 65535'),
        (f"port = 110\ntls = true\n{LINES}", '6: "tls" is for SMTP: mail is fetched without TLS'),
        (f'client = "tamu"\n{LINES}', '5: "tamu" is no host name'),
        (f"mx = 1\n{LINES}", '5: "mx" does not belong here: write it in [domains'),
    ],
)
def test_a_mistake_is_answered_with_its_line(text: str, sentence: str) -> None:
    assert said(f"{KANTOR}{SESSION}{text}").startswith(sentence)


def test_a_server_that_does_not_exist_is_a_mistake() -> None:
    text = f'{KANTOR}[[session]]\nserver = "mx.kantor.example"\n{LINES}'
    assert said(text) == ('4: unknown host "mx.kantor.example": did you mean "mx1.kantor.example"?')
    assert said(f'{KANTOR}[[session]]\nserver = "x.y.example"\n{LINES}', "id").startswith(
        '4: host "x.y.example" tidak dikenal'
    )


def test_a_session_whose_server_the_command_line_took_away_is_left_out() -> None:
    mail = '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n'
    session = f'[[session]]\nserver = "mx1.kantor.example"\n{LINES}'
    assert len(read(mail + session).sessions) == 1
    elsewhere = Overrides(to=("eka@rumah.example",))
    assert read(mail + session, elsewhere).sessions == ()
