"""Operations by keyboard: found, filled in, shown exactly, sent once, answered."""

import csv
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.test_places import current
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.operations import operations
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.form import FormScreen
from tsui.ui.screens.operations import OperationsScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


async def op(pilot: Pilot[int], text: str) -> None:
    """Type a command for an operation."""
    await pilot.press("colon", *"op", "space", *("space" if c == " " else c for c in text))
    await pilot.press("enter")
    await pilot.pause()


async def comes(app: TsuiApp, condition: Callable[[], bool], what: str) -> None:
    """Wait for something on the screen; fails with what is there instead."""
    try:
        await until(condition, what=what)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{shown(app)}") from None


def shows(app: TsuiApp, text: str) -> bool:
    return text in shown(app)


def form(app: TsuiApp) -> FormScreen:
    """Return the form in front."""
    assert isinstance(app.screen, FormScreen), shown(app)
    return app.screen


async def sms_form(app: TsuiApp) -> None:
    """Open the form of a text for the device under the cursor."""
    await app.operations.open_form("SendSms", app.place.selected_ids())


def is_exported(app: TsuiApp, kind: str) -> bool:
    """Tell whether the app says that it wrote a file of a kind."""
    return flash(app).endswith(f".{kind}")


def changes_seen(simulator: Running) -> list[str]:
    """Return the paths of everything but reads that reached the simulator."""
    return [each.path for each in simulator.world.log if each.path.endswith(("/sms", "/suspend"))]


