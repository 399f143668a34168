"""The filter of the list of devices, as it is typed, corrected, completed, left and remembered."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.service.parts import Part
from tsui.service.views import DeviceRow, Topic
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui import device_source
from tsui.ui.app import TsuiApp
from tsui.ui.painted import Line, plain
from tsui.ui.screens.devices import PLACE, DevicesScreen
from tsui.ui.screens.help import help_lines


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=150, delay=0.3)


async def type_text(app: TsuiApp, pilot: Pilot[int], text: str) -> None:
    """Type into the open prompt, as it is pasted."""
    app.screen.query_one("#prompt-input", Input).insert_text_at_cursor(text)
    await pilot.pause()
    await app.workers.wait_for_complete(
        [each for each in app.workers if each.group in ("filter", "count", "suggestions")]
    )
    await pilot.pause()


def total(app: TsuiApp) -> int:
    return app.place.as_list().table.total


async def test_fields_and_words_are_asked_together(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        states = dict(await app.workspace.tally("state"))
        await pilot.press("slash")
        await type_text(app, pilot, "state:suspended")
        assert 0 < total(app) == states["suspend"] < 150
        await type_text(app, pilot, " or -state:suspend")
        assert total(app) == 150


async def test_a_bad_filter_keeps_the_rows_and_says_where(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("slash")
        await type_text(app, pilot, "truck")
        found = total(app)
        assert 0 < found < 150
        await type_text(app, pilot, " stat:active")
        assert total(app) == found
        assert "did you mean state?" in shown(app)
        assert "/truck " in shown(app)
        prompt = app.screen.query_one("#prompt-input", Input)
        underlined = [each for each in prompt.render_line(0) if each.style and each.style.underline]
        assert "".join(each.text for each in underlined) == "stat"
        await pilot.press("enter")
        assert app.place.prompt_sign == "/"
        await pilot.press("escape")
        assert app.place.prompt_sign == ""
        assert total(app) == 150
        assert "did you mean" not in shown(app)


async def test_what_is_not_finished_yet_is_told_and_does_no_harm(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("slash")
        await type_text(app, pilot, "truck connected:")
        assert "A value is missing here, e.g. connected:no" in shown(app)
        assert total(app) == 150
        await type_text(app, pilot, "maybe")
        assert "connected is yes, no or unknown" in shown(app)


async def test_names_and_known_values_are_completed(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        plans = [plan for plan, _ in await app.workspace.tally("plan") if plan]
        await pilot.press("slash")
        prompt = app.screen.query_one("#prompt-input", Input)
        await type_text(app, pilot, "pl")
        await until(lambda: prompt._suggestion == "plan:", what="the suggestion")
        await pilot.press("tab")
        assert prompt.value == "plan:"
        await until(lambda: len(prompt._suggestion) > 5, what="the suggested plan")
        await pilot.press("tab", "enter")
        assert prompt.value.removeprefix("plan:").strip('"') == plans[0]
        assert 0 < total(app) < 150


async def test_a_count_that_takes_long_is_begun_with_and_follows(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_source, "MANY", 20)
    monkeypatch.setattr("tsui.ui.screens.devices.MANY", 20)
    titles: list[str] = []
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        place = app.place
        paint = place.title_line.paint

        def note(lines: Sequence[Line]) -> None:
            titles.append(plain(lines[0]))
            paint(lines)

        monkeypatch.setattr(place.title_line, "paint", note)
        await pilot.press("slash")
        await type_text(app, pilot, "8914")
        await until(lambda: total(app) == 150, what="the exact count")
        assert any("more than 20" in title for title in titles)
        assert "more than" not in titles[-1]
        await pilot.press("enter", "G")
        assert place.as_list().table.cursor == 149
        await pilot.press("escape")
        assert place.as_list().table.cursor == 149


async def test_a_remembered_filter_that_is_none_any_more_does_no_harm(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        place = app.place
        assert isinstance(place, DevicesScreen)
        await app.workspace.remember(f"{PLACE} {app.workspace.account}", {"filter": "stat:(old"})
        place._here = ("", "")
        await place.workspace_changed()
        assert total(app) == 150
        assert "stat:" not in shown(app)


async def test_the_help_lists_the_fields(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        text = "\n".join(plain(line) for line in help_lines(app.place))
        assert "last>7d" in text
        assert "Service plan." in text
        await app.go("requests")
        assert "Service plan." not in "\n".join(plain(line) for line in help_lines(app.place))


async def test_news_and_a_filter_at_the_same_time_leave_rows_of_the_filter(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        place = app.place
        await place.set_filter("truck")
        found = total(app)
        for works in (["", "news", "truck"], ["news", "", "news", "truck", "news"]):
            await asyncio.gather(
                *(
                    place.show_news(frozenset({Topic.DEVICES}))
                    if work == "news"
                    else place.set_filter(work)
                    for work in works
                )
            )
            assert total(app) == found < 150
            assert "/truck" in shown(app)


async def test_usage_is_asked_for_once_it_was_read(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        place = app.place
        await place.set_filter("has:usage")
        assert total(app) == 0
        await place.set_filter("")
        row = place.as_list().table.current
        assert isinstance(row, DeviceRow)
        app.workspace.refresh_device(row, (Part.USAGE,))
        await until(lambda: is_read(app, row), what="the usage")
        reading = await app.workspace.reading(row.id, Part.USAGE)
        assert reading is not None
        count = sum(day["bytes"] for day in reading.body)
        for typed, found in (
            ("has:usage", 1),
            (f"usage>={count}", 1),
            (f"usage>{count}", 0),
            (f"usage<{count}", 0),
            ("-has:usage", 149),
        ):
            await place.set_filter(typed)
            assert total(app) == found
        await pilot.pause()


async def is_read(app: TsuiApp, row: DeviceRow) -> bool:
    reading = await app.workspace.reading(row.id, Part.USAGE)
    return reading is not None and reading.body is not None
