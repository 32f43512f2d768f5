"""Changes as people write them: what is written is read again, and mistakes are explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.change_words import EXAMPLES, read_change, write_change
from simulator.scenario.changes import (
    AnswerInstead,
    Drop,
    Intervention,
    Refuse,
    SayInstead,
    SetPolicy,
    Wait,
)
from simulator.scenario.errors import LANGUAGES, Place, ScenarioError
from simulator.scenario.interventions import read_fork
from simulator.scenario.library import find
from simulator.scenario.loader import load, loads
from tests.fork.any_change import changes

HERE = Place("--fork")
SCENARIO = load(find("two-relays"))
SOUND = '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n'


@given(changes(SCENARIO))
def test_any_change_is_read_as_it_was_written(change: object) -> None:
    text = write_change(change)  # type: ignore[arg-type]
    assert text.isprintable()
    if isinstance(change, SayInstead) and not change.text[0].isdigit():
        return  # a person may invent such a reply only where it is one of some protocol
    if isinstance(change, Wait | SetPolicy) and " " in text and "0.001 ms" in text:
        return  # no file says a single microsecond
    if isinstance(change, SetPolicy) and change.policy == "recipients" and not change.value:
        return
    assert read_change(text, HERE) == change


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("reply 450 4.2.0 Busy", SayInstead(text="450 4.2.0 Busy")),
        (r"reply 250-mx\n250 SIZE 5", SayInstead(text="250-mx\n250 SIZE 5")),
        (r"say +OK a\\b", SayInstead(text="+OK a\\b", next=True)),
        ("REFUSE", Refuse()),
        (" drop ", Drop()),
        ("dns SERVFAIL", AnswerInstead(rcode="SERVFAIL")),
        ("dns nodata", AnswerInstead()),
        (
            "dns 10 mx2.b.example | 20 mx3.b.example",
            AnswerInstead(records=("10 mx2.b.example", "20 mx3.b.example")),
        ),
        (
            "dns Kantor.example mx NXDOMAIN",
            AnswerInstead(name="kantor.example", type="MX", rcode="NXDOMAIN"),
        ),
        ("policy greylist 5min", SetPolicy(policy="greylist", value=300_000_000)),
        ("policy quota full at b.example", SetPolicy(policy="quota", value=1, domain="b.example")),
        ("policy tls off", SetPolicy(policy="tls", value=0)),
        ("wait 2h at mx1.b.example", Wait(duration=7_200_000_000, host="mx1.b.example")),
    ],
)
def test_the_grammar(text: str, change: object) -> None:
    assert read_change(text, HERE) == change


def test_every_example_is_right() -> None:
    for verb, example in EXAMPLES.items():
        assert write_change(read_change(example, HERE)).startswith(verb)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no change: begin with one of reply, say, refuse"),
        ("explode", "is no change: begin with one of"),
        ("replay 450 x", 'did you mean something like "reply 450 4.2.0 Busy"?'),
        ("reply", 'write it like "reply 450 4.2.0 Busy"'),
        ("reply maybe", 'write it like "reply 450 4.2.0 Busy"'),
        ("reply 450 \x1b[2J", 'write it like "reply 450 4.2.0 Busy"'),
        ("drop everything", 'write it like "drop"'),
        ("down a b", 'write it like "down mx1.kantor.example"'),
        ("dns", "dns kantor.example MX 10 mx2.kantor.example"),
        ("policy greylist soon", "policy greylist 5 min at kantor.example"),
        ("policy weather fine", "policy greylist 5 min at kantor.example"),
        ("wait 0 s", 'write it like "wait 2 h"'),
        ("wait 999999999 d", 'write it like "wait 2 h"'),
        ("route", "route mx2.kantor.example for kantor.example"),
    ],
)
def test_a_mistake_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_change(text, HERE)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@given(
    st.text(max_size=60)
    | st.from_regex(r"(reply|say|dns|policy|wait|route|down) .*", fullmatch=True)
)
def test_any_text_is_a_change_or_a_mistake(text: str) -> None:
    try:
        change = read_change(text, HERE)
    except ScenarioError as mistake:
        for language in LANGUAGES:
            assert mistake.sentence(language).isprintable()
    else:
        assert read_change(write_change(change), HERE) == change


def test_a_fork_on_the_command_line_names_its_event() -> None:
    assert read_fork("57=drop") == Intervention(after=57, change=Drop())
    for text in ("drop", "=drop", "x=drop", "57=", "57 drop"):
        with pytest.raises(ScenarioError, match=r'like "57=reply 450 4\.2\.0 Busy"'):
            read_fork(text)


def test_a_file_says_what_is_changed_in_the_order_of_the_events() -> None:
    text = SOUND + (
        '[[intervention]]\nafter = 60\nchange = "drop"\n'
        '[[intervention]]\nafter = 20\nchange = "wait 5 min"\n'
    )
    scenario = loads(text, file="x.toml", folder=Path("nowhere"))
    assert [one.after for one in scenario.interventions] == [20, 60]


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ('change = "drop"', 4, "after"),
        ("after = 5", 4, "change"),
        ('after = -1\nchange = "drop"', 5, "after"),
        ('after = 5\nchange = "dorp"', 6, 'did you mean something like "drop"?'),
        ('after = 5\nchange = "down mx1.kantor.exampel"', 6, "mx1.kantor.example"),
        ('after = 5\nchange = "drop"\nwhen = 3', 7, "when"),
    ],
)
def test_a_mistake_in_a_file_has_its_line(table: str, line: int, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(f"{SOUND}[[intervention]]\n{table}\n", file="x.toml", folder=Path("nowhere"))
    assert caught.value.line == line
    assert said in str(caught.value)
