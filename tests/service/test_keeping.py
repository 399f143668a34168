"""An account is read again by itself: after a sleep, once the network is back, within a budget."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.service.cases import attempt, environment
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.service.live.terms import Terms
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running

HOUR = 3600.0
SLEEP = 3 * HOUR


class SleepyClock(HastyClock):
    """A quick clock whose machine may sleep: only the wall clock goes on then."""

    slept = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.slept)


def made_in(
    simulator: Running, folder: Path, clock: SleepyClock, terms: Terms, refresh: float
) -> Workspace:
    return Workspace(
        folder, environment(simulator), simulator.accounts[0], clock,
        refresh_seconds=refresh, terms=terms,
    )  # fmt: skip


def lists(simulator: Running) -> int:
    return sum("actions/list" in each.path for each in simulator.world.log)


async def signed_in(made: Workspace, simulator: Running) -> None:
    await made.open()
    await made.sign_in(attempt(simulator), made.environment)
    await until(lambda: made.read_at is not None, limit=60, what="the first reading")


async def test_after_a_sleep_the_fleet_is_read_at_once(simulator: Running, tmp_path: Path) -> None:
    clock = SleepyClock()
    made = made_in(simulator, tmp_path, clock, Terms(), refresh=1e6)
    try:
        await signed_in(made, simulator)
        first = made.read_at
        assert first is not None
        clock.slept = SLEEP
        await until(lambda: (made.read_at or 0) >= first + SLEEP, limit=20, what="another reading")
        assert made.online is not None
        assert made.online.keeping is not None
        jump = made.online.keeping.awake.last
        assert jump is not None
        assert abs(jump.seconds - SLEEP) < 60
    finally:
        await made.close()


async def test_what_failed_is_read_again_long_before_its_turn(
    simulator: Running, tmp_path: Path
) -> None:
    made = made_in(simulator, tmp_path, SleepyClock(), Terms(), refresh=1e6)
    try:
        await signed_in(made, simulator)
        fault = Fault("status", "devices/actions/list", times=-1)
        simulator.world.faults.append(fault)
        assert await made.sync_once()
        assert made.online is not None
        keeping = made.online.keeping
        assert keeping is not None
        # The round that fails is the one that a sleep begins.
        keeping._fleet.wake()
        await until(lambda: keeping._fleet.is_failing, limit=20, what="a failure")
        simulator.world.faults.remove(fault)
        await until(lambda: not keeping._fleet.is_failing, limit=30, what="the return")
        assert made.progress is not None
        assert not made.progress.trouble
    finally:
        await made.close()


async def test_nothing_is_read_by_itself_beyond_the_budget(
    simulator: Running, tmp_path: Path
) -> None:
    clock = SleepyClock()
    made = made_in(simulator, tmp_path, clock, Terms(calls_per_minute=1), refresh=20.0)
    try:
        await signed_in(made, simulator)
        assert made.online is not None
        assert made.online.keeping is not None
        assert made.online.keeping.budget.used >= 1
        read, turn = lists(simulator), clock.monotonic() + 40.0
        await until(lambda: clock.monotonic() > turn, what="two turns")
        assert lists(simulator) == read
        clock.slept = 61.0
        await until(lambda: lists(simulator) > read, limit=20, what="the fleet in the next minute")
    finally:
        await made.close()
