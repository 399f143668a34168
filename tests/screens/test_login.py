"""The login screen: says what the carrier answered, loses nothing, never loops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Select

from tests.support.app import flash, launch, shown
from tests.support.waiting import until
from tsui.credentials import find
from tsui.service.failures import SignInFailed
from tsui.service.launch import Launch
from tsui.service.signin import Attempt
from tsui.settings import Profile, load
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.ui.app import TsuiApp
from tsui.ui.screens.login import LoginScreen


def unattended_fails(start: Launch) -> Launch:
    """Return a launch whose credentials have to be typed."""

    async def prepare() -> tuple[Profile, Attempt]:
        raise SignInFailed("The profile stores no credentials.", "Type them.")

    return Launch(
        profiles=start.profiles,
        profile_name="",
        profile=start.profile,
        data_folder=start.data_folder,
        clock=start.clock,
        log_file=start.log_file,
        prepare=prepare,
    )


@asynccontextmanager
async def login(
    simulator: Running, folder: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[TsuiApp, Pilot[int]]]:
    app = TsuiApp(unattended_fails(launch(simulator, folder)))
    async with app.run_test(size=size) as pilot:
        await until(lambda: isinstance(app.screen, LoginScreen), what="the login screen")
        await pilot.pause()
        yield app, pilot
        await app.leave()


def field(app: TsuiApp, name: str) -> Input:
    return app.screen.query_one(f"#field-{name}", Input)


def fill(app: TsuiApp, simulator: Running, **changes: str) -> None:
    mine = simulator.world.access.credentials
    for name in ("key", "secret", "username", "password"):
        field(app, name).value = changes.get(name, getattr(mine, name))
    for name in changes.keys() - {"key", "secret", "username", "password"}:
        field(app, name).value = changes[name]


async def test_it_says_why_it_is_shown_and_fits_into_24_lines(
    simulator: Running, tmp_path: Path
) -> None:
    async with login(simulator, tmp_path) as (app, _):
        assert "stores no credentials" in shown(app)
        visible = [each for each in app.screen.query(Input) if each.region.height]
        assert {each.name for each in visible} >= {"key", "secret", "username", "password"}
        assert all(each.region.bottom <= 24 for each in visible)


async def test_good_credentials_lead_to_the_devices(simulator: Running, tmp_path: Path) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator)
        await pilot.press("enter")
        await until(lambda: "60" in shown(app) and "online" in shown(app), what="the devices")
        assert simulator.accounts[0] in shown(app)


async def test_a_missing_field_is_named_and_gets_the_cursor(
    simulator: Running, tmp_path: Path
) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator, password="")
        app.screen.set_focus(field(app, "key"))
        await pilot.press("enter")
        assert "The password is missing" in shown(app)
        assert app.focused is field(app, "password")
        assert not simulator.world.log


async def test_a_wrong_password_is_told_once_and_nothing_typed_is_lost(
    simulator: Running, tmp_path: Path
) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator, password="nope-nope")
        await pilot.press("enter")
        await until(lambda: "does not accept" in shown(app), what="the answer")
        assert "fifth refusal" in shown(app).replace("\n", " ")
        assert field(app, "key").value == simulator.world.access.credentials.key
        assert app.focused is field(app, "password")
        assert simulator.world.access.counts["refused logins"] == 1
        field(app, "password").value = simulator.world.access.credentials.password
        await pilot.press("enter")
        await until(lambda: "online" in shown(app), what="the devices")


async def test_secrets_are_not_shown(simulator: Running, tmp_path: Path) -> None:
    async with login(simulator, tmp_path) as (app, _):
        fill(app, simulator)
        mine = simulator.world.access.credentials
        for name in ("key", "secret", "password"):
            assert field(app, name).password
        picture = app.export_screenshot()
        assert mine.secret not in picture
        assert mine.password not in picture


async def test_a_web_page_instead_of_the_api_is_told(simulator: Running, tmp_path: Path) -> None:
    simulator.world.faults.append(Fault("html", "oauth2", times=-1))
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator)
        await pilot.press("enter")
        await until(lambda: "web page" in shown(app), what="the answer", limit=20)


async def test_several_accounts_are_offered(simulator: Running, tmp_path: Path) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator, account="")
        await pilot.press("enter")
        await until(lambda: "Which account?" in shown(app), what="the choice")
        await pilot.press("down", "enter")
        await until(lambda: "online" in shown(app), what="the devices")
        assert app.workspace.account == simulator.accounts[1]


async def test_esc_stops_a_sign_in_that_hangs(simulator: Running, tmp_path: Path) -> None:
    simulator.world.faults.append(Fault("hang", "session/login", times=-1))
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator)
        await pilot.press("enter")
        await until(
            lambda: any("login" in seen.path for seen in simulator.world.log), what="the call"
        )
        await pilot.press("escape")
        await until(lambda: "Stopped" in shown(app), what="the stop")


async def test_a_profile_is_saved_without_secrets_and_they_are_kept_encrypted(
    simulator: Running, tmp_path: Path
) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        fill(app, simulator, name="field")
        app.screen.query_one("#keep", Select).value = "encrypted"
        await pilot.pause()
        field(app, "passphrase").value = "a pass phrase"
        app.screen.set_focus(field(app, "password"))
        await pilot.press("enter")
        await until(lambda: "online" in shown(app), what="the devices", limit=20)
        await until(lambda: "encrypted" in flash(app), what="the place of the secrets")
    text = (tmp_path / "settings.toml").read_text()
    mine = simulator.world.access.credentials
    assert mine.password not in text
    profile = load(tmp_path / "settings.toml").profiles["field"]
    assert profile.account == simulator.accounts[0]
    found = find("field", profile, tmp_path / "credentials", "a pass phrase", {})
    assert found.credentials.password == mine.password


async def test_what_is_remembered_stays_in_reach(simulator: Running, tmp_path: Path) -> None:
    async with login(simulator, tmp_path) as (app, pilot):
        await pilot.press("escape")
        assert "offline" in shown(app)
        await pilot.press("S")
        assert "ctrl+l" in flash(app)
        await pilot.press("ctrl+l")
        await until(lambda: isinstance(app.screen, LoginScreen), what="the login screen")
