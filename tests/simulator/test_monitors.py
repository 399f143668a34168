"""Reachability: watched until it ends, told at every change, asked for once."""

from typing import Any

import pytest

from tests.simulator.cases import Api, code_of, named
from tests.simulator.hearing import METER, ROUTER, asleep, hear, heard, some
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.patterns import DAY, Session
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import ReachabilityMessage
from tsui.thingspace.client import Client

SERVICE = "DiagnosticsService"
PATH = "/diagnostics/basic/devicereachability"
DATA, LOSS = "REACHABLE_FOR_DATA", "LOSS_OF_CONNECTIVITY"
BOTH = "REACHABLE_FOR_DATA_AND_LOSS"
UNEXPECTED = "REQUEST_FAILED.UnexpectedError"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05)


class Watch:
    """Monitors of devices, and what they tell."""

    def __init__(self, api: Api, client: Client, inbox: Inbox) -> None:
        self.api = api
        self.client = client
        self.inbox = inbox
        self.world = api.world

    @property
    def now(self) -> float:
        return self.world.clock.timestamp()

    def sleeper(self) -> SimDevice:
        return self.api.fleet.touch(asleep(self.api.fleet, self.world.settings.seed, self.now))

    def next_session(self, device: SimDevice) -> Session:
        found = device.next_session(self.world.settings.seed, self.now)
        assert found
        return found

    async def ask(self, path: str = "", method: str = "POST", **values: Any) -> Any:
        body = {"accountName": self.api.account, **values}
        return await self.api.call(method, PATH + path, body)

    async def monitor(self, device: SimDevice, watch: str = DATA, days: float = 30.0) -> str:
        """Begin a monitor, and return its id from the message that confirms it."""
        before = len(self.inbox.messages)
        answer = await self.ask(
            devices=[{"deviceIds": [named(device)]}],
            requestType=watch,
            monitorExpirationTime=iso(self.now + days * DAY),
        )
        assert answer.is_success, answer.text
        message = (await self.told(before + 1))[-1]
        assert message.request_id == answer.json()["requestId"]
        assert message.request_type == watch
        assert message.monitor_id
        return message.monitor_id

    async def told(self, count: int = 1) -> list[ReachabilityMessage]:
        return await heard(self.inbox, ReachabilityMessage, count=count, service=SERVICE)

    async def quiet(self, count: int) -> None:
        """Make sure that no more than some messages have come once all have settled."""
        sent = self.world.postman.deliveries
        await until(lambda: all(each.delivered for each in sent), what="the deliveries")
        await self.api.control("POST", "advance", {"seconds": 0})
        assert len(self.inbox.messages) == count

    def advance_to(self, at: float) -> None:
        self.world.clock.advance(at - self.now)


@pytest.fixture
async def watch(api: Api, client: Client, inbox: Inbox) -> Watch:
    await hear(client, api.account, inbox, SERVICE)
    return Watch(api, client, inbox)


def status_of(message: ReachabilityMessage) -> Any:
    return message.unknown.get("reachabilityStatus")


async def test_a_monitor_tells_when_a_device_wakes_and_is_lost(watch: Watch) -> None:
    device = watch.sleeper()
    monitor = await watch.monitor(device, BOTH)
    assert status_of((await watch.told())[0]) is None
    session = watch.next_session(device)
    watch.advance_to(session.start + 1)
    woke = (await watch.told(2))[1]
    assert status_of(woke) == "REACHABLE"
    assert woke.monitor_id == monitor
    assert woke.max_ue_availability_time
    assert iso(woke.max_ue_availability_time) == iso(session.end)
    watch.advance_to(session.end + 1)
    assert status_of((await watch.told(3))[2]) == "NOT_REACHABLE"


