"""The ledger: a mapping that never changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.trace.ledger import Ledger

CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 120), st.integers()), max_size=400
)


@given(CHANGES, st.dictionaries(st.integers(0, 200), st.integers(), max_size=80))
def test_a_ledger_says_what_a_dict_would(
    changes: list[tuple[str, int, int]], more: dict[int, int]
) -> None:
    ledger: Ledger[int, int] = Ledger()
    plain: dict[int, int] = {}
    for what, key, value in changes:
        if what == "put":
            ledger, plain = ledger.put(key, value), {**plain, key: value}
        else:
            ledger = ledger.drop(key)
            plain.pop(key, None)
    ledger, plain = ledger.put_all(more), {**plain, **more}
    assert ledger == plain
    assert plain == ledger
    assert len(ledger) == len(plain)
    assert dict(ledger.items()) == plain
    for key in range(-1, 201):
        assert (key in ledger) == (key in plain)
        assert ledger.get(key) == plain.get(key)


@given(CHANGES)
def test_no_change_to_a_ledger_is_seen_in_an_earlier_one(
    changes: list[tuple[str, int, int]],
) -> None:
    versions: list[tuple[Ledger[int, int], dict[int, int]]] = [(Ledger(), {})]
    for what, key, value in changes:
        before = versions[-1][0]
        after = before.put(key, value) if what == "put" else before.drop(key)
        versions.append((after, dict(after)))
    for ledger, seen in versions:
        assert dict(ledger) == seen


def test_keys_come_in_the_order_in_which_they_were_first_put() -> None:
    ledger: Ledger[int, str] = Ledger()
    for key in [*range(300, 0, -1), *range(300)]:
        ledger = ledger.put(key, "")
    assert list(ledger) == [*range(300, 0, -1), 0]


def test_a_missing_key_is_an_error_and_a_dropped_one_is_missing() -> None:
    ledger = Ledger({"a": 1}).drop("a")
    with pytest.raises(KeyError):
        ledger["a"]
    assert not ledger
    assert ledger.drop("a") is ledger
    assert repr(ledger.put("b", 2)) == "Ledger({'b': 2})"


def test_what_was_dropped_from_a_large_ledger_stays_dropped() -> None:
    ledger = Ledger({key: key for key in range(1000)}).drop(7)
    for key in range(1000, 1500):
        ledger = ledger.put(key, key)
        assert 7 not in ledger
    assert list(ledger) == [key for key in range(1500) if key != 7]


def test_the_entries_of_a_large_ledger_are_shared_and_not_copied() -> None:
    large = Ledger({key: key for key in range(100_000)})
    changed = large.put(-1, 0).put(5, 0).drop(7)
    assert changed._layers[0] is large._layers[0]
    versions = [changed := changed.put(key, 1) for key in range(1000)]
    bases = {id(version._layers[0]) for version in versions}
    assert len(bases) <= 2
