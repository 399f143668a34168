"""Histories: sessions, usage and changes of a line, page by page and never contradictory."""

from itertools import pairwise
from typing import Any

import pytest

from tests.simulator.cases import (
    CONNECTIONS,
    PROVISIONING,
    USAGE,
    Api,
    code_of,
    named,
    one_in,
    unix,
)
from tests.simulator.hearing import ROUTER, hear, heard, some
from tests.support.listener import Inbox
from tsui.simulator.clock import iso
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import UsageMessage
from tsui.thingspace.client import Client

TRACKER = "LMU-3040"
"""A model with many sessions a day."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.02)


def attribute(record: Any, name: str) -> str:
    return next(
        str(each["value"]) for each in record["connectionEventAttributes"] if each["key"] == name
    )


async def test_sessions_begin_and_end_in_turn(api: Api) -> None:
    records = await api.whole_history(CONNECTIONS, some(api.fleet, TRACKER), 2)
    assert len(records) > 20
    times = [unix(each["occurredAt"]) for each in records]
    assert times == sorted(times)
    events = [attribute(each, "Event") for each in records]
    assert all(left != right for left, right in pairwise(events))


async def test_a_long_history_comes_in_pages(api: Api) -> None:
    device = some(api.fleet, TRACKER)
    whole = await api.whole_history(CONNECTIONS, device, 2)
    api.world.settings.history_page = 7
    first = await api.history(
        CONNECTIONS, device, earliest=iso(api.world.clock.timestamp() - 2 * DAY)
    )
    assert first["hasMoreData"] is True
    assert len(first["connectionHistory"]) == 7
    paged = await api.whole_history(CONNECTIONS, device, 2)
    assert paged[: len(whole)] == whole[: len(paged)]


async def test_the_same_question_has_the_same_answer(api: Api) -> None:
    device = some(api.fleet, TRACKER)
    latest = iso(api.world.clock.timestamp() - DAY)
    first, again = [await api.history(CONNECTIONS, device, latest=latest) for _ in range(2)]
    assert first == again


async def test_usage_is_that_of_the_sessions(api: Api) -> None:
    device = some(api.fleet, TRACKER)
    midnight = api.world.clock.timestamp() // DAY * DAY
    span = {"earliest": iso(midnight - 3 * DAY), "latest": iso(midnight - 1)}
    usage = (await api.history(USAGE, device, **span))["usageHistory"]
    assert [each["timestamp"] for each in usage] == [iso(midnight - n * DAY) for n in (3, 2, 1)]
    sessions = (await api.history(CONNECTIONS, device, **span))["connectionHistory"]
    moved = sum(int(attribute(each, "BytesUsed")) for each in sessions)
    assert sum(each["bytesUsed"] for each in usage) == pytest.approx(moved, rel=0.1)


async def test_usage_is_kept_for_a_year(api: Api) -> None:
    usage = (await api.history(USAGE, some(api.fleet, ROUTER)))["usageHistory"]
    kept = api.world.clock.timestamp() - 366 * DAY
    assert all(unix(each["timestamp"]) >= kept for each in usage)


async def test_a_line_out_of_service_does_not_connect(api: Api) -> None:
    device = some(api.fleet, TRACKER)
    await api.done("suspend", device)
    suspended = api.world.clock.timestamp()
    api.world.clock.advance(DAY)
    await api.sign_in()
    later = await api.history(CONNECTIONS, device, earliest=iso(suspended + 2))
    assert later["connectionHistory"] == []
    assert (await api.view(device))["connected"] is False


async def test_a_device_that_never_lived_has_no_past(api: Api) -> None:
    device = one_in(api.fleet, "pre-active")
    for path, name in (
        (CONNECTIONS, "connectionHistory"),
        (USAGE, "usageHistory"),
        (PROVISIONING, "provisioningHistory"),
    ):
        assert (await api.history(path, device))[name] == []


async def test_failed_changes_are_in_the_history(api: Api) -> None:
    device = one_in(api.fleet, "active")
    await api.done("activate", device)
    newest = (await api.history(PROVISIONING, device))["provisioningHistory"][-1]
    assert newest["status"] == "The device is already active."
    assert newest["eventBy"] == api.world.access.credentials.username


async def test_the_sum_of_usage_comes_by_callback(api: Api, client: Client, inbox: Inbox) -> None:
    await hear(client, api.account, inbox, "DeviceUsage")
    device = some(api.fleet, TRACKER)
    midnight = api.world.clock.timestamp() // DAY * DAY
    start, end = iso(midnight - 3 * DAY), iso(midnight - 1)
    body = {"deviceIds": [named(device)], "startTime": start, "endTime": end}
    await api.post("/devices/usage/actions/list/aggregate", body)
    (message,) = await heard(inbox, UsageMessage)
    days = (await api.history(USAGE, device, earliest=start, latest=end))["usageHistory"]
    assert message.device_response is not None
    assert message.device_response.usage_response is not None
    (total,) = message.device_response.usage_response
    assert total.data_usage == sum(each["bytesUsed"] for each in days)


@pytest.mark.parametrize(("start", "end"), [(-200, -180), (-60, -20), (-1, -2)])
async def test_the_sum_of_usage_has_its_limits(api: Api, start: int, end: int) -> None:
    now = api.world.clock.timestamp()
    body = {
        "deviceIds": [named(some(api.fleet, TRACKER))],
        "startTime": iso(now + start * DAY),
        "endTime": iso(now + end * DAY),
    }
    answer = await api.call("POST", "/devices/usage/actions/list/aggregate", body)
    assert code_of(answer) == "REQUEST_FAILED.UnexpectedError"


@pytest.mark.parametrize("path", [CONNECTIONS, USAGE, PROVISIONING])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"earliest": ""}, "DeserializationFailed"),
        ({"earliest": "yesterday"}, "DeserializationFailed"),
        (
            {"deviceId": {"id": "9" * 20, "kind": "iccid"}},
            "REQUEST_FAILED.DeviceNotFound",
        ),
        (
            {"deviceId": {"id": "1", "kind": "iccid"}},
            "INPUT_INVALID.Device.Identifier.Invalid",
        ),
    ],
)
async def test_a_bad_question_has_its_code(
    api: Api, path: str, change: dict[str, Any], code: str
) -> None:
    body = {
        "deviceId": named(one_in(api.fleet, "active")),
        "earliest": "2026-01-01T00:00:00Z",
        "latest": "2026-02-01T00:00:00Z",
        **change,
    }
    assert code_of(await api.call("POST", path, body)) == code
