"""The dialogs before a change: who takes part, who is left out and why, what has to be typed."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from textual.pilot import Pilot

from tests.screens.test_operations import comes
from tests.screens.test_places import current
from tests.service.cases import requests_for, sim_device
from tests.store_rows import row
from tests.support.app import dashboard, flash, launch, shown
from tsui.service import kinds
from tsui.service.environment import Environment
from tsui.service.guards import Guards
from tsui.service.preflight import Circumstances, Report, examine
from tsui.service.views import DeviceQuery, DeviceRow
from tsui.simulator.faults import Fault
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui import findings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.change import ConfirmChange
from tsui.ui.screens.confirm import ConfirmOperation

SIZES = [(80, 24), (120, 40)]
SUSPEND = "/devices/actions/suspend"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.2)


def protect(app: TsuiApp, *entries: str) -> None:
    """Protect devices and groups as a profile would."""
    workspace = app.workspace
    workspace.environment = replace(workspace.environment, guards=Guards(protect=entries))


async def as_it_is() -> None:
    """Read nothing again."""


async def mark_all(app: TsuiApp, pilot: Pilot[int], key: str) -> None:
    await pilot.press("asterisk", key)
    await comes(app, lambda: isinstance(app.screen, ConfirmChange), "the dialog")
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_eligible_and_left_out_are_shown_apart_with_counts_and_reasons(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        states = dict(await app.workspace.tally("state"))
        await mark_all(app, pilot, "S")
        text = shown(app)
        active = states["active"]
        assert f"Suspend {active} devices" in text
        assert f"● {active} devices eligible" in text
        assert f"✗ {60 - active} devices left out, never sent" in text
        assert f"{states['suspend']} x It is suspended." in text
        # What is worth knowing of those that take part is not told among those left out.
        assert text.index(f"{active} x How many of 180") < text.index("left out, never sent")
        assert "SIMULATOR" in text
        await pilot.press(*str(active), "enter")
        await comes(app, lambda: "on its way" in flash(app), "the batch")
        await comes(app, lambda: not app.workspace.is_sending, "the end of sending")
        sent = [each for each in simulator.world.log if each.path.endswith(SUSPEND)]
        named = " ".join(each.body for each in sent)
        left_out = [r for r in await _rows(app) if r.state in ("deactive", "pre-active")]
        assert left_out
        assert not [each for each in left_out if each.iccid in named]


async def _rows(app: TsuiApp) -> list[DeviceRow]:
    return list(await app.workspace.device_list(DeviceQuery(app.workspace.account)).window(0, 100))


@pytest.mark.parametrize("size", SIZES)
async def test_what_does_not_fit_is_reached_by_scrolling(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await mark_all(app, pilot, "R")
        assert "more lines: ↓ pgdn" in shown(app)
        for _ in range(40):
            await pilot.press("pagedown")
        await pilot.pause()
        assert "↑ pgup" in shown(app)
        assert "Each device" not in shown(app) or size[1] > 24
        for _ in range(40):
            await pilot.press("pageup")
        assert "Restore" in shown(app)
        assert simulator.world.engine.requests == {}


async def test_what_is_said_of_each_device_is_made_once_however_often_one_scrolls(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Mock(wraps=findings.each_device)
    monkeypatch.setattr(findings, "each_device", made)
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await mark_all(app, pilot, "R")
        await pilot.press("pagedown", "pagedown", "down", "up", "pageup")
        assert made.call_count == 1
        await pilot.resize_terminal(100, 30)
        await comes(app, lambda: made.call_count == 2, "lines of another width")
        await pilot.press(*["pagedown"] * 40)
        assert "✗ It is " in shown(app)


async def test_warned_devices_are_a_group_of_their_own(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await app.push_screen(
            ConfirmChange(_mixed(), app.workspace.environment, "a", look=as_it_is, hidden=2)
        )
        await pilot.pause()
        text = shown(app)
        assert "● 1 device eligible: " in text
        assert "! 2 devices eligible, with a warning" in text
        assert "2 x Its state was read more than a day ago." in text
        assert "✗ 1 device left out, never sent" in text
        assert "1 x It is suspended." in text
        assert "2 marked devices not in view" in text


def _mixed() -> Report:
    devices = [
        row(1, state="active", read_at=2e9),
        row(2, state="active"),
        row(3, state="active"),
        row(4, state="suspend", read_at=2e9),
    ]
    return examine(devices, Circumstances(kinds.SUSPEND, {}, {}, 2e9))


@pytest.mark.parametrize(("kind", "look"), [("production", "PRODUCTION"), ("custom", "CUSTOM")])
async def test_a_live_environment_is_named_in_both_dialogs(
    simulator: Running, tmp_path: Path, kind: str, look: str
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        app.workspace.environment = Environment(kind, "https://thingspace.example")
        await pilot.press("S")
        await comes(app, lambda: isinstance(app.screen, ConfirmChange), "the dialog")
        await pilot.pause()
        assert f"{look} thingspace.example" in shown(app)
        assert "SIMULATOR" not in shown(app)
        await pilot.press("escape")
        await app.operations.open_form("SendSms", app.place.selected_ids())
        await pilot.press("enter", *"wake", "enter", "S")
        await comes(app, lambda: isinstance(app.screen, ConfirmOperation), "the question")
        await pilot.pause()
        assert f"{look} thingspace.example" in shown(app)
        assert "SIMULATOR" not in shown(app)


@pytest.mark.parametrize("size", SIZES)
async def test_many_devices_are_read_again_on_demand_before_they_are_changed(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        active = await _active(app)
        assert len(active) > 25
        fleet = simulator.world.fleets[simulator.accounts[0]]
        simulator.world.engine.change_elsewhere(
            fleet, app.workspace.account, SUSPENDING, sim_device(simulator, active[0])
        )
        five_hours_ago = "UPDATE device_seen SET read_at = read_at - 5 * 3600, fingerprint = 0"
        await app.workspace._store._cache.write(lambda each: each.execute(five_hours_ago) and None)
        await mark_all(app, pilot, "S")
        assert f"Suspend {len(active)} devices" in shown(app)
        assert "! States as of 5 h ago" in shown(app)
        assert "f5 reads them now" in shown(app)
        await pilot.press("f5")
        await comes(app, lambda: f"Suspend {len(active) - 1} devices" in shown(app), "the look")
        assert "5 h ago" not in shown(app)
        await app.workspace._store._cache.write(lambda each: each.execute(five_hours_ago) and None)
        await pilot.press("escape")
        await mark_all(app, pilot, "S")
        simulator.world.faults.append(Fault("html", "/devices/actions/list", times=-1))
        await pilot.press("f5")
        await comes(app, lambda: "Hotel WiFi" in shown(app), "why it could not be read")
        assert "! States as of 5 h ago" in shown(app)


# -- what is protected --------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_protected_device_is_changed_only_when_its_name_was_typed(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        device = current(app)
        protect(app, f"iccid:{device.iccid}")
        await pilot.press("S")
        await comes(app, lambda: f"Type {device.iccid}" in shown(app), "the name to type")
        assert "It is protected" in shown(app)
        await pilot.press("y", "enter")
        assert "nothing was sent" in shown(app)
        await pilot.press(*device.iccid[-4:], "enter")
        assert "nothing was sent" in shown(app)
        assert requests_for(simulator, SUSPEND) == 0
        await pilot.press(*device.iccid, "enter")
        await comes(app, lambda: requests_for(simulator, SUSPEND) == 1, "the suspension")


async def test_every_protected_name_is_typed_one_after_the_other(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        devices = (await _active(app))[:2]
        protect(app, f"iccid:{devices[0].iccid}", f"mdn:{devices[1].mdn}")
        await app.changes.propose(kinds.SUSPEND, [each.id for each in devices], {}, hidden=0)
        await comes(app, lambda: "name 1 of 2" in shown(app), "the first name")
        report = await app.workspace.preflight(kinds.SUSPEND, [each.id for each in devices], {})
        first, second = report.names_needed
        await pilot.press(*first, "enter")
        await comes(app, lambda: "name 2 of 2" in shown(app), "the second name")
        assert requests_for(simulator, SUSPEND) == 0
        await pilot.press(*second, "enter")
        await comes(app, lambda: requests_for(simulator, SUSPEND) == 2, "the suspensions")


async def test_a_group_is_protected_by_its_name_with_its_letters(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = next(each for each in await _active(app) if "," not in each.groups)
        protect(app, f"group:{device.groups}")
        await app.changes.propose(kinds.SUSPEND, [device.id], {}, hidden=0)
        await comes(app, lambda: f"Type {device.groups}" in shown(app), "the name to type")
        await pilot.press(*(" by no name"), "enter")
        await comes(app, lambda: "nothing was sent" in shown(app), "the complaint")
        await pilot.press(*device.groups, "enter")
        await comes(app, lambda: requests_for(simulator, SUSPEND) == 1, "the suspension")


async def test_an_operation_for_a_protected_device_wants_its_name_too(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = current(app)
        protect(app, f"iccid:{device.iccid}")
        online = app.workspace.online
        assert online is not None
        online.runner._judge._examiner._guards = app.workspace.environment.guards
        await app.operations.open_form("SendSms", [device.id])
        await pilot.press("enter", *"wake", "enter", "S")
        await comes(app, lambda: isinstance(app.screen, ConfirmOperation), "the question")
        await comes(app, lambda: "(protected)" in shown(app), "the name to type")
        await pilot.press(*device.iccid[-4:], "enter")
        assert "nothing was sent" in shown(app)
        await pilot.press(*device.iccid, "enter")
        await comes(app, lambda: requests_for(simulator, "/sms") == 1, "the message")


async def _active(app: TsuiApp) -> list[DeviceRow]:
    return [each for each in await _rows(app) if each.state == "active"]


async def test_an_operation_that_a_rule_forbids_cannot_be_agreed_to(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = next(each for each in await _rows(app) if each.state == "suspend")
        await app.operations.open_form("SuspendDevices", [device.id])
        await pilot.press("S")
        await comes(app, lambda: "Nothing can be sent" in shown(app), "the refusal")
        assert "✗ It is suspended." in shown(app)
        await pilot.press(*device.iccid[-4:], "enter")
        await pilot.pause()
        assert "Nothing was sent" in flash(app)
        assert requests_for(simulator, SUSPEND) == 0


async def test_a_long_name_to_type_is_shown_to_its_end_at_80x24(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        name = "Substations of the northern region west of the river"
        guards = Guards(protect=(f"group:{name}",))
        protected = row(1, state="active", read_at=2e9, groups=name)
        report = examine([protected], Circumstances(kinds.DEACTIVATE, {}, {}, 2e9, guards=guards))
        await app.push_screen(
            ConfirmChange(report, app.workspace.environment, "a", look=as_it_is, hidden=0)
        )
        await pilot.pause()
        await pilot.pause()
        assert f"Type {name}" in shown(app)
        assert "to deactivate" in shown(app)
        assert "esc cancel" in shown(app)


async def test_changes_that_cannot_be_looked_after_any_more_are_told_in_a_sentence(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        await app.workspace.close()
        app.endings.look()
        await comes(app, lambda: "was closed meanwhile" in flash(app), "why")
        assert "Internal error" not in flash(app)
