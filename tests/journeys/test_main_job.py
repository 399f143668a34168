"""Open a fleet, find a device, see what is wrong, suspend it, watch that come true."""

from pathlib import Path

import pytest

from tests.support.app import dashboard, flash, launch, shown
from tests.support.listener import listener
from tests.support.waiting import until
from tsui.simulator.device import ACTIVE
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callbacks import RegisterListener
from tsui.thingspace.client import Client


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.6)


def an_active_iccid(simulator: Running) -> str:
    fleet = simulator.world.fleets[simulator.accounts[0]]
    return next(
        device.iccid
        for device in (fleet.get(number) for number in fleet.numbers(50))
        if device.state == ACTIVE
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_device_is_found_and_suspended_and_shows_it_by_itself(
    simulator: Running, client: Client, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = an_active_iccid(simulator)
    account = simulator.accounts[0]
    async with listener() as inbox:
        await client.send(
            RegisterListener(account_name=account, name="CarrierService", url=inbox.url)
        )
        async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
            await pilot.press("2", "slash", *iccid[-6:], "enter")
            assert iccid in shown(app)
            await pilot.press("escape")
            assert "200" in shown(app)
            await pilot.press("S")
            assert iccid in shown(app)
            await pilot.press("y")
            await until(lambda: "pending suspend" in shown(app), what="the pending line")
            await until(lambda: "suspended" in shown(app), what="the suspended line")
            await until(lambda: "succeeded" in flash(app), what="the flash")
            await pilot.press("3")
            await until(lambda: "succeeded" in shown(app), what="the end in Requests")
            assert iccid in shown(app)
        await until(lambda: bool(inbox.messages), what="the callback")
    message = inbox.messages[0]
    assert message["status"] == "Success"
    assert message["deviceIds"] == [{"id": iccid, "kind": "iccid"}]
    assert message["requestId"] in simulator.world.engine.requests
    assert [each.iccid for each in simulator.world.engine.executions] == [iccid]


async def test_keys_typed_ahead_reach_the_screens_they_were_meant_for(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = an_active_iccid(simulator)
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        for key in ("2", "slash", *iccid[-6:], "enter", "escape", "S", "y", "3"):
            app.simulate_key(key)
        await until(lambda: "Requests" in shown(app), what="the requests")
        await until(lambda: iccid in shown(app), what="the change")
        await pilot.pause()
    executions = simulator.world.engine.executions
    await until(lambda: bool(executions), what="the execution")
    assert [each.iccid for each in executions] == [iccid]
    assert len(simulator.world.engine.requests) == 1


async def test_a_device_opens_from_what_is_remembered_and_fills_by_itself(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(120, 40)) as (app, pilot):
        await pilot.press("enter")
        assert "ICCID" in shown(app)
        await until(lambda: "Connectivity" in shown(app), what="the diagnostics")
        await pilot.press("u")
        await until(lambda: "days" in shown(app) or "No usage" in shown(app), what="usage")
        await pilot.press("tab")
        await until(lambda: "sessions" in shown(app) or "No conn" in shown(app), what="sessions")
        await pilot.press("h")
        await until(lambda: "Provisioning" in shown(app), what="the history")
        await pilot.press("escape")
        assert "Devices" in shown(app)


async def test_marked_devices_need_their_number_typed_and_cancel_is_first(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("slash", *"active", "enter", "space", "space", "space", "S")
        assert "Suspend 3 devices" in shown(app) or "Left out" in shown(app)
        await pilot.press("enter")
        assert "Nothing was sent" in flash(app)
        await pilot.press("S", "y", "enter")
        assert not simulator.world.engine.requests
        assert "Type" in shown(app)
        await pilot.press("escape")
        assert not simulator.world.engine.requests


async def test_a_wrong_key_cannot_change_anything(simulator: Running, tmp_path: Path) -> None:
    lower = "abcdefghijklmnoprstuvwxyz0123456789"
    async with dashboard(launch(simulator, tmp_path)) as (_, pilot):
        for key in lower:
            await pilot.press(key, "escape")
        await pilot.press("S", "enter", "R", "enter", "D", "enter", "D", "y", "escape")
        await pilot.pause()
    changing = ("/suspend", "/restore", "/activate", "/deactivate", "/plan")
    assert not [seen for seen in simulator.world.log if seen.path.endswith(changing)]


async def test_read_only_has_no_road_to_a_change(simulator: Running, tmp_path: Path) -> None:
    start = launch(simulator, tmp_path, read_only=True)
    async with dashboard(start) as (app, pilot):
        assert "READ-ONLY" in shown(app)
        for key in "SRADP":
            await pilot.press(key)
            assert "Read-only" in flash(app)
    assert not simulator.world.engine.requests
