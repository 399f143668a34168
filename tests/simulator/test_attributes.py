"""What is noted about lines: fields, cost centers, contacts, labels, identifiers, own states."""

from typing import Any

import httpx
import pytest

from tests.simulator.cases import LIST, Api, all_in, code_of, named, one_in
from tests.simulator.hearing import METER, ROUTER, hear, heard, some
from tests.support.listener import Inbox
from tsui.simulator.device import SimDevice
from tsui.simulator.identity import luhn
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import CarrierMessage, CustomStateMessage
from tsui.thingspace.client import Client

PLACE = {
    "customerName": {"firstName": "Ada", "lastName": "Novak"},
    "address": {
        "addressLine1": "12 Harbor St",
        "city": "Boston",
        "state": "MA",
        "zip": "02108",
        "country": "USA",
    },
}


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.02)


async def put(api: Api, path: str, *devices: SimDevice, **values: Any) -> httpx.Response:
    body = {
        "accountName": api.account,
        "devices": [{"deviceIds": [named(device)]} for device in devices],
        **values,
    }
    return await api.call("PUT", f"/devices/{path}", body)


async def done(api: Api, answer: httpx.Response) -> str:
    """Wait until an accepted request is over, and return how it ended."""
    assert answer.is_success, answer.text
    return await api.end_of(answer.json()["requestId"])


async def attributes(api: Api, device: SimDevice) -> dict[str, str]:
    view = await api.view(device)
    return {each["key"]: each.get("value", "") for each in view["extendedAttributes"]}


