"""Profiles on eUICC devices, and the lists that show them."""

from typing import Any

import pytest

from tests.simulator.cases import Api, code_of, iccids, named, one_in
from tests.simulator.hearing import asleep, hear, heard
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.device import SimDevice
from tsui.simulator.profiles import profile_of
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import ProfileMessage
from tsui.thingspace.client import Client

SERVICE = "DeviceProfileService"
SMSR = "1.3.6.1.4.1.99999.1.2.3"
SENSOR = "ME910C1"
"""A model with an eUICC that never sleeps."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=300, delay=0.05)


def embedded(api: Api, state: str = "active", model: str = SENSOR) -> SimDevice:
    """Return a device with an eUICC, which is kept from now on."""
    found = (api.fleet.get(number) for number in api.fleet.numbers())
    return api.fleet.touch(
        next(
            each
            for each in found
            if each.eid
            and each.state == state
            and each.model.name == model
            and (state != "active" or each.served[-1].end == float("inf"))
        )
    )


def both(device: SimDevice) -> list[dict[str, str]]:
    return [named(device, "eid"), named(device)]


class Profiles:
    """Changes of profiles, and what comes of them."""

    def __init__(self, api: Api, client: Client, inbox: Inbox) -> None:
        self.api = api
        self.client = client
        self.inbox = inbox

    async def ask(self, action: str, device: SimDevice, **values: Any) -> Any:
        body = {
            "accountName": self.api.account,
            "devices": [{"deviceIds": both(device)}],
            "smsrOid": SMSR,
            **values,
        }
        return await self.api.call("POST", f"/devices/profile/actions/{action}", body)

    async def done(self, action: str, device: SimDevice, **values: Any) -> ProfileMessage:
        """Ask for a change, and return the message that tells how it ended."""
        await hear(self.client, self.api.account, self.inbox, SERVICE)
        self.inbox.messages.clear()
        answer = await self.ask(action, device, **values)
        assert answer.is_success, answer.text
        (message,) = await heard(self.inbox, ProfileMessage, service=SERVICE)
        assert message.request_id == answer.json()["requestId"]
        return message


@pytest.fixture
def profiles(api: Api, client: Client, inbox: Inbox) -> Profiles:
    return Profiles(api, client, inbox)


async def test_a_profile_goes_from_status_to_status(profiles: Profiles) -> None:
    device = embedded(profiles.api)
    for action, status in (
        ("disable", "DISABLE"),
        ("enable", "ENABLE"),
        ("delete", "DELETE"),
        ("download_disable", "DOWNLOAD_DISABLE"),
        ("enable", "ENABLE"),
        ("delete", "DELETE"),
        ("download_enable", "DOWNLOAD_ENABLE"),
    ):
        message = await profiles.done(action, device)
        assert message.status == "Success"
        assert message.device_response
        outcome = message.device_response.device_profile_response
        assert outcome
        assert outcome.status == "EXECUTED_SUCCESS"
        assert profile_of(device) == status
    assert [each.what for each in device.history[-2:]] == [
        "Profile Delete Confirmed",
        "Profile Download and Enable Confirmed",
    ]


@pytest.mark.parametrize(
    ("action", "before"),
    [
        ("download_enable", "ENABLE"),
        ("download_disable", "DOWNLOAD_DISABLE"),
        ("enable", "NOT_DOWNLOADED"),
        ("enable", "ENABLE"),
        ("disable", "DOWNLOAD_DISABLE"),
        ("delete", "NOT_DOWNLOADED"),
    ],
)
async def test_what_the_status_does_not_allow_fails(
    profiles: Profiles, action: str, before: str
) -> None:
    device = embedded(profiles.api)
    device.profile = before
    message = await profiles.done(action, device)
    assert message.status == "Failed"
    assert message.fault_response
    assert str(message.fault_response.faultcode).endswith("INPUT_INVALID.DeviceState.Invalid")
    assert profile_of(device) == before


async def test_a_line_out_of_service_changes_no_profile(profiles: Profiles) -> None:
    device = embedded(profiles.api)
    assert await profiles.api.done("suspend", device) == "Success"
    assert (await profiles.done("disable", device)).status == "Failed"
    assert profile_of(device) == "DOWNLOAD_ENABLE"


async def test_a_sleeping_device_warns_and_obeys_when_it_wakes(profiles: Profiles) -> None:
    api, inbox = profiles.api, profiles.inbox
    api.world.settings.profile_patience = 7 * 86_400.0
    now, seed = api.world.clock.timestamp(), api.world.settings.seed
    device = api.fleet.touch(asleep(api.fleet, seed, now))
    warning = await profiles.done("disable", device)
    assert warning.device_response
    outcome = warning.device_response.device_profile_response
    assert outcome
    assert outcome.status == "EXECUTED_WITHWARNING"
    assert profile_of(device) == "DOWNLOAD_ENABLE"
    assert api.world.jobs.requests[str(warning.request_id)].status == "Pending"
    session = device.next_session(seed, now)
    assert session
    api.world.clock.advance(session.start - now + 1)
    _, last = await heard(inbox, ProfileMessage, count=2, service=SERVICE)
    assert last.request_id == warning.request_id
    assert inbox.messages[1]["deviceResponse"]["deviceProfileResponse"]["status"] == (
        "EXECUTED_SUCCESS"
    )
    assert profile_of(device) == "DISABLE"


async def test_a_device_that_sleeps_on_is_not_waited_for_forever(profiles: Profiles) -> None:
    api = profiles.api
    device = asleep(api.fleet, api.world.settings.seed, api.world.clock.timestamp())
    await profiles.done("disable", device)
    api.world.clock.advance(api.world.settings.profile_patience + 1)
    await heard(profiles.inbox, ProfileMessage, count=2, service=SERVICE)


async def test_activation_and_deactivation_take_the_profile_along(profiles: Profiles) -> None:
    device = embedded(profiles.api, "pre-active", "BG95-M3")
    assert profile_of(device) == "NOT_DOWNLOADED"
    values = {"servicePlan": "M2M5MB", "mdnZipCode": "02108"}
    assert (await profiles.done("activate", device, **values)).status == "Success"
    assert (device.state, profile_of(device), device.plan) == ("active", "NOT_DOWNLOADED", "M2M5MB")
    gone = await profiles.done("deactivate", device, reasonCode="FF")
    assert gone.status == "Success"
    assert (device.state, profile_of(device), device.plan) == ("deactive", "UNKNOWN", "")
    assert (await profiles.done("activate_enable", device, **values)).status == "Success"
    assert (device.state, profile_of(device)) == ("active", "DOWNLOAD_ENABLE")
    again = await profiles.done("activate", device, **values)
    assert again.fault_response
    assert str(again.fault_response.faultcode).endswith("REQUEST_FAILED.DeviceAlreadyActive")


async def test_the_fallback_profile_is_not_deactivated_where_that_is_checked(
    profiles: Profiles,
) -> None:
    device = embedded(profiles.api)
    assert (await profiles.done("setfallbackattribute", device)).status == "Success"
    assert device.fallback
    refused = await profiles.ask("deactivate", device, reasonCode="FF", checkFallbackProfile=True)
    assert code_of(refused) == "REQUEST_FAILED.UnexpectedError"
    gone = await profiles.done("deactivate", device, reasonCode="FF", checkFallbackProfile=False)
    assert gone.status == "Success"
    assert not device.fallback


async def test_refusals_at_once(profiles: Profiles) -> None:
    api, device = profiles.api, embedded(profiles.api)
    other = next(
        each
        for each in map(api.fleet.get, api.fleet.numbers())
        if each.eid and each.number != device.number
    )
    unexpected = "REQUEST_FAILED.UnexpectedError"
    for wrong, code in (
        ({"devices": [{"deviceIds": [named(device)]}]}, unexpected),
        ({"devices": [{"deviceIds": [named(device, "eid")]}]}, unexpected),
        ({"devices": [{"deviceIds": [named(device, "eid"), named(other)]}]}, "DeviceNotFound"),
        ({"devices": []}, "DeserializationFailed"),
        ({"smsrOid": None}, "DeserializationFailed"),
        ({"accountName": None}, "INPUT_INVALID.Account.NotDefined"),
        ({"accountName": "0000000000-00001"}, "REQUEST_FAILED.AccountNotFound"),
    ):
        assert code_of(await profiles.ask("enable", device, **wrong)).endswith(code), wrong
    bare = next(each for each in map(api.fleet.get, api.fleet.numbers()) if not each.eid)
    body = {"devices": [{"deviceIds": [named(bare)]}], "servicePlan": "M2M5MB"}
    answer = await profiles.ask("activate", device, **body)
    assert code_of(answer) == "REQUEST_FAILED.DeviceNotFound"
    for field, value, code in (
        ("servicePlan", "NONE", "REQUEST_FAILED._servicePlan_.NotFound"),
        ("mdnZipCode", "1", "DeserializationFailed"),
    ):
        assert code_of(await profiles.ask("activate", device, **{field: value})) == code
    assert code_of(await profiles.ask("deactivate", device, reasonCode="AA")) == unexpected
    nobody = {"accountName": api.account, "reasonCode": "FF"}
    answer = await api.call("POST", "/devices/profile/actions/deactivate", nobody)
    assert code_of(answer) == unexpected


class TestGlobalList:
    async def listed(self, profiles: Profiles, **filters: Any) -> list[Any]:
        """Return the devices of all messages of a list."""
        api, inbox = profiles.api, profiles.inbox
        await hear(profiles.client, api.account, inbox, SERVICE)
        inbox.messages.clear()
        body = {"accountName": api.account, **filters}
        answer = await api.http.post(
            "/api/m2m/v2/devices/actions/list", json=body, headers=api.headers
        )
        request = api.world.jobs.requests[answer.json()["requestId"]]
        await until(lambda: request.status == "Success", what="the list")
        deliveries = api.world.postman.deliveries
        await until(lambda: all(each.delivered for each in deliveries), what="its messages")
        return [each for it in inbox.messages for each in it["deviceResponse"]["deviceList"]]

    async def test_shows_profiles_as_they_are(self, profiles: Profiles) -> None:
        device = embedded(profiles.api)
        await profiles.done("disable", device)
        (shown,) = await self.listed(profiles, deviceFilter=[named(device)])
        assert shown["profileStatus"] == "DISABLE"
        assert shown["provisioningStatus"] == "ACTIVE"
        assert iccids([shown]) == [device.iccid]
        assert [
            iccids([each]) for each in await self.listed(profiles, profileStatusFilter="DISABLE")
        ] == [[device.iccid]]

    async def test_comes_in_as_many_messages_as_it_needs(self, profiles: Profiles) -> None:
        profiles.api.world.settings.global_page = 10
        found = await self.listed(profiles)
        fleet = profiles.api.fleet
        there = {fleet.get(number).iccid for number in fleet.numbers() if fleet.get(number).eid}
        assert sorted(iccids(found)) == sorted(there)
        assert len(profiles.inbox.messages) == -(-len(there) // 10)
        assert len({each["requestId"] for each in profiles.inbox.messages}) == 1

    async def test_filters_by_state_and_carrier(self, profiles: Profiles) -> None:
        found = await self.listed(profiles, provisioningStatusFilter="PRE_ACTIVE")
        assert found
        assert {each["provisioningStatus"] for each in found} == {"PRE_ACTIVE"}
        assert {each["profileStatus"] for each in found} == {"NOT_DOWNLOADED"}
        active = await self.listed(profiles, provisioningStatusFilter="ACTIVATED")
        assert {each["provisioningStatus"] for each in active} == {"ACTIVE"}
        assert await self.listed(profiles, carrierNameFilter="Nobody") == []

    async def test_refuses_filters_that_are_not_documented(self, profiles: Profiles) -> None:
        api = profiles.api
        for wrong in ({"profileStatusFilter": "ON"}, {"provisioningStatusFilter": "ON"}):
            answer = await api.http.post(
                "/api/m2m/v2/devices/actions/list",
                json={"accountName": api.account, **wrong},
                headers=api.headers,
            )
            assert code_of(answer) == "DeserializationFailed"


@pytest.mark.parametrize("as_array", [True, False])
async def test_the_global_history_tells_what_was_done(profiles: Profiles, as_array: bool) -> None:
    device, api = embedded(profiles.api), profiles.api
    await profiles.done("disable", device)
    profiles.inbox.messages.clear()
    chosen = named(device)
    await api.http.post(
        "/api/m2m/v2/devices/history/actions/list",
        json={"accountName": api.account, "deviceFilter": [chosen] if as_array else chosen},
        headers=api.headers,
    )
    (message,) = await heard(profiles.inbox, ProfileMessage, service=SERVICE)
    assert message.device_response
    records = message.device_response.device_provisioning_history
    assert records
    assert [each["eventType"] for each in records] == [
        "Activation Confirmed",
        "Profile Disable Confirmed",
    ]


async def test_a_swapped_eid_has_no_profile_yet(api: Api) -> None:
    device = embedded(api)
    there = one_in(api.fleet, "deactive")
    answer = await api.call(
        "POST",
        "/devices/actions/eidDeviceSwap",
        {
            "accountName": api.account,
            "deviceIds": [named(device, "eid")],
            "deviceIdsTo": [named(there, "imei")],
        },
    )
    assert await api.end_of(answer.json()["requestId"]) == "Success"
    assert profile_of(device) == "NOT_DOWNLOADED"
