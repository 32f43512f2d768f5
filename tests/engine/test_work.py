"""How much work a long run is, counted and not timed: five days of tries against a server."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from simulator.engine.simulate import simulate
from tests.bench import five_days

_DNS_MESSAGES, _CALLBACKS = 30, 150
"""At most so many for each try of the mail: a walk from the root, two exchangers, one dialogue."""


def test_a_try_of_a_mail_costs_a_bounded_number_of_dns_messages_and_callbacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, ran = asyncio.Handle._run, 0  # every step of the loop, timers too

    def counted(handle: asyncio.Handle) -> None:
        nonlocal ran
        ran += 1
        run(handle)

    monkeypatch.setattr(asyncio.Handle, "_run", counted)
    kinds = Counter(event.kind for event in simulate(five_days()))
    tries = kinds["retried"] + 1
    # Postfix's schedule: twice as long each time up to 4000 s, and five days of that.
    assert 100 < tries < 125
    assert kinds["query"] + kinds["answer"] <= _DNS_MESSAGES * tries
    assert tries < ran <= _CALLBACKS * tries