class TestFields:
    async def test_custom_fields_are_set_and_cleared(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        fields = [{"key": "CustomField5", "value": "red"}, {"key": "CustomField1", "value": ""}]
        answer = await put(api, "actions/customFields", device, customFieldsToUpdate=fields)
        assert await done(api, answer) == "Success"
        view = await api.view(device)
        found = {each["key"]: each["value"] for each in view["customFields"]}
        assert found["CustomField5"] == "red"
        assert "CustomField1" not in found
        chosen = await api.listed(customFields=[{"key": "CustomField5", "value": "red"}])
        assert len(chosen["devices"]) == 1

    @pytest.mark.parametrize(
        ("field", "code"),
        [
            ({"key": "Color", "value": "red"}, "INPUT_INVALID.CustomField.InvalidName"),
            ({"key": "CustomField1", "value": "x" * 51}, "INPUT_INVALID.CustomField.TooLong"),
            ({"key": "CustomField1", "value": "a<b"}, "INPUT_INVALID.Request.InvalidCharacter"),
        ],
    )
    async def test_a_bad_field_is_refused(self, api: Api, field: dict[str, str], code: str) -> None:
        device = one_in(api.fleet, "active")
        answer = await put(api, "actions/customFields", device, customFieldsToUpdate=[field])
        assert code_of(answer) == code

    async def test_a_cost_center_comes_and_goes(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        assert await done(api, await put(api, "costCenter", device, costCenter="Ops 12")) == (
            "Success"
        )
        assert (await attributes(api, device))["CostCenterCode"] == "Ops 12"
        await done(api, await put(api, "costCenter", device, removeCostCenter=True))
        assert "CostCenterCode" not in await attributes(api, device)

    async def test_a_cost_center_has_its_characters_and_length(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        odd = await put(api, "costCenter", device, costCenter="a/b")
        assert code_of(odd) == "INPUT_INVALID.Request.InvalidCharacter"
        long = await put(api, "costCenter", device, costCenter="x" * 37)
        assert code_of(long) == "DeserializationFailed"

    @pytest.mark.parametrize("spelling", ["contactInfo", "contactinfo"])
    async def test_a_contact_is_shown(self, api: Api, spelling: str) -> None:
        device = one_in(api.fleet, "active")
        answer = await put(api, f"actions/{spelling}", device, primaryPlaceOfUse=PLACE)
        assert await done(api, answer) == "Success"
        found = await attributes(api, device)
        assert found["PrimaryPlaceOfUseFirstName"] == "Ada"
        assert found["PrimaryPlaceOfUseCity"] == "Boston"

    async def test_a_contact_needs_all_its_parts(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        place = {**PLACE, "address": {**PLACE["address"], "country": "FR"}}
        for bad in ({}, {"customerName": PLACE["customerName"]}, place):
            answer = await put(api, "actions/contactInfo", device, primaryPlaceOfUse=bad)
            assert code_of(answer) == "DeserializationFailed"

    async def test_the_outcome_comes_by_callback(
        self, api: Api, client: Client, inbox: Inbox
    ) -> None:
        await hear(client, api.account, inbox, "CarrierService")
        answer = await put(api, "costCenter", one_in(api.fleet, "active"), costCenter="Ops")
        (message,) = await heard(inbox, CarrierMessage)
        assert message.request_id == answer.json()["requestId"]
        assert message.device_response is not None
        assert message.device_response.change_cost_center_response is not None


class TestLabels:
    async def label(self, api: Api, method: str, *devices: SimDevice) -> str:
        labels = [
            {"deviceIds": [named(each)], "label": {"name": "VIN", "value": "1M8GDM9A"}}
            for each in devices
        ]
        body = {"accountName": api.account, "labels": labels}
        answer = await api.call(method, "/devices/actions/usagesegmentationlabels", body)
        return await done(api, answer)

    async def test_usage_is_billed_by_label(self, api: Api) -> None:
        device = some(api.fleet, ROUTER)
        assert await self.label(api, "POST", device) == "Success"
        body = {
            "accountName": api.account,
            "labels": [{"name": "VIN", "value": "1M8GDM9A"}],
        }
        billed = await api.post("/devices/usage/actions/billedusage", body)
        (used,) = billed["usage"]
        assert {"id": device.iccid, "kind": "iccId"} in used["deviceIds"]
        assert await self.label(api, "DELETE", device) == "Success"
        assert (await api.post("/devices/usage/actions/billedusage", body))["usage"] == []

    async def test_a_label_that_is_not_there_cannot_be_removed(self, api: Api) -> None:
        assert await self.label(api, "DELETE", some(api.fleet, ROUTER)) == "Failed"

    async def test_billed_usage_is_that_of_the_days(self, api: Api) -> None:
        device = some(api.fleet, ROUTER)
        month = api.world.clock.now()
        cycle = {"year": str(month.year), "month": str(month.month)}
        body = {"accountName": api.account, "deviceId": named(device), "billingCycle": cycle}
        billed = await api.post("/devices/usage/actions/billedusage", body)
        start = f"{month:%Y-%m}-01T00:00:00Z"
        days = await api.post(
            "/devices/usage/actions/list",
            {
                "deviceId": named(device),
                "earliest": start,
                "latest": f"{month:%Y-%m-%dT%H:%M:%SZ}",
            },
        )
        expected = sum(each["bytesUsed"] for each in days["usageHistory"])
        assert billed["usage"][0]["dataUsage"] == pytest.approx(expected, rel=0.01)

    async def test_a_cycle_that_is_none_is_refused(self, api: Api) -> None:
        body = {"accountName": api.account, "billingCycle": {"year": "2026", "month": "13"}}
        answer = await api.call("POST", "/devices/usage/actions/billedusage", body)
        assert code_of(answer) == "REQUEST_FAILED.UnexpectedError"


class TestIdentifiers:
    def unused(self, device: SimDevice) -> str:
        body = f"{device.imei[:8]}{(int(device.imei[8:14]) + 500_000) % 10**6:06d}"
        return body + luhn(body)

    async def change(self, api: Api, device: SimDevice, **values: Any) -> httpx.Response:
        body = {"deviceIds": [named(device)], **values}
        return await api.call("PUT", "/devices/4G/actions/deviceId", body)

    async def test_a_line_moves_to_other_hardware(self, api: Api) -> None:
        device = some(api.fleet, ROUTER)
        before, new = device.imei, self.unused(device)
        answer = await self.change(
            api,
            device,
            deviceIdsTo=[{"id": new, "kind": "imei"}],
            change4gOption="ChangeIMEI",
        )
        assert await done(api, answer) == "Success"
        view = await api.view(device)
        assert {"id": new, "kind": "imei"} in view["deviceIds"]
        old = {"accountName": api.account, "deviceId": {"id": before, "kind": "imei"}}
        assert code_of(await api.call("POST", LIST, old)) == "REQUEST_FAILED.DeviceNotFound"

    async def test_hardware_that_is_known_cannot_be_taken(self, api: Api) -> None:
        device, other = all_in(api.fleet, "active")[:2]
        answer = await self.change(
            api,
            device,
            deviceIdsTo=[{"id": other.imei, "kind": "imei"}],
            change4gOption="ChangeIMEI",
        )
        assert await done(api, answer) == "Failed"

    async def test_an_option_needs_its_identifiers(self, api: Api) -> None:
        device = some(api.fleet, ROUTER)
        missing = await self.change(api, device, change4gOption="ChangeIMEI")
        assert code_of(missing) == "DeserializationFailed"
        unknown = await self.change(api, device, change4gOption="ChangeColor")
        assert code_of(unknown) == "REQUEST_FAILED.UnexpectedError"

    async def test_a_line_that_is_not_active_is_refused(self, api: Api) -> None:
        answer = await self.change(api, one_in(api.fleet, "suspend"), change4gOption="ChangeMSISDN")
        assert code_of(answer) == "INPUT_INVALID.DeviceState.Invalid"

    async def test_an_euicc_takes_over_from_another(self, api: Api) -> None:
        device, other = [each for each in all_in(api.fleet, "active") if each.model.name == METER][
            :2
        ]
        body = {
            "deviceIds": [{"id": device.eid, "kind": "eid"}],
            "deviceIdsTo": [
                {"id": other.eid, "kind": "eid"},
                {"id": other.imei, "kind": "imei"},
            ],
        }
        answer = await api.call("POST", "/devices/actions/eidDeviceSwap", body)
        assert await done(api, answer) == "Success"
        view = (await api.listed(deviceId={"id": other.eid, "kind": "eid"}))["devices"][0]
        assert {"id": device.mdn, "kind": "mdn"} in view["deviceIds"]


class TestOwnStates:
    def request(self, api: Api, state: str, *devices: SimDevice) -> dict[str, Any]:
        return {
            "accountName": api.account,
            "devices": [{"deviceIds": [named(device)]} for device in devices],
            "serviceName": "Telematics",
            "stateName": state,
            "servicePlan": "55210",
            "mdnZipCode": "02108",
        }

    async def go(self, api: Api, state: str, *devices: SimDevice) -> httpx.Response:
        body = self.request(api, state, *devices)
        return await api.call("PUT", "/devices/actions/goToState", body)

    async def test_a_line_goes_where_the_customer_wants_it(
        self, api: Api, client: Client, inbox: Inbox
    ) -> None:
        await hear(client, api.account, inbox, "StateService")
        device = some(api.fleet, ROUTER)
        answer = await self.go(api, "Telematics Suspended", device)
        assert await done(api, answer) == "Success"
        assert await api.state(device) == "suspend"
        found = await attributes(api, device)
        assert (found["ServiceName"], found["StateName"]) == ("Telematics", "Telematics Suspended")
        (message,) = await heard(inbox, CustomStateMessage)
        assert message.device_response is not None
        assert message.device_response.go_to_state_response is not None
        assert message.device_response.go_to_state_response.state_name == "Telematics Suspended"

    async def test_lines_of_other_states_than_the_first_fail(self, api: Api) -> None:
        devices = one_in(api.fleet, "active"), one_in(api.fleet, "suspend")
        answer = await self.go(api, "Telematics Off", *devices)
        assert await done(api, answer) == "Failed"
        tasks = api.world.jobs.requests[answer.json()["requestId"]].tasks
        assert sorted(task.status for task in tasks) == ["Failed", "Success"]

    async def test_what_the_customer_never_defined_is_refused(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        answer = await self.go(api, "Telematics Lost", device)
        assert code_of(answer) == "REQUEST_FAILED.UnexpectedError"
        body = {**self.request(api, "Telematics Off", device), "servicePlan": "M2M5MB"}
        answer = await api.call("PUT", "/devices/actions/gotostate", body)
        assert code_of(answer) == "REQUEST_FAILED._servicePlan_.NotFound"
