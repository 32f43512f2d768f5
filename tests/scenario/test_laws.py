"""Laws of the loader: it gives a scenario or a mistake, and a scenario survives a recording."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.scenario.errors import LANGUAGES, ScenarioError
from simulator.scenario.keys import KEYS, Table
from simulator.scenario.library import shipped
from simulator.scenario.loader import Overrides, load, loads
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no mistake."""

NOWHERE = Path("no-such-folder")

_WORDS = [
    "ani@kampus.example",
    "citra@kantor.example",
    "a@b",
    "10 mx1.kantor.example",
    "0 .",
    "1 min",
    "none",
    "lmtp",
    "kantor.example",
    "kampus.example",
    "\r\n",
    "\u202e",
    "{x}",
    "../x",
    "2026-11-23T09:00:00+07:00",
    "ani",
    "(" * 300,
    "é@ü.example",
    "a" * 70 + "@b.c",
]
_TEXTS = st.sampled_from(_WORDS) | st.text(max_size=20)
_LEAVES = st.one_of(_TEXTS, st.integers(), st.booleans(), st.floats())
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=2)
)
_ADDRESSES = st.sampled_from(
    ["ani@kampus.example", "citra@kantor.example", "dedi@kantor.example", "x@zoo.test"]
)
_DOMAINS = st.sampled_from(["kampus.example", "kantor.example", "zoo.test", "isp.example", "x"])


def toml(value: object) -> str:
    """A value as inline TOML; what JSON and TOML write alike comes from ``json``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        # Not ASCII: TOML knows no pairs of surrogates. And it wants DEL escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()


@st.composite
def _lines(draw: st.DrawFn, table: Table, left_out: frozenset[str]) -> list[str]:
    """Some keys of a table: mostly as they may be, sometimes with any value, rarely any key."""
    lines = []
    for key in draw(st.lists(st.sampled_from(sorted(KEYS[table].keys() - left_out)), unique=True)):
        any_value = draw(st.integers(0, 7)) == 0
        lines.append(f"{key} = {toml(draw(_VALUES))}" if any_value else KEYS[table][key])
    if draw(st.integers(0, 15)) == 0:
        lines.append(f"{toml(draw(st.text(max_size=6)))} = {toml(draw(_VALUES))}")
    return lines


@st.composite
def _scenarios(draw: st.DrawFn) -> str:
    """Something that looks like a scenario."""
    lines = draw(_lines("top", frozenset({"mail", "domains", "pickup", "change"})))
    for _ in range(draw(st.integers(1, 3))):
        lines += ["[[mail]]", f"from = {toml(draw(_ADDRESSES))}"]
        lines.append(f"to = {toml(draw(st.lists(_ADDRESSES, max_size=3)))}")
        lines += draw(_lines("mail", frozenset({"from", "to", "attach"})))
    for name in draw(st.lists(_DOMAINS, unique=True, max_size=3)):
        lines += [f"[domains.{toml(name)}]", *draw(_lines("domains", frozenset({"users"})))]
    for table in ("pickup", "change"):
        for _ in range(draw(st.integers(0, 2))):
            lines += [f"[[{table}]]", *draw(_lines(table, frozenset()))]
    return "\n".join(lines)


def read(text: str, overrides: Overrides | None = None) -> Scenario | None:
    """The scenario; or None after its mistake was said in one printable line each."""
    try:
        return loads(text, file="scenario.toml", folder=NOWHERE, overrides=overrides)
    except ScenarioError as mistake:
        assert str(mistake).isprintable()
        for language in LANGUAGES:
            assert mistake.sentence(language)
        assert mistake.line is None or 1 <= mistake.line <= text.count("\n") + 1
        return None


def survives(scenario: Scenario) -> None:
    """The scenario is itself again after a recording."""
    assert msgspec.convert(msgspec.to_builtins(scenario), Scenario) == scenario
    assert msgspec.json.decode(msgspec.json.encode(scenario), type=Scenario) == scenario


@PATIENT
@given(st.text())
def test_any_text_is_a_scenario_or_a_mistake(text: str) -> None:
    read(text)


@PATIENT
@given(st.text(alphabet="[]mailfromto=\"'@.\n\\{},x1#é", max_size=120))
def test_a_text_like_toml_is_a_scenario_or_a_mistake(text: str) -> None:
    read("[mail]\n" + text)


@PATIENT
@given(_scenarios())
def test_a_text_like_a_scenario_is_one_or_a_mistake(text: str) -> None:
    scenario = read(text)
    if scenario is not None:
        survives(scenario)
        assert hosts_of(scenario)
        for mail in scenario.mails:
            assert scenario.domain(mail.sender.rpartition("@")[2]) is not None


_ARGUMENTS = st.none() | st.text(st.characters(), max_size=30)
_LISTS = st.none() | st.lists(_TEXTS, max_size=3).map(tuple)


@PATIENT
@given(
    st.builds(
        Overrides,
        sender=_ARGUMENTS | st.sampled_from(_WORDS),
        to=_LISTS,
        cc=_LISTS,
        bcc=_LISTS,
        subject=_ARGUMENTS,
        body=_ARGUMENTS,
        attach=_LISTS,
        seed=st.none() | st.integers(),
    )
)
def test_any_command_line_gives_a_scenario_or_a_mistake(overrides: Overrides) -> None:
    sound = '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n'
    scenario = read(sound, overrides)
    if scenario is not None:
        survives(scenario)


def test_a_shipped_scenario_survives_a_recording() -> None:
    for folder in shipped():
        survives(load(folder))