async def test_an_operation_is_found_by_initials_and_by_words(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await op(pilot, "gsh")
        assert form(app).info.name == "GetSmsHistory"
        await pilot.press("escape")
        await op(pilot, "sms")
        assert isinstance(app.screen, OperationsScreen)
        assert "SendSms" in shown(app)
        await pilot.press(*"queue", "enter")
        assert form(app).info.name == "ReadSmsQueue"


async def test_every_operation_has_a_form_that_opens_and_closes(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        for info in operations():
            await app.operations.open_form(info.name)
            await pilot.pause()
            assert info.name in shown(app)
            await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_a_read_shows_a_table_and_a_tree_and_is_exported_whole(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await op(pilot, "ListPlans")
        await pilot.press("enter")
        await comes(app, lambda: isinstance(app.screen, AnswerScreen), "the answer")
        await comes(app, lambda: "M2M5MB" in shown(app), "the plans")
        await pilot.press("t")
        assert "sizeKb" in shown(app)
        await pilot.press("slash", *"router", "enter")
        assert "M2M5MB" not in shown(app)
        for kind in ("csv", "jsonl", "json"):
            await pilot.press("colon", *"export", "space", *kind, "enter")
            await comes(app, partial(is_exported, app, kind), "the export")
    (whole,) = tmp_path.glob("tsui-*.json")
    plans = json.loads(whole.read_text())
    assert {each["code"] for each in plans} > {"M2M5MB", "UNL-RTR"}
    (lines,) = tmp_path.glob("tsui-*.jsonl")
    assert [json.loads(line) for line in lines.read_text().splitlines()] == plans
    (table,) = tmp_path.glob("tsui-*.csv")
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["code"] for row in rows] == [each["code"] for each in plans]


async def test_a_missing_field_is_named_and_nothing_is_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await sms_form(app)
        await pilot.press("S")
        assert "smsMessage" in flash(app)
        assert "! smsMessage" in shown(app)
        assert not isinstance(app.screen, ConfirmOperation)
        assert changes_seen(simulator) == []


async def test_the_preview_is_what_is_sent(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = current(app).iccid
        await sms_form(app)
        await pilot.press("enter", *"wake", "enter", "p")
        await pilot.pause()
        assert "POST /api/m2m/v1/sms" in shown(app)
        assert device in shown(app)
        await pilot.press("escape", "S")
        await comes(app, lambda: isinstance(app.screen, ConfirmOperation), "the question")
        await pilot.press(*device[-4:], "enter")
        await comes(app, lambda: changes_seen(simulator) != [], "the message")
        body = next(each.body for each in simulator.world.log if each.path.endswith("/sms"))
        assert json.loads(body) == {
            "accountName": simulator.accounts[0],
            "deviceIds": [{"id": device, "kind": "iccid"}],
            "smsMessage": "wake",
        }
        # The form is left, so that a second key does not send it a second time.
        await comes(app, lambda: not isinstance(app.screen, FormScreen), "the list")
        await pilot.press("5")
        await comes(app, lambda: "wake" in shown(app), "the message among the messages")


async def test_esc_and_a_wrong_word_send_nothing(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await sms_form(app)
        await pilot.press("enter", *"wake", "enter", "S")
        await comes(app, lambda: isinstance(app.screen, ConfirmOperation), "the question")
        await pilot.press(*"yes", "enter")
        assert "nothing was sent" in shown(app)
        await pilot.press("escape")
        assert "Nothing was sent" in flash(app)
        assert form(app).values["smsMessage"] == "wake"
        assert changes_seen(simulator) == []


async def test_a_change_that_names_no_device_wants_the_account_typed(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await app.operations.open_form("SuspendDevices")
        await pilot.press("S")
        await comes(app, lambda: "EVERY device" in shown(app), "the warning")
        for word in ("yes", "30", ""):
            await pilot.press(*word, "enter")
        await pilot.pause()
        assert "Nothing was sent" in flash(app)
        assert changes_seen(simulator) == []


async def test_marked_devices_are_filled_in_and_counted(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("space", "space", "space")
        await op(pilot, "SendSms")
        assert len(form(app).values["deviceIds"].split()) == 3
        await pilot.press("enter", *"x", "enter", "S")
        await comes(app, lambda: "3 devices" in shown(app), "the number of devices")


async def test_choices_come_from_what_the_account_has(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await app.operations.open_form("ListDevices")
        screen = form(app)
        await pilot.pause()
        place = [each.path for each in screen.fields].index("groupName")
        await screen.table.move_to(place)
        await pilot.press("enter")
        await comes(app, lambda: "Boston meters" in shown(app), "the groups")
        await pilot.press("down", "enter")
        await comes(app, lambda: bool(screen.values.get("groupName")), "the chosen group")


async def test_what_was_written_is_there_again_but_no_secret_is(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await app.operations.open_form("RegisterListener")
        screen = form(app)
        screen.values |= {
            "url": "https://listener.test:443/cb",
            "name": "CarrierService",
            "password": "hidden-hidden",
        }
        await pilot.press("S")
        await comes(app, lambda: isinstance(app.screen, ConfirmOperation), "the question")
        assert "hidden-hidden" not in shown(app)
        await pilot.press("escape", "escape")
        await app.operations.open_form("RegisterListener")
        assert form(app).values["url"] == "https://listener.test:443/cb"
        assert "password" not in form(app).values
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"hidden-hidden" not in file.read_bytes()


async def test_a_refusal_is_told_and_the_form_stays(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        simulator.world.faults.append(Fault("status", "/plans", times=-1, status=400))
        await op(pilot, "ListPlans")
        await pilot.press("r")
        await comes(app, lambda: flash(app).startswith("ListPlans: "), "the sentence")
        await comes(app, lambda: "asking" not in flash(app), "the sentence")
        assert form(app).info.name == "ListPlans"


async def test_read_only_leaves_reads_and_no_change(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path, read_only=True)) as (app, pilot):
        await sms_form(app)
        await pilot.press("enter", *"wake", "enter", "S")
        assert "ead-only" in flash(app)
        assert not isinstance(app.screen, ConfirmOperation)
        await pilot.press("escape")
        await op(pilot, "ListPlans")
        await pilot.press("enter")
        await comes(app, lambda: isinstance(app.screen, AnswerScreen), "the answer")


async def test_every_area_says_what_it_holds_or_why_it_is_empty(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        for key, text in {
            "1": "active",
            "4": "No device is watched",
            "5": "No message",
            "6": "Nothing was told or noticed",
            "7": "Example Metering",
        }.items():
            await pilot.press(key)
            await comes(app, partial(shows, app, text), text)
        await pilot.press("r")
        await comes(app, lambda: "Account: read" in flash(app), "the account's answers")
