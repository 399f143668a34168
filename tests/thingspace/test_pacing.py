"""Rate, quota, lanes and pauses, on a clock in the test's hand."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.clock import FakeClock, RushingClock, settle
from tests.thingspace.cases import failure
from tsui.thingspace.errors import LanePaused
from tsui.thingspace.operation import Effect
from tsui.thingspace.pacing import Lane, RetryQuota, TokenBucket
from tsui.thingspace.policy import Policy

# -- the rate ---------------------------------------------------------------------------------


async def taken_at(bucket: TokenBucket, clock: FakeClock, times: int) -> list[float]:
    moments = []
    for _ in range(times):
        await bucket.take()
        moments.append(clock.monotonic())
    return moments


async def test_after_a_rest_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    clock = RushingClock()
    moments = await taken_at(TokenBucket(10.0, 5, clock), clock, 10)
    assert moments[:5] == [0.0] * 5
    assert moments[5:] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


@settings(max_examples=50)
@given(st.lists(st.floats(0, 3), min_size=1, max_size=60), st.integers(1, 5), st.floats(0.5, 20))
def test_no_window_ever_holds_more_than_the_rate_and_one_burst(
    pauses: list[float], burst: int, rate: float
) -> None:
    async def scenario() -> list[float]:
        clock = RushingClock()
        bucket = TokenBucket(rate, burst, clock)
        moments = []
        for pause in pauses:
            await clock.sleep(pause)
            moments += await taken_at(bucket, clock, 2)
        return moments

    moments = asyncio.run(scenario())
    for place, first in enumerate(moments):
        for count, last in enumerate(moments[place:], 1):
            assert count <= burst + rate * (last - first) + 1.01


async def test_who_waits_for_the_rate_is_served_in_order() -> None:
    clock = FakeClock()
    bucket = TokenBucket(1.0, 1, clock)
    order: list[int] = []

    async def take(number: int) -> None:
        await bucket.take()
        order.append(number)

    tasks = [asyncio.create_task(take(number)) for number in range(4)]
    await settle()
    assert order == [0]
    await clock.advance(2.0)
    assert order == [0, 1, 2]
    await clock.advance(1.0)
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 3]


async def test_throttling_cuts_the_rate_and_it_grows_back_slowly_at_first() -> None:
    clock = RushingClock()
    bucket = TokenBucket(10.0, 5, clock)
    bucket.slow_down()
    assert bucket.rate == pytest.approx(7.0)
    rates = []
    for _ in range(12):
        await clock.sleep(1.0)
        rates.append(bucket.rate)
    assert rates == sorted(rates)
    assert rates[0] < 10.0
    assert rates[-1] == 10.0


async def test_throttling_again_and_again_never_stops_everything() -> None:
    bucket = TokenBucket(10.0, 5, RushingClock())
    for _ in range(50):
        bucket.slow_down()
    assert bucket.rate == pytest.approx(TokenBucket.FLOOR)


async def test_two_cuts_multiply() -> None:
    bucket = TokenBucket(10.0, 5, RushingClock())
    bucket.slow_down()
    bucket.slow_down()
    assert bucket.rate == pytest.approx(4.9)


# -- the quota --------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60))), st.integers(1, 500))
def test_the_quota_is_never_overdrawn_nor_overfilled(
    steps: list[tuple[bool, int]], size: int
) -> None:
    quota = RetryQuota(size)
    for spends, amount in steps:
        before = quota.left
        if spends:
            assert quota.spend(amount) is (amount <= before)
        else:
            quota.refund(amount)
            assert quota.left > before or before == size
        assert 0 <= quota.left <= size


# -- lanes ------------------------------------------------------------------------------------


async def held_at_once(effects: list[Effect]) -> int:
    lane = Lane(Policy(), RushingClock())
    release = asyncio.Event()
    held = 0

    async def hold(effect: Effect) -> None:
        nonlocal held
        async with lane.turn(effect):
            held += 1
            await release.wait()

    tasks = [asyncio.create_task(hold(effect)) for effect in effects]
    await settle(60)
    most = held
    release.set()
    await asyncio.gather(*tasks)
    assert held == len(effects)
    return most


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([Effect.READ] * 10, 4),
        ([Effect.CHANGE] * 3, 1),
        ([Effect.CHANGE, Effect.CALLBACK_ADMIN, Effect.CHANGE], 1),
        ([Effect.AUTH] * 3, 1),
        ([Effect.READ] * 10 + [Effect.CHANGE] * 2 + [Effect.AUTH] * 2, 6),
    ],
)
async def test_each_lane_has_its_places(effects: list[Effect], expected: int) -> None:
    assert await held_at_once(effects) == expected


async def test_a_place_is_given_back_after_a_failure() -> None:
    lane = Lane(Policy(), RushingClock())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with lane.turn(Effect.CHANGE):
                raise ZeroDivisionError
    async with lane.turn(Effect.CHANGE):
        assert lane.silent_for == 0


# -- pauses -----------------------------------------------------------------------------------


async def test_a_short_pause_is_sat_out() -> None:
    clock = RushingClock()
    lane = Lane(Policy(), clock)
    lane.pause(30.0)
    async with lane.turn(Effect.READ):
        assert clock.monotonic() >= 30.0


async def test_a_long_pause_refuses_at_once_and_says_how_long() -> None:
    clock = RushingClock()
    lane = Lane(Policy(), clock)
    lane.pause(600.0)
    await clock.sleep(100.0)
    end = await failure(AsyncExitStack().enter_async_context(lane.turn(Effect.CHANGE)))
    assert isinstance(end, LanePaused)
    assert end.retry_in == pytest.approx(500.0)
    assert lane.silent_for == pytest.approx(500.0)


async def test_a_long_pause_ends() -> None:
    clock = RushingClock()
    lane = Lane(Policy(), clock)
    lane.pause(600.0)
    await clock.sleep(580.0)
    async with lane.turn(Effect.READ):
        assert clock.monotonic() >= 600.0


async def test_a_shorter_pause_does_not_shorten_a_longer_one() -> None:
    lane = Lane(Policy(), RushingClock())
    lane.pause(20.0)
    lane.pause(5.0)
    assert lane.silent_for == pytest.approx(20.0)


async def test_a_pause_asked_for_while_others_wait_for_the_rate_holds_them_too() -> None:
    clock = FakeClock()
    lane = Lane(Policy(rate=1.0, burst=1), clock)
    went: list[float] = []

    async def go() -> None:
        async with lane.turn(Effect.READ):
            went.append(clock.monotonic())

    tasks = [asyncio.create_task(go()) for _ in range(3)]
    await settle()
    await clock.advance(0.5)
    lane.pause(20.0)
    for _ in range(40):
        await clock.advance(1.0)
    await asyncio.gather(*tasks)
    assert went[0] == 0.0
    assert all(moment >= 20.5 for moment in went[1:])
    assert went[2] - went[1] >= 1.0
