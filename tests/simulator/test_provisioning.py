"""Changes of lines: pending first, then done or failed by the provisioning rules."""

from typing import Any

import pytest

from tests.simulator.cases import (
    LIST,
    PROVISIONING,
    Api,
    all_in,
    code_of,
    named,
    one_in,
    unix,
)
from tests.simulator.hearing import ROUTER, hear, heard, some
from tests.support.listener import Inbox
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import CarrierMessage
from tsui.thingspace.callback_notices import ExternalChangeMessage
from tsui.thingspace.client import Client


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05)


async def test_a_line_goes_round_all_states(api: Api) -> None:
    device = one_in(api.fleet, "active")
    for action, state in (
        ("suspend", "suspend"),
        ("restore", "active"),
        ("deactivate", "deactive"),
        ("activate", "active"),
    ):
        assert await api.done(action, device) == "Success"
        assert await api.state(device) == state
    history = await api.history(PROVISIONING, device)
    told = [each["eventType"] for each in history["provisioningHistory"]]
    assert told[-4:] == [
        "Suspension Confirmed",
        "Restore Confirmed",
        "Deactivation Confirmed",
        "Activation Confirmed",
    ]


async def test_a_change_shows_as_pending_until_it_is_done(api: Api) -> None:
    api.world.settings.delay = 600.0
    device = one_in(api.fleet, "active")
    request = await api.change("suspend", device)
    assert await api.state(device) == "pending suspend"
    status = await api.call("GET", f"/accounts/{api.account}/requests/{request}/status")
    assert status.json() == {"requestId": request, "status": "Pending"}
    api.world.clock.advance(1000)
    assert await api.end_of(request) == "Success"
    status = await api.call("GET", f"/accounts/{api.account}/requests/{request}/status")
    assert status.json()["status"] == "Success"
    assert await api.state(device) == "suspend"


async def test_only_the_status_of_single_changes_can_be_asked_for(api: Api) -> None:
    request = await api.change("suspend", *all_in(api.fleet, "active")[:2])
    path = f"/accounts/{api.account}/requests/{request}/status"
    assert code_of(await api.call("GET", path)) == "REQUEST_FAILED.UnexpectedError"
    path = f"/accounts/{api.other_account}/requests/{request}/status"
    assert code_of(await api.call("GET", path)) == "REQUEST_FAILED.UnexpectedError"


async def test_a_deactive_line_has_nothing_left_and_another_number_later(api: Api) -> None:
    device = some(api.fleet, ROUTER)
    before = device.mdn
    await api.done("deactivate", device)
    view = await api.view(device)
    assert "ipAddress" not in view
    assert "mdn" not in {each["kind"] for each in view["deviceIds"]}
    await api.done("activate", device)
    view = await api.view(device)
    numbers = {each["kind"]: each["id"] for each in view["deviceIds"]}
    assert numbers["mdn"] != before
    assert view["ipAddress"]


async def test_a_line_may_be_changed_five_times_a_day(api: Api) -> None:
    device = one_in(api.fleet, "active")
    for action in ("suspend", "restore", "suspend", "restore", "suspend"):
        assert await api.done(action, device) == "Success"
    assert await api.done("restore", device) == "Failed"
    assert await api.state(device) == "suspend"
    api.world.clock.advance(DAY)
    await api.sign_in()
    assert await api.done("restore", device) == "Success"


async def test_the_plan_may_be_changed_four_times_a_month(api: Api) -> None:
    device = some(api.fleet, ROUTER)
    for plan in ("M2M5MB", "M2M25MB", "M2M5MB", "M2M25MB"):
        assert await api.done("plan", device, servicePlan=plan) == "Success"
    assert await api.done("plan", device, servicePlan="M2M5MB") == "Failed"
    assert (await api.view(device))["carrierInformations"][0]["servicePlan"] == "M2M25MB"
    api.world.clock.advance(31 * DAY)
    await api.sign_in()
    assert await api.done("plan", device, servicePlan="M2M5MB") == "Success"


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("active", "restore"),
        ("active", "activate"),
        ("suspend", "suspend"),
        ("suspend", "activate"),
        ("suspend", "plan"),
        ("deactive", "suspend"),
        ("deactive", "restore"),
        ("deactive", "deactivate"),
        ("pre-active", "suspend"),
        ("pre-active", "deactivate"),
    ],
)
async def test_a_change_that_does_not_fit_the_state_fails(
    api: Api, state: str, action: str
) -> None:
    device = one_in(api.fleet, state)
    assert await api.done(action, device) == "Failed"
    assert await api.state(device) == state


async def test_a_failure_is_told_with_its_code(api: Api, client: Client, inbox: Inbox) -> None:
    await hear(client, api.account, inbox, "CarrierService")
    device = one_in(api.fleet, "active")
    request = await api.change("activate", device)
    (message,) = await heard(inbox, CarrierMessage, service="CarrierService")
    assert message.request_id == request
    assert message.status == "Failed"
    assert message.fault_response is not None
    code = message.fault_response.faultcode or ""
    assert code.partition(".")[2] == "REQUEST_FAILED.DeviceAlreadyActive"


async def test_every_device_of_a_request_has_a_message(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, "CarrierService")
    devices = all_in(api.fleet, "active")[:5]
    request = await api.change("suspend", *devices)
    messages = await heard(inbox, CarrierMessage, count=5)
    assert {each.request_id for each in messages} == {request}
    assert {(each.device_ids or [])[0].id for each in messages} == {
        device.iccid for device in devices
    }
    for message in messages:
        assert message.device_response is not None
        assert message.device_response.suspend_response is not None
        assert message.device_response.suspend_response.expected_resume_date is not None


