"""Every operation, the whole way: form, HTTP, simulator, journal or cache, callback, screen."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from tests.contract.documented import ENTRIES, Entry, name_of, services_of
from tests.contract.stage import Stage, operation_for
from tests.service.test_forms import dig, written
from tests.support.app import dashboard, flash, launch, shown
from tests.support.listener import Inbox, listener
from tests.support.waiting import until
from tsui.credentials import Credentials
from tsui.service.forms import FormField, Shape
from tsui.service.views import ChangeState
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.client import Client
from tsui.thingspace.operation import Operation
from tsui.ui.app import TsuiApp
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.form import FormScreen
from tsui.ui.screens.new_password import NOTED, NewPassword

GOOD = (ChangeState.SUCCEEDED, ChangeState.ACCEPTED, ChangeState.INFERRED)

NEW_DEVICE = (
    {"id": "990000862471854", "kind": "imei"},
    {"id": "89148000000000000017", "kind": "iccid"},
)

NOW = datetime.now(UTC).replace(microsecond=0)

FRESH: dict[str, dict[str, Any]] = {
    "Add Devices": {"devicesToAdd": [{"deviceIds": list(NEW_DEVICE)}]},
    "Change Device Service Plan": {"servicePlan": "UNL-RTR"},
    "Retrieve Aggregate Device Usage History": {
        "startTime": NOW - timedelta(days=20), "endTime": NOW - timedelta(days=1),
    },
}  # fmt: skip
"""Values of operations that take only what is not there yet, or not long ago."""

STILL_QUEUED = ("Cancel Device Location Report", "Cancel Asynchronous Device Location Request")
"""Operations that need something that has not begun."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.5, now="2025-03-15T12:00:00Z")


async def registered(stage: Stage, entry: Entry, inbox: Inbox) -> None:
    """Register the listeners that an entry's outcome comes to; a move's is the new account's."""
    for service in services_of(entry):
        located = service in ("Location", "DeviceLocation")
        for account in stage.simulator.accounts:
            await stage.send(
                "RegisterLocationListener" if located else "RegisterListener",
                account_name=account,
                name=service,
                url=inbox.url,
            )


async def filled(app: TsuiApp, pilot: Pilot[int], operation: Operation[Any]) -> FormScreen:
    """Open the form of an operation and write its values into it."""
    await app.operations.open_form(type(operation).__name__)
    await pilot.pause()
    form = app.screen
    assert isinstance(form, FormScreen), shown(app)
    values = {**operation.fields(), **(operation.body() or {})}
    for name, info in type(operation).model_fields.items():
        if isinstance(value := getattr(operation, name), SecretStr):
            values[info.alias or name] = value.get_secret_value()
    form.values = {
        field.path: _written(field, value)
        for field in form.fields
        if (value := dig(values, field.path)) is not None
    }
    return form


def _written(field: FormField, value: Any) -> str:
    one_of_them = field.shape is Shape.DEVICE and isinstance(value, list)
    return written(field, value[0] if one_of_them else value)


async def asked(app: TsuiApp, pilot: Pilot[int], form: FormScreen) -> str:
    """Read by a form; returns the request id that stands in for an answer, where one does."""
    await pilot.press("r")
    await shows(
        app, lambda: isinstance(app.screen, AnswerScreen), f"what {form.info.name} answered"
    )
    reading = await app.workspace.last_answer(form.info.name)
    assert reading is not None
    body = reading.body
    return str(body.get("requestId", "")) if isinstance(body, dict) else ""


async def changed(app: TsuiApp, pilot: Pilot[int], form: FormScreen) -> str:
    """Change by a form; returns the platform's request id, if it gave one."""
    name = form.info.name
    await pilot.press("S")
    await shows(app, lambda: isinstance(app.screen, ConfirmOperation), f"the question of {name}")
    question = app.screen
    assert isinstance(question, ConfirmOperation)
    await pilot.press(*question.word, "enter")
    await shows(app, lambda: app.screen not in (form, question), f"the end of {name}")
    if isinstance(app.screen, NewPassword):
        await pilot.press(*NOTED, "enter")
    changes = await app.workspace.changes_by_operation([name], 10)
    assert changes
    assert all(each.state in GOOD for each in changes), flash(app)
    await pilot.press("3")
    await shows(app, lambda: changes[0].identifier[:16] in shown(app), "its line in Requests")
    return changes[0].request_id


async def shows(app: TsuiApp, condition: Callable[[], bool], what: str) -> None:
    """Wait for something on the screen; fails with what is there instead."""
    try:
        await until(condition, what=what)
    except AssertionError as error:
        raise AssertionError(f"{error}: {flash(app)}\n{shown(app)}") from None


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
async def test_an_operation_goes_the_whole_way(
    simulator: Running, client: Client, keys: Credentials, account: str, tmp_path: Path,
    entry: Entry,
) -> None:  # fmt: skip
    stage = Stage(client, simulator, keys, account)
    if entry["name"] in STILL_QUEUED:
        simulator.world.settings.delay = 60.0
    start = launch(simulator, tmp_path)
    async with listener() as inbox, dashboard(start, synced=False) as (app, pilot):
        await until(lambda: app.workspace.online is not None, what="the sign-in")
        await registered(stage, entry, inbox)
        operation = await operation_for(stage, entry)
        if entry["name"] == "Change Device Service Plan":
            stage.device.plan = "87641"
        if values := FRESH.get(entry["name"]):
            operation = type(operation).model_validate({**operation.fields(), **values})
        form = await filled(app, pilot, operation)
        request = await (asked if operation.reads() else changed)(app, pilot, form)
        if services_of(entry):
            assert request
            await until(
                lambda: any(request in json.dumps(each) for each in inbox.messages),
                what="the callback",
            )
