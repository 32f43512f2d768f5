"""Every key of a TOML text is found on the line where it is written."""

from __future__ import annotations

import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.scenario.lines import DEEPEST, KeyPath, outline

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no mistake."""

TEXT = '''\
# [not] a = "table"
seed = 7   # nor = this

[mail]
from = "ani@kampus.example"
to = [            # a list
    "citra@kantor.example",
    "dedi@kantor.example",   # the second
]
body = """
[domains]
key = "still body" \\"""
"""
subject = 'a # "b'

[domains."kantor.example"]
mx = ["10 mx1.kantor.example", "20 mx2.kantor.example"]
other.dotted = {inline = 1, "quoted \\u0041" = [2,
3]}

[[pickup]]
mailbox = "a"
[[pickup]]
mailbox = "b"
[pickup.below]
deep = 2026-11-23 09:00:00+07:00
'''


def test_each_key_and_list_entry_has_its_line() -> None:
    lines = outline(TEXT).lines
    assert lines[("seed",)] == 2
    assert lines[("mail",)] == 4
    assert lines[("mail", "to")] == 6
    assert lines[("mail", "to", 0)] == 7
    assert lines[("mail", "to", 1)] == 8
    assert lines[("mail", "body")] == 10
    assert lines[("mail", "subject")] == 14
    assert lines[("domains", "kantor.example")] == 16
    assert lines[("domains", "kantor.example", "mx", 1)] == 17
    assert lines[("domains", "kantor.example", "other", "dotted", "quoted A", 1)] == 19
    assert lines[("pickup", 0, "mailbox")] == 22
    assert lines[("pickup", 1, "mailbox")] == 24
    assert lines[("pickup", 1, "below", "deep")] == 26
    assert set(lines) == set(_paths(tomllib.loads(TEXT)))


def test_a_key_that_is_not_written_has_the_line_of_its_table() -> None:
    assert outline(TEXT).line(("mail", "cc")) == 4
    assert outline(TEXT).line(("nowhere",)) is None


def test_a_text_that_goes_too_deep_names_the_line() -> None:
    assert outline("\na = " + "[" * DEEPEST + "]" * DEEPEST).too_deep is None
    assert outline("\na = " + "[" * (DEEPEST + 2)).too_deep == 2
    assert outline("\n\n" + ".".join("a" * (DEEPEST + 1)) + " = 1").too_deep == 3
    assert outline("[" + ".".join("a" * (DEEPEST + 1)) + "]").too_deep == 1


_KEYS = st.sampled_from(["a", "b-c", "1", '"x.y"', "'l # l'", '"\\u00e9\\""', "from", '""'])
_SCALARS = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        "inf",
        "0xff",
        "2026-11-23 09:00:00.5+07:00",
        "09:00:00",
        '""',
        '"# [a] = \\" \\\\"',
        "'\\'",
        "''",
        '"""a"b""c\\"""d"""',
        '"""\n[a]\n# b = 1\n"""""',
        "'''\n'a' = ''b\n'''''",
    ]
)
_GAPS = st.sampled_from(["", " ", "\n", "# note ] } \" '\n", "\n\n  "])


@st.composite
def _lists(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    entries = draw(st.lists(values, max_size=3))
    text = "["
    for entry in entries:
        text += draw(_GAPS) + entry + draw(_GAPS) + ","
    return (text if draw(st.booleans()) or not entries else text[:-1]) + draw(_GAPS) + "]"


@st.composite
def _inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(_KEYS, unique=True, max_size=3))
    return "{" + ", ".join(f"{key} = {draw(values)}" for key in keys) + "}"


_VALUES = st.recursive(_SCALARS, lambda inner: _lists(inner) | _inline_tables(inner), max_leaves=5)


@st.composite
def _documents(draw: st.DrawFn) -> str:
    text = ""
    for number in range(draw(st.integers(0, 4))):
        name = f"t{number}"
        if number:
            header = draw(st.sampled_from([f"[{name}]", f"[[{name}]]", f'["{name}" . below]']))
            text += draw(_GAPS).lstrip(" ") + header * 1 + "\n"
        for key in draw(st.lists(_KEYS, unique=True, max_size=3)):
            dotted = draw(st.sampled_from([key, f"{key} . z", f'{key}."q.q".z']))
            text += f"  {dotted} = {draw(_VALUES)} {draw(st.sampled_from(['', '# end']))}\n"
        if number and header.startswith("[["):
            text += f"{header}\nlast = {draw(_VALUES)}\n[{name}.sub]\n"
    return text


def _paths(value: object, above: KeyPath = ()) -> list[KeyPath]:
    """The path of every key and list entry below a value."""
    below: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        below = list(value.items())
    elif isinstance(value, list):
        below = list(enumerate(value))
    found: list[KeyPath] = []
    for key, inner in below:
        found += [(*above, key), *_paths(inner, (*above, key))]
    return found


@PATIENT
@given(_documents())
def test_the_outline_has_exactly_the_paths_that_tomllib_reads(text: str) -> None:
    found = outline(text)
    assert set(found.lines) == set(_paths(tomllib.loads(text)))
    assert found.unclosed is None
    assert found.too_deep is None


@PATIENT
@given(_documents())
def test_the_line_of_a_key_holds_that_key(text: str) -> None:
    lines = text.split("\n")
    for path, line in outline(text).lines.items():
        last = path[-1]
        if isinstance(last, str) and last.isalnum() and last.isascii():
            assert last in lines[line - 1]


@PATIENT
@given(st.text(alphabet="a.=[]{}\"'\\\n# ,1", max_size=80))
def test_a_text_that_is_no_toml_is_no_trouble(text: str) -> None:
    found = outline(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.lines.values())
