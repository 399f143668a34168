"""The undo card by keyboard: from a finished change back to what was before, after a question."""

from pathlib import Path

import pytest

from tests.screens.test_operations import comes
from tests.screens.test_places import current
from tests.service.cases import sim_device
from tests.support.app import dashboard, flash, launch, shown
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


@pytest.mark.parametrize("opened", [False, True])
async def test_a_suspension_is_undone_from_the_list_and_from_its_own_screen(
    simulator: Running, tmp_path: Path, *, opened: bool
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = current(app)
        await pilot.press("S", "y", "3")
        await comes(app, lambda: "succeeded" in shown(app), "the end of the change")
        if opened:
            await pilot.press("enter")
            await comes(app, lambda: "What was sent" in shown(app), "the request")
        await pilot.press("U")
        await comes(app, lambda: "Undo: Suspend" in shown(app), "the card")
        assert f"Restore: {device.iccid}" in shown(app)
        assert "Does not come back" in shown(app)
        await pilot.press("enter")
        await comes(app, lambda: "Restore 1 device" in shown(app), "the question")
        await pilot.press("y")
        await comes(
            app, lambda: sim_device(simulator, device).state == "active", "the restored line"
        )


async def test_a_change_of_unknown_fate_is_not_undone(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        simulator.world.faults.append(Fault("drop", "/actions/suspend"))
        await pilot.press("S", "y", "3")
        await comes(app, lambda: "unknown" in shown(app), "the unknown change")
        await pilot.press("U")
        await comes(app, lambda: "not proven done" in flash(app), "the reason")


async def test_what_has_no_undo_says_why(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("3", "U")
        assert "no change under the cursor" in flash(app)
        await pilot.press("2")
        iccid = current(app).iccid
        await pilot.press("D", *iccid[-4:], "enter", "3")
        await comes(app, lambda: app.place.as_list().table.total == 1, "the change")
        await pilot.press("U")
        assert "A deactivation has no undo" in flash(app)
