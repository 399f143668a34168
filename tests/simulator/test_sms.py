"""Text messages: sent, delivered late or never, queued, acknowledged, pushed and logged."""

from typing import Any

import pytest

from tests.simulator.cases import Api, all_in, code_of, named, one_in
from tests.simulator.hearing import ROUTER, asleep, hear, heard, ident, read, refusal, some
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.device import SimDevice
from tsui.simulator.patterns import DAY
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import DeviceServiceMessage, SmsEvents
from tsui.thingspace.callback_notices import SmsDeliveryMessage, SmsMessage
from tsui.thingspace.callbacks import DeregisterListener
from tsui.thingspace.client import Client
from tsui.thingspace.following import queued_sms
from tsui.thingspace.provisioning import RestoreDevices
from tsui.thingspace.sms import GetSmsHistory, ReadSmsQueue, SendSms, SmsPage, StartSmsDelivery
from tsui.thingspace.wire import DeviceId, DeviceIds

SENT = "EnhancedConnectivityService"
RECEIPT = "SMSDeliveryConfirmation"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05, sms_every=0.0)


class Texting:
    """Sending messages, and what comes of it."""

    def __init__(self, simulator: Running, client: Client, inbox: Inbox) -> None:
        self.world = simulator.world
        self.account = simulator.accounts[0]
        self.fleet = self.world.fleets[self.account]
        self.client = client
        self.inbox = inbox

    async def send(self, device: SimDevice, text: str = "report now") -> str:
        sent = await self.client.send(
            SendSms(account_name=self.account, device_ids=[ident(device)], sms_message=text)
        )
        assert sent.request_id
        return sent.request_id

    async def receipts(self, count: int = 1) -> list[SmsDeliveryMessage]:
        return await heard(self.inbox, SmsDeliveryMessage, count=count, service=RECEIPT)

    async def page(self, token: str | None = None) -> SmsPage:
        return await self.client.send(ReadSmsQueue(account_name=self.account, next_token=token))

    async def drained(self) -> list[str]:
        """Return the texts of the queue, read to its end."""
        pages = queued_sms(self.client, self.account)
        return [each.message async for page in pages for each in page]

    def text_from(self, device: SimDevice, *texts: str) -> None:
        for text in texts:
            self.world.texts.receive(self.account, device, text, self.world.clock.timestamp())


@pytest.fixture
def texting(simulator: Running, client: Client, inbox: Inbox) -> Texting:
    return Texting(simulator, client, inbox)