@pytest.mark.parametrize(("kind", "status"), [(DATA, "REACHABLE"), (LOSS, "NOT_REACHABLE")])
async def test_a_monitor_tells_only_what_was_asked(watch: Watch, kind: str, status: str) -> None:
    device = watch.sleeper()
    await watch.monitor(device, kind)
    watch.advance_to(watch.next_session(device).end + 1)
    assert [status_of(each) for each in await watch.told(2)] == [None, status]
    await watch.quiet(2)


async def test_a_clock_put_forward_leaves_no_change_out(watch: Watch) -> None:
    device = watch.sleeper()
    await watch.monitor(device)
    watch.world.clock.advance(5 * DAY)
    # Two sessions a day.
    told = await watch.told(1 + 9)
    assert {status_of(each) for each in told[1:]} == {"REACHABLE"}
    times = [each.max_ue_availability_time for each in told[1:]]
    assert len(set(times)) == len(times)


async def test_a_device_that_is_always_there_is_lost_by_a_suspension(watch: Watch) -> None:
    device = some(watch.api.fleet, ROUTER)
    await watch.monitor(device, BOTH)
    assert status_of((await watch.told())[0]) == "REACHABLE"
    assert await watch.api.done("suspend", device) == "Success"
    watch.world.clock.advance(61)
    assert status_of((await watch.told(2))[1]) == "NOT_REACHABLE"


async def test_a_monitor_ends_by_itself(watch: Watch) -> None:
    device = watch.sleeper()
    session = watch.next_session(device)
    await watch.monitor(device, days=(session.start - watch.now) / 2 / DAY)
    watch.advance_to(session.end)
    await until(lambda: not list(watch.world.monitors.of(watch.api.account, device)))
    await watch.quiet(1)


async def test_a_monitor_is_stopped(watch: Watch) -> None:
    device = watch.sleeper()
    monitor = await watch.monitor(device)
    answer = await watch.ask(method="DELETE", monitorIds=[monitor, monitor])
    stopped = (await watch.told(2))[1]
    assert stopped.request_id == answer.json()["requestId"]
    assert stopped.monitor_id == monitor
    assert inbox_ids(watch)[1] == [named(device)]
    watch.advance_to(watch.next_session(device).start + 1)
    await watch.quiet(2)
    await watch.api.sign_in()
    assert code_of(await watch.ask(method="DELETE", monitorIds=[monitor])) == UNEXPECTED


def inbox_ids(watch: Watch) -> list[Any]:
    return [each["deviceIds"] for each in watch.inbox.messages]


async def test_active_monitors_are_told_device_by_device(watch: Watch) -> None:
    device, other = watch.sleeper(), some(watch.api.fleet, ROUTER)
    first = await watch.monitor(device)
    second = await watch.monitor(device, LOSS)
    for kind, wanted in (({}, {first, second}), ({"requestType": LOSS}, {second})):
        watch.inbox.messages.clear()
        devices = [{"deviceIds": [named(each)]} for each in (device, other)]
        await watch.ask("/monitors", devices=devices, **kind)
        told = await watch.told(len(wanted) + 1)
        assert {each.monitor_id for each in told} == {*wanted, None}
        (none,) = (each for each in told if each.monitor_id is None)
        assert none.comment


async def test_the_status_is_told_at_once_or_when_the_device_wakes(watch: Watch) -> None:
    router = some(watch.api.fleet, ROUTER)
    await watch.ask("/status", device=named(router), requestType=DATA)
    (now,) = await watch.told()
    assert status_of(now) == "REACHABLE"
    watch.inbox.messages.clear()
    device = watch.sleeper()
    until_then = iso(watch.now + 30 * DAY)
    await watch.ask(
        "/status", device=named(device), requestType=DATA, requestExpirationTime=until_then
    )
    (first,) = await watch.told()
    assert status_of(first) is None
    watch.advance_to(watch.next_session(device).start + 1)
    second = (await watch.told(2))[1]
    assert status_of(second) == "REACHABLE"
    assert second.request_id == first.request_id


