"""Virtual time: jumps, order, and dead ends."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.clock import DeadEndError, VirtualLoop


def test_five_days_pass_at_once_and_land_on_the_microsecond():
    loop = VirtualLoop()
    loop.run_until_complete(asyncio.sleep(5 * 86_400 + 0.000_001))
    assert loop.now == 5 * 86_400 * 1_000_000 + 1
    loop.close()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_timers_of_one_moment_run_in_the_order_of_their_setting(moments: list[int]):
    loop = VirtualLoop()
    ran: list[tuple[int, int]] = []
    for number, moment in enumerate(moments):
        loop.call_at(moment, ran.append, (moment, number))
    loop.call_at(4, loop.stop)
    loop.run_forever()
    loop.close()
    assert ran == sorted(ran)
    assert len(ran) == len(moments)


def test_waiting_for_what_can_never_come_is_an_error():
    loop = VirtualLoop()
    with pytest.raises(DeadEndError):
        loop.run_until_complete(loop.create_future())
    loop.close()


def test_an_error_in_owned_work_stops_the_loop():
    async def broken() -> None:
        await asyncio.sleep(1)
        raise ValueError("a bug")

    loop = VirtualLoop()
    loop.own(broken(), "broken")
    loop.run_forever()
    assert isinstance(loop.failure, ValueError)
    loop.close()


def test_a_thread_is_refused():
    loop = VirtualLoop()
    with pytest.raises(RuntimeError, match="no threads"):
        loop.run_in_executor(None, print)
    loop.close()