class TestSending:
    async def test_a_message_is_sent_and_then_delivered(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        await hear(texting.client, texting.account, texting.inbox, SENT)
        request = await texting.send(device)
        (confirmed,) = await heard(texting.inbox, SmsMessage)
        assert confirmed.request_id == request
        assert confirmed.status == "Success"
        assert confirmed.device_response is not None
        (done,) = texting.world.jobs.executions
        assert (done.action, done.iccid, done.success) == ("sendSms", device.iccid, True)

    async def test_a_receipt_names_the_request_and_the_device(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        await hear(texting.client, texting.account, texting.inbox, RECEIPT)
        request = await texting.send(device)
        (receipt,) = await texting.receipts()
        assert receipt.request_id == request
        assert receipt.status == "Success"
        assert [each.id for each in receipt.device_ids or []] == [device.iccid]

    async def test_a_sleeping_device_gets_it_when_it_wakes(self, texting: Texting) -> None:
        world = texting.world
        device = asleep(texting.fleet, world.settings.seed, world.clock.timestamp())
        await hear(texting.client, texting.account, texting.inbox, RECEIPT)
        request = await texting.send(device)
        found = world.jobs.requests[request]
        await until(lambda: found.status == "Success", what="the request")
        assert texting.inbox.messages == []
        world.clock.advance(2 * device.model.rhythm.period)
        (receipt,) = await texting.receipts()
        assert receipt.status == "Success"

    async def test_a_suspended_line_gets_it_once_it_is_restored(self, texting: Texting) -> None:
        device = one_in(texting.fleet, "suspend")
        await hear(texting.client, texting.account, texting.inbox, RECEIPT)
        await texting.send(device)
        await texting.client.send(
            RestoreDevices(
                account_name=texting.account, devices=[DeviceIds(device_ids=[ident(device)])]
            )
        )
        await until(lambda: texting.fleet.get(device.number).state == "active")
        texting.world.clock.advance(2 * DAY)
        (receipt,) = await texting.receipts()
        assert receipt.status == "Success"

    async def test_it_expires_after_five_days(self, texting: Texting) -> None:
        device = one_in(texting.fleet, "suspend")
        await hear(texting.client, texting.account, texting.inbox, RECEIPT)
        request = await texting.send(device)
        found = texting.world.jobs.requests[request]
        await until(lambda: found.status == "Success")
        texting.world.clock.advance(5 * DAY + 1)
        (receipt,) = await texting.receipts()
        assert receipt.status == "Failed"
        assert receipt.fault_response is not None
        assert receipt.fault_response.faultstring == "The message expired."

    async def test_selectors_choose_lines_that_can_have_it(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        expected = {
            each.iccid
            for each in (*all_in(texting.fleet, "active"), *all_in(texting.fleet, "suspend"))
            if each.group == device.group and each.plan == device.plan
        }
        sent = await texting.client.send(
            SendSms(
                account_name=texting.account,
                group_name=device.group,
                service_plan=device.plan,
                sms_message="hello",
            )
        )
        tasks = texting.world.jobs.requests[sent.request_id].tasks
        assert {task.target.device.iccid for task in tasks if task.target} == expected

    async def test_the_network_may_refuse_it(self, texting: Texting) -> None:
        texting.world.settings.failure_rate = 1.0
        await hear(texting.client, texting.account, texting.inbox, SENT)
        await texting.send(some(texting.fleet, ROUTER))
        (failed,) = await heard(texting.inbox, SmsMessage, service=SENT)
        assert failed.status == "Failed"


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"accountName": None}, "INPUT_INVALID.Account.NotDefined"),
            ({"accountName": "0000000000-00000"}, "REQUEST_FAILED.AccountNotFound"),
            ({"smsMessage": ""}, "INPUT_INVALID.SmsMessage.Null"),
            ({"smsMessage": None}, "INPUT_INVALID.SmsMessage.Null"),
            ({"smsMessage": "x" * 161}, "INPUT_INVALID.SmsMessage.TooLong"),
            (
                {"smsMessage": "x" * 141, "dataEncoding": "8-bit-ASCII"},
                "INPUT_INVALID.SmsMessage.TooLong",
            ),
            ({"smsMessage": "it's"}, "INPUT_INVALID.Request.InvalidCharacter"),
            ({"dataEncoding": "16-bit"}, "DeserializationFailed"),
            ({"deviceIds": [{"id": "1", "kind": "shoe"}]}, "INPUT_INVALID.Device.Kind.Invalid"),
            (
                {"deviceIds": [{"id": "1", "kind": "iccid"}]},
                "INPUT_INVALID.Device.Identifier.Invalid",
            ),
            (
                {"deviceIds": [{"id": "9" * 20, "kind": "iccid"}]},
                "REQUEST_FAILED.DeviceNotFound",
            ),
            (
                {"deviceIds": None, "customFields": [{"key": "Color", "value": "red"}]},
                "INPUT_INVALID.CustomField.InvalidName",
            ),
            (
                {
                    "deviceIds": None,
                    "customFields": [{"key": "CustomField1", "value": "x" * 51}],
                },
                "INPUT_INVALID.CustomField.TooLong",
            ),
            ({"deviceIds": None, "groupName": "Nobody"}, "REQUEST_FAILED.DeviceNotFound"),
        ],
    )
    async def test_a_bad_request_has_its_code(
        self, api: Api, change: dict[str, Any], code: str
    ) -> None:
        body = {
            "accountName": api.account,
            "deviceIds": [named(some(api.fleet, ROUTER))],
            "smsMessage": "x" * 140,
            **change,
        }
        given = {name: value for name, value in body.items() if value is not None}
        assert code_of(await api.call("POST", "/sms", given)) == code
        assert not api.world.jobs.requests

    async def test_an_inactive_line_is_refused(self, texting: Texting) -> None:
        operation = SendSms(
            account_name=texting.account,
            device_ids=[ident(one_in(texting.fleet, "deactive"))],
            sms_message="hello",
        )
        assert await refusal(texting.client, operation) == "INPUT_INVALID.DeviceState.Invalid"

    async def test_too_many_devices_are_refused(self, texting: Texting) -> None:
        texting.world.settings.sms_devices = 1
        devices = all_in(texting.fleet, "active")[:2]
        operation = SendSms(
            account_name=texting.account,
            device_ids=[ident(device) for device in devices],
            sms_message="hello",
        )
        assert await refusal(texting.client, operation) == "INPUT_INVALID.NumberofDevices"

    async def test_suspended_lines_and_bytes_are_settings(self, texting: Texting) -> None:
        settings = texting.world.settings
        settings.sms_refuses_suspended = settings.sms_counts_bytes = True
        suspended = SendSms(
            account_name=texting.account,
            device_ids=[ident(one_in(texting.fleet, "suspend"))],
            sms_message="hello",
        )
        assert await refusal(texting.client, suspended) == "INPUT_INVALID.DeviceState.Invalid"
        umlauts = SendSms(
            account_name=texting.account,
            device_ids=[ident(some(texting.fleet, ROUTER))],
            sms_message="ä" * 71,
            data_encoding="8-bit-UTF-8",
        )
        assert await refusal(texting.client, umlauts) == "INPUT_INVALID.SmsMessage.TooLong"


