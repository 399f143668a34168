"""Days of a live wall: bursts of callbacks, an hourly loss of the network, and nothing grows.

The gate lives through half a day, with ``TSUI_FULL=1`` it is a week. The clock runs fast, all else
is real: the app on its wall, HTTP to the simulator, the files.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.reliability.cases import FULL
from tests.support.app import launch, shown
from tests.support.clock import START
from tests.support.counting import Held, fill_thread_pool, objects
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.service.views import NoticeQuery, Severity
from tsui.settings import Settings
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp
from tsui.ui.screens.wall import WallScreen

FACTOR = 1800.0
"""Simulated seconds in a real one."""

HOURS = 7 * 24 if FULL else 12
HOUR = 3600.0
WARM_UP = 3
"""Hours until what is bounded has filled up."""

BURST = 25
"""Messages of an hour's burst: five seconds of five a second."""

LOSS = 600.0
"""Seconds of each hour without a network."""

SLACK = 3000
"""Objects by which one count may differ from another though nothing grows."""

BOUNDED = ("simulator", "textual.strip", "textual.cache", "rich.segment", "trace.Call", "logging.")
"""Parts of names of types that only bounded memories hold, e.g. of lines drawn, or the test."""


class WeekClock(SystemClock):
    """A fast clock: wall and monotonic go together."""

    def __init__(self) -> None:
        self._began = super().monotonic()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (super().monotonic() - self._began) * FACTOR

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / FACTOR)


def alert(number: int, at: float) -> Arrival:
    body = {
        "deviceIds": [{"kind": "imei", "id": f"{number:015}"}],
        "alert": {"triggerName": f"night watch {number}", "value": 3},
        "requestId": f"alert-{number}",
    }
    digest = number.to_bytes(8)
    return Arrival(digest, at, "AlertService", "::1", f"alert-{number}", json.dumps(body).encode())


@asynccontextmanager
async def wall(simulator: Running, folder: Path, clock: WeekClock) -> AsyncIterator[TsuiApp]:
    settings = Settings(look_seconds=3600, refresh_minutes=15, rhythm_reads_per_hour=0)
    app = TsuiApp(replace(launch(simulator, folder, settings=settings), clock=clock))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.workspace.read_at is not None, limit=60, what="a reading")
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, WallScreen), what="the wall")
        try:
            yield app
        finally:
            if not app.is_leaving:
                await app.leave()


async def count(app: TsuiApp) -> int:
    query = NoticeQuery(app.workspace.account, at_least=Severity.ALARM, kinds=["trigger"])
    return await app.workspace.desks.notices.count(query)


async def hour(app: TsuiApp, simulator: Running, clock: WeekClock, number: int) -> None:
    """Live through an hour: a burst, of which some comes twice, and a loss of the network."""
    end = clock.monotonic() + HOUR
    fault = Fault("drop", times=-1)
    simulator.world.faults.append(fault)
    first = number * BURST
    arrivals = [alert(each, clock.now().timestamp()) for each in range(first, first + BURST)]
    for begin in range(0, BURST, 5):
        await app.workspace.inbox.keep(arrivals[begin : begin + 5])
    await app.workspace.inbox.keep(arrivals[::3])
    back = clock.monotonic() + LOSS
    await until(lambda: clock.monotonic() >= back, what="the end of the loss")
    simulator.world.faults.remove(fault)
    await until(lambda: clock.monotonic() >= end, limit=60, what="the end of the hour")


async def held() -> tuple[Held, Counter[str]]:
    """Count what is held, and objects by their types without those of bounded memories."""
    await fill_thread_pool()
    await asyncio.sleep(0)
    alive = objects()
    ours = {
        name: number for name, number in alive.items() if not any(each in name for each in BOUNDED)
    }
    return Held.now(), Counter(ours)


@pytest.mark.timeout(900 if FULL else 120)
async def test_a_week_on_the_wall_loses_no_alarm_and_grows_by_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    clock = WeekClock()
    async with wall(simulator, tmp_path, clock) as app:
        for number in range(WARM_UP):
            await hour(app, simulator, clock, number)
        before, some = await held()
        for number in range(WARM_UP, HOURS):
            await hour(app, simulator, clock, number)
        wanted = HOURS * BURST

        async def told() -> bool:
            return await count(app) >= wanted

        await until(told, limit=30, what=f"{wanted} alarms")
        assert await count(app) == wanted
        await until(lambda: f"{wanted:,}" in shown(app), limit=30, what="them on the wall")
        await until(lambda: not app.workspace.trouble, limit=60, what="the network again")
        after, most = await held()
        grown = most - some
        print(f"{HOURS} h: {before} -> {after}, {some.total():,} -> {most.total():,} objects")
        print(f"grown most: {grown.most_common(8)}")
        # What is being read at the moment of a count ends; a leak does not.
        await until(lambda: Held.now().tasks <= before.tasks + 2, limit=30, what="as few tasks")
        await until(lambda: Held.now().files <= before.files + 4, limit=30, what="as few files")
        assert after.threads <= before.threads
        assert most.total() - some.total() < SLACK
        assert app.workspace.online is not None
        last = app.workspace.read_at
        assert last is not None
        assert clock.now().timestamp() - last < 2 * HOUR
