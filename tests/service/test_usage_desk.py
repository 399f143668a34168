"""Usage on the way from ThingSpace: older days, a sample of the group, and what is cut short."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import row_in, rows, workspace
from tests.support.waiting import until
from tsui.service.parts import Part
from tsui.service.reader import DeviceReader
from tsui.service.usage.days import DAY, Standing
from tsui.service.usage.desk import UsageDesk
from tsui.service.usage.members import SAMPLE
from tsui.service.usage.reading import AT_ONCE
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.devices import DeviceRow

USAGE = "/usage/actions/list"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=300)


def reader_of(made: Workspace) -> DeviceReader:
    assert made.online is not None
    return made.online.reader


def asked(simulator: Running) -> int:
    return sum(each.path.endswith(USAGE) for each in simulator.world.log)


async def in_big_group(made: Workspace) -> DeviceRow:
    """Return an active device of the largest group."""
    everyone = await rows(made)
    names = [row.groups for row in everyone]
    largest = max(set(names), key=names.count)
    return next(row for row in everyone if row.groups == largest and row.state == "active")


async def until_read(desk: UsageDesk, device: DeviceRow) -> None:
    await until(lambda: desk.under_way(device) is None, what="the end of the reading")


async def test_nothing_is_claimed_of_a_device_that_was_never_read(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        report = await made.desks.usage.report(await row_in(made, "active"))
        assert report.days == ()
        assert report.outlook is None
        assert report.known.read_at is None
        assert report.known.group.told == 0


async def test_a_sample_of_the_group_is_read_a_few_at_a_time(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await in_big_group(made)
        simulator.world.settings.latency = 0.05
        simulator.world.log.clear()
        simulator.world.most_in_flight = 0
        count = await desk.read_group(device)
        assert desk.under_way(device) == (device.id, "usage of others in the group", 0, count)
        assert 3 <= count <= SAMPLE
        await until_read(desk, device)
        assert asked(simulator) == count
        assert simulator.world.most_in_flight <= AT_ONCE
        group = (await desk.report(device)).known.group
        assert group.name == device.groups
        assert group.told == count
        assert group.members == sum(row.groups == device.groups for row in await rows(made)) - 1
        assert len(group.medians) >= 28


async def test_those_that_were_read_are_not_read_again(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await in_big_group(made)
        total = 0
        while count := await desk.read_group(device):
            await until_read(desk, device)
            total += count
        actives = [each for each in await rows(made) if each.groups == device.groups]
        assert total == sum(each.state == "active" for each in actives) - 1


async def test_a_reading_is_stopped_and_what_came_stays(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await in_big_group(made)
        simulator.world.settings.latency = 0.1
        count = await desk.read_group(device)

        def has_begun() -> bool:
            asked = desk.under_way(device)
            return asked is not None and asked.done > 0

        await until(has_begun, what="the first answer")
        other = next(row for row in await rows(made) if row.id != device.id)
        assert desk.under_way(other) is None
        assert not desk.cancel(other)
        assert desk.cancel(device)
        await until_read(desk, device)
        assert not desk.cancel(device)
        assert 0 < (await desk.report(device)).known.group.told < count


async def test_older_days_come_in_growing_windows(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await row_in(made, "active")
        await reader_of(made).refresh_parts(device, [Part.USAGE])
        simulator.world.log.clear()
        desk.read_older(device, 12)
        await until_read(desk, device)
        assert asked(simulator) == 3
        month, year = await desk.report(device), await desk.report(device, 12)
        assert len(month.days) == 31
        assert len(year.days) in (365, 366)
        assert {each.standing for each in year.days} <= {Standing.TOLD, Standing.NOT_TOLD}
        assert month.used == year.used
        assert all(each.is_whole for each in year.days[:-1] if each.standing is Standing.TOLD)
        starts = [each.start for each in year.days]
        assert starts == [starts[0] + n * DAY for n in range(len(starts))]


async def test_a_window_that_fails_keeps_those_before_and_says_why(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await row_in(made, "active")
        await reader_of(made).refresh_parts(device, [Part.USAGE])
        desk.read_older(device, 3)
        await until_read(desk, device)
        simulator.world.faults.append(Fault("html", USAGE, times=-1))
        desk.read_older(device, 6)
        await until_read(desk, device)
        report = await desk.report(device, 6)
        assert "web page" in report.known.older_trouble
        assert len(report.days) in (92, 93)
        assert (await desk.report(device)).known.older_trouble == ""


async def test_without_a_network_nothing_is_read_and_what_is_remembered_is_told(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await in_big_group(made)
        await reader_of(made).refresh_parts(device, [Part.USAGE])
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        desk = made.desks.usage
        assert await desk.read_group(device) == 0
        desk.read_older(device, 12)
        assert desk.under_way(device) is None
        assert len((await desk.report(device)).days) == 31


async def test_many_members_do_not_hold_the_screen_up(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        desk, device = made.desks.usage, await in_big_group(made)
        while await desk.read_group(device):
            await until_read(desk, device)
        best = min([await held(desk.report(device)) for _ in range(3)])
        assert best < 0.1, f"{1000 * best:.0f} ms"


async def held(work: Coroutine[Any, Any, object]) -> float:
    """Return for how long some work kept everything else from going on, at most."""
    now = asyncio.get_running_loop().time
    longest, last = 0.0, now()
    task = asyncio.create_task(work)
    while not task.done():
        await asyncio.sleep(0)
        longest, last = max(longest, now() - last), now()
    await task
    return longest
