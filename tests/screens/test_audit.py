"""The audit on the screen: why something is done, what was done, and the way to find it again."""

import json
from pathlib import Path

import pytest

from tests.screens.test_operations import comes
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.audit import AuditRow
from tsui.ui.app import TsuiApp

STRICT = Settings(note_required=True)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


async def events(app: TsuiApp) -> list[AuditRow]:
    return await app.workspace.audit.after(0, 1000)


async def until_event(app: TsuiApp, event: str) -> None:
    async def there() -> bool:
        return any(row.event == event for row in await events(app))

    await until(there, what=f"the event {event}")


async def test_a_note_is_offered_in_the_dialog_and_kept(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("S")
        assert "say why" in shown(app)
        await pilot.press("tab", *"ticket", "enter")
        assert "Why: ticket" in shown(app)
        await pilot.press("y")
        await until_event(app, "intended")
        assert (await events(app))[0].note == "ticket"


async def test_where_a_note_is_demanded_it_is_asked_for_before_anything_is_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path, settings=STRICT)) as (app, pilot):
        await pilot.press("S", "y", "enter")
        assert "Why is it done?" in shown(app)
        await pilot.press("escape")
        assert "is needed" in shown(app)
        await pilot.press("escape")
        assert "Nothing was sent" in flash(app)
        assert await events(app) == []
        await pilot.press("S", "y", *"ticket", "enter")
        await until_event(app, "intended")
        assert (await events(app))[0].note == "ticket"


async def test_an_operation_asks_for_the_note_too(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path, settings=STRICT)) as (app, pilot):
        await pilot.press("colon", *"op", "space", *"ReadSmsQueue", "enter")
        await pilot.pause()
        await pilot.press("S")
        assert "is needed" in shown(app)
        await pilot.press(*"yes", "enter", *"ticket", "enter")
        await until_event(app, "intended")
        assert (await events(app))[0].note == "ticket"


async def test_events_are_shown_newest_first_filtered_opened_and_exported(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("S", "y")
        await until_event(app, "succeeded")
        await pilot.press("colon", *"audit", "enter")
        await comes(app, lambda: "succeeded" in shown(app), "the events")
        text = shown(app)
        assert text.index("succeeded") < text.index("accepted") < text.index("intended")
        total = app.place.as_list().table.total
        await pilot.press("slash", *"INTENDED", "enter")
        assert app.place.as_list().table.total == 1
        await pilot.press("x", "down", "enter")
        await comes(app, lambda: "Exported 1 event" in flash(app), "the file")
        (file,) = tmp_path.glob("tsui-audit-*.jsonl")
        (line,) = file.read_text().splitlines()
        assert json.loads(line)["event"] == "intended"
        await pilot.press("enter")
        await comes(app, lambda: "Event 1: intended" in shown(app), "the event")
        assert "accountName" in shown(app)
        await pilot.press("escape", "escape")
        assert app.place.as_list().table.total >= total
        await pilot.press("slash", *"zzz", "enter")
        assert "Nothing here holds that" in shown(app)
