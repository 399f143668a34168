"""What screens show: honest about age, failure and emptiness, and safe with any text."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import apsw
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.service.cases import sim_device
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.settings import Settings
from tsui.settings.model import Theme
from tsui.simulator.faults import Fault
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.devices import DeviceRow
from tsui.ui.app import TsuiApp

LIST = "/devices/actions/list"


def current(app: TsuiApp) -> DeviceRow:
    """Return the device under the cursor."""
    row = app.place.as_list().table.current
    assert isinstance(row, DeviceRow)
    return row


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=150, delay=0.3)


async def test_the_first_frame_comes_from_the_cache_with_its_age(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)):
        pass
    simulator.world.faults.append(Fault("hang", "oauth2", times=-1))
    async with dashboard(launch(simulator, tmp_path), synced=False) as (app, _):
        assert "150" in shown(app)
        assert "8914800" in shown(app)
        assert "offline" in shown(app)
        assert "signing in" in shown(app)


async def test_filter_order_and_device_are_remembered(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("slash", *"truck", "enter", "o", "down", "down", "enter", "j", "j")
        cursor = app.place.as_list().table.cursor_key
        assert "LAST SEEN ↑" in shown(app)
    async with dashboard(launch(simulator, tmp_path), synced=False) as (app, pilot):
        await pilot.pause()
        assert "/truck" in shown(app)
        assert "LAST SEEN ↑" in shown(app)
        assert app.place.as_list().table.cursor_key == cursor


async def test_the_same_order_again_turns_it_round(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("o", "enter")
        assert "ICCID ↓" in shown(app)
        await pilot.press("o", "enter")
        assert "ICCID ↑" in shown(app)


async def test_a_filter_without_a_hit_says_so_and_how_to_go_on(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("slash", *"zzz", "enter")
        assert "holds that:" in shown(app)
        assert "0 of 150" in shown(app)
        await pilot.press("S")
        assert "no device" in flash(app)
        await pilot.press("escape")
        assert "holds that" not in shown(app)


async def test_a_mark_hidden_by_the_filter_is_counted_before_anything_is_done(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("space", "space", "slash", *"truck", "enter")
        assert "2 marked" in shown(app)
        await pilot.press("S")
        assert "not in view" in shown(app)
        await pilot.press("escape", "0")
        assert "marked" not in shown(app)


async def test_all_that_match_can_be_marked_at_once(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("slash", *"truck", "enter", "asterisk")
        table = app.place.as_list().table
        assert len(table.marks) == table.total > 20


async def test_a_range_can_be_marked(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("j", "v", "j", "j", "j", "v")
        assert len(app.place.as_list().table.marks) == 4


async def test_the_cursor_stays_on_its_device_while_the_fleet_changes(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("o", "down", "enter", *["j"] * 9)
        device = current(app)
        fleet = simulator.world.fleets[simulator.accounts[0]]
        simulator.world.engine.change_elsewhere(
            fleet, simulator.accounts[0], SUSPENDING, sim_device(simulator, device)
        )
        await pilot.press("r")
        await until(lambda: current(app).state == "suspend", what="the new state")
        assert current(app).id == device.id


async def test_a_fleet_that_cannot_be_read_says_why_and_keeps_what_is_known(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        simulator.world.faults.append(Fault("html", LIST, times=-1))
        await pilot.press("r")
        await until(lambda: "web page" in shown(app), what="the reason", limit=30)
        assert "150" in shown(app)


async def test_a_frozen_display_holds_still_and_says_so(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("S", "y", "f")
        await pilot.pause()
        held = [line for line in shown(app).splitlines() if line.startswith("  8914800")]
        assert "FROZEN" in shown(app)
        await until(lambda: "succeeded" in flash(app), what="the end of the change")
        assert [each for each in shown(app).splitlines() if each.startswith("  8914800")] == held
        await pilot.press("f")
        await until(lambda: "suspended" in shown(app), what="the news")


async def test_times_switch_to_utc_and_back(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("z")
        assert "UTC" in flash(app)
        await pilot.press("enter")
        await until(lambda: "UTC" in shown(app), what="a time")


async def test_a_command_can_be_typed_completed_and_remembered(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = current(app)
        await pilot.press("colon", *"dev", "tab")
        await pilot.press("escape", "colon", *f"device {device.iccid[-7:]}", "enter")
        assert device.iccid in shown(app)
        assert "Summary" in shown(app)
        await pilot.press("colon", "up")
        assert app.screen.query_one("#prompt-input", Input).value.startswith("device ")
        await pilot.press("escape", "colon", *"nonsense", "enter")
        assert "no command" in flash(app)


async def test_an_unknown_identifier_is_told(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("colon", *"device 900900", "enter")
        assert "No device known here ends with 900900" in flash(app)


async def test_the_help_says_what_is_possible_and_why_something_is_not(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path, read_only=True)) as (app, pilot):
        await pilot.press("question_mark")
        assert "Suspend" in shown(app)
        assert "not now: Read-only" in shown(app)
        await pilot.press("escape")
        assert "Devices" in shown(app)


async def test_overridden_keys_work_and_a_clash_is_told(simulator: Running, tmp_path: Path) -> None:
    preferences = Settings(keys={"go-requests": "f3", "suspend": "x", "nothing": "k"})
    start = launch(simulator, tmp_path, settings=preferences)
    async with dashboard(start) as (app, pilot):
        assert "capital letter" in flash(app)
        await pilot.press("f3")
        assert "Requests" in shown(app)
        await pilot.press("2", "3")
        assert "Devices" in shown(app)


async def test_rows_in_view_can_be_exported(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("x", "enter")
        await until(lambda: "Exported 150 devices" in flash(app), what="the export")
        path = Path(flash(app).rpartition(" ")[2])
        assert len(path.read_text().splitlines()) == 151


async def test_the_identifier_is_copied_through_the_terminal(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = current(app)
        await pilot.press("y")
        assert f"Copied {device.iccid}" in flash(app)


@pytest.mark.parametrize("theme", ["dark", "light", "colour-blind", "terminal"])
async def test_every_theme_shows_the_fleet(
    simulator: Running, tmp_path: Path, theme: Theme
) -> None:
    start = launch(simulator, tmp_path, settings=Settings(theme=theme))
    async with dashboard(start, size=(80, 24)) as (app, pilot):
        await pilot.press("S", "escape", "enter")
        assert "Summary" in shown(app)


async def test_ascii_draws_nothing_else(simulator: Running, tmp_path: Path) -> None:
    start = launch(simulator, tmp_path, settings=Settings(ascii=True))
    async with dashboard(start) as (app, pilot):
        assert shown(app).isascii()
        await pilot.press("enter")
        await until(lambda: "Connectivity" in shown(app), what="the device")
        assert shown(app).isascii()


async def test_a_store_of_a_newer_version_is_refused_with_a_sentence(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)):
        pass
    path = next(each for each in tmp_path.iterdir() if each.is_dir()) / "journal.db"
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", 99)
    connection.close()
    app = TsuiApp(launch(simulator, tmp_path))
    async with app.run_test():
        pass
    assert app.return_code == 1


def app_of(pilot: Pilot[int]) -> TsuiApp:
    assert isinstance(pilot.app, TsuiApp)
    return pilot.app


async def reads_of_its_own(pilot: Pilot[int]) -> None:
    app_of(pilot).place.note_all()


async def turns_the_wheel(pilot: Pilot[int]) -> None:
    rows = app_of(pilot).place.as_list().table
    for _ in range(100):
        await rows.on_mouse_scroll_down()


async def resizes(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(90, 30)


def presses(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    return lambda pilot: pilot.press(*keys)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(reads_of_its_own, id="news"),
        pytest.param(turns_the_wheel, id="wheel"),
        pytest.param(resizes, id="resize"),
        pytest.param(presses("G"), id="move"),
        pytest.param(presses("3"), id="screen"),
        pytest.param(presses("enter"), id="device"),
        pytest.param(presses("slash", "x"), id="filter"),
    ],
)
async def test_whatever_reads_from_a_closed_store_says_so_and_goes_on(
    simulator: Running, tmp_path: Path, act: Callable[[Pilot[int]], Awaitable[None]]
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await app.workspace.close()
        await act(pilot)
        await until(lambda: "was closed meanwhile" in flash(app), what="the reason")
        await pilot.press("escape", "z")
        # The screen is shown anew for it, and what that says stands in the place of its own words.
        await until(lambda: app.use_utc, what="the next key")
