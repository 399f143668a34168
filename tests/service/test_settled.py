"""Devices whose changes have ended are shown as they are now, however many they were."""

from collections.abc import Sequence
from pathlib import Path

from tests.service.cases import requests_for, rows, sim_device, workspace
from tests.support.waiting import until
from tsui.service import looking
from tsui.simulator.faults import Fault
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.store.devices import DeviceRow

LIST = "/devices/actions/list"


def suspend_elsewhere(simulator: Running, row: DeviceRow) -> None:
    """Let somebody else suspend a line."""
    world, account = simulator.world, simulator.accounts[0]
    line = sim_device(simulator, row)
    world.engine.change_elsewhere(world.fleets[account], account, SUSPENDING, line)


def executing(simulator: Running, devices: Sequence[DeviceRow]) -> bool:
    """Tell whether some of the lines are not suspended yet."""
    return any(sim_device(simulator, row).state != "suspend" for row in devices)


async def test_many_devices_are_read_again_together(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        assert made.online is not None
        active = [row for row in await rows(made) if row.state == "active"]
        assert len(active) > 25
        before = requests_for(simulator, LIST)
        for row in active:
            suspend_elsewhere(simulator, row)
        await until(lambda: not executing(simulator, active), what="the changes")
        for row in active:
            made.online._settled.note(row.key)

        async def all_shown() -> bool:
            states = {row.id: row.state for row in await rows(made)}
            return all(states[row.id] == "suspend" for row in active)

        await until(all_shown, what="the states")
        assert requests_for(simulator, LIST) - before <= -(-len(active) // looking.MOST) + 1


async def test_what_cannot_be_read_is_no_end_of_reading(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        assert made.online is not None
        first, second = [row for row in await rows(made) if row.state == "active"][:2]
        simulator.world.faults.append(Fault("status", LIST, status=400))
        made.online._settled.note(first.key)
        await until(lambda: simulator.world.faults[0].seen >= 1, what="the refused reading")
        suspend_elsewhere(simulator, second)
        await until(lambda: not executing(simulator, [second]), what="the change")
        made.online._settled.note(second.key)

        async def shown() -> bool:
            return {row.id: row.state for row in await rows(made)}[second.id] == "suspend"

        await until(shown, what="the state")
