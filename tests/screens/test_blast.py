"""Incidents on the screen: what was lost together, from the verdict to its devices."""

from pathlib import Path

import pytest

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.blast import BlastScreen
from tsui.ui.screens.devices import DevicesScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=300)


def incidents(app: TsuiApp) -> BlastScreen:
    return app.place.as_a(BlastScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_device_leads_to_its_incident_and_that_to_its_devices(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "shared-loss")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        (device,) = await app.workspace.find_devices(iccid)
        await app.open_device(device, "diagnose")
        await until(lambda: "n Do nothing to this device" in shown(app), what="the verdict")
        await pilot.press("n")
        await until(
            lambda: isinstance(app.place, BlastScreen) and incidents(app).table.total > 0,
            what="the incidents",
        )
        text = shown(app)
        assert f"group {device.groups}" in text
        assert "like" in text
        assert "of the fleet" in text
        await pilot.press("r")
        await until(lambda: " all " in shown(app), what="the histories")
        assert "site " in shown(app)
        await pilot.press("enter")
        await until(lambda: isinstance(app.place, DevicesScreen), what="the list")
        await until(lambda: app.place.as_list().table.total < 20, what="the devices")
        assert app.place.as_list().table.total >= 6
        assert not app.place.as_list().table.marks
        await pilot.press("S")
        await until(lambda: "Lost together with" in shown(app), what="the warning")
        assert f"in group {device.groups}" in " ".join(shown(app).split())
        await pilot.press("escape")


async def test_an_incident_is_acknowledged_with_a_note(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "shared-loss")["iccid"]
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        (device,) = await app.workspace.find_devices(iccid)
        await app.open_device(device, "summary")
        await pilot.press("n")
        await until(
            lambda: isinstance(app.place, BlastScreen) and incidents(app).table.total > 0,
            what="the incidents",
        )
        await pilot.press("K")
        await pilot.press(*"mast", "space", *"down", "enter")
        await until(lambda: "mast down" in shown(app), what="the note")
        await pilot.press("slash", *"mast", "enter")
        await until(lambda: incidents(app).table.total == 1, what="the one that holds it")


async def test_a_device_that_is_well_is_in_no_incident(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        online = next(row for row in app.place.as_list().table.shown if row.connected)
        await app.place.as_list().table.find(online.id)
        await pilot.press("n")
        await until(
            lambda: "No incident holds this device" in flash(app), what="what is said of it"
        )
        await pilot.press("colon", *"rhythms", "enter")
        await until(lambda: "rhythms known by histories" in flash(app), what="the learning")
