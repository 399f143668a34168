"""The agenda on the screen: what is due when, from a change made here to its device and a file."""

from pathlib import Path

import pytest

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.kinds import SUSPEND
from tsui.service.views import DeviceQuery
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.agenda import AgendaScreen
from tsui.ui.screens.device import DeviceScreen
from tsui.ui.screens.devices import DevicesScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.05)


def agenda(app: TsuiApp) -> AgendaScreen:
    return app.place.as_a(AgendaScreen)


async def suspend(app: TsuiApp, count: int) -> list[str]:
    fleet = await app.workspace.device_list(DeviceQuery(app.workspace.account)).window(0, 100)
    rows = [row for row in fleet if row.state == "active"][:count]
    assert len(rows) == count
    report = await app.workspace.preflight(SUSPEND, [row.id for row in rows], {})
    await app.workspace.submit(report)

    async def over() -> bool:
        found = await app.workspace.devices([row.id for row in rows])
        return all(row.state == "suspend" for row in found)

    await until(over, limit=30, what="the suspensions")
    return [row.iccid for row in rows]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_suspension_made_here_is_on_the_agenda_and_leads_to_its_device(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        (iccid,) = await suspend(app, 1)
        await pilot.press("8")
        await until(
            lambda: isinstance(app.place, AgendaScreen) and agenda(app).table.total > 0,
            what="the agenda",
        )
        await pilot.press("slash", *iccid[-6:], "enter")
        await until(lambda: agenda(app).table.total == 1, what="the one line")
        text = shown(app)
        for said in ("Agenda", "later", "resume", iccid, "worked out", "after 90 days"):
            assert said in text
        await pilot.press("enter")
        await until(lambda: isinstance(app.place, DeviceScreen), what="the device")
        assert iccid in shown(app)


async def test_what_nobody_knows_is_said_below_the_list(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("8")
        await until(lambda: "Not known" in shown(app), what="what is not known")
        assert "may resume any day" in shown(app)
        assert "it was never reset from here" in shown(app)
        await pilot.press("r")
        await until(lambda: "Worked out again" in flash(app), what="what was done")


@pytest.mark.parametrize(("form", "begins"), [("csv", "due_utc,"), ("ics", "BEGIN:VCALENDAR")])
async def test_it_is_exported(simulator: Running, tmp_path: Path, form: str, begins: str) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await suspend(app, 2)
        await pilot.press("8")
        await until(
            lambda: isinstance(app.place, AgendaScreen) and agenda(app).table.total > 1,
            what="the agenda",
        )
        await pilot.press("colon", *"export", "space", *form, "enter")
        await until(lambda: "Exported 2 obligations" in flash(app), what="the file")
        (file,) = tmp_path.glob(f"tsui-agenda-*.{form}")
        assert file.read_text().startswith(begins)


async def test_many_lines_of_a_request_are_marked(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await suspend(app, 25)
        await pilot.press("8")
        await until(
            lambda: isinstance(app.place, AgendaScreen) and "25 lines" in shown(app),
            what="the line of all",
        )
        await pilot.press("enter")
        await until(lambda: isinstance(app.place, DevicesScreen), what="the list")
        assert len(app.place.as_list().table.marks) == 25
