"""The timeline on the screen: from the list by a key, zoomed, filtered, opened, exported."""

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.timeline.view import View
from tsui.settings import Settings
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.device_parts.timeline import MEMORY, TimelinePart
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.screens.device import DeviceScreen

SMALL, LARGE = (80, 24), (120, 40)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


def part(app: TsuiApp) -> TimelinePart:
    screen = app.place
    assert isinstance(screen, DeviceScreen)
    assert isinstance(screen.part, TimelinePart)
    return screen.part


def view(app: TsuiApp) -> View:
    return part(app)._pane.view


def under_cursor(app: TsuiApp) -> str:
    row = part(app).scrolled.current
    assert row is not None
    cursor = view(app).cursor
    assert cursor is not None
    assert row.key == cursor.key
    return row.sentence


async def open_timeline(app: TsuiApp, pilot: Pilot[int], iccid: str) -> None:
    """Open the timeline of a device from the list, and wait until it was read."""
    await pilot.press("slash", *iccid, "enter")
    await until(lambda: app.place.as_list().table.total == 1, what="the device")
    await pilot.press("t")
    await until(lambda: "moment" in shown(app), what="the timeline")

    def is_read() -> bool:
        made = view(app).timeline
        return made.read_at is not None and len(made.moments) > 50

    await until(is_read, what="the histories")
    await until(lambda: part(app).scrolled.total > 0, what="the moments")
    await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_key_shows_all_in_one_line_of_time(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "lost")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        text = shown(app)
        assert "to now" in text
        assert "anomalies" in text
        for row in ("sessions", "usage", *(["identity", "sms"] if size == LARGE else ["changes"])):
            assert f"\n {row}" in text, text
        assert "Session of" in text
        assert "not known: no callback was ever kept here" in text
        assert max(len(line.rstrip()) for line in text.splitlines()) <= size[0]
        await pilot.press("left_square_bracket")
        assert "Silent for" in under_cursor(app)
        assert "times its usual" in shown(app)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, AnswerScreen), what="the evidence")
        await until(lambda: "Stop" in shown(app), what="what was told")
        await pilot.press("escape")
        assert "Silent for" in under_cursor(app)


async def test_zoom_pan_and_filter_keep_the_cursor_on_its_moment(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        while not under_cursor(app).startswith("Session of"):
            await pilot.press("j")
        await pilot.press("j", "j")
        cursor = view(app).cursor
        assert cursor is not None
        for key in ("plus", "plus", "minus", "minus", "minus", "minus", "equals_sign"):
            await pilot.press(key)
            assert view(app).cursor == cursor, key
            assert part(app).scrolled.cursor_key == cursor.key, key
        assert view(app).span == "31 d"
        assert "\n 31 d" in shown(app)
        await pilot.press("slash", *"lane:usage", "enter")
        assert {each.lane for each in view(app).shown} == {"usage"}
        assert "/lane:usage" in shown(app)
        await pilot.press("escape")
        assert view(app).cursor == cursor
        assert part(app).scrolled.cursor_key == cursor.key
        until_then = view(app).until
        await pilot.press("comma")
        assert view(app).until < until_then
        await pilot.press("full_stop", "full_stop", "full_stop")
        assert view(app).until == view(app).timeline.latest
        assert "ends here" in flash(app)


async def test_a_filter_that_makes_no_sense_is_told_and_hides_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        total = len(view(app).shown)
        await pilot.press("slash", *"lane:zzz", "enter")
        assert "There is no lane zzz" in flash(app)
        assert len(view(app).shown) == total
        await pilot.press("slash", *"zzzz", "enter")
        assert "Nothing here holds that" in shown(app)
        await pilot.press("right_square_bracket")
        assert "No later anomaly that fits the filter" in flash(app)
        await pilot.press("enter")
        assert "no moment under the cursor" in flash(app)
        await pilot.press("slash", *"x", "escape")
        assert view(app).wanted.text == "zzzz"
        await pilot.press("escape", "escape")
        assert not isinstance(app.place, DeviceScreen)


async def test_stretch_and_filter_are_remembered_and_all_comes_from_the_cache(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "reconnect-loop")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        await pilot.press("minus")
        await pilot.press("slash", *"is:anomaly", "enter")
        await until(lambda: "Burst of" in shown(app), what="the burst")

        async def is_kept() -> bool:
            kept = await app.workspace.recall(MEMORY, {})
            return bool(kept == {"span": "31 d", "filter": "is:anomaly"})

        await until(is_kept, what="the memory of it")
    simulator.world.faults.append(Fault("hang", "", times=-1))
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=SMALL, synced=False) as (app, pilot):
        await until(lambda: app.place.as_list().table.total == 1, what="the device")
        await pilot.press("t")
        await until(lambda: "Burst of" in shown(app), what="the burst, offline")
        assert view(app).span == "31 d"
        assert "/is:anomaly" in shown(app)


async def test_what_is_in_view_is_exported_and_copied(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=LARGE) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        await pilot.press("slash", *"lane:line", "enter")
        assert "Suspension Confirmed" in under_cursor(app)
        await pilot.press("Y")
        assert "Suspension Confirmed" in flash(app)
        await pilot.press("y")
        assert "T" in flash(app)
        assert "Z" in flash(app)
        await pilot.press("colon", *"export csv", "enter")
        await until(lambda: "Exported 1 moment" in flash(app), what="the CSV file")
        (file,) = tmp_path.glob("tsui-timeline-*.csv")
        (row,) = csv.DictReader(file.read_text().splitlines())
        assert row["lane"] == "line"
        assert "state change" in row["anomaly"]
        await pilot.press("colon", *"export jsonl", "enter")
        await until(lambda: ".jsonl" in flash(app), what="the JSON lines")
        (file,) = tmp_path.glob("tsui-timeline-*.jsonl")
        assert json.loads(json.loads(file.read_text())["raw"])["event"] == "Suspension Confirmed"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine be in another zone."""
    monkeypatch.setenv("TZ", "HERE+5")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
async def test_times_are_in_utc_on_a_key_and_tabs_keep_the_place(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        assert " HERE " in shown(app)
        await pilot.press("j", "j", "j", "plus", "z")
        cursor = view(app).cursor
        await until(lambda: " UTC " in shown(app), what="the zone")
        await pilot.press("u")
        assert "Zoom in" not in shown(app)
        await pilot.press("t")
        assert view(app).cursor == cursor
        assert view(app).span == "1 d"
        await pilot.resize_terminal(*LARGE)
        await until(lambda: "\n callbacks" in shown(app), what="a row for each lane")
        assert view(app).cursor == cursor


async def test_in_ascii_nothing_is_lost(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "lost")["iccid"]
    start = launch(simulator, tmp_path, settings=Settings(ascii=True))
    async with dashboard(start, size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        text = shown(app)
        assert text.isascii(), [char for char in text if not char.isascii()]
        sessions = next(line for line in text.splitlines() if line.startswith(" sessions"))
        assert any(sign in sessions for sign in ".:|#")
        anomalies = next(line for line in text.splitlines() if line.startswith(" anomalies"))
        assert "!" in anomalies


async def test_a_terminal_of_the_smallest_size_still_shows_the_list(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(60, 12)) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        text = shown(app)
        assert "\n all" in text
        assert "Session of" in text
