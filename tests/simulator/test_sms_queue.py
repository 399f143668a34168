"""Messages from devices: queued, pushed to the listener, and kept in the log."""

import pytest

from tests.simulator.cases import Api, code_of, named, one_in
from tests.simulator.hearing import ROUTER, hear, heard, ident, read, refusal, some
from tests.simulator.texting import RECEIPT, SENT, Texting
from tests.support.waiting import until
from tsui.simulator.device import SimDevice
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import DeviceServiceMessage, SmsEvents
from tsui.thingspace.callback_notices import SmsMessage
from tsui.thingspace.callbacks import DeregisterListener
from tsui.thingspace.client import Client
from tsui.thingspace.sms import GetSmsHistory, ReadSmsQueue, SmsPage, StartSmsDelivery
from tsui.thingspace.wire import DeviceId


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05, sms_every=0.0)


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
