"""Resetting the password: asked, kept, shown once, used from then on, and found in no file."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.service.cases import credentials
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.credentials import find, save
from tsui.service.launch import Launch
from tsui.service.signin import Attempt
from tsui.settings import Profile
from tsui.settings.model import SecretsFrom
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.ui.app import TsuiApp
from tsui.ui.screens.account import AccountScreen
from tsui.ui.screens.new_password import ConfirmReset, NewPassword

PASSPHRASE = "over the hills"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.1)


def start(simulator: Running, folder: Path, secrets: SecretsFrom = "ask") -> Launch:
    begun = launch(simulator, folder)
    profile = begun.profile._replace(secrets=secrets)
    begun.profiles._known["lab"] = profile
    mine = credentials(simulator)
    if secrets in ("plaintext", "encrypted"):
        folder = begun.profiles.credentials_folder
        save("lab", mine, secrets, folder, PASSPHRASE, allow_plaintext=True)
    prepare = begun.prepare
    assert prepare is not None

    async def prepared() -> tuple[Profile, Attempt]:
        return profile, (await prepare())[1]

    return replace(begun, profile_name="lab", profile=profile, prepare=prepared)


async def access(app: TsuiApp, pilot: Pilot[int]) -> AccountScreen:
    await pilot.press("7")
    screen = app.place.as_a(AccountScreen)
    await app.run_line(screen, "section access")
    await until(lambda: "OAuth token" in shown(app), what="the way in")
    return screen


async def agreed(app: TsuiApp, pilot: Pilot[int]) -> None:
    await until(lambda: isinstance(app.screen, ConfirmReset), what="the question")
    await until(lambda: "chooses the new one" in shown(app), what="its text")
    dialog = app.screen
    assert isinstance(dialog, ConfirmReset)
    await pilot.press(*dialog.word, "enter")


def holders(folder: Path, secret: str) -> set[str]:
    return {
        each.name
        for each in folder.rglob("*")
        if each.is_file() and secret.encode() in each.read_bytes()
    }


async def test_where_nothing_keeps_it_the_new_password_has_to_be_noted(
    simulator: Running, tmp_path: Path
) -> None:
    old = credentials(simulator).password
    async with dashboard(start(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await access(app, pilot)
        assert "not reset from here" in shown(app)
        await pilot.press("P")
        await agreed(app, pilot)
        await until(lambda: isinstance(app.screen, NewPassword), what="the new password")
        new = credentials(simulator).password
        assert new != old
        await until(lambda: new in shown(app), what="the new password")
        await pilot.press("enter")
        assert isinstance(app.screen, NewPassword)
        await pilot.press("escape")
        await until(lambda: "waits to be noted" in shown(app), what="what is left to do")
        assert new not in shown(app)
        assert holders(tmp_path, new) == {"lab.new-password.json"}
        await pilot.press("g", "enter")
        await until(lambda: new in shown(app), what="the same password again")
        await pilot.press(*"noted", "enter")
        await until(lambda: "not shown again" in flash(app), what="the end")
        await until(lambda: "reset from here today" in shown(app), what="its age")
        await until(lambda: "waits to be noted" not in shown(app), what="nothing left to do")
        assert (await app.workspace.desks.account.ages()).password_set_at is not None
        simulator.world.access.expire_all()
        assert await app.workspace.sync_once() == ""
    assert holders(tmp_path, new) == set()
    assert holders(tmp_path, old) == set()
    assert simulator.world.access.refused_in_a_row == 0


@pytest.mark.parametrize("secrets", ["plaintext", "encrypted"])
async def test_where_secrets_are_kept_the_new_one_is_kept_before_it_is_shown(
    simulator: Running, tmp_path: Path, secrets: SecretsFrom
) -> None:
    begun = start(simulator, tmp_path, secrets)
    async with dashboard(begun) as (app, pilot):
        await access(app, pilot)
        await pilot.press("P")
        if secrets == "encrypted":
            await pilot.press(*"wrong", "enter")
            await until(lambda: "does not open" in flash(app), what="the refusal")
            await pilot.press("P", *PASSPHRASE, "enter")
        await agreed(app, pilot)
        await until(lambda: "It is kept" in shown(app), what="the new password")
        new = credentials(simulator).password
        assert new in shown(app)
        await pilot.press("enter")
        await until(lambda: new not in shown(app), what="it to be hidden")
    told = find("lab", begun.profile, begun.profiles.credentials_folder, PASSPHRASE, {})
    assert told.credentials == credentials(simulator)
    assert holders(tmp_path, new) == ({"lab.credentials.json"} if secrets == "plaintext" else set())


async def test_a_refusal_leaves_the_password_as_it_is(simulator: Running, tmp_path: Path) -> None:
    code = "UnifiedWebService.INPUT_INVALID.Request.InvalidCharacter"
    body = {"errorCode": code, "errorMessage": "No."}
    simulator.world.faults.append(Fault("status", "/password", "PUT", status=400, body=body))
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await access(app, pilot)
        await pilot.press("P")
        await agreed(app, pilot)
        await until(lambda: "stays as it is" in flash(app), what="the refusal")


async def test_no_answer_is_told_as_what_it_is_and_nothing_is_tried_again(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("drop", "/password", after=True))
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await access(app, pilot)
        await pilot.press("P")
        await agreed(app, pilot)
        await until(lambda: "Nobody knows whether" in flash(app), what="what happened")
        (change,) = await app.workspace.changes_by_operation(["ResetPassword"], 9)
        assert change.state is ChangeState.UNKNOWN
        assert sum("/password" in each.path for each in simulator.world.log) == 1


async def test_leaving_the_question_sends_nothing(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await access(app, pilot)
        await pilot.press("P")
        await until(lambda: isinstance(app.screen, ConfirmReset), what="the question")
        await pilot.press("escape")
        await until(lambda: flash(app) == "Nothing was sent.", what="the end")
        assert not any("/password" in each.path for each in simulator.world.log)
