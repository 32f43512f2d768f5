"""Changes as people write them: what is written is read again, and mistakes are explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.change_tables import read_fork
from simulator.scenario.change_words import EXAMPLES, WHOLE, read_change, write_change
from simulator.scenario.changes import (
    NEXT,
    AnswerInstead,
    Change,
    Delay,
    Down,
    Drop,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Silence,
    Wait,
)
from simulator.scenario.errors import LANGUAGES, Place, ScenarioError
from simulator.scenario.library import find
from simulator.scenario.loader import Overrides, load, loads
from simulator.scenario.model import Scenario
from simulator.scenario.moments import DEEDS, protocol_at
from simulator.scenario.virtual_time import SECOND
from tests.fork.any_change import changes

HERE = Place("--fork")
SCENARIO = load(find("two-relays"))
MAIL = '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n'
MX = "mx1.kantor.example"


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="x.toml", folder=Path("nowhere"), overrides=overrides)


def table(do: str, after: int | None = None) -> str:
    """A change in a file; its ``do`` is the last line."""
    number = "" if after is None else f"after = {after}\n"
    return f"[[change]]\n{number}do = '{do}'\n"


def said(text: str, after: int | None = None, language: str = "en") -> str:
    """The mistake in a change."""
    with pytest.raises(ScenarioError) as caught:
        read_change(text, HERE, after)
    return caught.value.sentence(language)  # type: ignore[arg-type]


# What is written ---------------------------------------------------------------------------------


@given(st.booleans().flatmap(lambda forked: changes(SCENARIO, forked=forked)), st.integers(0, 99))
def test_any_change_is_read_as_it_was_written(change: Change, event: int) -> None:
    if isinstance(change.deed, SayInstead) and not _is_of(change.on, change.deed.text):
        return  # a person may invent such a reply only where it is one of the protocol
    if isinstance(change.deed, AnswerInstead) and change.deed.records and not change.only:
        return
    after = event if change.is_about_the_event or not change.at else None
    text = write_change(change)
    assert text.isprintable()
    read_again = read_change(text, HERE, after)
    assert read_again == Change(**{**_fields(change), "after": after})  # type: ignore[arg-type]
    assert write_change(read_again) == text


def _is_of(on: str, text: str) -> bool:
    protocol = protocol_at(on)
    return not protocol or (text[0].isdigit() == (protocol == "smtp") and protocol == "smtp")


def _fields(change: Change) -> dict[str, object]:
    return {name: getattr(change, name) for name in change.__struct_fields__}


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("reply 450 4.2.0 Busy", Change(deed=SayInstead(text="450 4.2.0 Busy"))),
        (r"reply 250-mx\n250 SIZE 5", Change(deed=SayInstead(text="250-mx\n250 SIZE 5"))),
        (r"on NEXT: reply +OK a\\b", Change(deed=SayInstead(text="+OK a\\b"), on=NEXT)),
        ("REFUSE", Change(deed=Refuse(), on="connect")),
        (" drop ", Change(deed=Drop())),
        ("answer SERVFAIL", Change(deed=AnswerInstead(rcode="SERVFAIL"))),
        ("answer nodata", Change(deed=AnswerInstead())),
        (
            "answer 10 mx2.b.example | 20 mx3.b.example",
            Change(deed=AnswerInstead(records=("10 mx2.b.example", "20 mx3.b.example"))),
        ),
        (
            "only Kantor.example mx: answer NXDOMAIN",
            Change(deed=AnswerInstead(rcode="NXDOMAIN"), on="dns", only="Kantor.example mx"),
        ),
        ("policy greylist 5min", Change(deed=SetPolicy(policy="greylist", value=300 * SECOND))),
        (
            "at b.example: policy quota full",
            Change(deed=SetPolicy(policy="quota", value=1), at="b.example"),
        ),
        ("policy tls off", Change(deed=SetPolicy(policy="tls", value=0))),
        (
            "at MX1.b.example: wait 2h",
            Change(deed=Wait(duration=7_200 * SECOND), at="mx1.b.example"),
        ),
        (
            "only b.example: route a.example",
            Change(deed=SendVia(host="a.example"), only="b.example"),
        ),
        (
            "on rcpt at mx1.b.example try 3 times 2 from 10 s until 20min only to at: delay 1 min",
            Change(
                deed=Delay(duration=60 * SECOND),
                on="RCPT",
                at="mx1.b.example",
                skip=2,
                times=2,
                start=10 * SECOND,
                end=1_200 * SECOND,
                only="to at",
            ),
        ),
        ("on . at b.example: silence", Change(deed=Silence(), on=".", at="b.example")),
        (
            "at b.example from 1 s until 1 h: down",
            Change(deed=Down(), at="b.example", start=SECOND, end=3_600 * SECOND),
        ),
    ],
)
def test_the_grammar(text: str, change: Change) -> None:
    after = Change(**{**_fields(change), "after": 7})  # type: ignore[arg-type]
    assert read_change(text, HERE, 7) == after


def test_every_example_is_right_in_a_scenario_and_in_a_fork() -> None:
    for verb, example in EXAMPLES.items():
        assert write_change(read_change(example, HERE, 5)) == example
        if verb != "reply":
            assert read_change(example, HERE).after is None
    assert read_change(WHOLE, HERE).deed == read_change(EXAMPLES["reply"], HERE, 5).deed


HOSTS = {"smtp": MX, "pop3": "mail.kantor.example", "imap": "mail.kantor.example"}
PLACES = {"LHLO": "mail.kantor.example", "LIST": "mail.kantor.example", "dns": "a.tld.example"}
REPLIES = {"pop3": " -ERR Later", "imap": " NO Later"}
MORE = {"delay": " 1 s", "answer": " SERVFAIL"}


@pytest.mark.parametrize("after", [None, 5])
@pytest.mark.parametrize(("on", "do"), [(on, do) for on, deeds in DEEDS.items() for do in deeds])
def test_whatever_can_happen_can_be_written_in_scenarios_and_forks(
    on: str, do: str, after: int | None
) -> None:
    if on == NEXT:
        return
    protocol = protocol_at(on)
    host = "smtp.kampus.example" if on == "AUTH" else PLACES.get(on, HOSTS.get(protocol, MX))
    other = REPLIES.get(protocol, " -ERR Later" if on == "LIST" else " 450 Later")
    more = other if do == "reply" else MORE.get(do, "")
    text = MAIL + table(f"on {on} at {host}: {do}{more}", after)
    (change,) = read(f'{text}[domains."kantor.example"]\ndelivery = "lmtp"\n').changes
    assert (change.at, change.on, change.after) == (host, on, after)
    assert write_change(change).endswith(f"{do}{more}")


def test_nothing_goes_otherwise_unless_a_scenario_says_so() -> None:
    assert read(MAIL).changes == ()


def test_a_fork_on_the_command_line_names_its_event() -> None:
    assert read_fork("57=drop") == Change(deed=Drop(), after=57)
    for text in ("drop", "=drop", "x=drop", "57=", "57 drop"):
        with pytest.raises(ScenarioError, match=r'like "57=reply 450 4\.2\.0 Busy"'):
            read_fork(text)


def test_a_file_says_what_holds_from_the_start_on_and_then_in_the_order_of_the_events() -> None:
    scenario = read(MAIL + table("drop", 60) + table("wait 5 min", 20) + table(f"at {MX}: refuse"))
    assert [one.after for one in scenario.changes] == [None, 20, 60]
    assert [one.after for one in scenario.forks] == [20, 60]
    assert [one.after for one in scenario.without_forks().changes] == [None]


def test_a_change_at_a_host_that_the_command_line_left_out_falls_away() -> None:
    text = MAIL + table(f"at {MX}: refuse")
    assert read(text, Overrides(to=("budi@kampus.example",))).changes == ()
    assert len(read(text, Overrides(to=("dedi@kantor.example",))).changes) == 1


# Mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no change: begin with one of reply, answer, refuse"),
        ("explode", "is no change: begin with one of"),
        ("replay 450 x", 'did you mean something like "reply 450 4.2.0 Busy"?'),
        ("on RCPT: replay 450 x", 'did you mean something like "reply 450 4.2.0 Busy"?'),
        ("reply", 'write it like "reply 450 4.2.0 Busy"'),
        ("reply maybe", '"maybe" is no reply: write three digits and words'),
        ("reply 450 \x1b[2J", 'write it like "reply 450 4.2.0 Busy"'),
        ("drop everything", 'write it like "drop"'),
        ("down a b", 'write it like "down"'),
        ("at a b: down", '"at a b" is not understood: write it like "at mx1.kantor.example"'),
        ("answer", 'write it like "answer 10 mx2.kantor.example"'),
        (
            "on dns: answer 10 mx2.b.example",
            'say which: like "on dns only kantor.example MX: answer',
        ),
        ("policy greylist soon", 'write it like "policy greylist 5 min"'),
        ("policy weather fine", 'write it like "policy greylist 5 min"'),
        ("wait 0 s", 'write it like "wait 2 h"'),
        ("wait 999999999 d", 'write it like "wait 2 h"'),
        ("route", 'write it like "route mx2.kantor.example"'),
        ("on RCPT reply 450 x", 'write it like "on RCPT at mx1.kantor.example: reply 450'),
        ("on RCPT on DATA: drop", 'write it like "on RCPT at mx1.kantor.example: reply 450'),
        ("on RCTP: drop", '"RCTP" is no moment: after "on" write RCPT'),
        ("on Tuesday: drop", '"Tuesday" is no moment: after "on" write connect, greeting, EHLO'),
        ("on connect: drop", '"drop" cannot happen at the moment "connect": write one of refuse,'),
        ("on content: reply 450 x", "write one of drop, silence, delay"),
        ("on RCPT: answer SERVFAIL", "write one of reply, drop, silence, delay"),
        ("on RCPT try 0: drop", '"try 0" is not understood: write it like "try 2"'),
        ("on RCPT times 1001: drop", '"times 1001" is not understood: write it like "times 1"'),
        ("on RCPT from soon: drop", '"from soon" is not understood: write it like "from 10 min"'),
        ("on RCPT from 5 min until 5 min: drop", '"until" is not after "from"'),
        ("on DATA only citra: drop", '"only" has nothing to look at in "DATA": leave it out'),
        ("on RETR: reply 450 Later", "no reply of POP3: write +OK or -ERR"),
        ("on FETCH: reply -ERR Later", "no reply of IMAP: write OK, NO or BAD"),
        ("on RCPT: reply -ERR Later", "is no reply: write three digits and words"),
        ("times 2: reply 450 x", '"times" says nothing without a moment: write it like "on RCPT'),
        ("on next at b.example: reply 450 x", '"at" says nothing without a moment'),
        ("until 1 h: up", '"until" says nothing beside "up": leave it out'),
        ("try 2: down", '"try" says nothing beside "down": leave it out'),
    ],
)
def test_a_mistake_says_what_to_write(text: str, sentence: str) -> None:
    assert sentence in said(text, 5)
    assert said(text, 5, "id").isprintable()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("drop", 'so say at which moment: like "on accepted at mx1.kantor.example: drop"'),
        ("reply 450 x", 'so say at which moment: like "on RCPT at mx1.kantor.example: reply'),
        ("silence", 'so say at which moment: like "on connect at mx1.kantor.example: silence"'),
        ("answer SERVFAIL", 'like "on dns only kantor.example MX: answer 10 mx2.kantor.example"'),
        ("down", 'so say where: like "at mx1.kantor.example until 1 h: down"'),
        ("from 5 min: wait 2 h", 'so say where: like "at mx1.kantor.example: wait 2 h"'),
        ("policy tls off", 'so say where: like "at kantor.example: policy greylist 5 min"'),
        ("on next: silence", '"next" is the reply after an event, and here is none'),
    ],
)
def test_what_is_about_an_event_needs_one(text: str, sentence: str) -> None:
    assert sentence in said(text)
    assert read_change(text, HERE, 5).after == 5


@given(
    st.text(max_size=60)
    | st.from_regex(r"(reply|answer|policy|wait|delay|route|down) .*", fullmatch=True)
    | st.from_regex(r"(on|at|try|times|from|until|only) .*: (reply 4|drop|down|delay 1 s)"),
    st.none() | st.just(5),
)
def test_any_text_is_a_change_or_a_mistake(text: str, after: int | None) -> None:
    try:
        change = read_change(text, HERE, after)
    except ScenarioError as mistake:
        for language in LANGUAGES:
            assert mistake.sentence(language).isprintable()
    else:
        assert read_change(write_change(change), HERE, after) == change


@pytest.mark.parametrize(
    ("lines", "line", "sentence"),
    [
        ("after = 5", 4, '[[change]] has no "do": write do = "on RCPT at mx1.kantor.example'),
        ("after = -1\ndo = 'drop'", 5, "after"),
        ("after = 5\ndo = 'dorp'", 6, 'did you mean something like "on accepted at'),
        ("after = 5\ndo = 'at mx1.kantor.exampel: down'", 6, 'did you mean "mx1.kantor.example"?'),
        ("after = 5\ndo = 'drop'\nwhen = 3", 7, "when"),
        ("do = 'at mx.kantor.example: refuse'", 5, 'did you mean "mx1.kantor.example"?'),
        ("do = 'at zoo.test: refuse'", 5, 'unknown host "zoo.test": known are resolver.isp'),
        (
            "do = 'at pc-ani.kampus.example: refuse'",
            5,
            'the moment "connect" never comes to "pc-ani.kampus.example": write one of resolver',
        ),
        (
            "do = 'on dns at mx1.kantor.example: silence'",
            5,
            'the moment "dns" never comes to "mx1.kantor.example": write one of resolver.isp',
        ),
        (
            "do = 'on AUTH at mx1.kantor.example: silence'",
            5,
            'the moment "AUTH" never comes to "mx1.kantor.example": write one of smtp.kampus',
        ),
        (
            "do = 'on LHLO at mail.kantor.example: silence'",
            5,
            'nobody here speaks LMTP: write delivery = "lmtp" in the domain, or another moment',
        ),
        (
            "do = 'at mx1.kantor.example: policy tls off'",
            5,
            'a policy is that of a domain, and "mx1.kantor.example" is none here: known are kampus',
        ),
        ("do = 'at zoo.test: route a.test'", 5, 'unknown host "zoo.test"'),
    ],
)
def test_a_mistake_in_a_file_has_its_line(lines: str, line: int, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(f"{MAIL}[[change]]\n{lines}\n")
    assert caught.value.line == line
    assert sentence in str(caught.value)


def test_a_mailbox_server_that_speaks_lmtp_meets_its_commands_but_no_ehlo() -> None:
    lmtp = '[domains."kantor.example"]\ndelivery = "lmtp"\n'
    drop = table("on {} at mail.kantor.example: drop")
    assert read(MAIL + drop.format("RCPT") + lmtp).changes[0].on == "RCPT"
    with pytest.raises(ScenarioError, match=r"write one of mx1\.kantor\.example, smtp\.kampus"):
        read(MAIL + drop.format("EHLO") + lmtp)


def test_more_changes_than_are_simulated() -> None:
    with pytest.raises(ScenarioError, match='"change" has 1001 entries: at most 1000 are'):
        read(MAIL + table(f"at {MX}: refuse") * 1001)
