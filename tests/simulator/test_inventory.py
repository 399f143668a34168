"""Devices that come and go: added, deleted, moved, uploaded; leads, SKUs and availability."""

from typing import Any

import httpx
import pytest

from tests.simulator.cases import Api, all_in, code_of, named, one_in
from tests.simulator.hearing import ROUTER, hear, heard, some
from tests.support.listener import Inbox
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.account import ListSkus
from tsui.thingspace.callback_answers import DeviceServiceMessage
from tsui.thingspace.client import Client
from tsui.thingspace.following import leads
from tsui.thingspace.inventory import CheckAvailability
from tsui.thingspace.wire import DeviceId, KnownDevice

ICCID = {"id": "89148000009001002015", "kind": "iccid"}
IMEI = {"id": "350000000001012", "kind": "imei"}


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.02)


async def add(api: Api, *devices: list[dict[str, str]], **values: Any) -> Any:
    body = {
        "accountName": api.account,
        "state": "preactive",
        "devicesToAdd": [{"deviceIds": ids} for ids in devices],
        **values,
    }
    return await api.post("/devices/actions/add", body)


class TestAdding:
    async def test_a_new_device_is_listed_before_it_is_active(self, api: Api) -> None:
        fields = [{"key": "CustomField1", "value": "new"}]
        (added,) = await add(api, [IMEI, ICCID], groupName="Trailers", customFields=fields)
        assert added["response"] == "Success"
        (view,) = (await api.listed(deviceId=ICCID))["devices"]
        assert view["carrierInformations"][0]["state"] == "pre-active"
        assert view["groupNames"] == ["Trailers"]
        assert view["customFields"] == fields

    async def test_every_device_has_a_result_of_its_own(self, api: Api) -> None:
        known = named(one_in(api.fleet, "active"))
        results = await add(api, [IMEI, ICCID], [IMEI, ICCID], [known], [IMEI])
        assert [each["response"] == "Success" for each in results] == [True, False, False, False]

    async def test_an_iccid_stands_alone_with_a_sku(self, api: Api) -> None:
        (alone,) = await add(api, [ICCID])
        assert alone["response"] != "Success"
        (with_sku,) = await add(api, [ICCID], skuNumber="VZWEXAMPLE01")
        assert with_sku["response"] == "Success"

    async def test_at_most_two_hundred_at_a_time(self, api: Api) -> None:
        body = {
            "accountName": api.account,
            "state": "preactive",
            "devicesToAdd": [{"deviceIds": [ICCID]}] * 201,
        }
        answer = await api.call("POST", "/devices/actions/add", body)
        assert code_of(answer) == "INPUT_INVALID.NumberofDevices"

    async def test_no_other_state_and_no_unknown_group(self, api: Api) -> None:
        body = {"accountName": api.account, "devicesToAdd": [{"deviceIds": [ICCID]}]}
        answer = await api.call("POST", "/devices/actions/add", {**body, "state": "active"})
        assert code_of(answer) == "DeserializationFailed"
        grouped = {**body, "state": "preactive", "groupName": "Nobody"}
        answer = await api.call("POST", "/devices/actions/add", grouped)
        assert code_of(answer) == "REQUEST_FAILED.DeviceGroupNotFound"


class TestDeleting:
    async def test_only_deactive_devices_go(self, api: Api) -> None:
        gone, stays = one_in(api.fleet, "deactive"), one_in(api.fleet, "active")
        body = {
            "accountName": api.account,
            "devicesToDelete": [{"deviceIds": [named(each)]} for each in (gone, stays)],
        }
        results = await api.post("/devices/actions/delete", body)
        assert [each["status"] for each in results] == ["Success", "Failed"]
        asked = {"accountName": api.account, "deviceId": named(gone)}
        answer = await api.call("POST", "/devices/actions/list", asked)
        assert code_of(answer) == "REQUEST_FAILED.DeviceNotFound"
        assert await api.state(stays) == "active"

    async def test_at_most_a_hundred_at_a_time(self, api: Api) -> None:
        one = {"deviceIds": [named(one_in(api.fleet, "deactive"))]}
        body = {"accountName": api.account, "devicesToDelete": [one] * 101}
        answer = await api.call("POST", "/devices/actions/delete", body)
        assert code_of(answer) == "INPUT_INVALID.NumberofDevices"


class TestMoving:
    async def move(self, api: Api, *ids: dict[str, str], **values: Any) -> httpx.Response:
        body = {
            "accountName": api.other_account,
            "devices": [{"deviceIds": [each]} for each in ids],
            **values,
        }
        return await api.call("PUT", "/devices/actions/move", body)

    async def test_a_device_is_in_the_other_account_with_its_history(self, api: Api) -> None:
        device = some(api.fleet, ROUTER)
        answer = await self.move(api, named(device), servicePlan="M2M5MB")
        assert await api.end_of(answer.json()["requestId"]) == "Success"
        asked = {"accountName": api.other_account, "deviceId": named(device)}
        (view,) = (await api.post("/devices/actions/list", asked))["devices"]
        assert view["accountName"] == api.other_account
        assert view["carrierInformations"][0]["servicePlan"] == "M2M5MB"
        here = {"accountName": api.account, "deviceId": named(device)}
        answer = await api.call("POST", "/devices/actions/list", here)
        assert code_of(answer) == "REQUEST_FAILED.DeviceNotFound"

    async def test_only_active_devices_move(self, api: Api) -> None:
        answer = await self.move(api, named(one_in(api.fleet, "suspend")))
        assert await api.end_of(answer.json()["requestId"]) == "Failed"

    async def test_an_unknown_plan_is_refused(self, api: Api) -> None:
        answer = await self.move(api, named(one_in(api.fleet, "active")), servicePlan="Nobody")
        assert code_of(answer) == "REQUEST_FAILED._servicePlan_.NotFound"


