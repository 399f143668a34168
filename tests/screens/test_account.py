"""The account's screen: every section with its age and its own failure, by real answers."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.accounts.model import BILLING, REPORTS, SECTIONS, USAGE
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.account import AccountScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=40, delay=0.1)


OURS = (BILLING, USAGE, REPORTS)
"""Sections of what was asked from here, which nobody reads."""


async def opened(app: TsuiApp, pilot: Pilot[int], section: str) -> AccountScreen:
    await pilot.press("7")
    screen = app.place.as_a(AccountScreen)
    await app.run_line(screen, f"section {section}")
    await until(
        lambda: screen.listing.tried_at is not None or screen.listing.is_ours, what="what is known"
    )
    await pilot.pause()
    return screen


@pytest.mark.parametrize("name", [each.name for each in SECTIONS if each not in OURS])
async def test_a_section_is_read_when_it_is_first_looked_at(
    simulator: Running, tmp_path: Path, name: str
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        screen = await opened(app, pilot, name)
        await until(lambda: "read under 1 min ago" in shown(app), what="its age")
        assert screen.section.title in shown(app)
        if name != "listeners":
            assert screen.current is not None
            assert screen.current.name[:10] in shown(app)


async def test_sections_are_walked_through_and_the_last_one_is_remembered(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await opened(app, pilot, "about")
        await pilot.press("tab")
        await until(lambda: "M2M5MB" in shown(app), what="the plans")
        await pilot.press("tab", "shift+tab", "left", "right")
        await until(lambda: "Account  Plans" in shown(app), what="the plans again")
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("7")
        await until(lambda: "Account  Plans" in shown(app), what="the section of the last time")


async def test_enter_on_a_plan_shows_its_devices(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        screen = await opened(app, pilot, "plans")
        assert screen.current is not None
        count = screen.current.cells[1]
        await pilot.press("enter")
        await until(lambda: app.current_mode == "devices", what="the devices")
        await until(lambda: app.place.as_list().table.total == int(count), what="those of the plan")


async def test_a_section_is_filtered_and_exported(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        screen = await opened(app, pilot, "plans")
        await pilot.press("slash", *"m2m5mb", "enter")
        await until(lambda: screen.table.total == 1, what="the one that fits")
        await app.run_line(screen, "export csv")
        await until(lambda: bool(list(tmp_path.glob("*plans*.csv"))), what="the file")
        await until(lambda: "M2M5MB" in next(tmp_path.glob("*plans*.csv")).read_text(), what="it")
        await pilot.press("slash", *"zzz", "enter")
        await until(lambda: "Nothing here holds that" in shown(app), what="the empty list")
        await pilot.press("escape")
        await until(lambda: screen.table.total > 1, what="all plans")


async def test_a_section_that_cannot_be_read_says_why_and_what_to_do(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("html", "/leads", times=-1))
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await opened(app, pilot, "leads")
        await until(lambda: "This could not be read" in shown(app), what="the failure")
        assert "r tries again" in shown(app)
        simulator.world.faults.clear()
        await pilot.press("r")
        await until(lambda: flash(app) == "Leads: read.", what="the second try")
        await until(lambda: "Qualified" in shown(app), what="the leads")


async def test_the_listeners_lead_to_their_board(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await opened(app, pilot, "listeners")
        await pilot.press("enter")
        await until(lambda: "AlertService" in shown(app), what="the board")