class TestQueue:
    async def test_the_next_block_takes_the_one_before_away(self, texting: Texting) -> None:
        texting.world.settings.sms_block = 5
        first = await texting.page()
        assert first.has_more_data
        assert len(first.messages or []) == 5
        again = await texting.page()
        assert again.received == first.received, "what nobody acknowledged stays"
        second = await texting.page(first.next_token)
        assert _texts(second) != _texts(first)
        assert (await texting.page()).received["messages"] == second.received["messages"]
        once_more = await texting.page(first.next_token)
        assert once_more.received == second.received, "a lost answer can be asked for again"

    async def test_it_is_read_to_the_end(self, texting: Texting) -> None:
        texting.world.settings.sms_block = 100
        device = some(texting.fleet, ROUTER)
        numbers = [f"n={number}" for number in range(250)]
        before = len((await texting.page()).messages or [])
        texting.text_from(device, *numbers)
        read_out = await texting.drained()
        assert len(read_out) == before + 250
        assert set(numbers) <= set(read_out)
        left = await texting.page()
        assert not left.has_more_data
        assert _texts(left) == read_out[-len(_texts(left)) :], "nothing acknowledges the last block"

    async def test_the_last_block_may_go_with_its_answer(self, texting: Texting) -> None:
        texting.world.settings.sms_keeps_last_block = False
        assert await texting.drained()
        assert not await texting.drained()

    async def test_a_message_names_its_device_and_time(self, texting: Texting, api: Api) -> None:
        device = some(texting.fleet, ROUTER)
        await api.control("POST", "sms", {"deviceId": named(device), "message": "door open"})
        last = (await texting.page()).messages or []
        assert last[-1].message == "door open"
        assert last[-1].timestamp is not None
        assert [each.id for each in last[-1].device_ids or []] == [device.iccid, device.mdn]

    async def test_a_token_that_is_none_is_refused(self, texting: Texting) -> None:
        operation = ReadSmsQueue(account_name=texting.account, next_token="later")
        assert await refusal(texting.client, operation) == "REQUEST_FAILED.UnexpectedError"

    @pytest.mark.parametrize("operation", [ReadSmsQueue, StartSmsDelivery])
    async def test_an_unknown_account_is_refused(
        self, client: Client, operation: type[ReadSmsQueue] | type[StartSmsDelivery]
    ) -> None:
        asked = operation(account_name="0000000000-00000")
        assert await refusal(client, asked) == "REQUEST_FAILED.AccountNotFound"

    async def test_a_device_that_is_not_active_sends_nothing(self, api: Api) -> None:
        body = {"deviceId": named(one_in(api.fleet, "deactive")), "message": "hello"}
        answer = await api.http.post("/simulator/sms", json=body)
        assert code_of(answer) == "INPUT_INVALID.DeviceState.Invalid"


