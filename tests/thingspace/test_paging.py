"""Paging by the last id and by time, against platforms with all their habits."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thingspace.cases import client_of, says, wire
from tests.thingspace.fleets import device_pages, told
from tests.thingspace.test_following import Script
from tsui.simulator.server import Running
from tsui.thingspace.client import Client
from tsui.thingspace.continued import with_next
from tsui.thingspace.devices import Device
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.following import queued_sms
from tsui.thingspace.history import GetProvisioningHistory, ProvisioningEvent
from tsui.thingspace.operation import Operation, ReplyT
from tsui.thingspace.paging import device_pages_by_time, history_records
from tsui.thingspace.wire import DeviceId

START = datetime(2025, 3, 1, tzinfo=UTC)


async def _all(pages: AsyncGenerator[list[Any], None]) -> list[Any]:
    return [record async for page in pages for record in page]


def _device(number: int, *, numbered: bool = True, added: datetime | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"deviceIds": [{"id": str(number), "kind": "ICCID"}]}
    if numbered:
        found["extendedAttributes"] = [{"key": "DeviceId", "value": str(number)}]
    if added:
        found["createdAt"] = added.isoformat()
    return found


def _page(*devices: dict[str, Any], more: bool) -> dict[str, Any]:
    return {"devices": list(devices), "hasMoreData": more}


def _iccids(devices: list[Device]) -> list[str]:
    return [each.id for device in devices for each in device.device_ids or ()]


class Platform:
    """Answers the device list as the platform does, in either way of paging."""

    def __init__(self, devices: list[dict[str, Any]], size: int, *, by_id: bool = True) -> None:
        self._devices = devices
        self._size = size
        self._by_id = by_id
        self.asked: list[Operation[Any]] = []

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        self.asked.append(operation)
        assert len(self.asked) < 500, "an endless loop"
        fields = operation.fields()
        after, earliest = fields.get("largestDeviceIdSeen"), fields.get("earliest")
        left = self._devices
        if after is not None and self._by_id:
            left = [each for each in left if int(each["deviceIds"][0]["id"]) > after]
        elif earliest is not None:
            since = datetime.fromisoformat(earliest)
            left = [each for each in left if datetime.fromisoformat(each["createdAt"]) >= since]
        page = _page(*left[: self._size], more=len(left) > self._size)
        reply: ReplyT = told(operation, page)
        return reply


# -- by id ------------------------------------------------------------------------------------


async def test_every_page_is_asked_for_behind_the_largest_id() -> None:
    platform = Platform([_device(number) for number in range(1, 8)], 3)
    devices = await _all(device_pages(platform, "a", page_size=3))
    assert _iccids(devices) == [str(number) for number in range(1, 8)]
    assert [each.fields()["largestDeviceIdSeen"] for each in platform.asked] == [0, 3, 6]
    assert {each.fields()["maxNumberOfDevices"] for each in platform.asked} == {3}


async def test_a_former_run_is_continued_behind_its_last_id() -> None:
    platform = Platform([_device(number) for number in range(1, 8)], 3)
    assert _iccids(await _all(device_pages(platform, "a", after=5, page_size=3))) == ["6", "7"]


async def test_pages_that_overlap_are_read_whole() -> None:
    script = Script(
        _page(_device(1), _device(2), _device(3), more=True),
        _page(_device(2), _device(3), _device(4), more=False),
    )
    assert _iccids(await _all(device_pages(script, "a"))) == ["1", "2", "3", "2", "3", "4"]


async def test_a_device_without_a_number_among_others_is_not_lost() -> None:
    script = Script(
        _page(_device(1), _device(9, numbered=False), more=True), _page(_device(2), more=False)
    )
    assert _iccids(await _all(device_pages(script, "a"))) == ["1", "9", "2"]


async def test_an_account_without_devices_is_empty() -> None:
    assert await _all(device_pages(Script(_page(more=False)), "a")) == []


async def test_an_answer_without_a_list_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(Unreadable, match="without a list"):
        await _all(device_pages(Script({"hasMoreData": False}), "a"))


async def test_the_whole_simulated_account_is_read(
    simulator: Running, client: Client, account: str
) -> None:
    fleet = simulator.world.fleets[account]
    devices = await _all(device_pages(client, account, page_size=7))
    assert len(devices) == len({device.platform_id() for device in devices})
    assert len(devices) == sum(1 for _ in fleet.numbers())


# -- by time ----------------------------------------------------------------------------------


async def test_without_ids_the_list_is_read_by_time() -> None:
    devices = [
        _device(number, numbered=False, added=START + timedelta(minutes=number))
        for number in range(1, 8)
    ]
    platform = Platform(devices, 3, by_id=False)
    found = await _all(device_pages(platform, "a", page_size=3))
    assert _iccids(found) == [str(number) for number in range(1, 8)]
    assert "earliest" not in platform.asked[1].fields()
    assert platform.asked[2].fields()["earliest"] == "2025-03-01T00:03:00Z"


@given(
    st.lists(st.integers(0, 40), max_size=24).map(sorted),
    st.integers(3, 9),
)
async def test_devices_added_in_the_same_second_come_once_each(
    seconds: list[int], size: int
) -> None:
    """Or an error says so: nobody can step over a second in which more came than a page holds."""
    busiest = max((seconds.count(each) for each in seconds), default=0)
    devices = [
        _device(
            number, numbered=False, added=START + timedelta(seconds=second, milliseconds=number)
        )
        for number, second in enumerate(seconds)
    ]
    pages = device_pages_by_time(Platform(devices, size), "a", page_size=size)
    try:
        found = await _all(pages)
    except Unreadable:
        assert busiest >= size
    else:
        assert _iccids(found) == [str(number) for number in range(len(seconds))]


async def test_a_history_moves_on_from_its_newest_record_and_repeats_nothing() -> None:
    moments = [START + timedelta(hours=hour) for hour in (0, 1, 1, 1, 2, 5)]
    asked: list[datetime] = []

    async def fetch(earliest: datetime) -> tuple[list[ProvisioningEvent], bool]:
        asked.append(earliest)
        left = [
            ProvisioningEvent(occurred_at=moment, status=str(number))
            for number, moment in enumerate(moments)
            if moment >= earliest
        ]
        return left[:4], len(left) > 4

    records = history_records(
        fetch, START, moment=lambda each: each.occurred_at, identity=lambda each: each.status
    )
    assert [each.status for each in await _all(records)] == ["0", "1", "2", "3", "4", "5"]
    assert asked == [START + timedelta(hours=hour) for hour in (0, 1, 2)]


async def test_identical_records_of_one_second_are_kept_as_often_as_they_happened() -> None:
    pages = [(["a", "a"], True), (["a", "a", "a", "b"], False)]

    async def fetch(_: datetime) -> tuple[list[ProvisioningEvent], bool]:
        names, more = pages.pop(0)
        return [ProvisioningEvent(occurred_at=LATER, status=name) for name in names], more

    records = history_records(
        fetch, START, moment=lambda each: each.occurred_at, identity=lambda each: each.status
    )
    assert [each.status for each in await _all(records)] == ["a", "a", "a", "b"]


LATER = START + timedelta(hours=1)


async def test_records_without_a_time_cannot_be_followed() -> None:
    async def fetch(_: datetime) -> tuple[list[ProvisioningEvent], bool]:
        return [ProvisioningEvent(status="x")], True

    records = history_records(
        fetch, START, moment=lambda each: each.occurred_at, identity=lambda each: each.status
    )
    with pytest.raises(Unreadable, match="repeats"):
        await _all(records)


def test_a_history_may_come_in_an_array_of_one() -> None:
    page = {"provisioningHistory": [{"status": "Success"}], "hasMoreData": True}
    request = GetProvisioningHistory(
        device_id=DeviceId(id="1", kind="iccid"), earliest=START, latest=LATER
    )
    for value in (page, [page]):
        reply = request.read_reply(value)
        assert reply.has_more_data
        assert [each.status for each in reply.provisioning_history or ()] == ["Success"]


# -- by the Location header -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "token"),
    [
        ("https://thingspace.verizon.com/api/m2m/v1/sms/a/history?next=abc", "abc"),
        ("/api/m2m/v1/sms/a/history?next=1&x=2", "1"),
        ("?next=a%20b%2F", "a b/"),
        ("https://elsewhere.example/?next=abc", "abc"),
        ("/api?x=1", None),
        ("/api?next=", None),
        ("", None),
        ("http://[broken?next=1", None),
    ],
)
def test_the_token_is_taken_from_the_header_and_the_address_left_alone(
    location: str, token: str | None
) -> None:
    assert with_next({}, location).get("next") == token
    assert with_next([1], location) == [1]


async def test_a_queue_is_read_on_with_the_token_of_the_header() -> None:
    async with (
        wire(
            says(b'{"access_token": "bearer", "expires_in": 3600}'),
            says(b'{"sessionToken": "session"}'),
            says(
                json.dumps({"messages": [{"message": "one"}], "hasMoreData": True}).encode(),
                202,
                {"Location": "https://elsewhere.example/sms?next=t%2F1"},
            ),
            says(json.dumps({"messages": [{"message": "two"}]}).encode()),
        ) as server,
        client_of(server.url) as client,
    ):
        texts = await _all(queued_sms(client, "a"))
        assert [each.message for each in texts] == ["one", "two"]
        lines = [request.split(b"\r\n")[0] for request in server.requests[2:]]
    assert lines == [
        b"GET /api/m2m/v1/sms/a/history HTTP/1.1",
        b"GET /api/m2m/v1/sms/a/history?next=t%2F1 HTTP/1.1",
    ]
