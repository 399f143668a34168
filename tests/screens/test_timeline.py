"""The timeline on the screen: from the list by a key, zoomed, filtered, opened, exported."""

import csv
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.service.diagnosing import ShiftedClock
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.timeline.view import View
from tsui.settings import Settings
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
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
        await until(lambda: "Silent for" in under_cursor(app), what="the silence")
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
        for key, span in (
            ("plus", "1 d"), ("plus", "6 h"), ("minus", "1 d"), ("minus", "7 d"),
            ("minus", "31 d"), ("minus", "1 y"), ("plus", "31 d"),
        ):  # fmt: skip
            await pilot.press(key)
            await until(lambda span=span: view(app).span == span, what=span)
            assert view(app).cursor == cursor, key
            assert part(app).scrolled.cursor_key == cursor.key, key
        assert "\n 31 d" in shown(app)
        await pilot.press("slash", *"lane:usage", "enter")
        await until(lambda: "/lane:usage" in shown(app), what="the filter")
        assert {each.lane for each in view(app).shown} == {"usage"}
        await pilot.press("escape")
        await until(lambda: view(app).cursor == cursor, what="the moment before")
        assert part(app).scrolled.cursor_key == cursor.key
        until_then = view(app).until
        await pilot.press("comma")
        await until(lambda: view(app).until < until_then, what="an earlier stretch")
        await pilot.press("full_stop", "full_stop", "full_stop")
        await until(lambda: "ends here" in flash(app), what="the end")
        assert view(app).until == view(app).timeline.latest


async def test_a_filter_that_makes_no_sense_is_told_and_hides_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        total = len(view(app).shown)
        await pilot.press("slash", *"lane:zzz", "enter")
        await until(lambda: "There is no lane zzz" in flash(app), what="what is wrong")
        assert len(view(app).shown) == total
        await pilot.press("slash", *"zzzz", "enter")
        await until(lambda: "Nothing here holds that" in shown(app), what="the empty list")
        await pilot.press("right_square_bracket")
        await until(lambda: "No later anomaly that fits" in flash(app), what="no anomaly")
        await pilot.press("enter")
        await until(lambda: "no moment under the cursor" in flash(app), what="no moment")
        await pilot.press("slash", *"x", "escape")
        await until(lambda: view(app).wanted.text == "zzzz", what="the filter before")
        await pilot.press("escape", "escape")
        await until(lambda: not isinstance(app.place, DeviceScreen), what="the list")


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
        await until(lambda: len(view(app).shown) == 1, what="the change")
        await pilot.press("Y")
        await until(lambda: "Suspension Confirmed" in flash(app), what="the row, copied")
        await pilot.press("y")
        await until(lambda: re.search(r"Copied \S+T\S+Z$", flash(app)) is not None, what="its time")
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
        await until(lambda: "Zoom in" not in shown(app), what="the usage")
        await pilot.press("t")
        await until(lambda: "Zoom in" in shown(app), what="the timeline")
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


HOSTILE = "\x1b]52;c;AAAA\x07\u202e\x9b2J"


async def test_a_message_that_comes_is_on_it_at_once_and_acts_on_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=LARGE) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        body = {"deviceIds": [{"id": iccid, "kind": "iccid"}], "message": f"low {HOSTILE}"}
        now = app.workspace.clock.now().timestamp()
        service = "EnhancedConnectivityService"
        arrival = Arrival(b"1", now, service, "10.0.0.1", "", json.dumps(body).encode())
        await app.workspace.inbox.keep([arrival])
        await until(lambda: "SMS from the device: low" in shown(app), what="the message")
        text = shown(app)
        assert "\\x1b]52;c;AAAA\\x07" in text
        assert all(char.isprintable() for line in text.splitlines() for char in line)
        await pilot.press("slash", *"lane:sms", "enter")
        await until(lambda: len(view(app).shown) == 1, what="the message alone")
        await pilot.press("Y")
        await until(lambda: "low \\x1b]52" in flash(app), what="the row, copied")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, AnswerScreen), what="the evidence")
        await until(lambda: "deviceIds" in shown(app), what="what was told")
        assert all(char.isprintable() for line in shown(app).splitlines() for char in line)


async def test_time_goes_on_and_what_is_not_read_since_is_not_known(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    clock = ShiftedClock()
    async with dashboard(launch(simulator, tmp_path, clock=clock), size=SMALL) as (app, pilot):
        await open_timeline(app, pilot, iccid)
        await pilot.press("plus")
        began = view(app).until
        clock.shift = timedelta(hours=9)
        screen = app.place
        assert isinstance(screen, DeviceScreen)
        await until(lambda: _ticked(screen) and view(app).until > began + 8 * 3600, what="time")
        await pilot.pause()
        assert "read 9 h ago" in shown(app)
        assert "not known" in next(
            line for line in shown(app).splitlines() if line.startswith(" sessions")
        )


def _ticked(screen: DeviceScreen) -> bool:
    """Let ten seconds have gone by."""
    screen._show()
    return True
