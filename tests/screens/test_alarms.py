"""Alarms: the bell and the window's title, never for what was there at the start."""

from pathlib import Path

import pytest

from tests.screens.test_events import usage
from tests.support.app import dashboard, launch
from tests.support.waiting import until
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.mutes import Mute
from tsui.store.notice import Way
from tsui.ui.app import TsuiApp

LOUD = Settings(alarm_bell=True)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=10, delay=0.2)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal was told: bells, and titles of the window."""
    told: list[str] = []
    monkeypatch.setattr(TsuiApp, "bell", lambda _: told.append("bell"))
    monkeypatch.setattr(TsuiApp, "name_window", lambda _, title: told.append(title))
    return told


async def test_a_new_alarm_rings_and_one_that_was_there_does_not(
    simulator: Running, tmp_path: Path, heard: list[str]
) -> None:
    async with dashboard(launch(simulator, tmp_path, settings=LOUD)) as (app, _):
        iccid = app.place.as_list().table.shown[0].iccid
        await usage(app, iccid, 80)
        await usage(app, iccid, 100)
        await until(lambda: heard == ["bell", "! 1 alarm - tsui"], what="the bell")
    heard.clear()
    async with dashboard(launch(simulator, tmp_path, settings=LOUD)) as (app, _):
        await until(lambda: heard == ["! 1 alarm - tsui"], what="the title, and no bell")
        desk = app.workspace.desks.notices
        await desk.acknowledge(await desk.ids(desk.query()), "known")
        await until(lambda: heard == ["! 1 alarm - tsui", "tsui"], what="the title without alarms")


async def test_what_is_muted_does_not_ring(
    simulator: Running, tmp_path: Path, heard: list[str]
) -> None:
    async with dashboard(launch(simulator, tmp_path, settings=LOUD)) as (app, _):
        desk = app.workspace.desks.notices
        until_then = app.workspace.clock.now().timestamp() + 3600
        await desk.mute(Mute(Way.SILENCE, until_then, "", kind="throttled", note="known"))
        await usage(app, app.place.as_list().table.shown[0].iccid, 100)

        async def noticed() -> bool:
            return await desk.count(desk.query()) == 1

        await until(noticed, what="the notice")
        await usage(app, app.place.as_list().table.shown[0].iccid, 101)
        assert heard == []


async def test_on_a_thin_link_no_title_is_sent_and_no_bell_by_default(
    simulator: Running, tmp_path: Path, heard: list[str]
) -> None:
    async with dashboard(launch(simulator, tmp_path, thin=True)) as (app, _):
        await usage(app, app.place.as_list().table.shown[0].iccid, 100)
        desk = app.workspace.desks.notices

        async def noticed() -> bool:
            return await desk.alarms() == 1

        await until(noticed, what="the alarm")
        assert heard == []
