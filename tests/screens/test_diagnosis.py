"""Why offline: at once from what is remembered, then from a fresh reading, with its evidence."""

import time
from collections import Counter
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.test_places import current
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.painted import plain
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.widgets.entry_pane import EntryPane


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


CALLS = (
    "/devices/actions/list", "/extendeddiagnostics/actions/list", "/history/actions/list",
    "/usage/actions/list", "/imeiiccidmismatch", "/connections/actions/listHistory",
    "/callbacks/0742000123-00001",
)  # fmt: skip
"""What a verdict reads; the connection history in three windows."""


def told(app: TsuiApp) -> str:
    """Return what is shown, without the breaks of its lines."""
    return " ".join(shown(app).split())


def under_cursor(app: TsuiApp) -> str:
    """Return the line the cursor is on."""
    pane = app.place.focus_target
    assert isinstance(pane, EntryPane)
    return plain(pane._entries[pane._cursor].line)


async def choose(app: TsuiApp, pilot: Pilot[int], iccid: str) -> None:
    """Put the cursor on a device."""
    await pilot.press("slash", *iccid, "enter")
    await until(lambda: app.place.as_list().table.total == 1, what="the device")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_says_why_and_every_line_opens_its_evidence(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await choose(app, pilot, iccid)
        await pilot.press("d")
        await until(lambda: "by portal.jwhitfield" in told(app), what="who did it")
        assert "■ STOP" in shown(app)
        assert "Find out why, then restore it." in shown(app)
        lines = [line.rstrip() for line in shown(app).splitlines()]
        assert max(map(len, lines)) <= size[0]
        while "eventType" not in under_cursor(app):
            await pilot.press("j")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, AnswerScreen), what="the evidence")
        await until(lambda: "Suspension Confirmed" in shown(app), what="what ThingSpace said")
        await pilot.press("escape")
        await pilot.press("tab", "tab")
        assert "Diagnostics" in shown(app)
        await pilot.press("enter")
        assert not isinstance(app.screen, AnswerScreen)


async def test_the_verdict_is_there_at_once_without_a_network(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "lost")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await choose(app, pilot, iccid)
        await pilot.press("d")
        await until(lambda: "times its usual" in told(app), what="the verdict")
    simulator.world.faults.append(Fault("hang", "oauth2", times=-1))
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=(80, 24), synced=False) as (app, pilot):
        await until(lambda: app.place.as_list().table.total == 1, what="the device")
        row = current(app)
        began = time.perf_counter()
        verdict = await app.workspace.desks.verdicts.on(row)
        took = time.perf_counter() - began
        assert verdict.finding is not None
        assert took < 0.1, f"{1000 * took:.0f} ms"
        await pilot.press("d")
        await until(lambda: "times its usual" in told(app), what="the verdict, offline")
        assert "inference" in shown(app)


async def test_what_is_missing_is_told_and_not_guessed(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "lost")["iccid"]
    simulator.world.faults.append(Fault("html", "/history/", times=-1))
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await choose(app, pilot, iccid)
        await pilot.press("d")
        missing = "provisioning history could not be read"
        await until(lambda: missing in told(app), what="what is missing")
        await until(lambda: "Found so far: Silent" in told(app), what="what is known")
        assert "? UNKNOWN" in shown(app)


async def test_everything_is_read_in_one_round(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await choose(app, pilot, iccid)
        simulator.world.settings.latency = 0.3
        simulator.world.log.clear()
        simulator.world.most_in_flight = 0
        await pilot.press("d")
        await until(lambda: "● OK      Silent" in shown(app), what="the verdict")
        paths = Counter(seen.path for seen in simulator.world.log)
        assert paths.total() == len(CALLS) + 2, paths
        assert all(any(path.endswith(each) for path in paths) for each in CALLS), paths
        assert simulator.world.most_in_flight >= 4, "as many at once as the client sends"
        await pilot.press("y")
        assert "copied" in flash(app).lower()


async def test_a_simulated_device_is_made_sick_and_its_cause_is_found(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("colon", *"scenario", "space", "s")
        await until(lambda: bool(app.workspace.desks.practice.scenarios), what="the names")
        await pilot.press(*"uspended", "enter")
        await until(lambda: "d finds the cause" in flash(app), what="the situation")
        await pilot.press("d")
        await until(lambda: "■ STOP" in shown(app), what="the verdict")
        assert "suspended" in told(app)
        await pilot.press("escape", "colon", *"scenario", "space", *"flu", "enter")
        await until(lambda: "There is no scenario 'flu'" in flash(app), what="the refusal")
