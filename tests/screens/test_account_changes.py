"""What is done from the account's screen: groups, labels, usage in sum, location reports."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.test_account import opened
from tests.service.cases import rows
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.views import DeviceRow
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp
from tsui.ui.marking import mark_devices
from tsui.ui.screens.account import AccountScreen
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.screens.change import ConfirmChange
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.form import FormScreen
from tsui.ui.screens.paged import PagedScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=40, delay=0.1, location_without_consent=0.0)


async def marked(app: TsuiApp, devices: list[DeviceRow]) -> None:
    await mark_devices(app, [each.id for each in devices])


async def locatable(app: TsuiApp) -> list[DeviceRow]:
    return [each for each in await rows(app.workspace) if each.imei and each.mdn]


async def to_record(app: TsuiApp, pilot: Pilot[int], name: str) -> None:
    screen = app.place.as_a(AccountScreen)
    for _ in screen.entries:
        if screen.current is not None and screen.current.name == name:
            return
        await pilot.press("j")
    assert screen.current is not None
    assert screen.current.name == name


async def agreed(app: TsuiApp, pilot: Pilot[int]) -> None:
    """Agree to what is asked."""
    await until(lambda: isinstance(app.screen, ConfirmOperation), what="the question")
    dialog = app.screen
    assert isinstance(dialog, ConfirmOperation)
    await pilot.press(*dialog.word, "enter")


async def confirmed(app: TsuiApp, pilot: Pilot[int]) -> None:
    """Agree to what is asked, and leave the answer that comes at once."""
    await agreed(app, pilot)
    await until(lambda: isinstance(app.screen, AnswerScreen), what="what was answered")
    await pilot.press("escape")
    await until(lambda: isinstance(app.screen, AccountScreen), what="the account again")


async def test_a_group_is_made_renamed_and_deleted(simulator: Running, tmp_path: Path) -> None:
    groups = simulator.world.fleets[simulator.accounts[0]].groups.descriptions
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        screen = await opened(app, pilot, "groups")
        await pilot.press("C")
        form = app.place.as_a(FormScreen)
        form.values |= {"groupName": "Buoys", "groupDescription": "At sea"}
        await pilot.press("S")
        await confirmed(app, pilot)
        await until(lambda: "Buoys" in groups, what="the group")
        await until(lambda: "At sea" in shown(app), what="the group in the list")
        await to_record(app, pilot, "Buoys")
        await pilot.press("E")
        form = app.place.as_a(FormScreen)
        assert form.values["groupName"] == "Buoys"
        assert form.values["newGroupDescription"] == "At sea"
        form.values["newGroupName"] = "Floats"
        await pilot.press("S")
        await confirmed(app, pilot)
        await until(lambda: any(each.name == "Floats" for each in screen.entries), what="its name")
        await to_record(app, pilot, "Floats")
        await pilot.press("D")
        await confirmed(app, pilot)
        await until(lambda: "Floats" not in groups, what="the deletion")
        await until(lambda: "Floats" not in shown(app), what="the shorter list")


async def test_the_members_of_a_group_are_read_to_the_last_page(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.group_page = 3
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await opened(app, pilot, "groups")
        fleet = await rows(app.workspace)
        group = max({each.groups for each in fleet}, key=[e.groups for e in fleet].count)
        theirs = {each.iccid for each in fleet if each.groups == group}
        assert len(theirs) > 3
        await to_record(app, pilot, group)
        await pilot.press("m")
        screen = app.place.as_a(PagedScreen)
        await until(lambda: len(screen.entries) == len(theirs), what="all members")
        assert {each.cells[0] for each in screen.entries} == theirs
        assert f"Members of {group}" in shown(app)
        simulator.world.faults.append(Fault("html", "/groups", times=-1))
        await pilot.press("r")
        await until(lambda: "web page" in flash(app), what="the failure")
        assert len(screen.entries) == len(theirs)


async def test_the_default_group_stays(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        screen = await opened(app, pilot, "groups")
        default = next(each.name for each in screen.entries if each.cells[3])
        await to_record(app, pilot, default)
        await pilot.press("D")
        assert "default group" in flash(app)
        await pilot.press("A")
        assert "Mark devices" in flash(app)


async def test_marked_devices_go_into_a_group_by_the_road_of_every_change(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        fleet = simulator.world.fleets[simulator.accounts[0]]
        devices = [each for each in await rows(app.workspace) if each.groups != "Trailers"][:2]
        await marked(app, devices)
        await opened(app, pilot, "groups")
        await to_record(app, pilot, "Trailers")
        await pilot.press("A")
        await until(lambda: isinstance(app.screen, ConfirmChange), what="the question")
        await until(lambda: "leave the group" in shown(app), what="what it does")
        await pilot.press("2", "enter")

        def are_in() -> bool:
            found = [fleet.find("iccid", each.iccid) for each in devices]
            return all(each is not None and each.group == "Trailers" for each in found)

        await until(are_in, what="the devices in the group")


async def test_usage_in_sum_is_asked_waited_for_and_shown(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        screen = await opened(app, pilot, "usage")
        await until(lambda: "was not asked for" in shown(app), what="the empty list")
        await pilot.press("a")
        form = app.place.as_a(FormScreen)
        form.values["startTime"] = "200d"
        form.values["endTime"] = "190d"
        await pilot.press("r")
        await until(lambda: "kept six months" in flash(app), what="the refusal")
        assert not any("aggregate" in each.path for each in simulator.world.log)
        form.values |= {"startTime": "30d", "endTime": "now", "groupName": "Trailers"}
        await pilot.press("r")
        await until(lambda: any("aggregate" in e.path for e in simulator.world.log), what="it")
        await pilot.press("escape", "escape", "7")
        await until(lambda: "waits for a callback" in shown(app), what="the question")
        assert "group Trailers" in shown(app)
        assert screen.current is not None
        request = screen.current.name
        body = {
            "requestId": request, "deviceIds": [{"id": "89148000000000000017", "kind": "iccid"}],
            "deviceResponse": {"usageResponse": {"usageHistory": [{"bytesUsed": 4711}]}},
            "status": "Success", "password": "canary",
        }  # fmt: skip
        message = Arrival(b"d", 1.0, "DeviceUsage", "192.0.2.1", request, json.dumps(body).encode())
        await app.workspace.inbox.keep([message])
        await until(lambda: "1 message came" in shown(app), what="the answer")
        await pilot.press("enter")
        await until(lambda: "4711" in shown(app), what="the figures")
        assert "canary" not in shown(app)


async def test_a_few_devices_are_located_at_once_and_many_in_a_report(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.location_page = 10
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        devices = await locatable(app)
        assert len(devices) > 20
        await marked(app, devices[:2])
        screen = await opened(app, pilot, "reports")
        await pilot.press("l")
        assert app.place.as_a(FormScreen).info.name == "FindLocations"
        await pilot.press("escape")
        await marked(app, devices)
        await pilot.press("7", "l")
        assert app.place.as_a(FormScreen).info.name == "CreateLocationReport"
        await pilot.press("S")
        await agreed(app, pilot)
        await until(lambda: bool(screen.entries), what="the report in the list")
        await until(lambda: "complete" in shown(app), limit=30, what="its end")
        await pilot.press("enter")
        report = app.place.as_a(PagedScreen)
        await until(lambda: len(report.entries) == len(devices), what="all pages")
        lost = [each for each in report.entries if each.cells[-1]]
        found = [each for each in report.entries if each.cells[1]]
        assert len(lost) + len(found) == len(devices)
        assert {each.name for each in report.entries} == {each.mdn for each in devices}
        await pilot.press("escape")
        await until(lambda: f"{len(devices)} read" in shown(app), what="what was read")
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("7")
        await until(lambda: f"{len(devices)} read" in shown(app), what="the report of last time")


async def test_a_queued_report_is_given_up(simulator: Running, tmp_path: Path) -> None:
    simulator.world.settings.delay = 60.0
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await marked(app, await locatable(app))
        screen = await opened(app, pilot, "reports")
        await pilot.press("X")
        assert "nothing under the cursor" in flash(app)
        await pilot.press("l", "S")
        await agreed(app, pilot)
        await until(lambda: "being made" in shown(app), what="the report")
        await pilot.press("X")
        await confirmed(app, pilot)
        await until(lambda: "given up" in screen.entries[0].cells[2], what="its end")
        await pilot.press("X")
        assert "still being made" in flash(app)


async def test_a_label_is_given_to_marked_devices(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        devices = [each for each in await rows(app.workspace) if each.eid]
        assert devices
        await marked(app, devices[:1])
        await opened(app, pilot, "billing")
        await pilot.press("B", *"VIN=1FTEX", "enter")
        await agreed(app, pilot)
        await until(lambda: "VIN=1FTEX on 1 devices" in shown(app), what="the change")
        fleet = simulator.world.fleets[simulator.accounts[0]]

        def is_labelled() -> bool:
            found = fleet.find("eid", devices[0].eid)
            return found is not None and found.labels.get("VIN") == "1FTEX"

        await until(is_labelled, what="the label")


async def test_no_command_of_another_section_applies(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path, read_only=True)) as (app, pilot):
        screen = await opened(app, pilot, "plans")
        await pilot.press("D", "P", "X", "A")
        assert app.screen is screen
        assert flash(app) == ""
        await opened(app, pilot, "groups")
        await pilot.press("D")
        assert "Read-only" in flash(app)
