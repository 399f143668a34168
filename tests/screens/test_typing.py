"""What is typed goes where it was meant to, whatever comes to the front meanwhile."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.app import dashboard, flash, launch
from tests.support.waiting import until
from tsui.service.failures import SignInFailed
from tsui.service.signin import Attempt
from tsui.settings import Profile
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.painted import plain
from tsui.ui.screens.device import DeviceScreen
from tsui.ui.screens.help import help_lines
from tsui.ui.screens.login import LoginScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.3)


def first_iccid(simulator: Running) -> str:
    return simulator.world.fleets[simulator.accounts[0]].get(0).iccid


def typed(app: TsuiApp) -> str:
    """Return the sign of the open prompt and what stands in it."""
    place = app.place
    return f"{place.prompt_sign}{place.in_prompt().text}" if place.prompt_sign else ""


@pytest.mark.parametrize("area", ["1", "2", "3", "4", "5", "6", "7"])
async def test_what_follows_the_key_of_filters_is_text_in_every_area(
    simulator: Running, tmp_path: Path, area: str
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press(area, "slash", *"sD9")
        assert typed(app).endswith("sD9")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("part", ["d", "t", "u", "h"])
async def test_what_follows_the_key_of_filters_is_text_on_every_part_of_a_device(
    simulator: Running, tmp_path: Path, part: str
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("enter", part, "slash", *"sD9")
        assert typed(app).endswith("sD9")
        assert isinstance(app.screen, DeviceScreen)
        assert typed(app).startswith((":device ", "/"))


async def test_a_device_can_be_found_from_another_one(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        shown = list(app.place.as_list().table.shown)
        await pilot.press("enter", "slash", *shown[3].iccid[-8:], "enter")
        await until(
            lambda: (
                isinstance(app.screen, DeviceScreen) and app.screen.device.iccid == shown[3].iccid
            ),
            what="the other device",
        )


async def test_the_help_of_a_list_gives_the_key_of_filters_to_its_filter(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        keys = [plain(line).split()[:2] for line in help_lines(app.place) if plain(line).strip()]
        assert ["/", "Filter"] in keys
        assert [":device", "Open"] in keys
        await pilot.press("enter")
        keys = [plain(line).split()[:2] for line in help_lines(app.place) if plain(line).strip()]
        assert ["/", "Open"] in keys


async def test_the_device_to_begin_with_waits_until_nobody_types(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = first_iccid(simulator)
    start = replace(launch(simulator, tmp_path), device=iccid)
    async with dashboard(start, synced=False) as (app, pilot):
        await pilot.press("slash", "s")
        await until(
            lambda: bool(app.workspace.progress and app.workspace.progress.finished_at),
            what="the fleet",
        )
        await pilot.pause(0.5)
        await pilot.press(*"iD")
        assert typed(app) == "/siD"
        assert len(app.screen_stack) == 1
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, DeviceScreen), what="the device")


async def test_the_device_to_begin_with_fetches_nobody_back(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = first_iccid(simulator)
    start = replace(launch(simulator, tmp_path), device=iccid)
    async with dashboard(start, synced=False) as (app, pilot):
        await pilot.press("3")
        await until(lambda: "is known now" in flash(app), what="a word that it is there")
        assert len(app.screen_stack) == 1
        assert app.current_mode == "requests"


async def test_the_login_screen_waits_until_nobody_types(
    simulator: Running, tmp_path: Path
) -> None:
    asked = asyncio.Event()

    async def prepare() -> tuple[Profile, Attempt]:
        await asked.wait()
        raise SignInFailed("The profile stores no credentials.", "Type them.")

    app = TsuiApp(replace(launch(simulator, tmp_path), prepare=prepare))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", "s")
        asked.set()
        await until(lambda: not app.connection.is_connecting, what="the refusal")
        await pilot.press("D")
        assert typed(app) == ":sD"
        assert not isinstance(app.screen, LoginScreen)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, LoginScreen), what="the login screen")
        await app.leave()


async def test_a_click_beside_the_prompt_takes_no_key_from_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("slash", "s")
        await pilot.click("#devices")
        await pilot.press(*"iD")
        assert typed(app) == "/siD"
        assert isinstance(app.focused, Input)
