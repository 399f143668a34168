"""Triggers on the screen: read, made, changed and deleted, each over the one road."""

from pathlib import Path

import pytest

from tests.screens.test_operations import comes, form
from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.triggers import CreateTrigger, DataTrigger
from tsui.ui.app import TsuiApp
from tsui.ui.screens.form import FormScreen
from tsui.ui.screens.triggers import TriggersScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.05)


async def make(app: TsuiApp) -> None:
    """Make a trigger behind the screen's back."""
    group = next(iter({row.groups for row in app.place.as_list().table.shown if row.groups}))
    await app.workspace.perform(
        CreateTrigger(
            name="Too much", account_name=app.workspace.account, group_name=group.split(",")[0],
            trigger_category="DeviceDataUsage", trigger_cycle="Monthly",
            data_trigger_request=DataTrigger(comparator="gt", threshold=5, threshold_unit="MB"),
        )
    )  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_trigger_is_read_changed_and_deleted(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await make(app)
        await pilot.press("6", "t")
        await until(lambda: isinstance(app.place, TriggersScreen), what="the triggers")
        await comes(app, lambda: "gt 5 MB" in shown(app), "the trigger")
        await pilot.press("e")
        await until(lambda: isinstance(app.place, FormScreen), what="the form")
        assert form(app).values["dataTriggerRequest.threshold"] == "5"
        assert form(app).values["triggerId"]
        form(app).values["dataTriggerRequest.threshold"] = "7"
        await pilot.press("S")
        await comes(app, lambda: "Type " in shown(app) or "y " in shown(app), "the question")
        await pilot.press(*"yes", "enter")
        (kept,) = simulator.world.triggers
        await until(lambda: kept.condition[1].get("threshold") == 7, what="the change")
        await until(lambda: not isinstance(app.place, FormScreen), what="the end of the form")
        await pilot.press("escape")
        await comes(app, lambda: "gt 7 MB" in shown(app), "the changed trigger")
        await pilot.press("X")
        await comes(app, lambda: "Delete a Trigger" in shown(app), "the question")
        await pilot.press(*"yes", "enter")
        await until(lambda: not list(simulator.world.triggers), what="the end of it")


async def test_without_triggers_it_says_how_to_make_one(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("colon", *"triggers", "enter")
        await comes(app, lambda: "ThingSpace watches nothing yet." in shown(app), "the sentence")
        await pilot.press("n")
        await until(lambda: isinstance(app.place, FormScreen), what="the form")
        assert form(app).info.name == "CreateTrigger"
