"""What is read how often: the whole fleet, what is new in it, what somebody looks at."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import psutil
import pytest

from tests.service.cases import attempt, environment, requests_for, rows, sim_device, workspace
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.service import sync
from tsui.service.live.terms import Terms
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

ROOT = Path(__file__).parents[2]
LIST = "/devices/actions/list"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=137, delay=0.05)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE", 10)


async def refresh(made: Workspace) -> None:
    assert made.online is not None
    await made.online.sync.run(whole=False)
    assert made.progress is not None
    assert not made.progress.trouble


# -- the fleet --------------------------------------------------------------------------------


async def test_a_large_fleet_is_asked_for_new_devices_only(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        fleet = simulator.world.fleets[made.account]
        fleet.delete(sim_device(simulator, (await rows(made))[5]))
        added = fleet.add({"iccid": "89148000000000099994", "imei": "358878040099991"})
        read_at, before = made.read_at, requests_for(simulator, LIST)
        await refresh(made)
        assert requests_for(simulator, LIST) - before == 1
        known = {row.iccid for row in await rows(made)}
        assert added.iccid in known
        # Who left is noticed by a reading of the whole, and only that makes the picture younger.
        assert len(known) == 138
        assert made.read_at == read_at
        await refresh(made)
        assert await made.sync_once() == ""
        assert len(await rows(made)) == 137


async def test_once_a_day_the_whole_fleet_is_read(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        monkeypatch.setattr(sync, "WHOLE_EVERY", -1.0)
        before = requests_for(simulator, LIST)
        await refresh(made)
        assert requests_for(simulator, LIST) - before == 14


async def test_a_small_fleet_is_always_read_whole(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "PAGE", 500)
    async with workspace(simulator, tmp_path) as made:
        gone = (await rows(made))[5]
        simulator.world.fleets[made.account].delete(sim_device(simulator, gone))
        await refresh(made)
        assert gone.iccid not in {row.iccid for row in await rows(made)}


# -- the process that writes ------------------------------------------------------------------


def writers() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [each for each in children if "tsui.service.fleet_process" in " ".join(each.cmdline())]


async def test_a_writer_that_is_killed_loses_nothing(simulator: Running, tmp_path: Path) -> None:
    simulator.world.settings.latency = 0.1
    async with workspace(simulator, tmp_path, synced=False) as made:
        await until(lambda: bool(made.progress and made.progress.seen >= 30), what="some pages")
        (writer,) = writers()
        writer.kill()
        await until(lambda: bool(made.progress and made.progress.trouble), what="the trouble")
        assert made.progress is not None
        assert "r goes on" in made.progress.trouble
        known = len(await rows(made))
        assert 30 <= known < 137
        before = requests_for(simulator, LIST)
        assert await made.sync_once() == ""
        assert len(await rows(made)) == 137
        assert requests_for(simulator, LIST) - before <= (137 - known) // 10 + 1


async def test_a_writer_without_room_says_so(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        await made.try_sign_in(attempt(simulator), made.environment)
        # The file may not grow: this is what a full disk is to SQLite.
        most = await made._store._cache.write(lambda each: each.pragma("page_count"))
        room = f"PRAGMA max_page_count = {most + 20}"
        monkey = f"import apsw; apsw.connection_hooks.append(lambda each: each.execute({room!r}))"
        (tmp_path / "sitecustomize.py").write_text(monkey)
        with mock.patch.dict(os.environ, {"PYTHONPATH": f"{tmp_path}:{ROOT}"}):
            assert "No room left" in await made.sync_once()
        assert await made.sync_once() == ""
        assert len(await rows(made)) == 137


async def test_no_writer_is_left_behind(simulator: Running, tmp_path: Path) -> None:
    simulator.world.settings.latency = 0.1
    async with workspace(simulator, tmp_path, synced=False) as made:
        await until(lambda: bool(made.progress and made.progress.seen), what="a page")
        assert writers()
    assert not writers()


# -- what is looked at ------------------------------------------------------------------------


async def test_the_devices_in_view_are_read_together(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        seen, watched, other = (await rows(made))[3:6]

    def in_view() -> Iterable[str]:
        return [seen.key]

    where = environment(simulator, watch=(watched.key,))
    looking = Workspace(
        tmp_path, where, simulator.accounts[0], HastyClock(),
        refresh_seconds=float("inf"), terms=Terms(look_seconds=60.0), in_view=in_view,
    )  # fmt: skip
    await looking.open()
    try:
        await looking.sign_in(attempt(simulator), where)
        for row in (seen, watched, other):
            device = simulator.world.fleets[looking.account].touch(sim_device(simulator, row))
            device.custom[0] = "changed elsewhere"
        await until(lambda: changed(looking, [seen.id, watched.id]), what="the two devices")
        (unseen,) = await looking.devices([other.id])
        assert unseen.custom1 != "changed elsewhere"
    finally:
        await looking.close()


async def changed(made: Workspace, ids: list[int]) -> bool:
    await asyncio.sleep(0)
    return all(row.custom1 == "changed elsewhere" for row in await made.devices(ids))