async def test_two_changes_of_a_line_do_not_overlap(api: Api) -> None:
    api.world.settings.delay = 600.0
    device = one_in(api.fleet, "active")
    first = await api.change("suspend", device)
    second = await api.change("deactivate", device)
    api.world.clock.advance(1000)
    assert await api.end_of(first) == "Success"
    assert await api.end_of(second) == "Failed"


async def test_a_suspension_ends_by_itself_after_ninety_days(api: Api) -> None:
    device = one_in(api.fleet, "active")
    await api.done("suspend", device)
    api.world.clock.advance(90 * DAY)
    await api.sign_in()
    assert await api.state(device) == "active"
    history = await api.history(PROVISIONING, device)
    assert history["provisioningHistory"][-1]["eventBy"] == "automatic resume"


async def test_a_suspended_line_may_be_deactivated_or_not(api: Api) -> None:
    first, second = all_in(api.fleet, "suspend")[:2]
    assert await api.done("deactivate", first) == "Success"
    api.world.settings.deactivate_suspended = False
    assert await api.done("deactivate", second) == "Failed"


async def test_deleting_after_deactivation_forgets_the_device(api: Api) -> None:
    device = one_in(api.fleet, "active")
    assert await api.done("deactivate", device, deleteAfterDeactivation=True) == "Success"
    asked = {"accountName": api.account, "deviceId": named(device)}
    assert code_of(await api.call("POST", LIST, asked)) == "REQUEST_FAILED.DeviceNotFound"


async def test_activation_adds_devices_nobody_knew(api: Api) -> None:
    fresh = {"id": "89148000009001002015", "kind": "iccid"}
    imei = {"id": "350000000001012", "kind": "imei"}
    body = {
        "accountName": api.account,
        "devices": [{"deviceIds": [imei, fresh]}],
        "servicePlan": "M2M5MB",
        "mdnZipCode": "02108",
        "groupName": "Trailers",
    }
    request = (await api.post("/devices/actions/activate", body))["requestId"]
    assert await api.end_of(request) == "Success"
    (view,) = (await api.listed(deviceId=fresh))["devices"]
    assert view["carrierInformations"][0]["state"] == "active"
    assert view["groupNames"] == ["Trailers"]
    assert unix(view["lastActivationDate"]) >= api.world.began - 1


async def test_somebody_else_changes_a_line(api: Api, client: Client, inbox: Inbox) -> None:
    await hear(client, api.account, inbox, "ExternalProvisioningChanges")
    device = one_in(api.fleet, "active")
    await api.control("POST", "elsewhere", {"deviceId": named(device), "action": "suspend"})
    assert await api.state(device) == "suspend"
    (message,) = await heard(inbox, ExternalChangeMessage)
    assert message.external_provisioning_change is not None
    assert message.external_provisioning_change.change == "Suspend"


async def test_selectors_choose_the_lines(api: Api) -> None:
    device = some(api.fleet, ROUTER)
    body = {"accountName": api.account, "groupName": device.group, "servicePlan": device.plan}
    request = (await api.post("/devices/actions/suspend", body))["requestId"]
    chosen = {
        task.target.device.iccid for task in api.world.jobs.requests[request].tasks if task.target
    }
    every = (api.fleet.get(number) for number in api.fleet.numbers())
    assert chosen == {
        each.iccid for each in every if (each.group, each.plan) == (device.group, device.plan)
    }


@pytest.mark.parametrize(
    ("action", "change", "code"),
    [
        ("suspend", {"devices": []}, "DeserializationFailed"),
        ("suspend", {"devices": [{"deviceIds": []}]}, "DeserializationFailed"),
        ("suspend", {"accountName": "0000000000-00000"}, "REQUEST_FAILED.AccountNotFound"),
        (
            "suspend",
            {"devices": [{"deviceIds": [{"id": "9" * 20, "kind": "iccid"}]}]},
            "REQUEST_FAILED.DeviceNotFound",
        ),
        ("activate", {"servicePlan": "Nobody"}, "REQUEST_FAILED._servicePlan_.NotFound"),
        ("activate", {"mdnZipCode": "021"}, "DeserializationFailed"),
        ("activate", {"leadId": "L-1"}, "REQUEST_FAILED.UnexpectedError"),
        ("deactivate", {"reasonCode": "XX"}, "REQUEST_FAILED.UnexpectedError"),
        ("plan", {"servicePlan": "Nobody"}, "REQUEST_FAILED._servicePlan_.NotFound"),
    ],
)
async def test_a_bad_request_has_its_code_and_does_nothing(
    api: Api, action: str, change: dict[str, Any], code: str
) -> None:
    body = {
        "accountName": api.account,
        "devices": [{"deviceIds": [named(one_in(api.fleet, "active"))]}],
        "servicePlan": "M2M5MB",
        "mdnZipCode": "02108",
        "reasonCode": "FF",
        **change,
    }
    method = "PUT" if action == "plan" else "POST"
    assert code_of(await api.call(method, f"/devices/actions/{action}", body)) == code
    assert not api.world.jobs.requests


async def test_the_number_of_devices_is_limited(api: Api) -> None:
    api.world.settings.max_devices = 1
    devices = [{"deviceIds": [named(each)]} for each in all_in(api.fleet, "active")[:2]]
    body = {"accountName": api.account, "devices": devices}
    answer = await api.call("POST", "/devices/actions/suspend", body)
    assert code_of(answer) == "INPUT_INVALID.MaxRequestsExceeded"
