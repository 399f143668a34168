"""Usage of a device on the screen: chart, sentences and table, at both sizes and in ASCII."""

import csv
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.settings import Settings
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp

USAGE = "/usage/actions/list"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=120)


async def open_usage(app: TsuiApp, pilot: Pilot[int], iccid: str = "") -> None:
    """Open the usage of a device and wait for the first reading."""
    words = iccid or "is:active truck"
    await pilot.press("slash", *["space" if each == " " else each for each in words], "enter")
    await until(lambda: 0 < app.place.as_list().table.total < 60, what="the device")
    await pilot.press("u")
    await until(lambda: "Day (UTC)" in shown(app), what="the table")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_shows_chart_sentences_and_table(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await open_usage(app, pilot)
        text = shown(app)
        for part in ("Cycle", "Plan M2M", "(inferred)", "Late: data 15 min", "⣿ used", "Day (UTC)"):
            assert part in text, text
        assert sum("so far" in line for line in text.splitlines()) >= 2
        assert max(len(line.rstrip()) for line in text.splitlines()) <= size[0]
        assert ("What this rests on" in text) == (size[0] == 120)
        await pilot.press("G")
        assert "sizeKb" in shown(app)


async def test_the_group_is_read_compared_and_marked(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(120, 40)) as (app, pilot):
        await open_usage(app, pilot)
        await until(lambda: "others read" in shown(app), what="the offer")
        simulator.world.settings.latency = 0.2
        await pilot.press("c")
        await until(lambda: "c stops" in shown(app), what="the progress")
        await until(lambda: "o group" in shown(app), what="the median")
        assert "median of the" in shown(app)
        await pilot.press("c")
        await until(lambda: "Stopped" in flash(app), what="the end")
        await until(lambda: "Reading usage" not in shown(app), what="the end of the progress")
        assert "median of the" in shown(app)


async def test_longer_spans_are_read_on_demand(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await open_usage(app, pilot)
        for months, size in ((3, 2), (6, 3), (12, 6)):
            simulator.world.log.clear()
            await pilot.press("w")
            assert f"Usage of {months} months." in flash(app)
            await until(lambda size=size: f"most of {size} days" in shown(app), what="the span")
        await until(lambda: "Reading usage" not in shown(app), what="the end")
        await pilot.press("w")
        assert "Usage of 31 days." in flash(app)
        assert "most of" not in shown(app)


async def test_days_add_up_over_the_cycle_to_the_plan(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "plan-used-up")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await open_usage(app, pilot, iccid)
        await until(lambda: "used up on" in shown(app), what="the day")
        assert "╌╌ plan a day" in shown(app)
        await pilot.press("a")
        assert "╌╌ plan " in shown(app)
        assert "plan a day" not in shown(app)
        await pilot.press("a")
        assert "plan a day" in shown(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_device_that_told_of_no_day_used_no_zero_bytes(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "never-connected")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await open_usage(app, pilot, iccid)
        await until(lambda: "told of none of" in shown(app), what="the sentence")
        text = shown(app)
        assert "⣿" not in text
        assert "not told" in text
        assert "0 B in" not in text


async def test_usage_abroad_is_told_apart(simulator: Running, tmp_path: Path) -> None:
    iccid = play_named(simulator.world, "roaming")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(120, 40)) as (app, pilot):
        await open_usage(app, pilot, iccid)
        await until(lambda: "Abroad:" in shown(app), what="usage abroad")
        assert "A abroad" in shown(app)


async def test_ascii_draws_the_same_chart(simulator: Running, tmp_path: Path) -> None:
    start = launch(simulator, tmp_path, settings=Settings(ascii=True))
    async with dashboard(start, size=(80, 24)) as (app, pilot):
        await open_usage(app, pilot)
        lines = shown(app).splitlines()
        first = next(n for n, line in enumerate(lines) if "By " in line)
        chart = lines[first + 1 : next(n for n, line in enumerate(lines) if "# used" in line) + 1]
        assert any("###" in line for line in chart)
        assert any(":::" in line for line in chart)
        assert all(line.isascii() and "?" not in line for line in chart), chart


async def test_the_days_are_exported_and_copied(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        monkeypatch.setattr(app, "copy", copied.append)
        await open_usage(app, pilot)
        await until(lambda: "⣿" in shown(app), what="the chart")
        for form in ("csv", "jsonl"):
            await pilot.press("colon", *"export", "space", *form, "enter")
            await until(lambda form=form: f".{form}" in flash(app), what="the export")
        await pilot.press("y", "Y")
    table = list(csv.DictReader(next(tmp_path.glob("tsui-usage-*.csv")).read_text().splitlines()))
    assert len(table) == 31
    assert table[0]["day_utc"] > table[1]["day_utc"]
    lines = next(tmp_path.glob("tsui-usage-*.jsonl")).read_text().splitlines()
    assert {json.loads(line)["known"] for line in lines} <= {"told", "not told"}
    identifier, days = copied
    assert identifier.isdecimal()
    assert days.startswith("day_utc\tknown\t")
    assert len(days.splitlines()) == 32


async def test_a_reading_that_fails_says_why_and_not_zero(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("html", USAGE, times=-1))
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("u")
        await until(lambda: "could not be read" in shown(app), what="the failure")
        assert "0 B" not in shown(app)
        simulator.world.faults.clear()
        await pilot.press("r")
        await until(lambda: "Day (UTC)" in shown(app), what="the table")


async def test_offline_the_remembered_usage_is_shown_with_its_age(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("u")
        await until(lambda: "Day (UTC)" in shown(app), what="the table")
    simulator.world.faults.append(Fault("hang", "oauth2", times=-1))
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=(80, 24), synced=False) as (app, pilot):
        await until(lambda: app.place.as_list().table.total > 0, what="the devices")
        await pilot.press("u")
        await until(lambda: "Read under 1 min ago" in shown(app), what="the age")
        await pilot.press("c")
        await until(lambda: flash(app) != "", what="the reason")
        assert "Reading the usage" not in flash(app)
