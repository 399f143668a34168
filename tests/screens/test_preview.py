"""The preview: the device under the cursor beside the list, never in the way of the cursor."""

from pathlib import Path

import pytest

from tests.screens.test_keeping import Fleet, offline
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.server import Running
from tsui.ui.app import TsuiApp
from tsui.ui.painted import Line, plain
from tsui.ui.preview import Preview
from tsui.ui.screens.devices import DevicesScreen


def preview(app: TsuiApp) -> Preview:
    return app.place.as_a(DevicesScreen).preview


def told(app: TsuiApp) -> str:
    return "\n".join(plain(line) for line in preview(app)._painted)


async def test_it_shows_the_device_under_the_cursor_with_ages(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(120, 40)) as (app, pilot):
        await pilot.press("j", "j")
        row = app.place.as_list().table.current
        assert row is not None
        await until(lambda: row.iccid in told(app), what="the device")
        assert "read under 1 min ago" in told(app)
        assert "Diagnostics not read yet" in told(app)
        await pilot.press("enter")
        await until(lambda: "Connectivity" in shown(app), what="the diagnostics")
        await pilot.press("escape")
        await until(lambda: "Diagnostics read" in told(app), what="what was read meanwhile")


@pytest.mark.parametrize(("width", "is_there"), [(119, False), (120, True), (80, False)])
async def test_it_needs_120_columns(tmp_path: Path, width: int, is_there: bool) -> None:
    async with dashboard(offline(tmp_path), size=(width, 30), synced=False) as (app, pilot):
        await pilot.pause()
        assert preview(app).display == is_there
        await pilot.resize_terminal(200 - width, 30)
        await until(lambda: preview(app).display == (200 - width >= 120), what="the new width")


async def test_it_can_be_switched_off_and_stays_off(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(120, 30), synced=False) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        await pilot.press("a")
        assert not preview(app).display
        await until(lambda: app.place.as_list().table.size.width == 120, what="all the room")
    async with dashboard(offline(tmp_path), size=(120, 30), synced=False) as (app, pilot):
        await until(lambda: not preview(app).is_wanted, what="what was remembered")
        assert not preview(app).display
        await pilot.press("a")
        await until(lambda: "iccid" in told(app).lower(), what="the device")


async def test_on_a_narrow_screen_the_key_says_why_nothing_happens(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await pilot.press("a", "a")
        assert "needs 120 columns" in flash(app)


async def test_a_moving_cursor_does_not_paint_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(offline(tmp_path), size=(120, 30), synced=False) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        await pilot.press("j")
        await until(lambda: "ICCID" in told(app), what="the first device")
        shows: list[object] = []
        original = preview(app)._show_beside

        def show(lines: list[Line]) -> None:
            shows.append(lines)
            original(lines)

        monkeypatch.setattr(preview(app), "_show_beside", show)
        table = app.place.as_list().table
        for _ in range(10):
            await table.move_by(1)
            preview(app).follow(table.current)
        assert not shows
        row = table.current
        assert row is not None
        await until(lambda: row.iccid in told(app), what="the device it came to rest on")
        assert len(shows) == 1


async def test_it_is_empty_where_the_list_is(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(120, 30), synced=False) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        await until(lambda: "ICCID" in told(app), what="the device")
        await app.place.set_filter("nothing has this")
        await until(lambda: "ICCID" not in told(app), what="an empty preview")


async def test_freezing_holds_list_and_preview_still(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(120, 30), synced=False) as (app, pilot):
        fleet = Fleet(app, pilot)
        await fleet.read(dict.fromkeys(range(20), "active"))
        await until(lambda: "● active" in told(app), what="the device")
        await pilot.press("f", "w")
        table, before = app.place.as_list().table, told(app)
        await fleet.store.devices.put(
            app.workspace.account, fleet.records(dict.fromkeys(range(20), "suspend")), read_at=2.0
        )
        await until(lambda: not fleet.screen.catching_up.is_done, what="the news")
        assert told(app) == before
        assert "suspended" not in shown(app)
        assert table.squeeze
        await pilot.press("f")
        await until(lambda: "▲ suspended" in told(app), what="the news on the screen")
        assert table.squeeze, "wide mode holds"