class TestUploading:
    def body(self, api: Api, **values: Any) -> dict[str, Any]:
        return {
            "accountName": api.account,
            "emailAddress": "ops@example.com",
            "deviceSku": "VZWEXAMPLE01",
            "uploadType": "IMEI ICCID Pair",
            "devices": [{"deviceIds": [IMEI, ICCID]}],
            **values,
        }

    async def test_uploaded_hardware_is_available(
        self, api: Api, client: Client, inbox: Inbox
    ) -> None:
        await hear(client, api.account, inbox, "DeviceService")
        request = await api.post("/devices/actions/upload", self.body(api))
        (report,) = await heard(inbox, DeviceServiceMessage)
        assert report.request_id == request["requestId"]
        device = KnownDevice(device_ids=[DeviceId(**IMEI), DeviceId(**ICCID)])
        unknown = KnownDevice(device_ids=[DeviceId(id="9" * 15, kind="imei")])
        await client.send(CheckAvailability(account_name=api.account, devices=[device, unknown]))
        message = (await heard(inbox, DeviceServiceMessage, count=2))[-1]
        assert message.device_response is not None
        found = message.device_response.device_availability_response["devices"]
        assert [each["available"] for each in found] == [True, False]

    async def test_it_can_be_activated_at_once(
        self, api: Api, client: Client, inbox: Inbox
    ) -> None:
        await hear(client, api.account, inbox, "DeviceService", "CarrierService")
        body = self.body(api, servicePlan="M2M5MB", mdnZipCode="02108")
        request = (await api.post("/devices/actions/uploadactivate", body))["requestId"]
        assert await api.end_of(request) == "Success"
        await heard(inbox, DeviceServiceMessage)
        (view,) = (await api.listed(deviceId=ICCID))["devices"]
        assert view["carrierInformations"][0]["state"] == "active"

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"deviceSku": "vzwexample01"}, "REQUEST_FAILED.UnexpectedError"),
            ({"emailAddress": "nobody"}, "REQUEST_FAILED.UnexpectedError"),
            ({"uploadType": ""}, "DeserializationFailed"),
            ({"devices": []}, "DeserializationFailed"),
        ],
    )
    async def test_a_bad_upload_is_refused(
        self, api: Api, values: dict[str, Any], code: str
    ) -> None:
        answer = await api.call("POST", "/devices/actions/upload", self.body(api, **values))
        assert code_of(answer) == code
        assert not api.world.uploads


class TestAccountsBelongings:
    async def test_leads_come_in_blocks(self, api: Api, client: Client) -> None:
        api.world.settings.lead_page = 2
        pages = [page async for page in leads(client, api.account)]
        assert [len(page) for page in pages] == [2, 1]
        assert {each.lead_state for page in pages for each in page} == {"Qualified"}

    async def test_an_activation_wins_its_lead(self, api: Api, client: Client) -> None:
        (lead, *_) = [each async for page in leads(client, api.account) for each in page]
        device = one_in(api.fleet, "deactive")
        assert await api.done("activate", device, leadId=lead.lead_id) == "Success"
        (won, *_) = [each async for page in leads(client, api.account) for each in page]
        assert (won.lead_id, won.lead_state) == (lead.lead_id, "Closed - Won")

    async def test_skus_are_those_that_uploads_take(self, api: Api, client: Client) -> None:
        listed = await client.send(ListSkus(account_name=api.account))
        assert "VZWEXAMPLE01" in [each.device_sku for each in listed.device_sku_info or []]

    async def test_a_device_that_is_taken_is_not_available(
        self, api: Api, client: Client, inbox: Inbox
    ) -> None:
        await hear(client, api.account, inbox, "DeviceService")
        active, free = one_in(api.fleet, "active"), one_in(api.fleet, "deactive")
        other = all_in(api.fleet, "active")[1]
        devices = [
            [named(active)],
            [named(free)],
            [named(active, "imei"), named(other)],
        ]
        body = {"accountName": api.account, "devices": [{"deviceIds": ids} for ids in devices]}
        await api.post("/devices/availability/actions/list", body)
        (message,) = await heard(inbox, DeviceServiceMessage)
        assert message.device_response is not None
        found = message.device_response.device_availability_response["devices"]
        assert [(each["available"], each["paired"]) for each in found] == [
            (False, True),
            (True, True),
            (False, False),
        ]
