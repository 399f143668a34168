"""The parts of a device: each from what is remembered at once, each with its own fate."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.test_places import current
from tests.service.cases import sim_device
from tests.service.diagnosing import receiver
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.forms import from_json
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.views import device_view
from tsui.store.devices import DeviceRow
from tsui.ui.app import TsuiApp
from tsui.ui.commands.catalog import commands_of
from tsui.ui.commands.device_parts import AskNow
from tsui.ui.device_parts.raw import Raw
from tsui.ui.device_parts.registry import PARTS
from tsui.ui.screens.device import DeviceScreen

HEARD = ("DiagnosticsService", "DeviceService", "DeviceProfileService", "SMSDeliveryConfirmation")

REGISTERED = {
    "EnhancedConnectivityService",
    *HEARD,
}


@pytest.fixture
def simulator_settings(request: pytest.FixtureRequest) -> SimulatorSettings:
    hostile = bool(getattr(request, "param", False))
    return SimulatorSettings(devices=30, delay=0.1, hostile=hostile)


def told(app: TsuiApp) -> str:
    """Return what is shown, without the breaks of its lines."""
    return " ".join(shown(app).split())


async def see(app: TsuiApp, words: str) -> None:
    await until(lambda: words in told(app), what=words)


async def row_that(app: TsuiApp, fits: Callable[[DeviceRow], bool]) -> DeviceRow:
    from tsui.store.query import DeviceQuery

    rows = await app.workspace.device_list(DeviceQuery(app.workspace.account)).window(0, 50)
    return next(each for each in rows if fits(each))


async def open_on(app: TsuiApp, pilot: Pilot[int], row: DeviceRow, tab: str) -> DeviceScreen:
    await app.open_device(row, tab)
    await pilot.pause()
    assert isinstance(app.place, DeviceScreen)
    return app.place


def ids(row: DeviceRow) -> list[dict[str, str]]:
    return [{"id": row.iccid, "kind": "iccid"}]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("simulator_settings", [True], indirect=True)
async def test_every_part_is_there_offline_and_says_something(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        row = current(app)
        await open_on(app, pilot, row, "summary")
        for _ in PARTS:
            await pilot.press("tab")
        await app.workspace.ask(
            from_json(
                "FindLocations",
                {
                    "accountName": app.workspace.account,
                    "deviceList": [{"id": row.imei, "kind": "imei", "mdn": row.mdn}],
                },
            )
        )
    simulator.world.faults.append(Fault("hang", "oauth2", times=-1, seconds=0))
    async with dashboard(launch(simulator, tmp_path), size=size, synced=False) as (app, pilot):
        await until(lambda: app.place.as_list().table.total > 0, what="the devices")
        await open_on(app, pilot, row, "summary")
        for part in PARTS:
            place = app.place
            assert isinstance(place, DeviceScreen)
            assert place.part is not None
            assert place.part.name == part.name
            lines = shown(app).splitlines()
            assert max(map(len, lines)) <= size[0]
            assert all(each.isprintable() for each in lines), part.name
            assert part.title in lines[2], "\n".join(lines)
            assert any(line.strip() for line in lines[3:-2]), part.name
            await pilot.press("tab")


async def test_a_part_that_fails_leaves_the_others_alone(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("status", "/fota/", times=-1, status=403))
    simulator.world.faults.append(Fault("html", "usage", times=-1))
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        row = await row_that(app, lambda each: bool(each.imei))
        place = await open_on(app, pilot, row, "firmware")
        await see(app, "Not entitled to this.")
        await place.show_tab("usage")
        await see(app, "This could not be read.")
        await place.show_tab("sessions")
        await see(app, "sessions in 7 days")
        await place.show_tab("diagnostics")
        await see(app, "Connectivity")


async def test_the_summary_says_since_when_and_by_whom(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        row = await row_that(app, lambda each: each.state == "active")
        await open_on(app, pilot, row, "summary")
        device = sim_device(simulator, row)
        told_by_list = device_view(simulator.world, device)
        await see(app, "Confirmed")
        text = told(app)
        assert "Since 20" in text
        assert row.iccid in text
        assert row.imei in text
        for _ in range(10):
            await pilot.press("pagedown")
            text += told(app)
        for each in told_by_list["extendedAttributes"]:
            assert each["key"] in text, each


async def test_reachability_is_asked_awaited_and_told(simulator: Running, tmp_path: Path) -> None:
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=(80, 24)) as (app, pilot):
        row = await row_that(app, lambda each: bool(each.connected))
        await open_on(app, pilot, row, "reachability")
        await see(app, "Nobody asked for reachability yet.")
        await see(app, "Nobody listens to DiagnosticsService")
        await pilot.press("a")
        await see(app, "waiting for a callback to DiagnosticsService.")
        async with receiver(simulator, tmp_path, HEARD):
            await pilot.press("a")
            await see(app, "Answered")
            await see(app, "● reachable")
            assert "should stay so until" in told(app)
            await see(app, "none was set elsewhere")
            assert " left" in told(app)
            await app.workspace.perform(
                from_json(
                    "MonitorReachability",
                    {
                        "accountName": app.workspace.account,
                        "devices": [{"deviceIds": ids(row)}],
                        "requestType": "REACHABLE_FOR_DATA",
                        "monitorExpirationTime": (
                            app.workspace.clock.now() + timedelta(days=2)
                        ).isoformat(),
                    },
                )
            )
            await see(app, "reachable for data ✓ until 20")


async def test_messages_show_what_was_sent_its_fate_and_the_log(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(120, 40)) as (app, pilot):
        row = await row_that(app, lambda each: bool(each.connected))
        await open_on(app, pilot, row, "messages")
        await see(app, "Nobody asked for the log of texts yet.")
        async with receiver(simulator, tmp_path, REGISTERED):
            await app.workspace.perform(
                from_json(
                    "SendSms",
                    {
                        "accountName": app.workspace.account,
                        "deviceIds": ids(row),
                        "smsMessage": "reboot now",
                    },
                )
            )
            await see(app, "✓ delivered reboot now")
            simulator.world.texts.watch(simulator.accounts[0])
            simulator.world.texts.receive(
                simulator.accounts[0],
                sim_device(simulator, row),
                "battery 3.1 V \x1b]0;owned\x07",
                simulator.world.clock.timestamp(),
            )
            simulator.world.texts.push_queue(simulator.accounts[0])
            await see(app, "← received battery 3.1 V")
            await pilot.press("a")
            await see(app, "Answered")
            assert told(app).count("reboot now") == 1
            assert "\x1b" not in shown(app)


async def test_a_place_stays_with_its_device_when_another_is_located(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        first = await row_that(app, lambda each: bool(each.connected))
        other = await row_that(app, lambda each: bool(each.connected) and each != first)
        await open_on(app, pilot, first, "location")
        await see(app, "Nobody located it from here yet.")
        for row in (first, other):
            await app.workspace.ask(
                from_json(
                    "FindLocations",
                    {
                        "accountName": app.workspace.account,
                        "deviceList": [{"id": row.imei, "kind": "imei", "mdn": row.mdn}],
                    },
                )
            )
        await see(app, "Latitude")
        assert "within" in told(app)
        answer = await app.workspace.desks.answers.of(first, "FindLocations")
        assert answer is not None
        assert f"{float(answer.body[0]['pd']['x']):.5f}" in told(app)
        assert answer.body[0]["msid"] == first.mdn


async def test_a_refused_place_says_that_the_account_has_no_subscription(
    simulator: Running, tmp_path: Path
) -> None:
    body = {"errorCode": "INVALID_PARAMETER", "errorMessage": "Unregistered account."}
    simulator.world.faults.append(Fault("status", "/locations", times=-1, status=400, body=body))
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        row = await row_that(app, lambda each: bool(each.imei and each.mdn))
        await open_on(app, pilot, row, "location")
        await pilot.press("l")
        await until(lambda: "Locate" in shown(app) or "FindLocations" in shown(app), what="form")
        await pilot.press("r")
        await until(lambda: "Not entitled" in flash(app), what="the refusal")
        await pilot.press("escape")
        await see(app, "Not entitled to locations.")


async def test_profiles_are_told_for_an_embedded_sim_and_denied_for_another(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        plain = await row_that(app, lambda each: not each.eid)
        await open_on(app, pilot, plain, "profiles")
        await see(app, "No eUICC.")
        await pilot.press("a")
        assert "has no eUICC" in flash(app)
        await pilot.press("escape")
        embedded = await row_that(app, lambda each: bool(each.eid))
        await open_on(app, pilot, embedded, "profiles")
        async with receiver(simulator, tmp_path, HEARD):
            await pilot.press("a")
            await see(app, "profileStatus")
        assert embedded.eid in told(app)


async def test_firmware_is_read_when_it_is_opened(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        row = await row_that(app, lambda each: bool(each.imei))
        await open_on(app, pilot, row, "firmware")
        await see(app, sim_device(simulator, row).model.name)
        assert "Campaigns: not knowable from here" in told(app)


async def test_json_is_searched_match_by_match(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        row = current(app)
        place = await open_on(app, pilot, row, "raw")
        await see(app, '"device list"')
        everything = await app.workspace.desks.answers.everything(row)
        assert json.dumps(everything)
        await pilot.press("slash", *row.iccid, "enter")
        await until(lambda: "lines hold" in shown(app), what="the matches")
        assert isinstance(place.part, Raw)
        assert f"1 of {len(place.part._found)}" in shown(app)
        await pilot.press("enter")
        assert f"2 of {len(place.part._found)}" in shown(app)
        await pilot.press("p", "p")
        assert f"{len(place.part._found)} of {len(place.part._found)}" in shown(app)
        await pilot.press("slash", *["backspace"] * 30, *("zzzz"), "enter")
        await see(app, "nothing holds")
        await pilot.press("enter")
        assert "Nothing holds that." in flash(app)
        await pilot.press("escape")
        assert app.place is place
        await until(lambda: "searches" in shown(app), what="no search")
        await pilot.press("x")
        await until(lambda: "Exported 1 device" in flash(app), what="the file")
        (path,) = tmp_path.glob("tsui-device*.json")
        assert json.loads(path.read_text())["device list"] == everything["device list"]
        await pilot.press("slash", *("line"), "escape")
        assert "searches" in shown(app)


async def test_keys_of_a_part_are_offered_only_there(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        place = await open_on(app, pilot, current(app), "usage")
        assert "a Ask" not in shown(app)
        await place.show_tab("reachability")
        await pilot.pause()
        assert "a Ask" in shown(app)
        assert AskNow.id() in {command.id() for command in commands_of(place)}
        await pilot.press("shift+tab", "shift+tab")
        assert AskNow.id() not in {command.id() for command in commands_of(place)}
