"""Monitors on the screen: set, confirmed, awake, stopped; what waits leaves, or is taken back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from tests.service.cases import requests_for
from tests.service.monitors.telling import deliver
from tests.support.app import dashboard, flash, launch, shown
from tests.support.listener import Inbox, listener
from tests.support.waiting import until
from tsui.service.monitors.model import MonitorState
from tsui.service.views import DeviceQuery, DeviceRow, WakeState
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callbacks import RegisterListener
from tsui.ui.app import TsuiApp
from tsui.ui.screens.wake_board import WakeBoardScreen

SMALL = (80, 24)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.05)


class Desk(NamedTuple):
    """The app, its keys and the callbacks that come to it."""

    app: TsuiApp
    pilot: Pilot[int]
    told: Inbox
    simulator: Running

    async def hear(self) -> None:
        """Let what was told so far come."""
        while self.told.messages:
            now = self.app.workspace.clock.now().timestamp()
            await deliver(self.app.workspace._store, self.told.messages.pop(0), at=now)

    async def comes(self, text: str, *, limit: float = 15.0) -> None:
        """Wait until something is on the screen, and let callbacks come meanwhile."""

        async def there() -> bool:
            await self.hear()
            return text in shown(self.app)

        await until(there, limit=limit, what=repr(text))

    async def wake(self, device: DeviceRow) -> None:
        """Let a device wake."""
        world, account = self.simulator.world, self.app.workspace.account
        found = world.fleets[account].find("iccid", device.iccid)
        assert found is not None
        assert world.monitors.wake(account, found)
        await until(lambda: bool(self.told.messages), what="the word that it woke")
        await self.hear()


@asynccontextmanager
async def desk(
    simulator: Running, folder: Path, *, read_only: bool = False, size: tuple[int, int] = SMALL,
    settings: Settings | None = None,
) -> AsyncIterator[Desk]:  # fmt: skip
    start = launch(simulator, folder, read_only=read_only, settings=settings)
    async with dashboard(start, size=size) as (app, pilot), listener() as told:
        online = app.workspace.online
        assert online is not None
        if not read_only:
            service = RegisterListener(
                account_name=app.workspace.account, name="DiagnosticsService", url=told.url
            )
            await online.client.send(service)
        yield Desk(app, pilot, told, simulator)


async def sleeper(app: TsuiApp) -> DeviceRow:
    """Put the cursor on a device that may be watched for anything."""
    table = app.place.as_list().table
    rows = [row for row in table.shown if row.state == "active"]
    assert await table.find(rows[0].id)
    device: DeviceRow = rows[0]
    return device


async def watch(at: Desk) -> DeviceRow:
    """Watch a device, up to where its callback has confirmed it."""
    device = await sleeper(at.app)
    await at.pilot.press("m")
    await at.comes("New monitor")
    await at.pilot.press("enter")
    await at.comes("Monitor Device Reachability")
    await at.pilot.press(*device.iccid[-4:], "enter")
    await at.pilot.press("4")
    await at.comes("● active")
    return device


async def test_a_monitor_is_set_confirmed_opened_and_stopped(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        device = await watch(at)
        assert "1 active" in shown(at.app)
        await at.pilot.press("enter")
        await at.comes(f"Told of {device.iccid}")
        await at.pilot.press("X")
        await at.comes("Stop Device Reachability Monitoring")
        await at.pilot.press(*"yes", "enter")
        await at.comes("■ stopped")
        await at.pilot.press("escape")
        await at.comes("0 active")
        await at.pilot.press("X")
        assert "This monitor is stopped" in flash(at.app)


async def test_a_queued_text_leaves_when_the_device_wakes(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        device = await watch(at)
        await at.pilot.press("tab")
        await at.comes("Wake board")
        board = at.app.place.as_a(WakeBoardScreen)
        assert board._timer is None or "● awake" in shown(at.app)
        await at.pilot.press("W", "enter", *"now", "enter", "enter")
        await at.comes("Text: now")
        await at.pilot.press(*device.iccid[-4:], "enter")
        await at.comes("SMS now")
        await at.wake(device)
        await at.comes("✓ sent")
        await at.comes("● awake")
        assert board._timer is not None
        assert requests_for(simulator, "/sms") == 1
        await at.pilot.press("enter")
        await at.comes("When it wakes")
        assert "✓ sent" in shown(at.app)
        assert board._timer is None


async def test_what_waits_is_shown_and_taken_back(simulator: Running, tmp_path: Path) -> None:
    async with desk(simulator, tmp_path) as at:
        device = await sleeper(at.app)
        await at.pilot.press("W", "down", "enter", *"look", "enter", "enter")
        assert "Kept for 24 hours" in flash(at.app)
        await at.pilot.press("colon", *"wake", "enter")
        await at.comes("reminder")
        assert device.iccid in shown(at.app)
        await at.pilot.press("X", "up", "enter")
        await until(lambda: "Taken back" in flash(at.app), what="the word that it is")
        (wake,) = await at.app.workspace.desks.monitors.queue.newest()
        assert wake.state is WakeState.CANCELLED
        await at.comes("No device is watched or waited for")


async def test_pasted_identifiers_of_two_kinds_become_one(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        rows = [row for row in at.app.place.as_list().table.shown if row.imei][:2]
        await at.pilot.press("4", "n")
        await at.comes("Which devices?")
        await at.pilot.press(*f"{rows[0].iccid} {rows[1].imei}", "enter")
        await at.comes("You named ICCID and IMEI")
        await at.pilot.press("enter")
        await at.comes("Monitor Device Reachability")
        assert "iccid" in shown(at.app)
        await at.pilot.press("2", "enter")
        await at.comes("2 devices")

        async def accepted() -> bool:
            await at.hear()
            found = await at.app.workspace.desks.monitors.newest()
            return [each.state for each in found] == [MonitorState.ACTIVE]

        await until(accepted, what="the monitor")


async def test_what_is_no_device_is_named_and_nothing_is_asked(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        await at.pilot.press("4", "n")
        await at.comes("Which devices?")
        await at.pilot.press(*"89148000000000000000", "enter")
        await until(lambda: "names no device" in flash(at.app), what="the refusal")
        assert requests_for(simulator, "/devicereachability") == 0


async def test_a_kind_that_one_device_lacks_is_refused_with_a_way_out(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        query = DeviceQuery(at.app.workspace.account)
        fleet = await at.app.workspace.device_list(query).window(0, 99)
        without = next((row for row in fleet if not row.mdn), None)
        assert without is not None
        await at.app.place.as_list().table.find(without.id)
        await at.pilot.press("m", "down", "down", "space", "enter")
        assert "without MDN" in shown(at.app)


async def test_a_read_only_session_sets_and_queues_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path, read_only=True) as at:
        await at.pilot.press("m")
        assert "read-only" in flash(at.app).lower()
        await at.pilot.press("W", "enter")
        await until(lambda: "read-only" in flash(at.app).lower(), what="the reason")
        await at.pilot.press("4", "n")
        assert "read-only" in flash(at.app).lower()
        await at.comes("No device is watched from here.")


async def test_that_nobody_listens_is_said_where_it_matters(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        online = app.workspace.online
        assert online is not None
        await online.gatherer.read_listeners()
        await pilot.press("m")
        await until(lambda: "Nobody listens" in shown(app), what="the warning")
        await pilot.press("escape", "4")
        await until(lambda: "nobody listens" in shown(app), what="the warning in the title")


async def test_the_list_and_one_device_can_be_asked_about(
    simulator: Running, tmp_path: Path
) -> None:
    async with desk(simulator, tmp_path) as at:
        online = at.app.workspace.online
        assert online is not None
        await online.gatherer.read_listeners()
        await watch(at)
        await at.pilot.press("r")
        await until(
            lambda: "the answer comes by callback" in flash(at.app), what="the word on the list"
        )
        await until(
            lambda: requests_for(simulator, "/devicereachability/monitors") == 1,
            what="the question",
        )
        await at.pilot.press("enter")
        await at.comes("Told of")
        await at.comes("monitor listed")
        await at.pilot.press("a")
        await until(
            lambda: requests_for(simulator, "/devicereachability/status") == 1, what="the question"
        )
