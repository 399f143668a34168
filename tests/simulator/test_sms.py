"""Messages to devices: sent, delivered, expired and refused."""

from typing import Any

import pytest

from tests.simulator.cases import Api, all_in, code_of, named, one_in
from tests.simulator.hearing import ROUTER, asleep, hear, heard, ident, refusal, some
from tests.simulator.texting import RECEIPT, SENT, Texting
from tests.support.waiting import until
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_notices import SmsMessage
from tsui.thingspace.provisioning import RestoreDevices
from tsui.thingspace.sms import SendSms
from tsui.thingspace.wire import DeviceIds


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.05, sms_every=0.0)


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
