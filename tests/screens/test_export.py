"""Exports from the screens: whole files or none, told about, and stopped by the same key."""

import asyncio
import csv
import importlib
import json
import pkgutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.views import DeviceQuery, DeviceRow
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui import export, screens
from tsui.ui.app import TsuiApp
from tsui.ui.commands.lists import Export
from tsui.ui.screens.list_place import ListPlace


def lists() -> list[type[ListPlace]]:
    """Return every list of the program."""
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        importlib.import_module(module.name)
    found: list[type[ListPlace]] = []
    pending = [ListPlace]
    while pending:
        found += (under := pending.pop().__subclasses__())
        pending += under
    # One that others are made of is no list by itself.
    lists = (kind for kind in found if not kind.__subclasses__())
    return [kind for kind in lists if kind.__module__.startswith("tsui.")]


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=150)


def exported(folder: Path) -> list[Path]:
    """Return the files of exports, whole or not."""
    return sorted(folder.glob("tsui-devices-*"))


class Slow:
    """Has the stream of devices wait behind its first page."""

    def __init__(self, app: TsuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = app.workspace.stream_devices
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        monkeypatch.setattr(app.workspace, "stream_devices", self.stream)

    async def stream(self, query: DeviceQuery) -> AsyncGenerator[list[DeviceRow], None]:
        async for rows in self._real(query):
            yield rows[:100]
            self.begun.set()
            await self.go_on.wait()
            yield rows[100:]


async def test_the_filtered_rows_are_exported_in_their_order(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("slash", *"truck", "enter", "x", "enter")
        await until(lambda: "Exported" in flash(app), what="the export")
        total = app.place.as_list().table.total
        assert 0 < total < 150
        (path,) = exported(tmp_path)
        assert str(path) in flash(app)
        assert path.stat().st_mode & 0o777 == 0o600
        _, *rows = csv.reader(path.read_text().splitlines())
        assert len(rows) == total
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)


async def test_a_long_export_says_how_far_it_is_and_has_its_name_at_its_end(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PATIENCE", 0.0)
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        slow = Slow(app, monkeypatch)
        await pilot.press("x", "enter")
        await slow.begun.wait()
        await until(lambda: "100 of 150; x stops it" in flash(app), what="how far it is")
        assert [path.suffix for path in exported(tmp_path)] == [".part"]
        slow.go_on.set()
        await until(lambda: "Exported 150 devices" in flash(app), what="the export")
        assert [path.suffix for path in exported(tmp_path)] == [".csv"]


async def test_the_same_key_stops_it_and_nothing_is_left(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        slow = Slow(app, monkeypatch)
        await pilot.press("x", "enter")
        await slow.begun.wait()
        await pilot.press("x")
        await until(lambda: "was stopped" in flash(app), what="the stop")
        await until(lambda: not exported(tmp_path), what="the end of the file")
        slow.go_on.set()
        await pilot.press("x", "enter")
        await until(lambda: "Exported 150 devices" in flash(app), what="another export")


async def test_a_folder_that_cannot_be_written_is_told(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        app.profiles.settings = app.profiles.settings._replace(download_folder="/proc/nowhere")
        await pilot.press("x", "enter")
        await until(lambda: "The export failed: /proc/nowhere" in flash(app), what="the reason")


async def test_the_format_is_asked_and_the_last_one_is_offered_first(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("x")
        await until(lambda: "Export 150 devices as" in shown(app), what="the question")
        await pilot.press("escape")
        assert exported(tmp_path) == []
        await pilot.press("x", "down", "enter")
        await until(lambda: "Exported 150 devices" in flash(app), what="the export")
        (path,) = exported(tmp_path)
        assert path.suffix == ".jsonl"
        records = [json.loads(line) for line in path.read_text().splitlines()]
        assert len({each["iccid"] for each in records}) == 150
        path.unlink()
        await pilot.press("x", "enter")
        await until(lambda: len(exported(tmp_path)) == 1, what="another export")
        await until(lambda: exported(tmp_path)[0].suffix == ".jsonl", what="the same format")


async def test_a_format_can_be_named_and_one_that_is_none_is_refused(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("colon", *"export", "space", *"xml", "enter")
        assert "exported as csv or jsonl, not as xml" in flash(app)
        await pilot.press("colon", *"export", "space", *"csv", "enter")
        await until(lambda: "Exported 150 devices" in flash(app), what="the export")
        assert [path.suffix for path in exported(tmp_path)] == [".csv"]


async def test_the_numbers_of_the_overview_are_exported(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("1")
        await until(lambda: "active" in shown(app), what="the overview")
        await pilot.press("x", "enter")
        await until(lambda: "Exported" in flash(app), what="the export")
        (path,) = tmp_path.glob("tsui-overview-*.csv")
        rows = {row["number"]: row for row in csv.DictReader(path.read_text().splitlines())}
        assert rows["devices"]["value"] == "150"


@pytest.mark.parametrize("kind", lists(), ids=lambda kind: kind.__name__)
def test_every_list_that_offers_an_export_has_one(kind: type[ListPlace]) -> None:
    assert (Export in kind.COMMANDS_HERE) == (kind.exports is not ListPlace.exports)
