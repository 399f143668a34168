"""A device takes the changes of a batch one after the other, and nothing waits for ever."""

from pathlib import Path

import pytest

from tests.service.cases import requests_for, row_in, rows, sim_device, until_over, workspace
from tests.support.waiting import until
from tsui.service import turns
from tsui.service.proposal import Proposal
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

CUSTOM = "/devices/actions/customFields"
PLAN = "/devices/actions/plan"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=40, delay=0.05)


async def change_both(made: Workspace) -> None:
    """Give a device another plan and another text."""
    row = await row_in(made, "active")
    plan = next(each.plan for each in await rows(made) if each.plan not in ("", row.plan))
    found = await made.batching.read_sheet(f"iccid,plan,custom1\n{row.iccid},{plan},new\n")
    assert found is not None
    await made.submit(await made.batching.propose(found.wanted, Proposal(())))


async def test_what_waits_in_vain_is_left_for_later(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drop", CUSTOM))
        await change_both(made)
        await made.finish_sending()
        assert requests_for(simulator, PLAN) == 0
        (batch,) = await made.batching.newest()
        assert (batch.changes, batch.left) == (2, 1)


async def test_a_batch_that_waits_says_so_and_can_be_paused(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 60.0
        await change_both(made)
        await until(
            lambda: [each.is_held for each in made.batching.under_way()] == [True],
            what="the waiting",
        )
        (running,) = made.batching.under_way()
        assert (running.sent, running.total) == (1, 2)
        assert made.batching.pause(running.batch)
        await made.finish_sending()
        assert requests_for(simulator, PLAN) == 0


async def test_a_change_that_failed_does_not_keep_the_next_one_back(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        refusal = {"errorCode": "REQUEST_FAILED.DeviceNotFound", "errorMessage": "No."}
        simulator.world.faults.append(Fault("status", CUSTOM, status=400, body=refusal, times=1))
        await change_both(made)
        await until_over(made)
        assert requests_for(simulator, PLAN) == 1
        row = await row_in(made, "active")
        assert sim_device(simulator, row).custom[0] != "new"
