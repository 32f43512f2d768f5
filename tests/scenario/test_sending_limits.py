"""What a domain's users may send: by a provider's name, as one limit, or as several."""

from __future__ import annotations

import re
from datetime import date

import pytest

from simulator.scenario.domain import SendingLimit
from simulator.scenario.sending_limits import providers
from simulator.scenario.virtual_time import SECOND
from tests.scenario.test_policies import KANTOR, MAIL, kantor, said


def test_a_provider_s_name_stands_for_its_limits() -> None:
    messages, recipients = kantor('sending_limit = "gmail"\n').sending_limits
    assert (messages.count, messages.unit, messages.window) == (500, "message", "rolling")
    assert messages.reply == "550 5.4.5 Daily user sending limit exceeded"
    assert (recipients.count, recipients.unit, recipients.window) == (100, "recipient", "mail")


def test_several_limits_may_stand_side_by_side() -> None:
    text = 'sending_limit = [{ count = 9 }, { count = 2, period = "1 h", per = "domain" }]\n'
    assert kantor(text).sending_limits == (
        SendingLimit(count=9),
        SendingLimit(count=2, period=3600 * SECOND, per="domain"),
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ('"gmial"', '"sending_limit" cannot be "gmial": write sending_limit = "gmail"'),
        ("[]", '"sending_limit" cannot be []: write sending_limit = { count = 500 }'),
        ("[1]", '"sending_limit" cannot be […]: write sending_limit = { count = 500 }'),
        ("7", '"sending_limit" cannot be 7: write sending_limit = { count = 500 }'),
        ('{ count = 1, per = "year" }', '"per" cannot be "year": write per = "user"'),
        (
            '{ count = 1, window = "calendar", period = "1 h" }',
            '"period" means nothing with window = "calendar": leave it out, or write "rolling"',
        ),
        (
            '{ count = 1, window = "mail", period = "1 h" }',
            '"period" means nothing with window = "mail": leave it out, or write "rolling"',
        ),
        ("[{ count = 1 }, { count = 0 }]", '"count" cannot be 0: write a value from 1 to 1000'),
    ],
)
def test_what_is_no_limit_is_told_with_what_to_write(value: str, sentence: str) -> None:
    assert said(f"{MAIL}{KANTOR}sending_limit = {value}\n").startswith(f"6: {sentence}")


@pytest.mark.parametrize("name", providers())
def test_every_provider_says_since_when_and_who_says_so(name: str) -> None:
    provider = providers()[name]
    assert provider.source
    assert date.fromisoformat(provider.as_of) <= date(2026, 12, 31)
    assert provider.confidence == "second-hand" or "http" in provider.source
    for limit in provider.limits:
        assert limit.count > 0
        assert re.fullmatch(r"[45]\d\d [ -~]+", limit.reply)
    assert kantor(f'sending_limit = "{name}"\n').sending_limits == provider.limits
