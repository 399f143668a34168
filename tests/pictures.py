"""The pictures of the README, made from the real app: ``python -m tests.pictures``.

The simulator and the app begin at a fixed time on a fixed port, so the same program always makes
the same pictures.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

from tests.service.diagnosing import receiver
from tests.support import frames
from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.service.failures import SignInFailed
from tsui.service.forms import from_json
from tsui.service.launch import Launch
from tsui.service.signin import Attempt
from tsui.settings import Profile
from tsui.simulator.device import ACTIVE, SUSPEND, SimDevice
from tsui.simulator.notices import HAPPENINGS
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.preview import BESIDE
from tsui.ui.screens.devices import DevicesScreen

FOLDER = Path(__file__).parent.parent / "screenshots"
LISTENED_TO = (
    "AlertService", "CarrierService", "DiagnosticsService", "EnhancedConnectivityService",
    "ExternalProvisioningChanges", "PromoChanges", "ResumeTrackingNotification",
    "SMSDeliveryConfirmation", "SubscriptionNotificationService",
)  # fmt: skip
BEGIN = "2026-11-20T14:00:00+00:00"
PORT = 8443


class FixedStart(SystemClock):
    """A clock that begins at the time of the pictures."""

    def __init__(self) -> None:
        self._ahead = datetime.fromisoformat(BEGIN) - super().now()

    def now(self) -> datetime:
        return super().now() + (self._ahead if hasattr(self, "_ahead") else timedelta())


@asynccontextmanager
async def demo(size: tuple[int, int]) -> AsyncIterator[tuple[TsuiApp, Pilot[int], Running]]:
    settings = SimulatorSettings(devices=10_000, delay=4.0, now=BEGIN)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running(settings, port=PORT) as simulator,
            receiver(simulator, Path(folder), LISTENED_TO),
        ):
            start = launch(simulator, Path(folder), clock=FixedStart())
            async with dashboard(start, size=size) as (app, pilot):
                yield app, pilot, simulator


async def login() -> None:
    async def nothing_kept() -> tuple[Profile, Attempt]:
        raise SignInFailed("", "")

    with tempfile.TemporaryDirectory() as folder:
        async with running(SimulatorSettings(devices=3), port=PORT) as simulator:
            start = launch(simulator, Path(folder))
            start = Launch(
                profiles=start.profiles,
                profile_name="",
                profile=Profile(account="0742000123-00001"),
                data_folder=Path(folder),
                clock=start.clock,
                log_file=start.log_file,
                prepare=nothing_kept,
            )
            app = TsuiApp(start)
            async with app.run_test(size=(80, 24)) as pilot:
                await app.show_login()
                await until(lambda: "Password" in app.export_screenshot(), what="the form")
                await pilot.pause()
                save(app, "login")
                await app.leave()


async def devices(size: tuple[int, int], name: str) -> None:
    async with demo(size) as (app, pilot, _):
        await pilot.press(*["j"] * 4, "space", "space", "j")
        current = cast("DevicesScreen", app.place).table.current
        assert current is not None
        # The preview follows once the cursor rests, and says it in its head and in a line.
        times = 3 if size[0] >= BESIDE else 1
        await until(lambda: shown(app).count(current.iccid) == times, what="the preview")
        save(app, name)


async def lost_device() -> None:
    """Picture why a device is offline, its line of time and what it uses."""
    async with demo((80, 24)) as (app, _, simulator):
        iccid = play_named(simulator.world, "lost")["iccid"]
        await app.open_device_by_identifier(iccid)
        for part in ("diagnose", "timeline", "usage", "summary"):
            await app.place.show_tab(part)
            await frames.steady(app, r"(?i)reading|not read yet|d learns it")
            save(app, f"device-{part}")


async def areas() -> None:
    """Picture the areas on a day on which something happens."""
    async with demo((120, 40)) as (app, _, simulator):
        account, world = simulator.accounts[0], simulator.world
        fleet = world.fleets[account]
        devices = [fleet.touch(fleet.get(number)) for number in fleet.numbers()][:400]
        active = [each for each in devices if each.state == ACTIVE]
        suspended = next(each for each in devices if each.state == SUSPEND)
        await watch_and_write(app, active[:6])
        for name, device in (
            ("threshold", active[7]), ("promo", active[8]), ("resume-notice", suspended),
            ("detection", active[9]),
        ):  # fmt: skip
            HAPPENINGS[name](world, account, device)
        for device, text in zip(active, ("battery 3.1 V", "door open", "rebooted"), strict=False):
            world.texts.receive(account, device, text, world.clock.timestamp())
        await until(lambda: happened(app, 7), limit=30, what="the callbacks")
        for area in ("overview", "monitors", "messages", "events", "account"):
            await app.go(area)
            await frames.steady(app, r"(?i)reading\b")
            save(app, area)
        await app.run_line(app.place, "agenda")
        await frames.steady(app, r"(?i)reading\b")
        save(app, "agenda")


async def happened(app: TsuiApp, notices: int) -> bool:
    desk = app.workspace.desks.notices
    return await desk.count(desk.query()) >= notices


async def watch_and_write(app: TsuiApp, devices: list[SimDevice]) -> None:
    """Watch some devices for a month and send a text to the first of them."""
    workspace = app.workspace
    ends = workspace.clock.now() + timedelta(days=30)
    named = [{"id": each.iccid, "kind": "iccid"} for each in devices]
    account = {"accountName": workspace.account}
    monitor = {"requestType": "REACHABLE_FOR_DATA", "monitorExpirationTime": ends.isoformat()}
    text = {"smsMessage": "Report now", "deviceIds": named[:2]}
    for name, fields in (
        ("MonitorReachability", {"devices": [{"deviceIds": [each]} for each in named], **monitor}),
        ("SendSms", text),
    ):
        await workspace.perform(from_json(name, {**account, **fields}))


async def change() -> None:
    async with demo((80, 24)) as (app, pilot, _):
        await pilot.press("j", "j", "j", "space", "space", "space", "space", "space", "space", "D")
        await pilot.pause()
        save(app, "change")


async def requests() -> None:
    async with demo((120, 40)) as (app, pilot, simulator):
        await pilot.press("S", "y", "j", "j")
        await until(lambda: "succeeded" in shown(app), limit=20, what="the first change")
        simulator.world.settings.failure_rate = 1.0
        await pilot.press("S", "y", "j")
        await until(lambda: "failed" in shown(app), limit=20, what="the second change")
        simulator.world.settings.failure_rate = 0.0
        await pilot.press("S", "y", "3")
        await until(lambda: "pending" in shown(app), what="the third change")
        await pilot.pause()
        save(app, "requests")


def save(app: TsuiApp, name: str) -> None:
    app.save_screenshot(f"{name}.svg", path=str(FOLDER))
    print(f"screenshots/{name}.svg")


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    await login()
    await devices((120, 40), "devices")
    await devices((80, 24), "devices-80x24")
    await lost_device()
    await areas()
    await change()
    await requests()


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main())
