"""Saved views: tabs above the list, hot from the settings file, and a way back to them."""

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from tests.screens.test_columns import head
from tests.screens.test_keeping import Fleet, offline
from tests.support.app import dashboard, flash, shown
from tests.support.waiting import until
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles
from tsui.settings import load
from tsui.settings.view import COLUMNS
from tsui.ui.app import TsuiApp
from tsui.ui.reloading import Reloading
from tsui.ui.screens.devices import DevicesScreen

TWO = """\
[views.Sleepers]
filter = "state:suspend"
columns = ["iccid", "plan:12", "imei"]
sort = "imei"
descending = true

[views.Broken]
filter = "state:("

[views.Everything]
"""


def with_views(folder: Path, text: str = TWO) -> Launch:
    file = folder / "settings.toml"
    if text:
        file.write_text(text)
    profiles = Profiles(load(file), file, folder / "credentials")
    return replace(offline(folder), profiles=profiles)


async def fill(app: TsuiApp, pilot: Pilot[int]) -> Fleet:
    fleet = Fleet(app, pilot)
    await fleet.read({number: ("active", "suspend")[number % 2] for number in range(20)})
    return fleet


def devices(app: TsuiApp) -> DevicesScreen:
    return app.place.as_a(DevicesScreen)


async def say(pilot: Pilot[int], line: str) -> None:
    await pilot.press("colon", *(("space" if each == " " else each) for each in line), "enter")


async def test_without_views_nothing_is_shown_of_them(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        assert not devices(app).views.tabs.display
        await pilot.press("tab")
        assert ":view save NAME" in flash(app)


async def test_a_view_sets_filter_columns_and_order(tmp_path: Path) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await until(lambda: "All" in shown(app), what="the tabs")
        assert "Sleepers" in shown(app)
        await pilot.press("tab")
        assert head(app) == ["ICCID", "PLAN", "IMEI"]
        assert "IMEI ↓" in shown(app)
        assert devices(app).table.total == 10
        await pilot.press("shift+tab")
        assert devices(app).table.total == 20
        assert "ICCID ↑" in shown(app)


async def test_a_view_whose_filter_cannot_be_read_is_told_and_harms_no_other(
    tmp_path: Path,
) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await say(pilot, "view Broken")
        assert flash(app).startswith("View Broken: ")
        assert devices(app).table.total == 20
        await say(pilot, "view Sleepers")
        assert devices(app).table.total == 10
        await say(pilot, "view Slepers")
        assert "Known: Sleepers, Broken, Everything" in flash(app)


async def test_an_edited_view_says_so_and_can_be_saved(tmp_path: Path) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await pilot.press("tab", "o", "enter")
        assert "Sleepers*" in shown(app)
        await say(pilot, "view save My own")
        assert "View My own is saved" in flash(app)
        assert "Sleepers*" not in shown(app)
        saved = load(tmp_path / "settings.toml").views["My own"]
        assert saved.filter == "state:suspend"
        assert saved.columns == ("iccid", "plan:12", "imei")
        assert saved.sort == "imei"
        assert not saved.descending


async def test_the_first_view_can_be_saved_where_there_is_no_file(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await say(pilot, "view save All of them")
        assert "All of them" in load(tmp_path / "settings.toml").views
        assert devices(app).views.tabs.display


async def test_views_follow_the_file(tmp_path: Path) -> None:
    start = with_views(tmp_path)
    async with dashboard(start, size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await pilot.press("tab")
        file = tmp_path / "settings.toml"
        file.write_text(TWO.replace("state:suspend", "state:active").replace("Broken", "Mended"))
        await Reloading(app).look()
        assert "Mended" in shown(app)
        assert "state:active" in shown(app)
        file.write_text("[views.Sleepers]\nsort = 'zzz'")
        await Reloading(app).look()
        assert "line 2" in flash(app)
        assert "Mended" in shown(app), "what was in force stays"
        file.write_text("theme = 'light'\nascii = true\nread_only = true\n")
        await Reloading(app).look()
        assert "the rest counts from the next start" in flash(app)
        assert not devices(app).views.tabs.display
        assert shown(app).isascii()
        assert not app.current_theme.dark


async def test_the_file_is_looked_at_by_itself(tmp_path: Path) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, _):
        (tmp_path / "settings.toml").write_text("[views.Newcomer]\n[keys]\nwide = 'W'\n")
        await until(lambda: "Newcomer" in shown(app), what="the new view")
        assert [binding for key, binding in app.screen.active_bindings.items() if key == "W"]


async def test_the_last_place_is_resumed(tmp_path: Path) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        await pilot.press("tab", "o", "enter", "c", "j", "space", "enter", "j")
        cursor, look = devices(app).table.cursor_key, devices(app).look
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await until(lambda: devices(app).table.total == 10, what="the rows")
        assert devices(app).look == look
        assert devices(app).table.cursor_key == cursor
        assert "Sleepers*" in shown(app)


async def test_the_command_line_names_the_view_and_the_device(tmp_path: Path) -> None:
    async with dashboard(with_views(tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await fill(app, pilot)
        (row,) = await app.workspace.find_devices("0000000003")
    start = replace(with_views(tmp_path), view="Sleepers")
    async with dashboard(start, size=(80, 24), synced=False) as (app, _):
        await until(lambda: devices(app).table.total == 10, what="the view")
    start = replace(with_views(tmp_path), device="0000000003")
    async with dashboard(start, size=(80, 24), synced=False) as (app, _):
        await until(lambda: "Diagnostics" in shown(app), what="the device")
        assert row.iccid in shown(app)


async def test_views_know_the_columns_of_the_list(tmp_path: Path) -> None:
    async with dashboard(offline(tmp_path), size=(80, 24), synced=False) as (app, _):
        assert tuple(each.name for each in devices(app).columns()) == COLUMNS


async def test_many_views_keep_the_current_one_in_sight(tmp_path: Path) -> None:
    text = "".join(f"[views.'a view of number {number}']\n" for number in range(9))
    async with dashboard(with_views(tmp_path, text), size=(80, 24), synced=False) as (app, pilot):
        for number in range(9):
            await pilot.press("tab")
            assert f"number {number}" in shown(app)
            assert all(len(line) <= 80 for line in shown(app).splitlines())
