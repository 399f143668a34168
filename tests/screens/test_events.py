"""The stream of notices on the screen: found, opened, taken note of, muted, and live."""

import hashlib
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.control import _ELSEWHERE
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp
from tsui.ui.screens.audit import AuditScreen
from tsui.ui.screens.device import DeviceScreen
from tsui.ui.screens.events import EventsScreen
from tsui.ui.screens.mutes import MutesScreen
from tsui.ui.screens.notice import NoticeScreen

USAGE, SLOW = "Usage reached a bound at", "Slowed down at"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


def stream(app: TsuiApp) -> EventsScreen:
    return app.place.as_a(EventsScreen)


async def usage(app: TsuiApp, iccid: str, percent: int) -> None:
    """Let a message come that a device used some percent of its plan."""
    kind = "Throttled" if percent >= 100 else "UsageThreshold"
    body = {
        "deviceIds": [{"id": iccid, "kind": "iccid"}],
        "subscriptionNotification": {"type": kind, "percentage": percent},
    }
    raw = json.dumps(body).encode()
    at = app.workspace.clock.now().timestamp()
    service = "SubscriptionNotificationService"
    digest = hashlib.sha256(raw).digest()
    await app.workspace.inbox.keep([Arrival(digest, at, service, "192.0.2.1", "", raw)])


async def until_shown(app: TsuiApp, *texts: str) -> None:
    try:
        await until(lambda: all(text in shown(app) for text in texts), what=f"{texts}")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{shown(app)}") from None


async def three(app: TsuiApp, pilot: Pilot[int]) -> str:
    """Go to the stream with three notices of the first device of the list."""
    iccid = str(app.place.as_list().table.shown[0].iccid)
    for percent in (80, 90, 100):
        await usage(app, iccid, percent)
    await pilot.press("6")
    await until_shown(app, f"{SLOW} 100", f"{USAGE} 80", "■ 1 alarm", "▲ 2 warnings")
    return iccid


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_others_changed_is_in_the_stream_after_a_reading(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        world, account = simulator.world, simulator.accounts[0]
        table = app.place.as_list().table
        active = next(row for row in table.shown if row.state == "active")
        device = world.fleets[account].find("iccid", active.iccid)
        assert device is not None
        suspend = _ELSEWHERE["suspend"]
        assert (
            world.engine.change_elsewhere(world.fleets[account], account, suspend, device) is None
        )
        await pilot.press("r", "6")
        await until_shown(app, "Suspended, was active; not changed here.", "■ alarm", active.iccid)


async def test_the_stream_is_narrowed_and_a_bad_filter_says_why(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await three(app, pilot)
        await pilot.press("slash", *"severity:alarm", "enter")
        assert stream(app).table.total == 1
        await pilot.press("slash", *" since:yes")
        await until_shown(app, "since: takes 30m, 2h, 3d or 1w, not yes")
        await pilot.press("escape")
        await until(lambda: stream(app).table.total == 3, what="all of them")
        await pilot.press("slash", *"SLOWED", "enter")
        assert stream(app).table.total == 1
        await pilot.press("escape", "p")
        await until_shown(app, "only problems")
        await pilot.press("x", "down", "enter")
        await until(lambda: "Exported 3 notices" in flash(app), what="the file")
        (file,) = tmp_path.glob("tsui-notices-*.jsonl")
        newest = json.loads(file.read_text().splitlines()[0])
        assert (newest["severity"], newest["kind"]) == ("alarm", "throttled")


async def test_a_notice_opens_with_its_message_and_leads_to_its_device(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        iccid = await three(app, pilot)
        await pilot.press("enter")
        await until(lambda: isinstance(app.place, NoticeScreen), what="the notice")
        await until_shown(app, "Throttled", "SubscriptionNotificationService")
        await pilot.press("i")
        await until(lambda: isinstance(app.place, DeviceScreen), what="the device")
        assert iccid in shown(app)
        await pilot.press("escape", "escape", "d")
        await until(lambda: isinstance(app.place, DeviceScreen), what="the device again")


async def test_somebody_takes_note_of_one_of_all_marked_and_takes_it_back(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await three(app, pilot)
        await pilot.press("K", *"truck", "enter")
        await until_shown(app, "new: ▲ 2 warnings", ": truck")
        await pilot.press("asterisk", "K", *"all", "space", *"known", "enter")
        await until(lambda: "2 notices acknowledged. 1 notice had been" in flash(app), what="it")
        await until_shown(app, "no new problems")
        await pilot.press("g", "K")
        await until_shown(app, "took note: truck")
        await pilot.press("down", "enter")
        await until_shown(app, "new: ■ 1 alarm")
        await pilot.press("a")
        await until(lambda: isinstance(app.place, AuditScreen), what="the audit")
        await until_shown(app, "taken back", "acknowledged")
        assert "3" in shown(app)


async def test_what_is_muted_is_hidden_until_somebody_ends_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        iccid = await three(app, pilot)
        await pilot.press("j", "M")
        await until_shown(app, "Mute what?", f"usage notices of {iccid}")
        await pilot.press("enter", "up", "enter", "enter", *"known", "enter")
        await until(lambda: stream(app).table.total == 1, what="the rest")
        await usage(app, iccid, 95)
        await pilot.press("slash", *"is:muted", "enter")
        await until(lambda: stream(app).table.total == 3, what="what is muted")
        await until_shown(app, "~ hidden")
        await pilot.press("escape", "u")
        await until(lambda: isinstance(app.place, MutesScreen), what="the mutes")
        await until_shown(app, f"usage notices of {iccid}", "known")
        await pilot.press("E")
        await until_shown(app, "End this mute?")
        await pilot.press("down", "enter")
        await until_shown(app, "Nothing is muted")
        await pilot.press("escape")
        await until(lambda: stream(app).table.total == 4, what="all of them")


async def test_whoever_reads_further_down_is_not_moved_by_what_comes(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        iccid = await three(app, pilot)
        await pilot.press("j")
        at = stream(app).table.cursor_key
        await usage(app, iccid, 70)
        await until(lambda: stream(app).table.total == 4, what="the new one")
        assert stream(app).table.cursor_key == at
        await pilot.press("g")
        newest = stream(app).table.cursor_key
        await usage(app, iccid, 60)
        await until(lambda: stream(app).table.cursor_key not in (newest, None), what="the newest")


async def test_the_filter_is_remembered(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await three(app, pilot)
        await pilot.press("slash", *"kind:usage", "enter")
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("6")
        await until_shown(app, "/kind:usage")
        await until(lambda: stream(app).table.total == 2, what="what fits")