class TestPushing:
    async def test_a_device_reaches_the_listener_by_itself(self, texting: Texting) -> None:
        await hear(texting.client, texting.account, texting.inbox, SENT)
        before = len(texting.world.texts.queue(texting.account))
        device = some(texting.fleet, ROUTER)
        texting.text_from(device, "temp=21")
        (message,) = await heard(texting.inbox, SmsMessage)
        assert message.message == "temp=21"
        assert message.timestamp is not None
        assert [each.id for each in message.device_ids or []] == [device.iccid, device.mdn]
        assert len(texting.world.texts.queue(texting.account)) == before

    async def test_queued_messages_wait_until_delivery_is_started(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        texting.text_from(device, "one", "two")
        queued = _texts(await texting.page())
        await hear(texting.client, texting.account, texting.inbox, SENT)
        assert texting.inbox.messages == []
        await texting.client.send(StartSmsDelivery(account_name=texting.account))
        pushed = await heard(texting.inbox, SmsMessage, count=len(queued))
        assert sorted(each.message or "" for each in pushed) == sorted(queued)
        assert _texts(await texting.page()) == []

    async def test_without_a_listener_they_stay_queued(self, texting: Texting) -> None:
        queued = _texts(await texting.page())
        assert queued
        await texting.client.send(StartSmsDelivery(account_name=texting.account))
        assert _texts(await texting.page()) == queued

    async def test_what_the_listener_refuses_is_queued(self, texting: Texting) -> None:
        texting.world.settings.callback_attempts = 1
        texting.world.settings.callback_interval = 0.0
        texting.inbox.status = 500
        await hear(texting.client, texting.account, texting.inbox, SENT)
        texting.text_from(some(texting.fleet, ROUTER), "temp=21")
        queue = texting.world.texts.queue(texting.account)
        await until(lambda: "temp=21" in [each.text for each in queue], what="the message to queue")

    async def test_devices_send_by_themselves_while_somebody_listens(
        self, texting: Texting
    ) -> None:
        texting.world.settings.sms_every = 60.0
        await hear(texting.client, texting.account, texting.inbox, SENT)
        texting.world.clock.advance(600)
        assert len(await heard(texting.inbox, SmsMessage, count=5)) >= 5
        await texting.client.send(
            DeregisterListener(account_name=texting.account, service_name=SENT)
        )
        before = len(texting.world.texts.queue(texting.account))
        texting.world.clock.advance(600)
        assert len(texting.world.texts.queue(texting.account)) > before


class TestLog:
    async def log(self, texting: Texting, device: SimDevice) -> SmsEvents:
        """Ask for the log of a device, and wait for it."""
        asked = await texting.client.send(GetSmsHistory(device_id=ident(device)))

        def answers() -> list[DeviceServiceMessage]:
            found = read(texting.inbox, DeviceServiceMessage)
            return [each for each in found if each.request_id == asked.request_id]

        await until(lambda: bool(answers()), what="the log")
        response = answers()[0].device_response
        assert response is not None
        assert response.sms_event_history_response is not None
        return response.sms_event_history_response

    async def test_it_tells_both_ways_in_order(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        await hear(texting.client, texting.account, texting.inbox, "DeviceService", RECEIPT)
        await texting.send(device, "report now")
        await texting.receipts()
        texting.text_from(device, "temp=21")
        log = await self.log(texting, device)
        assert log.has_more_data is False
        told = [(each["direction"], each["message"]) for each in log.sms_events or []]
        assert told[-2:] == [("MT", "report now"), ("MO", "temp=21")]

    async def test_it_goes_back_three_months_and_stops_at_500(self, texting: Texting) -> None:
        device = some(texting.fleet, ROUTER)
        texting.text_from(device, *("x" for _ in range(501)))
        await hear(texting.client, texting.account, texting.inbox, "DeviceService")
        log = await self.log(texting, device)
        assert len(log.sms_events or []) == 500
        assert log.has_more_data is True
        texting.world.clock.advance(93 * DAY)
        assert (await self.log(texting, device)).sms_events == []

    async def test_devices_that_text_every_week_have_a_past(self, texting: Texting) -> None:
        await hear(texting.client, texting.account, texting.inbox, "DeviceService")
        log = await self.log(texting, some(texting.fleet, "LMU-3040"))
        assert {each["direction"] for each in log.sms_events or []} == {"MO"}

    async def test_it_needs_a_device_of_the_account(self, texting: Texting) -> None:
        unknown = GetSmsHistory(device_id=DeviceId(id="9" * 20, kind="iccid"))
        assert await refusal(texting.client, unknown) == "REQUEST_FAILED.DeviceNotFound"
        nobody = GetSmsHistory()
        assert await refusal(texting.client, nobody) == "REQUEST_FAILED.UnexpectedError"


def _texts(page: SmsPage) -> list[str]:
    return [each.message for each in page.messages or []]
