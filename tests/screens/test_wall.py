"""The overview: each number leads to what it counts, and it is quiet unless one changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.support.app import dashboard, launch, shown
from tests.support.metered import MeteredApp
from tests.support.waiting import until
from tsui.service.views import Severity
from tsui.settings import Settings
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.simulator.views import device_view
from tsui.store.notice import Draft
from tsui.ui.app import TsuiApp
from tsui.ui.screens.wall import WallScreen

IDLE = 12.0
"""Seconds of which one must bring nothing: longer than two looks at ages are apart."""


def wall_of(app: TsuiApp) -> WallScreen:
    return app.place.as_a(WallScreen)


async def open_wall(app: TsuiApp, pilot: Pilot[int]) -> WallScreen:
    await pilot.press("1")
    await until(lambda: isinstance(app.screen, WallScreen), what="the overview")
    await until(lambda: "since " in shown(app), limit=20, what="what is compared")
    return wall_of(app)


async def go_to(app: TsuiApp, pilot: Pilot[int], key: str) -> None:
    wall = wall_of(app)
    await pilot.press("g")
    for _ in range(60):
        if wall.pane.at == key:
            return
        await pilot.press("down")
    raise AssertionError(f"no number {key}: {shown(app)}")


async def alarm(app: TsuiApp, number: int = 1) -> None:
    drafts = [
        Draft(f"test:{each}", app.workspace.clock.now().timestamp(), Severity.ALARM, "lost",
              f"The network lost number {each}.", "test")
        for each in range(number)
    ]  # fmt: skip
    await app.workspace._store.notices.keep(drafts)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_all_that_matters_fits_on_the_screen(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        wall = await open_wall(app, pilot)
        text = shown(app)
        for label in (
            "devices", "connected", "overdue", "active", "suspended", "alarms", "changes failed",
            "fate unknown", "windows open", "ThingSpace", "p50 / p95", "errors", "calls a minute",
            "token", "callbacks", "fleet", "Newest",
        ):  # fmt: skip
            assert label in text, label
        assert wall.pane.total >= 20


@pytest.mark.parametrize(
    ("key", "screen", "text"),
    [
        ("state:suspend", "DevicesScreen", 'state:"suspend"'),
        ("connected", "DevicesScreen", "connected:yes"),
        ("late", "DevicesScreen", "overdue>1"),
        ("bad", "RequestsScreen", "Requests"),
        ("alarms", "EventsScreen", "severity:alarm is:new"),
        ("latency", "CallsScreen", "HTTP"),
        ("receiver", "InboxScreen", "No callback came yet"),
    ],
)
async def test_a_number_leads_to_what_it_counts(
    simulator: Running, tmp_path: Path, key: str, screen: str, text: str
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await open_wall(app, pilot)
        await go_to(app, pilot, key)
        await pilot.press("enter")
        await until(lambda: type(app.screen).__name__ == screen, what=screen)
        await until(lambda: text.lower() in shown(app).lower(), what=text)


async def test_a_number_and_its_list_agree(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wall = await open_wall(app, pilot)
        for key in [key for key in wall.pane._keys if ":" in key or key == "connected"]:
            await pilot.press("1")
            await go_to(app, pilot, key)
            item = wall.current
            assert item is not None
            expected = int(item.value.replace(",", ""))
            await pilot.press("enter")
            await until(
                lambda expected=expected: app.place.as_list().table.total == expected,
                what=f"{key}: {expected} devices",
            )


async def test_the_cursor_goes_between_columns(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        wall = await open_wall(app, pilot)
        await pilot.press("g")
        assert wall.pane.at == "devices"
        await pilot.press("right")
        assert wall.pane.at == "alarms"
        await pilot.press("down", "left")
        assert wall.pane.at == "connected"


async def test_problems_alone_are_few(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        wall = await open_wall(app, pilot)
        await pilot.press("p")
        await until(lambda: "ONLY PROBLEMS" in shown(app), what="the problems")
        await alarm(app, 2)
        await until(lambda: "alarms, open" in shown(app), what="the alarms")
        assert "87641" not in shown(app)
        assert wall.current is not None
        await pilot.press("p")
        await until(lambda: "87641" in shown(app), what="all numbers")


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_large_numbers_are_drawn(
    simulator: Running, tmp_path: Path, ascii_only: bool
) -> None:
    start = launch(simulator, tmp_path, settings=Settings(ascii=ascii_only))
    async with dashboard(start, size=(80, 24)) as (app, pilot):
        await open_wall(app, pilot)
        await pilot.press("w")
        ink = "#" if ascii_only else "█"
        await until(lambda: ink * 4 in shown(app), what="large numbers")
        assert "alarms, open" in shown(app)
        assert shown(app).isascii() or not ascii_only


async def test_how_it_was_looked_at_is_remembered(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await open_wall(app, pilot)
        await go_to(app, pilot, "alarms")
        await pilot.press("w")
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("1")
        await until(lambda: "████" in shown(app), what="large numbers again")
        assert wall_of(app).pane.at == "alarms"


async def test_nothing_is_read_for_whoever_looks_elsewhere(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        assert list(app.connection._keys_in_view())
        app.post_message(events.AppBlur())
        await until(lambda: not app.app_focus, what="the focus gone")
        assert not list(app.connection._keys_in_view())
        app.post_message(events.AppFocus())
        await until(lambda: app.app_focus, what="the focus back")
        assert list(app.connection._keys_in_view())


@asynccontextmanager
async def metered(simulator: Running, folder: Path) -> AsyncIterator[tuple[MeteredApp, Pilot[int]]]:
    app = MeteredApp(launch(simulator, folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.workspace.read_at is not None, limit=60, what="a reading")
        await open_wall(app, pilot)
        try:
            yield app, pilot
        finally:
            if not app.is_leaving:
                await app.leave()


async def quiet(app: MeteredApp, seconds: float) -> None:
    """Wait until nothing was sent for so long."""
    since, sent = asyncio.get_running_loop().time(), app.sent

    def still() -> bool:
        nonlocal since, sent
        now = asyncio.get_running_loop().time()
        if app.sent != sent:
            since, sent = now, app.sent
        return now - since >= seconds

    await until(still, limit=120.0, what=f"{seconds:g} s without a byte")


async def test_an_idle_wall_sends_nothing_and_a_change_little(
    simulator: Running, tmp_path: Path
) -> None:
    async with metered(simulator, tmp_path) as (app, _):
        await quiet(app, IDLE)
        before = app.sent
        world = simulator.world
        fleet = world.fleets[simulator.accounts[0]]
        device = next(
            each
            for each in map(fleet.get, range(60))
            if each.state == "active" and not device_view(world, each)["connected"]
        )
        world.engine.change_elsewhere(fleet, simulator.accounts[0], SUSPENDING, device)
        app.workspace.refresh_fleet()
        await until(lambda: app.sent > before, what="the change on the screen")
        await until(lambda: "-1" in shown(app) and "+1" in shown(app), what="the change")
        await quiet(app, 3.0)
        assert app.sent - before <= 1500
