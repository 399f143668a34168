"""Every screen as it looks: its text is kept beside the tests, in every palette the same.

``UPDATE_SNAPSHOTS=1`` writes the texts anew; read the difference before it is committed.
"""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual.widgets import TextArea

from tests.service.monitors.telling import awake, deliver
from tests.support import frames
from tests.support.app import dashboard, launch
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.service.accounts.model import ACCESS, SECTIONS
from tsui.service.views import DeviceQuery
from tsui.settings import Settings
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp
from tsui.ui.commands.catalog import find_command
from tsui.ui.device_parts.registry import PARTS
from tsui.ui.screens.account import AccountScreen
from tsui.ui.screens.compose import ComposeScreen
from tsui.ui.screens.sms_queue import QueueScreen

FOLDER = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS" in os.environ
BEGIN = "2026-11-20T14:00:00+00:00"
SIZES = ((80, 24), (120, 40))
STANDARD_COLOURS = 16
UNDER_WAY = {True: r"(?i)reading|not read yet|d learns it", False: r"(?i)reading\b"}
"""What the screen of a device says until everything was read, and what the others say."""


class StandingClock(SystemClock):
    """A clock whose wall shows one time for ever, so that ages stay as they are."""

    def now(self) -> datetime:
        return datetime.fromisoformat(BEGIN)


def show_part(name: str) -> Callable[[TsuiApp], Awaitable[None]]:
    async def show(app: TsuiApp) -> None:
        await app.place.show_tab(name)

    return show


def go(area: str) -> Callable[[TsuiApp], Awaitable[None]]:
    async def show(app: TsuiApp) -> None:
        await app.go(area)

    return show


async def overview(app: TsuiApp) -> None:
    await app.go("overview")
    await until(lambda: "since 14:00" in frames.text(app), limit=30.0, what="what is compared")


def section(name: str) -> Callable[[TsuiApp], Awaitable[None]]:
    async def show(app: TsuiApp) -> None:
        await app.go("account")
        await app.place.as_a(AccountScreen).show_section(name)

    return show


async def events(app: TsuiApp) -> None:
    """Show what three messages tell of a device."""
    device = [{"id": "89148000000000000001", "kind": "iccid"}]
    told: dict[str, dict[str, Any]] = {
        "SubscriptionNotificationService": {
            "subscriptionNotification": {"type": "Throttled", "percentage": 100}
        },
        "ResumeTrackingNotification": {"comment": "Device will resume on - 11/27/2026"},
        "PromoChanges": {"promoChange": {"change": "PROMO-EX"}},
    }
    at = datetime.fromisoformat(BEGIN).timestamp()
    for service, body in told.items():
        raw = json.dumps({"deviceIds": device, **body}).encode()
        arrival = Arrival(service.encode(), at, service, "192.0.2.1", "", raw)
        await app.workspace.inbox.keep([arrival])
    await app.go("events")
    table = app.place.as_list().table
    await until(lambda: table.total == len(told), what="the notices")


def line(text: str) -> Callable[[TsuiApp], Awaitable[None]]:
    async def show(app: TsuiApp) -> None:
        await app.run_line(app.place, text)

    return show


def do(command: str) -> Callable[[TsuiApp], Awaitable[None]]:
    async def show(app: TsuiApp) -> None:
        await app.place.do(find_command(command))

    return show


async def look_at_queue(app: TsuiApp) -> None:
    await app.push_screen(QueueScreen())
    app.place.refresh_now()
    queue = app.workspace.desks.sms_queue
    await until(lambda: queue.peeked is not None and not queue.is_busy, what="the queue")
    await until(lambda: app.place.as_list().table.total > 0, what="its messages")


async def write_letter(app: TsuiApp) -> None:
    await app.go("devices")
    await app.run_line(app.place, "sms state:suspend")
    app.place.as_a(ComposeScreen).query_one(TextArea).load_text("Report, {custom1}: 20 €")


async def show_monitors(app: TsuiApp) -> None:
    """Let somebody else's monitor tell that a device woke."""
    iccid = (await app.workspace.device_list(DeviceQuery(app.workspace.account)).window(0, 1))[0]
    told = awake("2026-11-20T16:12:59Z", iccid=iccid.iccid, request="")
    await deliver(app.workspace._store, told, at=datetime.fromisoformat(BEGIN).timestamp() - 30)

    async def is_known() -> bool:
        return bool(await app.workspace.desks.monitors.windows())

    await until(is_known, what="the window")
    await app.go("monitors")


SCREENS: dict[str, Callable[[TsuiApp], Awaitable[None]]] = {
    **{f"device-{part.name}": show_part(part.name) for part in PARTS},
    "devices": go("devices"),
    "requests": go("requests"),
    "overview": overview,
    "events": events,
    "messages": go("messages"),
    "queue": look_at_queue,
    "letter": write_letter,
    **{f"account-{each.name}": section(each.name) for each in SECTIONS if each is not ACCESS},
    "agenda": line("agenda"),
    "handover": line("handover"),
    "monitors": show_monitors,
    "wake-board": do("wake-board"),
}
"""How each screen is reached from the one before, the first from a device that was lost."""


@pytest.fixture
async def lost() -> AsyncIterator[tuple[Running, str]]:
    """A simulator with a device that fell silent."""
    async with running(SimulatorSettings(devices=200, delay=0.05, now=BEGIN)) as started:
        yield started, play_named(started.world, "lost")["iccid"]


def plain_text(styles: list[Style]) -> None:
    assert styles


def only_standard_colours(styles: list[Style]) -> None:
    colours = {each for style in styles for each in (style.color, style.bgcolor) if each}
    assert colours
    odd = {
        each
        for each in colours
        if not each.is_default and (each.number is None or each.number >= STANDARD_COLOURS)
    }
    assert not odd


def no_colours(styles: list[Style]) -> None:
    assert not [style for style in styles if style.color or style.bgcolor]
    assert any(style.reverse for style in styles)


PALETTES: dict[str, tuple[Settings, Callable[[list[Style]], None]]] = {
    "truecolor": (Settings(), plain_text),
    "16": (Settings(theme="terminal"), only_standard_colours),
    "no-color": (Settings(), no_colours),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("palette", PALETTES)
async def test_every_screen_looks_as_it_did(
    lost: tuple[Running, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    palette: str,
) -> None:
    simulator, iccid = lost
    monkeypatch.setenv("LOGNAME", "noc")
    settings, has_its_colours = PALETTES[palette]
    if palette == "no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    start = launch(simulator, tmp_path, settings=settings, clock=StandingClock())
    different: list[str] = []
    async with dashboard(start, size=size) as (app, _):
        await app.open_device_by_identifier(iccid)
        # Parts of a device show what others have read: nothing counts before all have.
        for part in PARTS:
            await show_part(part.name)(app)
            await frames.steady(app, UNDER_WAY[part.name != PARTS[0].name])
        for name, reach in SCREENS.items():
            await reach(app)
            frame = await frames.steady(app, UNDER_WAY[name.startswith("device-")])
            has_its_colours(list(frames.styles(app)))
            kept = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
            if UPDATE:
                kept.write_text(frame)
            else:
                was = kept.read_text() if kept.exists() else ""
                different += unified_diff(was.splitlines(), frame.splitlines(), kept.name, "now")
    assert not different, "\n".join(different)
