"""From somebody else's portal to the wall: simulator, receiver process, inbox, notice, screen."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.receiving import Receiver, listen
from tests.support.app import launch, shown
from tests.support.waiting import until
from tsui.service.views import DeviceRow
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp

WITHIN = 2.0
"""Seconds after its callback in which a change is on the wall."""

SIZE = (80, 24)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.3)


async def active(app: TsuiApp) -> DeviceRow:
    rows = await app.workspace.devices(range(1, 61))
    return next(row for row in rows if row.state == "active")


async def test_a_suspension_made_elsewhere_is_on_the_wall_within_two_seconds(
    simulator: Running, receiver: Receiver, tmp_path: Path
) -> None:
    app = TsuiApp(replace(launch(simulator, tmp_path), data_folder=receiver.data_folder))
    async with app.run_test(size=SIZE) as pilot:
        await until(lambda: app.workspace.read_at is not None, limit=60, what="a reading")
        await listen(app.workspace, receiver, "ExternalProvisioningChanges")
        await pilot.press("1")
        await until(lambda: "since " in shown(app), limit=20, what="what is compared")
        row = await active(app)
        fleet = simulator.world.fleets[simulator.accounts[0]]
        device = next(each for each in map(fleet.get, fleet.numbers()) if each.iccid == row.iccid)
        simulator.world.engine.change_elsewhere(fleet, simulator.accounts[0], SUSPENDING, device)
        await until(lambda: "made by Portal" in shown(app), limit=20, what="the event")
        event_at = time.time()
        await until(lambda: "+1" in shown(app) and "-1" in shown(app), limit=20, what="counts")
        counted_at = time.time()
        (message,) = await app.workspace.inbox.newest(1)
        late, counted = event_at - message.received_at, counted_at - message.received_at
        print(f"on the wall after {late:.2f} s, counted after {counted:.2f} s")
        assert late < WITHIN
        await app.leave()
