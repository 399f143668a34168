"""Bytes to and from devices that have no IP."""

from base64 import b64encode
from typing import Any

import pytest

from tests.simulator.cases import Api, code_of, named, one_in
from tests.simulator.hearing import ROUTER, asleep, hear, heard, ident, refusal, some
from tests.support.listener import Inbox
from tsui.simulator.device import SimDevice
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_notices import NiddMessage
from tsui.thingspace.client import Client
from tsui.thingspace.nidd import SendNidd
from tsui.thingspace.wire import DeviceId

SERVICE = "NiddService"
METER = "SARA-N410"
PING = b64encode(b"ping").decode()


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05)


class Bytes:
    """Sending bytes, and what comes of it."""

    def __init__(self, simulator: Running, client: Client, inbox: Inbox) -> None:
        self.world = simulator.world
        self.account = simulator.accounts[0]
        self.fleet = self.world.fleets[self.account]
        self.client = client
        self.inbox = inbox

    def meter(self) -> SimDevice:
        return asleep(self.fleet, self.world.settings.seed, self.world.clock.timestamp(), METER)

    def wake(self, device: SimDevice) -> None:
        """Put the clock forward into the device's next session."""
        now = self.world.clock.timestamp()
        session = device.next_session(self.world.settings.seed, now)
        assert session is not None
        self.world.clock.advance(session.start - now + 1)

    async def send(self, device: SimDevice, seconds: int = 300) -> str:
        await hear(self.client, self.account, self.inbox, SERVICE)
        sent = await self.client.send(
            SendNidd(
                account_name=self.account,
                device_ids=[ident(device)],
                maximum_delivery_time=seconds,
                message=PING,
            )
        )
        assert sent.request_id
        return sent.request_id

    async def told(self, count: int) -> list[NiddMessage]:
        return await heard(self.inbox, NiddMessage, count=count)


@pytest.fixture
def nidd(simulator: Running, client: Client, inbox: Inbox) -> Bytes:
    return Bytes(simulator, client, inbox)


class TestSending:
    async def test_a_device_that_is_awake_gets_them_at_once(self, nidd: Bytes) -> None:
        device = nidd.meter()
        nidd.wake(device)
        request = await nidd.send(device)
        (message,) = await nidd.told(1)
        assert message.request_id == request
        assert message.status == "Delivered"
        assert message.nidd_response is not None
        delivery = message.nidd_response.mt_delivery
        assert delivery is not None
        assert delivery.account_name == nidd.account
        assert [each.id for each in delivery.device_ids or []] == [device.imei, device.iccid]

    async def test_a_sleeping_device_gets_them_when_it_wakes(self, nidd: Bytes) -> None:
        device = nidd.meter()
        request = await nidd.send(device, 2_592_000)
        await nidd.told(1)
        nidd.wake(device)
        messages = await nidd.told(2)
        assert [each.status for each in messages] == ["Queued", "Delivered"]
        assert {each.request_id for each in messages} == {request}

    async def test_they_fail_when_their_time_is_over(self, nidd: Bytes) -> None:
        device = nidd.meter()
        await nidd.send(device, 60)
        await nidd.told(1)
        nidd.world.clock.advance(61)
        queued, failed = await nidd.told(2)
        assert (queued.status, failed.status) == ("Queued", "DeliveryFailed")
        assert failed.nidd_response is not None
        assert failed.nidd_response.mt_delivery is not None
        assert failed.nidd_response.mt_delivery.reason == "The delivery time is over."

    async def test_what_is_queued_may_never_be_delivered(self, nidd: Bytes) -> None:
        nidd.world.settings.nidd_delivers_queued = False
        device = nidd.meter()
        await nidd.send(device, 2_592_000)
        await nidd.told(1)
        nidd.world.clock.advance(2_592_001)
        assert (await nidd.told(2))[1].status == "DeliveryFailed"

    async def test_a_line_without_the_technology_fails(self, nidd: Bytes) -> None:
        await nidd.send(some(nidd.fleet, ROUTER))
        (message,) = await nidd.told(1)
        assert message.status == "DeliveryFailed"

    async def test_the_network_may_refuse_it(self, nidd: Bytes) -> None:
        nidd.world.settings.failure_rate = 1.0
        await nidd.send(nidd.meter())
        message = (await heard(nidd.inbox, NiddMessage, service=SERVICE))[0]
        assert message.status == "Failed"
        assert message.fault_response is not None


