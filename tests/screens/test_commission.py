"""Commissioning on the screen: begun by a key, gone on with after a restart, ended on purpose."""

import stat
from pathlib import Path
from unittest.mock import Mock

import pytest
from textual.pilot import Pilot

from tests.screens.test_places import current
from tests.service.commissioning.test_run import staged
from tests.support.app import dashboard, flash, launch, shown
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.change import ConfirmChange
from tsui.ui.screens.choose import Ask, Choose
from tsui.ui.screens.commission import CommissionScreen
from tsui.ui.screens.confirm import ConfirmOperation

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.1)


async def comes(app: TsuiApp, text: str, limit: float = 20.0) -> None:
    try:
        await until(lambda: text in shown(app), limit=limit, what=text)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{shown(app)}") from None


async def open_run(app: TsuiApp, pilot: Pilot[int], iccid: str) -> None:
    await pilot.press("slash", *iccid, "enter")
    await until(lambda: app.place.as_list().table.total == 1, what="the device")
    assert current(app).iccid == iccid
    await pilot.press("i")
    await until(lambda: isinstance(app.screen, CommissionScreen), what="the run")


async def activate(app: TsuiApp, pilot: Pilot[int], iccid: str) -> None:
    await pilot.press("A")
    await until(lambda: isinstance(app.screen, Choose), what="the plans")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, Ask), what="the ZIP code")
    await pilot.press(*"12345", "enter")
    await until(lambda: isinstance(app.screen, ConfirmChange), what="the dialog")
    await pilot.press(*iccid[-4:], "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_device_is_brought_to_its_first_bytes_and_the_slip_copied(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    iccid = staged(simulator, "commissioning")
    async with dashboard(launch(simulator, tmp_path, clock=HastyClock()), size=size) as (
        app,
        pilot,
    ):
        rings = Mock()
        monkeypatch.setattr(app, "bell", rings)
        await open_run(app, pilot, iccid)
        await comes(app, "A activates it")
        assert not any("activate" in seen.path for seen in simulator.world.log)
        await activate(app, pilot, iccid)
        await comes(app, "First bytes      seen", limit=40)
        assert rings.called
        lines = [line.rstrip() for line in shown(app).splitlines()]
        assert max(map(len, lines)) <= size[0]
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, Ask), what="the note")
        await pilot.press(*"pole 7", "enter")
        await comes(app, "pole 7")
        await pilot.press("y")
        assert "Copied the slip" in flash(app)
        await pilot.press("x")
        await until(lambda: "to /" in flash(app), what="the file")
        (file,) = tmp_path.glob("tsui-commissioning-*.txt")
        assert "pole 7" in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        await pilot.press("E")
        await until(lambda: isinstance(app.screen, Choose), what="the question")
        await pilot.press("down", "enter")
        await comes(app, "GREEN, after")
        await pilot.press("E")
        assert "This run is over" in flash(app)


async def test_a_message_asks_first_and_is_not_sent_twice(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning")
    simulator.world.postman.listeners.setdefault(simulator.accounts[0], {})
    async with dashboard(launch(simulator, tmp_path, clock=HastyClock())) as (app, pilot):
        await open_run(app, pilot, iccid)
        await comes(app, "A activates it")
        await pilot.press("S")
        assert "not active yet" in flash(app)
        await activate(app, pilot, iccid)
        await comes(app, "Activation       seen")
        for _ in range(2):
            await pilot.press("S")
            if isinstance(app.screen, Ask):
                await pilot.press(*"ping", "enter")
                await until(lambda: isinstance(app.screen, ConfirmOperation), what="the dialog")
                await pilot.press(*iccid[-4:], "enter")
                await until(lambda: "SendSms" in flash(app), what="the answer")
                await until(lambda: "asking" not in flash(app) and "way" not in flash(app))
        assert "It was sent in request" in flash(app)
        assert sum(seen.path.endswith("/m2m/v1/sms") for seen in simulator.world.log) == 1


async def test_a_restart_goes_on_with_the_same_run(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with dashboard(launch(simulator, tmp_path, clock=HastyClock())) as (app, pilot):
        await open_run(app, pilot, iccid)
        await activate(app, pilot, iccid)
        await comes(app, "Activation       seen")
    async with dashboard(launch(simulator, tmp_path, clock=HastyClock()), size=(80, 24)) as (
        app,
        pilot,
    ):
        await until(lambda: "1 commissioning run open" in flash(app), what="what was left open")
        await pilot.press("colon", *"commissions", "enter")
        await comes(app, "1, 1 open")
        await pilot.press("enter")
        await comes(app, "Activation       seen")
        await comes(app, "First connection seen")
        await pilot.press("escape", "escape")
        await pilot.press("colon", *f"commission {iccid[-8:]}", "enter")
        await comes(app, "run 1")
    sent = [seen for seen in simulator.world.log if seen.path.endswith("/activate")]
    assert len(sent) == 1


async def test_a_failed_step_says_why_and_rings(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iccid = staged(simulator, "commissioning-refused")
    async with dashboard(launch(simulator, tmp_path, clock=HastyClock()), size=(80, 24)) as (
        app,
        pilot,
    ):
        rings = Mock()
        monkeypatch.setattr(app, "bell", rings)
        await open_run(app, pilot, iccid)
        await activate(app, pilot, iccid)
        await comes(app, "✗ FAILED")
        await comes(app, "not in the device database")
        await comes(app, "then try again")
        assert rings.called


async def test_without_the_bell_nothing_rings(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iccid = staged(simulator, "commissioning")
    start = launch(
        simulator, tmp_path, clock=HastyClock(), settings=Settings(bell=False, ascii=True)
    )
    async with dashboard(start) as (app, pilot):
        rings = Mock()
        monkeypatch.setattr(app, "bell", rings)
        await open_run(app, pilot, iccid)
        await comes(app, "Line known       seen")
        assert not rings.called
