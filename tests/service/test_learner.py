"""Rhythms are learned in the background: what matters first, each once, and never in a hurry."""

from pathlib import Path

import pytest

from tests.service.cases import rows, workspace
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.service.learner import RhythmLearner
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.devices import DeviceRow
from tsui.thingspace.errors import ThingSpaceError


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=40)


def learner(made: Workspace, *in_view: str) -> RhythmLearner:
    assert made.online is not None
    return RhythmLearner(
        made.online.client, made._store, made.account, made.clock,
        watched=(), in_view=lambda: in_view,
    )  # fmt: skip


def asked_about(simulator: Running, iccid: str) -> int:
    """Count how often the history of a device was asked for."""
    return sum(1 for each in simulator.world.log if iccid in each.body and "istory" in each.path)


async def learned(made: Workspace) -> list[DeviceRow]:
    return [row for row in await rows(made) if row.learned_at]


async def test_what_is_in_view_comes_first_and_then_what_is_silent_longest(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        silent = [row for row in await rows(made) if row.connected == 0 and row.state == "active"]
        silent.sort(key=lambda row: -row.last_connection)
        mine = learner(made, silent[0].key)
        assert await mine.step()
        assert [row.id for row in await learned(made)] == [silent[0].id]
        assert await mine.step()
        (other,) = [row for row in await learned(made) if row.id != silent[0].id]
        assert other.last_connection == min(
            row.last_connection
            for row in silent
            if row.last_connection > made.clock.now().timestamp() - 31 * 86_400
        )
        assert (mine.progress.read, mine.progress.trouble) == (2, "")


async def test_everyone_is_asked_once_and_then_there_is_nothing_to_do(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        mine = learner(made)
        while await mine.step():
            assert mine.progress.read < 40
        assert mine.progress.is_idle
        known = await learned(made)
        assert len(known) == mine.progress.read
        assert sum(1 for row in known if row.usual_gap) == mine.progress.told > 0


async def test_a_refused_history_is_not_asked_for_again(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "history-refused")["iccid"]
    async with workspace(simulator, tmp_path) as made:
        (device,) = [row for row in await rows(made) if row.iccid == iccid]
        mine = learner(made, device.key)
        before = asked_about(simulator, iccid)
        assert await mine.step()
        assert asked_about(simulator, iccid) == before + 1
        while await mine.step():
            assert mine.progress.read < 40
        assert asked_about(simulator, iccid) == before + 1


async def test_trouble_that_is_not_the_devices_own_is_told_and_waited_out(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("html", "/history/|listHistory", times=-1))
    clock = HastyClock()
    async with workspace(simulator, tmp_path, clock=clock) as made:
        assert made.online is not None
        mine = learner(made)
        with pytest.raises(ThingSpaceError):
            await mine.step()
        task = made.online.spawn(mine.run(3600), name="learn")
        await until(lambda: mine.progress.trouble != "", what="the trouble")
        task.cancel()
        assert mine.progress.read == 0


async def test_a_budget_of_nothing_reads_nothing(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        await learner(made).run(0)
        assert await learned(made) == []
