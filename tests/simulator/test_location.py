"""Where devices are: at once, in reports, by callback, and refused as documented."""

from typing import Any

import httpx
import pytest

from tests.simulator.cases import Api, all_in
from tests.simulator.hearing import ROUTER, asleep, heard, refusal, some
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.catalogue import COORDINATES, SITES
from tsui.simulator.device import SimDevice
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import LocationMessage, LocationReportMessage
from tsui.thingspace.client import Client
from tsui.thingspace.following import location_report
from tsui.thingspace.location import (
    CancelLocationReport,
    CancelLocationRequest,
    CreateLocationReport,
    DeregisterLocationListener,
    FindLocations,
    GetLocationReport,
    GetLocationReportStatus,
    ListLocationListeners,
    LocatedDevice,
    RegisterLocationListener,
    RequestLocations,
)

LOC = "/api/loc/v1"
NOBODY = "0000000000-00000"
LONG_JOB = 600.0
"""Seconds that nobody waits for: such a job is still queued."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05)


class Finder:
    """Asking for places."""

    def __init__(self, simulator: Running, client: Client) -> None:
        self.world = simulator.world
        self.account, self.other_account = simulator.accounts
        self.fleet = self.world.fleets[self.account]
        self.client = client

    def query(self, *devices: SimDevice, mode: str | None = None) -> dict[str, Any]:
        named = [named_for_location(device) for device in devices]
        return {"account_name": self.account, "device_list": named, "cache_mode": mode}

    async def report(self, *devices: SimDevice) -> str:
        """Create a report, and return its id."""
        made = await self.client.send(CreateLocationReport(**self.query(*devices)))
        assert made.status == "QUEUED"
        return made.txid

    async def status(self, txid: str) -> str:
        asked = GetLocationReportStatus(account_name=self.account, txid=txid)
        return (await self.client.send(asked)).status

    async def completed(self, txid: str) -> None:
        async def over() -> bool:
            return await self.status(txid) == "COMPLETED"

        await until(over, what="the report")

    async def hear(self, inbox: Inbox, *services: str) -> None:
        for service in services:
            told = await self.client.send(
                RegisterLocationListener.model_validate(
                    {"accountName": self.account, "name": service, "url": inbox.url}
                )
            )
            assert (told.account, told.name) == (self.account, service)


def named_for_location(device: SimDevice) -> LocatedDevice:
    return LocatedDevice(id=device.imei, kind="imei", mdn=device.mdn)


@pytest.fixture
def finder(simulator: Running, client: Client) -> Finder:
    return Finder(simulator, client)


class TestFinding:
    async def test_a_device_is_near_its_site(self, finder: Finder) -> None:
        device = some(finder.fleet, ROUTER)
        (found,) = await finder.client.send(FindLocations(**finder.query(device)))
        latitude, longitude = COORDINATES[SITES.index(device.site)]
        assert found.msid == device.mdn
        assert found.pd is not None
        assert abs(float(found.pd.x) - latitude) <= 0.05
        assert abs(float(found.pd.y) - longitude) <= 0.05
        assert int(found.pd.radius or 0) > 0
        assert found.received["error"] == {}

    async def test_the_last_place_is_as_old_as_its_session(self, finder: Finder) -> None:
        world, device = finder.world, some(finder.fleet, ROUTER)
        newest = device.newest_session(world.settings.seed, world.clock.timestamp())
        (found,) = await finder.client.send(FindLocations(**finder.query(device, mode="0")))
        assert newest is not None
        assert found.pd is not None
        moment = found.pd.moment()
        assert moment is not None
        assert moment.timestamp() == int(newest.start)

    async def test_a_fresh_place_is_of_now(self, finder: Finder) -> None:
        device = some(finder.fleet, ROUTER)
        (found,) = await finder.client.send(FindLocations(**finder.query(device, mode="2")))
        assert found.pd is not None
        moment = found.pd.moment()
        assert moment is not None
        assert abs(moment.timestamp() - finder.world.clock.timestamp()) < 10

    async def test_the_place_never_changes(self, finder: Finder) -> None:
        device = some(finder.fleet, ROUTER)
        places = [
            (await finder.client.send(FindLocations(**finder.query(device, mode=mode))))[0].pd
            for mode in ("0", "1", "2")
        ]
        assert len({(place.x, place.y, place.radius) for place in places if place}) == 1

    async def test_a_sleeping_device_fails_alone(self, finder: Finder) -> None:
        world, awake = finder.world, some(finder.fleet, ROUTER)
        away = asleep(finder.fleet, world.settings.seed, world.clock.timestamp())
        query = finder.query(awake, away, mode="2")
        there, missing = await finder.client.send(FindLocations(**query))
        assert there.pd is not None
        assert there.pd.x
        assert missing.received["pd"] == {}
        assert missing.error is not None
        assert missing.error.type == "POSITION METHOD FAILURE"
        assert missing.error.info == "Exception code=ABSENT SUBSCRIBER"

    async def test_without_any_last_place_the_cache_is_not_available(self, finder: Finder) -> None:
        device = finder.fleet.touch(some(finder.fleet, ROUTER))
        device.served.clear()
        operation = FindLocations(**finder.query(device, mode="0"))
        assert await refusal(finder.client, operation) == "CACHE_UNAVAILABLE"
        both = FindLocations(**finder.query(device, some(finder.fleet, "LMU-3040"), mode="0"))
        missing, found = await finder.client.send(both)
        assert missing.error is not None
        assert missing.error.type == "CACHE UNAVAILABLE"
        assert found.pd is not None


class TestReports:
    async def test_a_report_is_queued_then_worked_on_then_complete(self, finder: Finder) -> None:
        finder.world.settings.delay = LONG_JOB
        devices = all_in(finder.fleet, "active")[:3]
        txid = await finder.report(*devices)
        assert await finder.status(txid) == "QUEUED"
        finder.world.clock.advance(LONG_JOB)
        assert await finder.status(txid) == "INPROGRESS"
        finder.world.clock.advance(LONG_JOB)
        await finder.completed(txid)
        page = await finder.client.send(GetLocationReport(account_name=finder.account, txid=txid))
        assert (page.txid, page.start_index, page.total_count) == (txid, "0", 3)
        assert page.has_more_data is False
        assert [each.msid for each in page.dev_location_list or []] == [
            device.mdn for device in devices
        ]

    async def test_it_is_read_to_the_end(self, finder: Finder) -> None:
        finder.world.settings.location_page = 20
        devices = all_in(finder.fleet, "active")[:50]
        txid = await finder.report(*devices)
        await finder.completed(txid)
        pages = [page async for page in location_report(finder.client, finder.account, txid)]
        assert [len(page) for page in pages] == [20, 20, 10]
        assert [each.msid for page in pages for each in page] == [each.mdn for each in devices]

    async def test_its_id_has_a_date_that_nobody_needs(self, finder: Finder) -> None:
        txid = await finder.report(some(finder.fleet, ROUTER))
        assert txid[10] == "T"
        assert await finder.status(txid[11:])
        finder.world.settings.location_dated_txid = False
        assert len(await finder.report(some(finder.fleet, ROUTER))) == 36

    async def test_a_listener_hears_of_its_end(self, finder: Finder, inbox: Inbox) -> None:
        await finder.hear(inbox, "Location")
        txid = await finder.report(some(finder.fleet, ROUTER))
        (message,) = await heard(inbox, LocationReportMessage)
        assert message.txid == txid
        assert message.status == "COMPLETED"

    async def test_a_queued_one_can_be_cancelled(self, finder: Finder) -> None:
        finder.world.settings.delay = LONG_JOB
        txid = await finder.report(some(finder.fleet, ROUTER))
        cancelled = await finder.client.send(
            CancelLocationReport(account_name=finder.account, txid=txid)
        )
        assert cancelled.txid == txid
        finder.world.clock.advance(3 * LONG_JOB)
        assert await finder.status(txid) == "CANCELLED"

    async def test_one_under_way_cannot(self, finder: Finder) -> None:
        txid = await finder.report(some(finder.fleet, ROUTER))
        await finder.completed(txid)
        operation = CancelLocationReport(account_name=finder.account, txid=txid)
        assert await refusal(finder.client, operation) == "INVALID_PARAMETER"
        assert await finder.status(txid) == "COMPLETED"

    async def test_what_is_not_complete_cannot_be_read(self, finder: Finder) -> None:
        finder.world.settings.delay = LONG_JOB
        txid = await finder.report(some(finder.fleet, ROUTER))
        operation = GetLocationReport(account_name=finder.account, txid=txid)
        assert await refusal(finder.client, operation) == "INVALID_PARAMETER"

    async def test_there_is_nothing_after_the_end(self, finder: Finder) -> None:
        txid = await finder.report(some(finder.fleet, ROUTER))
        await finder.completed(txid)
        operation = GetLocationReport(account_name=finder.account, txid=txid, start_index=1)
        assert await refusal(finder.client, operation) == "INVALID_PARAMETER"

    async def test_a_report_is_its_accounts_own(self, finder: Finder) -> None:
        txid = await finder.report(some(finder.fleet, ROUTER))
        for account in (finder.other_account, NOBODY):
            operation = GetLocationReportStatus(account_name=account, txid=txid)
            assert await refusal(finder.client, operation) == "INVALID_PARAMETER"


class TestByCallback:
    async def test_every_place_comes_in_a_message(self, finder: Finder, inbox: Inbox) -> None:
        await finder.hear(inbox, "DeviceLocation")
        devices = all_in(finder.fleet, "active")[:5]
        job = await finder.client.send(RequestLocations(**finder.query(*devices)))
        assert job.status == "QUEUED"
        messages = await heard(inbox, LocationMessage, count=5)
        assert {each.txid for each in messages} == {job.txid}
        assert {each.account_name for each in messages} == {finder.account}
        assert {each.msid for each in messages} == {device.mdn for device in devices}
        assert all(each.pd is not None or each.error is not None for each in messages)
        assert all("callbackCount" not in message for message in inbox.messages)

    async def test_a_queued_request_can_be_cancelled(self, finder: Finder, inbox: Inbox) -> None:
        await finder.hear(inbox, "DeviceLocation")
        finder.world.settings.delay = LONG_JOB
        query = finder.query(some(finder.fleet, ROUTER))
        job = await finder.client.send(RequestLocations(**query))
        cancel = CancelLocationRequest(account_name=finder.account, txid=job.txid)
        assert (await finder.client.send(cancel)).txid == job.txid
        assert await refusal(finder.client, cancel) == "INVALID_PARAMETER"
        finder.world.settings.delay = 0.0
        finder.world.clock.advance(3 * LONG_JOB)
        again = await finder.client.send(RequestLocations(**query))
        assert {each.txid for each in await heard(inbox, LocationMessage)} == {again.txid}

    async def test_the_account_may_be_spelt_as_in_the_sdk(self, finder: Finder, api: Api) -> None:
        finder.world.settings.delay = LONG_JOB
        query = finder.query(some(finder.fleet, ROUTER))
        job = await finder.client.send(RequestLocations(**query))
        answer = await api.http.delete(
            f"{LOC}/devicelocations/{job.txid}",
            params={"accountName": finder.account},
            headers=api.headers,
        )
        assert answer.json() == {"txid": job.txid}


class TestListeners:
    async def test_they_are_kept_apart_from_the_others(
        self, finder: Finder, inbox: Inbox, api: Api
    ) -> None:
        await finder.hear(inbox, "Location", "DeviceLocation")
        listed = await finder.client.send(ListLocationListeners(account_name=finder.account))
        assert [(each.name, each.url) for each in listed] == [
            ("Location", inbox.url),
            ("DeviceLocation", inbox.url),
        ]
        assert (await api.call("GET", f"/callbacks/{finder.account}")).json() == []

    async def test_a_listener_that_went_hears_nothing(self, finder: Finder, inbox: Inbox) -> None:
        await finder.hear(inbox, "Location", "DeviceLocation")
        operation = DeregisterLocationListener(account_name=finder.account, service="Location")
        assert (await finder.client.send(operation)).success is True
        listed = await finder.client.send(ListLocationListeners(account_name=finder.account))
        assert [each.name for each in listed] == ["DeviceLocation"]
        assert await refusal(finder.client, operation) == "INVALID_PARAMETER"
        await finder.completed(await finder.report(some(finder.fleet, ROUTER)))
        assert inbox.messages == []

    async def test_they_may_be_told_as_in_the_documents(self, finder: Finder, inbox: Inbox) -> None:
        finder.world.settings.location_answers_like_sdk = False
        await finder.hear(inbox, "Location")
        (listed,) = await finder.client.send(ListLocationListeners(account_name=finder.account))
        assert (listed.account_name, listed.service_name) == (finder.account, "Location")
        gone = await finder.client.send(
            DeregisterLocationListener(account_name=finder.account, service="Location")
        )
        assert (gone.account_name, gone.service_name) == (finder.account, "Location")

    async def test_a_place_nobody_calls_is_refused(self, finder: Finder) -> None:
        for url in ("ftp://example.com/", "http://example.com:12345/"):
            operation = RegisterLocationListener(
                account_name=finder.account, name="Location", url=url
            )
            assert await refusal(finder.client, operation) == "INVALID_PARAMETER"


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"accountName": None}, "accountName is missing."),
            ({"accountName": NOBODY}, "Invalid account name."),
            ({"accuracyMode": "1"}, "Invalid accuracy mode."),
            ({"cacheMode": "3"}, "Invalid cache mode."),
            ({"deviceList": []}, "deviceList is missing."),
            (
                {"deviceList": [{"id": "9" * 15, "kind": "imei", "mdn": "1"}]},
                "Device not found.",
            ),
            (
                {"deviceList": [{"id": "9", "kind": "imei", "mdn": "1"}]},
                "The imei identifier is not valid.",
            ),
            ({"deviceList": [{"id": "9" * 15, "kind": "imei"}]}, "mdn is missing."),
        ],
    )
    @pytest.mark.parametrize("path", ["locations", "locationreports", "devicelocations"])
    async def test_a_bad_request_has_the_flat_code(
        self, api: Api, path: str, change: dict[str, Any], message: str
    ) -> None:
        body = {**_body(api, some(api.fleet, ROUTER)), **change}
        given = {name: value for name, value in body.items() if value is not None}
        assert message_of(await _post(api, path, given)) == message

    async def test_modes_may_be_numbers(self, api: Api) -> None:
        body = {**_body(api, some(api.fleet, ROUTER)), "accuracyMode": 0, "cacheMode": 2}
        assert (await _post(api, "locations", body)).status_code == 200

    async def test_what_is_no_json(self, api: Api) -> None:
        answer = await api.http.post(f"{LOC}/locations", content=b"{", headers=api.headers)
        assert message_of(answer) == "The request could not be read."

    async def test_an_ended_session(self, api: Api) -> None:
        api.headers["vz-m2m-token"] = "00000000-0000-0000-0000-000000000000"
        answer = await _post(api, "locations", _body(api, some(api.fleet, ROUTER)))
        assert message_of(answer) == "The Session has expired"

    async def test_devices_that_may_not_be_located(self, api: Api) -> None:
        device, settings = some(api.fleet, ROUTER), api.world.settings
        body = _body(api, device)
        settings.location_without_consent = 1.0
        assert message_of(await _post(api, "locations", body)) == "Consent check failed."
        settings.location_unfit = device.model.technology
        assert message_of(await _post(api, "locations", body)) == "Device type check failed."
        settings.location_unregistered = api.account
        assert message_of(await _post(api, "locations", body)) == "Unregistered account."

    async def test_devices_that_are_not_what_they_are_called(self, api: Api) -> None:
        theirs = api.world.fleets[api.other_account].get(0)
        answer = await _post(api, "locations", _body(api, theirs))
        assert message_of(answer) == "Device ownership validation failed."
        body = _body(api, some(api.fleet, ROUTER))
        body["deviceList"][0]["mdn"] = "6175550142"
        assert message_of(await _post(api, "locations", body)) == "MDN validation failed."
        body = _body(api, some(api.fleet, ROUTER))
        body["deviceList"] *= 2
        assert message_of(await _post(api, "locations", body)) == "Conflicting device list."

    async def test_too_many_devices(self, api: Api) -> None:
        body = _body(api, some(api.fleet, ROUTER))
        one = body["deviceList"][0]
        answer = await _post(api, "locations", {**body, "deviceList": [one] * 21})
        assert message_of(answer) == "The number of devices exceeds 20."
        answer = await _post(api, "devicelocations", {**body, "deviceList": [one] * 10_001})
        assert message_of(answer) == "The number of devices exceeds 10000."


def _body(api: Api, device: SimDevice) -> dict[str, Any]:
    named = {"id": device.imei, "kind": "imei", "mdn": device.mdn}
    return {"accountName": api.account, "deviceList": [named]}


async def _post(api: Api, path: str, body: Any) -> httpx.Response:
    return await api.http.post(f"{LOC}/{path}", json=body, headers=api.headers)


def message_of(answer: httpx.Response) -> str:
    """Return what the location API's refusal says."""
    assert answer.status_code == 400, answer.text
    assert answer.json()["errorCode"] == "INVALID_PARAMETER"
    return str(answer.json()["errorMessage"])
