"""The HTTP inspector on the screen, and recording from the dashboard."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.screens.test_operations import comes
from tests.service.recorded import network, opened
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.replay import replayed
from tsui.settings import Settings
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.painted import Painted


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


def total(app: TsuiApp) -> int:
    return app.place.as_list().table.total


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_calls_are_listed_live_narrowed_and_opened(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await pilot.press("ctrl+t")
        await comes(app, lambda: "✓ 200 ok" in shown(app), "the calls")
        text = shown(app)
        assert text.index("ListDevices") < text.index("GetAccessToken")
        for told in ("/min", "0 errors", "p50", "session to", "WHEN"):
            assert told in text
        before = total(app)
        await pilot.press("r")
        await comes(app, lambda: total(app) > before, "the new calls")
        await pilot.press("slash", *"op:accesstoken", "enter")
        assert total(app) == 1
        await pilot.press("enter")
        await comes(app, lambda: "What came back" in shown(app), "the call")
        text = shown(app)
        assert '"access_token": "•••"' in text
        assert "POST /api/ts/v1/oauth2/token" in text
        assert simulator.world.access._token not in text
        await pilot.press("y")
        assert flash(app).startswith("Copied curl -X POST http")
        await pilot.press("Y")
        assert "200  POST  /api" in flash(app)
        await pilot.press("escape", "slash", "escape")
        await comes(app, lambda: total(app) > before, "all calls")
        await app.place.set_filter("status:")
        assert "says nothing behind its colon" in shown(app)
        assert total(app) > before


async def test_attempts_stand_together_with_the_reason(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(140, 40)) as (app, pilot):
        simulator.world.faults.append(Fault("html", "/plans/", times=1))
        simulator.world.faults.append(Fault("status", "/groups/", times=2, status=503))
        await pilot.press("ctrl+t")
        assert app.workspace.online is not None
        await app.workspace.online.reader.refresh_catalogue()
        await pilot.press("slash", *"op:ListGroups", "enter")
        await comes(app, lambda: "3 of 3" in shown(app), "the attempts")
        text = shown(app)
        assert text.index("3 of 3") < text.index("2 of 3") < text.index("1 of 3")
        assert "└ ListGroups" in text
        assert "✗ 503 failed" in text
        await pilot.press("down", "enter")
        await comes(app, lambda: "Tried again after" in shown(app), "the reason")
        assert "3 attempts of this call" in shown(app)
        await pilot.press("escape", "escape", "slash", *"op:ListPlans", "enter", "x")
        await pilot.press("enter")
        await comes(app, lambda: "Exported" in flash(app), "the file")
        (file,) = tmp_path.glob("tsui-calls-*")
        assert "ListPlans" in file.read_text()


async def test_nothing_is_painted_while_nothing_happens(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("ctrl+t")
        await comes(app, lambda: "✓ 200 ok" in shown(app), "the calls")
        await pilot.pause()
        painted: list[str | None] = []
        monkeypatch.setattr(Painted, "refresh", lambda self, *_, **__: painted.append(self.id))
        app.place.show_lines()
        await app.place.show_news(frozenset())
        assert painted == []


async def test_a_recording_is_begun_shown_ended_and_opened_without_a_network(
    simulator: Running, tmp_path: Path
) -> None:
    file = tmp_path / "seen"
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("colon", *f"record {file}", "enter")
        await comes(app, lambda: "● REC" in shown(app), "the sign of the recording")
        assert "read again" in flash(app)
        calls = app.workspace.desks.calls
        await until(lambda: len(opened(file).places) >= 4, what="the fleet in the recording")
        await pilot.press("enter", "u")
        await comes(app, lambda: "Late: data" in shown(app), "the usage")
        iccid = shown(app).splitlines()[1].split()[0]
        await pilot.press("colon", *"record", "enter")
        await comes(app, lambda: flash(app).startswith("Recorded"), "the end")
        assert "REC" not in shown(app).splitlines()[0]
        assert calls.recording is None
        await pilot.press("colon", *f"record {file}", "enter")
        await comes(app, lambda: "is there already" in flash(app), "the refusal")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    asked = len(simulator.world.log)
    folder = tmp_path / "replay"
    folder.mkdir()
    with network() as touched:
        start = replayed(opened(file), folder, Settings(), thin=False)
        async with dashboard(start) as (app, pilot):
            head = shown(app).splitlines()[0]
            assert "REPLAY  of 20" in head
            assert "READ-ONLY" in head
            assert "no network" in head
            await pilot.press("slash", *iccid, "enter", "enter", "u")
            await comes(app, lambda: "Late: data" in shown(app), "the recorded usage")
            await pilot.press("S")
            assert "Read-only" in flash(app)
            await pilot.press("escape", "escape", "down", "enter", "u")
            await comes(app, lambda: "not in the recording" in shown(app), "the honest answer")
            await pilot.press("ctrl+t")
            await comes(app, lambda: "GetUsageHistory" in shown(app), "the recorded calls")
            await pilot.press("ctrl+l")
            assert "needs nobody signed in" in flash(app)
            await pilot.press("colon", *"record x", "enter")
            assert "is a recording already" in flash(app)
    assert touched == []
    assert len(simulator.world.log) == asked


async def test_a_recording_can_be_begun_with_the_program(
    simulator: Running, tmp_path: Path
) -> None:
    file = tmp_path / "seen"
    start = replace(launch(simulator, tmp_path), record=str(file), mask=True)
    async with dashboard(start) as (app, _):
        assert "● REC" in shown(app)
    recording = opened(file)
    assert recording.head.masked
    assert [call.name for call in recording.trace][:2] == ["GetAccessToken", "Login"]
    assert recording.scenes[0].account != simulator.accounts[0]
    assert json.loads([*recording.trace][-1].received) == {"sessionToken": "•••"}


async def test_a_recording_that_cannot_be_written_keeps_the_program_from_starting(
    simulator: Running, tmp_path: Path
) -> None:
    start = replace(launch(simulator, tmp_path), record=str(tmp_path))
    async with dashboard(start, synced=False) as (app, _):
        await until(lambda: app._exit, what="the end")
        assert app.return_code == 1
