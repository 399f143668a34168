"""How the end of changes is told: once for what was confirmed at once, never undone silently."""

import json
from pathlib import Path

import pytest

from tests.screens.test_batches import active, paste
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp

SUSPEND = "/devices/actions/suspend"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.3)


@pytest.fixture
def flashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line that says what just happened, in order."""
    told: list[str] = []
    whole = TsuiApp.flash

    def flash(app: TsuiApp, text: str, look: str = "info") -> None:
        told.append(text)
        whole(app, text, look)

    monkeypatch.setattr(TsuiApp, "flash", flash)
    return told


async def test_the_end_of_a_batch_is_told_in_one_line(
    simulator: Running, tmp_path: Path, flashes: list[str]
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 6)
        await paste(app, pilot, "\n".join(wanted))
        await pilot.press("asterisk", "S", "6", "enter")
        summary = "Suspend: 6 devices, 6 succeeded"
        await until(lambda: flash(app) == summary, what="the summary", limit=30)
        assert [each for each in flashes if any(number in each for number in wanted)] == []
        assert flashes.count(summary) == 1


async def test_the_first_failure_of_a_batch_is_told_at_once_and_the_others_at_its_end(
    simulator: Running, tmp_path: Path, flashes: list[str]
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 6)
        await paste(app, pilot, "\n".join(wanted))
        body = {"errorCode": "UnifiedWebService.INPUT_INVALID.DeviceState.Invalid"}
        simulator.world.faults.append(Fault("status", SUSPEND, status=400, body=body, times=2))
        await pilot.press("asterisk", "S", "6", "enter")
        summary = "Suspend: 6 devices, 4 succeeded, 2 refused"
        await until(lambda: summary in flash(app), what="the summary", limit=30)
        told = [each for each in flashes if any(number in each for number in wanted)]
        assert len(told) == 1
        assert "the others go on" in told[0]


async def test_an_unknown_fate_is_told_and_does_not_keep_back_what_became_of_the_others(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 3)
        await paste(app, pilot, "\n".join(wanted))
        simulator.world.faults.append(Fault("drop", SUSPEND, times=1))
        await pilot.press("asterisk", "S", "3", "enter")
        await until(lambda: "2 succeeded, 1 unknown" in flash(app), what="the summary", limit=30)


async def test_a_word_that_contradicts_is_told_and_shown_beside_what_was_known(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("S", "y", "3")
        await until(lambda: "succeeded" in shown(app), what="the end of the change")
        (change,) = await app.workspace.change_window(0, 1)
        body = {
            "requestId": change.request_id,
            "deviceIds": [{"id": change.identifier, "kind": "iccid"}],
            "status": "Failed",
            "faultResponse": {"faultcode": "A.B", "faultstring": "The \x1b[31mnetwork refused it."},
        }
        await app.workspace.inbox.keep(
            [Arrival(b"d", 1.0, "CarrierService", "", change.request_id, json.dumps(body).encode())]
        )
        await until(lambda: "! contradictory" in shown(app), what="the contradiction")
        await until(lambda: "Contradictory: Suspend" in flash(app), what="the news of it")
        await pilot.press("enter")
        await until(lambda: "Contradicted by" in shown(app), what="both words")
        text = shown(app)
        assert "ThingSpace confirmed this request." in text
        assert f"Evidence             {change.evidence}" in text
        assert "failed: callback CarrierService: Failed, A.B, The \\x1b[31mnetwork" in text
        await pilot.press("U")
        await until(lambda: "contradicts itself" in flash(app), what="why there is no undo")
        await pilot.press("colon", *"audit", "enter")
        await until(lambda: "contradicted" in shown(app), what="the event")
