"""The form of a scenario: the file that it makes, and in which field a mistake is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.draft import (
    FIELDS,
    FIRST,
    draft_of,
    mistakes_in_draft,
    quoted,
    scenario_of_draft,
)
from simulator.scenario.virtual_time import SECOND

HERE = Path(__file__).parent
NAMES = frozenset(field.name for field in FIELDS)


def wrong(**values: str) -> dict[str, str]:
    """The sentence about each field that is wrong, where the others are as at first."""
    mistakes = mistakes_in_draft(draft_of({**FIRST, **values}), HERE)
    return {field: mistake.sentence() for field, mistake in mistakes.items()}


def test_the_form_begins_with_the_smallest_scenario() -> None:
    assert draft_of(FIRST).text == (
        '[mail]\nfrom = "ani@kampus.example"\nto = ["citra@kantor.example"]\n'
        'subject = "Rapat Senin"\n'
    )
    assert wrong() == {}


def test_a_full_form_is_a_whole_scenario() -> None:
    draft = draft_of(
        {
            **FIRST,
            "to": "citra@kantor.example, dedi@kantor.example",
            "body": 'Halo,\n"sampai" jumpa.',
            "relays": "relay1.transit.example, relay2.transit.example",
            "tls": "may",
            "mx": "10 mx1.kantor.example, 20 mx2.kantor.example",
            "greylist": "5 min",
            "quota": "10000",
            "checks_trust": "yes",
            "protocol": "imap",
            "after": "3 h",
            "keep": "yes",
        }
    )
    scenario = scenario_of_draft(draft, file="mine.toml", folder=HERE)
    kampus, kantor = scenario.domain("kampus.example"), scenario.domain("kantor.example")
    assert kampus is not None
    assert kantor is not None
    assert scenario.mails[0].to == ("citra@kantor.example", "dedi@kantor.example")
    assert scenario.mails[0].body == 'Halo,\n"sampai" jumpa.'
    assert kampus.relays == ("relay1.transit.example", "relay2.transit.example")
    assert kampus.tls == "may"
    assert [exchanger.preference for exchanger in kantor.exchangers] == [10, 20]
    assert (kantor.greylist, kantor.quota, kantor.checks_trust) == (300 * SECOND, 10_000, True)
    assert (scenario.pickups[0].protocol, scenario.pickups[0].keep) == ("imap", True)


def test_two_people_of_one_domain_share_its_table() -> None:
    draft = draft_of({**FIRST, "to": "budi@kampus.example", "tls": "may", "quota": "9000"})
    assert draft.text.count('[domains."kampus.example"]') == 1
    assert scenario_of_draft(draft, file="mine.toml", folder=HERE).mails[0].to


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("from", "", "[mail] has no"),
        ("to", "citra@@kantor", "is no address"),
        ("to", "", "[mail] has no"),
        ("greylist", "five minutes", "write a number and ms, s, min, h or d"),
        ("size_limit", "many", "cannot be"),
        ("mx", "mx1.kantor.example", "is no MX"),
        ("after", "-1 s", "cannot be"),
        ("relays", "relay 1", "is no host name"),
    ],
)
def test_a_mistake_is_told_in_the_field_that_it_is_in(field: str, typed: str, says: str) -> None:
    told = wrong(**{field: typed})
    assert list(told) == [field]
    assert says in told[field]


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(max_size=60)))
def test_whatever_is_typed_is_toml_and_every_mistake_has_its_field(values: dict[str, str]) -> None:
    draft = draft_of(values)
    tomllib.loads(draft.text)
    assert len(draft.fields) == draft.text.count("\n")
    assert set(mistakes_in_draft(draft, HERE)) <= NAMES


@given(st.text())
def test_a_quoted_text_is_read_back_as_it_was(text: str) -> None:
    plain = "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
    assert tomllib.loads(f"x = {quoted(text)}") == {"x": plain}


def test_the_form_takes_domains_with_the_letters_of_their_language() -> None:
    draft = draft_of({**FIRST, "from": "ani@kampüs.example", "to": "citra@kafé.example"})
    scenario = scenario_of_draft(draft, file="mine.toml", folder=HERE)
    (mail,) = scenario.mails
    assert (mail.sender, mail.to) == ("ani@xn--kamps-nva.example", ("citra@xn--kaf-dma.example",))
    assert wrong(to="citra@ka☕.example") == {
        "to": '"ka☕" cannot stand in a domain (RFC 5891): use letters and digits of a script, '
        'like "kampüs"'
    }
