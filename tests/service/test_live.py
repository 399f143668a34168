"""Staying live: intervals, pauses after failures, a budget, and a sleep of the machine."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.clock import FakeClock, settle
from tsui.service.live.awake import Awake, Jump
from tsui.service.live.budget import Budget
from tsui.service.live.rounds import Rounds
from tsui.thingspace.trace import Call, Trace


@asynccontextmanager
async def under_way(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    await settle()
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def call(at: datetime) -> Call:
    return Call(at, "List", "POST", "/", 1, 0.1, 200, "", "", 0)


@pytest.mark.parametrize(
    ("seconds", "pauses"),
    [
        (60.0, [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]),
        (900.0, [30.0, 60.0, 120.0, 240.0, 480.0, 900.0, 900.0]),
    ],
)
def test_failures_are_followed_by_growing_pauses_and_a_success_ends_them(
    seconds: float, pauses: list[float]
) -> None:
    rounds = Rounds(seconds, FakeClock())
    assert rounds.pause == seconds
    found = []
    for _ in pauses:
        rounds.ended(well=False)
        found.append(rounds.pause)
    assert found == pauses
    assert rounds.is_failing
    rounds.ended(well=True)
    assert rounds.pause == seconds


def test_a_week_of_failures_is_no_number_too_large() -> None:
    rounds = Rounds(60.0, FakeClock())
    for _ in range(100_000):
        rounds.ended(well=False)
    assert rounds.pause == 300.0


async def test_rounds_wait_their_time_or_until_they_are_woken() -> None:
    clock = FakeClock()
    rounds = Rounds(60.0, clock)
    done: list[float] = []

    async def go() -> None:
        while True:
            await rounds.wait()
            done.append(clock.monotonic())

    async with under_way(go()):
        await clock.advance(59.0)
        assert done == []
        await clock.advance(1.0)
        assert done == [60.0]
        await clock.advance(10.0)
        rounds.wake()
        await settle()
        assert done == [60.0, 70.0]
        await clock.advance(59.0)
        assert done == [60.0, 70.0]
        await clock.advance(1.0)
        assert done == [60.0, 70.0, 130.0]


async def test_a_sleep_of_the_machine_is_noticed_and_a_busy_moment_is_none() -> None:
    clock, jumps = FakeClock(), list[Jump]()
    awake = Awake(clock)
    awake.on_jump.append(jumps.append)
    async with under_way(awake.run()):
        await clock.advance(100.0)
        clock.shift_wall(59.0)
        await clock.advance(20.0)
        assert jumps == []
        clock.shift_wall(3 * 3600.0)
        await clock.advance(20.0)
        assert [round(each.seconds) for each in jumps] == [3 * 3600]
        clock.shift_wall(-7200.0)
        await clock.advance(20.0)
        assert [round(each.seconds) for each in jumps] == [3 * 3600, -7200]
        await clock.advance(3600.0)
        assert len(jumps) == 2
        assert awake.last is jumps[-1]


async def test_what_nobody_asked_for_waits_while_the_budget_is_used_up() -> None:
    clock, trace = FakeClock(), Trace()
    budget = Budget(trace, clock, 3)
    for _ in range(3):
        trace.add(call(clock.now()))
    assert budget.used == 3
    waiting = asyncio.create_task(budget.room())
    await clock.advance(59.0)
    assert not waiting.done()
    await clock.advance(6.0)
    assert waiting.done()
    assert budget.used == 0


def test_calls_before_the_clock_was_set_back_are_no_calls_of_this_minute() -> None:
    clock, trace = FakeClock(), Trace()
    for _ in range(5):
        trace.add(call(datetime.fromtimestamp(clock.now().timestamp() + 7200.0, UTC)))
    assert Budget(trace, clock, 3).used == 0
