"""Two devices side by side: offered, marked or named, from the cache at once, whole at 80x24."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.test_diagnosis import choose, told
from tests.screens.test_places import current
from tests.service.cases import touched
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.views import DeviceRow
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.choose import Choose
from tsui.ui.screens.twin import TwinScreen

HOSTILE = "\x1b[2J\u202eevil\u200b| x |\n# h"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200)


async def compared(app: TsuiApp) -> None:
    await until(lambda: isinstance(app.screen, TwinScreen), what="the comparison")
    await until(lambda: "Different" in shown(app), what="the differences")


async def unfold(app: TsuiApp, pilot: Pilot[int]) -> str:
    """Return all lines of the comparison, unfolded, whatever the screen has room for."""
    await pilot.press("tab")
    pane = app.place.focus_target
    return "\n".join("".join(text for text, _ in line) for line in pane._lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_offers_devices_like_it_and_compares(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await choose(app, pilot, iccid)
        await pilot.press("equals_sign")
        await until(lambda: isinstance(app.screen, Choose), what="the offer")
        await until(lambda: "same " in told(app), what="why each")
        await pilot.press("enter")
        await compared(app)
        assert f"A {iccid}" in shown(app)
        assert "suspended" in told(app)
        asked = len(simulator.world.log)
        await pilot.press("r")
        await until(lambda: "■ STOP" in shown(app), what="both read anew")
        assert len(simulator.world.log) > asked
        whole = await unfold(app, pilot)
        assert "The same" in whole
        assert "have to differ" in whole
        lines = [line.rstrip() for line in shown(app).splitlines()]
        assert max(map(len, lines)) <= size[0]
        await pilot.press("o")
        await until(lambda: f"B {iccid}" in shown(app), what="the other way round")
        await pilot.press("x")
        await until(lambda: "Exported to" in flash(app), what="the export")
        (data,) = tmp_path.glob("tsui-twin-*.json")
        assert json.loads(data.read_text())["b"]["identifier"] == iccid
        await pilot.press("escape")
        assert not isinstance(app.screen, TwinScreen)


async def test_two_marked_devices_are_compared_and_three_are_not(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        first = current(app)
        await pilot.press("space")
        second = current(app)
        await pilot.press("space", "equals_sign")
        await compared(app)
        assert {first.iccid, second.iccid} <= set(told(app).split())
        await pilot.press("escape", "space", "equals_sign")
        assert "Mark exactly two devices" in flash(app)
        assert not isinstance(app.screen, TwinScreen)


async def test_one_is_named_on_the_command_line(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        first = current(app)
        await pilot.press("j")
        second = current(app)
        await pilot.press("colon", *f"twin {first.iccid}", "enter")
        await compared(app)
        assert f"A {second.iccid}" in shown(app)
        await pilot.press("colon", *"twin 000000000000", "enter")
        await until(lambda: "No device known here" in flash(app), what="why not")
        await pilot.press("colon", *f"twin {second.iccid}", "enter")
        await until(lambda: "the same device" in flash(app), what="why not")


async def test_hostile_values_act_on_nothing_and_offline_it_is_said(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, _):
        row: DeviceRow = current(app)
        theirs = touched(simulator, row)
        theirs.group, theirs.custom[0] = HOSTILE, HOSTILE
        await app.workspace.desks.verdicts.read(row)
        fresh = (await app.workspace.devices([row.id]))[0]
        await app.push_screen(TwinScreen(fresh, fresh))
        await compared(app)
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=(80, 24)) as (app, pilot):
        row = current(app)
        await pilot.press("j")
        await app.push_screen(TwinScreen(row, current(app)))
        await compared(app)
        whole = await unfold(app, pilot)
        assert not [char for char in whole if ord(char) < 32 and char != "\n"]
        assert "\u202e" not in whole
        assert "\\x1b[2J" in whole
        assert "not read yet" in whole, "the other one was never read"