class TestUplink:
    async def test_bytes_from_a_device_come_without_a_status(self, nidd: Bytes, api: Api) -> None:
        await hear(nidd.client, nidd.account, nidd.inbox, SERVICE)
        device = nidd.meter()
        await api.control("POST", "nidd", {"deviceId": named(device), "message": PING})
        (message,) = await nidd.told(1)
        assert message.status is None
        assert message.nidd_response is not None
        assert message.nidd_response.mo_notification is not None
        assert message.nidd_response.mo_notification.message == PING

    async def test_a_device_that_is_not_active_sends_nothing(self, api: Api) -> None:
        body = {"deviceId": named(one_in(api.fleet, "deactive")), "message": PING}
        answer = await api.http.post("/simulator/nidd", json=body)
        assert code_of(answer) == "INPUT_INVALID.DeviceState.Invalid"


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"deviceIds": None}, "INPUT_INVALID.DeviceNotProvided"),
            ({"deviceIds": []}, "INPUT_INVALID.DeviceNotProvided"),
            ({"message": None}, "INPUT_INVALID.Message.Null"),
            ({"message": ""}, "INPUT_INVALID.Message.Null"),
            ({"message": "no base64!"}, "REQUEST_FAILED.UnexpectedError"),
            (
                {"message": b64encode(b"x" * 1359).decode()},
                "REQUEST_FAILED.UnexpectedError",
            ),
            (
                {"message": b64encode(b"x\0\0x").decode()},
                "REQUEST_FAILED.UnexpectedError",
            ),
            ({"maximumDeliveryTime": None}, "REQUEST_FAILED.UnexpectedError"),
            ({"maximumDeliveryTime": 1}, "REQUEST_FAILED.UnexpectedError"),
            ({"maximumDeliveryTime": 2_592_001}, "REQUEST_FAILED.UnexpectedError"),
            ({"accountName": None}, "INPUT_INVALID.Account.NotDefined"),
            ({"accountName": "0000000000-00000"}, "REQUEST_FAILED.AccountNotFound"),
            ({"deviceIds": [{"id": "1", "kind": "shoe"}]}, "INPUT_INVALID.Device.Kind.Invalid"),
        ],
    )
    async def test_a_bad_request_has_its_code(
        self, api: Api, change: dict[str, Any], code: str
    ) -> None:
        body = {
            "accountName": api.account,
            "deviceIds": [named(some(api.fleet, METER))],
            "maximumDeliveryTime": 300,
            "message": PING,
            **change,
        }
        given = {name: value for name, value in body.items() if value is not None}
        assert code_of(await api.call("POST", "/devices/nidd/message", given)) == code
        assert not api.world.jobs.requests

    async def test_the_longest_message_and_time_as_text_are_taken(self, api: Api) -> None:
        body = {
            "accountName": api.account,
            "deviceIds": [named(some(api.fleet, METER))],
            "maximumDeliveryTime": "300",
            "message": b64encode(b"x" * 1358).decode(),
        }
        assert (await api.post("/devices/nidd/message", body))["requestId"]

    async def test_an_unknown_device_is_refused(self, nidd: Bytes) -> None:
        operation = SendNidd(
            account_name=nidd.account,
            device_ids=[DeviceId(id="9" * 20, kind="iccid")],
            maximum_delivery_time=300,
            message=PING,
        )
        assert await refusal(nidd.client, operation) == "REQUEST_FAILED.DeviceNotFound"