async def test_a_question_that_nobody_could_answer_ends(watch: Watch) -> None:
    device = watch.sleeper()
    answer = await watch.ask("/status", device=named(device), requestType=DATA)
    await watch.told()
    watch.world.clock.advance(3601)
    request = watch.world.jobs.requests[answer.json()["requestId"]]
    await until(lambda: request.status != "Pending", what="the end of the question")
    await watch.quiet(1)


async def test_messages_of_higher_lte_devices_are_not_watched(watch: Watch) -> None:
    await watch.ask(
        devices=[{"deviceIds": [named(some(watch.api.fleet, ROUTER))]}],
        requestType="REACHABLE_FOR_SMS",
        monitorExpirationTime=iso(watch.now + DAY),
    )
    (told,) = await watch.told()
    assert told.status == "Failed"
    assert told.fault_response


async def test_a_device_that_is_named_twice_is_watched_once(watch: Watch) -> None:
    device = watch.sleeper()
    await watch.ask(
        devices=[{"deviceIds": [named(device)]}] * 2,
        requestType=DATA,
        monitorExpirationTime=iso(watch.now + DAY),
    )
    await watch.told()
    await watch.quiet(1)


async def test_a_device_can_be_woken_behind_the_scenes(watch: Watch) -> None:
    device = watch.sleeper()
    monitor = await watch.monitor(device)
    body = {"happening": "wake", "deviceId": named(device)}
    await watch.api.control("POST", "happenings", body)
    woke = (await watch.told(2))[1]
    assert (woke.monitor_id, status_of(woke)) == (monitor, "REACHABLE")
    other = {"happening": "wake", "deviceId": named(some(watch.api.fleet, ROUTER))}
    answer = await watch.api.http.post("/simulator/happenings", json=other)
    assert code_of(answer) == UNEXPECTED


async def test_refusals(watch: Watch) -> None:
    device = some(watch.api.fleet, METER)
    good: dict[str, Any] = {
        "devices": [{"deviceIds": [named(device)]}],
        "requestType": DATA,
        "monitorExpirationTime": iso(watch.now + DAY),
    }
    mixed = [{"deviceIds": [named(device)]}, {"deviceIds": [named(device, "imei")]}]
    for wrong, code in (
        ({"requestType": "REACHABLE"}, "DeserializationFailed"),
        ({"requestType": None}, "DeserializationFailed"),
        ({"monitorExpirationTime": None}, "DeserializationFailed"),
        ({"monitorExpirationTime": "soon"}, "DeserializationFailed"),
        ({"monitorExpirationTime": iso(watch.now - 60)}, UNEXPECTED),
        ({"monitorExpirationTime": iso(watch.now + 3651 * DAY)}, UNEXPECTED),
        ({"devices": mixed}, UNEXPECTED),
        (
            {"devices": [{"deviceIds": [named(device, "imsi")]}]},
            "INPUT_INVALID.Device.Kind.Invalid",
        ),
        (
            {"devices": [{"deviceIds": [{"id": "8" * 20, "kind": "iccid"}]}]},
            "REQUEST_FAILED.DeviceNotFound",
        ),
        ({"accountName": None}, "INPUT_INVALID.Account.NotDefined"),
    ):
        assert code_of(await watch.ask(**{**good, **wrong})) == code, wrong
    asked: dict[str, Any] = {"device": named(device), "requestType": BOTH}
    assert code_of(await watch.ask("/status", **asked)) == "DeserializationFailed"
    for ids in ([], ["nobody knows it"]):
        answer = await watch.ask(method="DELETE", monitorIds=ids)
        assert code_of(answer) == (UNEXPECTED if ids else "DeserializationFailed")
    # A monitor of one account is none of another's.
    monitor = await watch.monitor(device)
    answer = await watch.ask(
        method="DELETE", accountName=watch.api.other_account, monitorIds=[monitor]
    )
    assert code_of(answer) == UNEXPECTED
