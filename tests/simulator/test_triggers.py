"""Triggers: kept, changed, deleted, and firing once for what they were made for."""

from typing import Any

import pytest

from tests.simulator.cases import Api, code_of
from tests.simulator.hearing import hear
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator import alerts
from tsui.simulator.alerts import start_of
from tsui.simulator.device import SimDevice
from tsui.simulator.patterns import BILLING_CYCLE, DAY, Span
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.usage import usage_of
from tsui.thingspace.client import Client

SERVICE = "AlertService"
TRUCKS = "Trucks East"
UNEXPECTED = "REQUEST_FAILED.UnexpectedError"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=120, delay=0.05, now="2026-03-15T20:00:00Z")


class Triggers:
    """Triggers of an account, and their alerts."""

    def __init__(self, api: Api, inbox: Inbox) -> None:
        self.api = api
        self.inbox = inbox

    async def ask(self, method: str = "POST", path: str = "", **values: Any) -> Any:
        body = values if method in ("POST", "PUT") else None
        return await self.api.call(method, f"/triggers{path}", body)

    async def create(self, **values: Any) -> str:
        answer = await self.ask(**{**self.plain(), **values})
        assert answer.is_success, answer.text
        return str(answer.json()["triggerId"])

    def plain(self) -> dict[str, Any]:
        return {
            "name": "Cap",
            "accountName": self.api.account,
            "groupName": TRUCKS,
            "triggerCategory": "DeviceSMSUsage",
        }

    def of_group(self) -> list[SimDevice]:
        fleet = self.api.fleet
        found = (fleet.get(number) for number in fleet.numbers())
        return [device for device in found if device.group == TRUCKS]

    def used(self, device: SimDevice, since: float) -> Any:
        now = self.api.world.clock.timestamp()
        return usage_of(self.api.world, device, Span(since, now))["dataUsage"]

    async def alerts(self, *devices: SimDevice) -> list[Any]:
        """Wait for one alert of each of some devices, and return them all."""
        wanted = sorted(device.iccid for device in devices)
        await until(lambda: len(self.inbox.messages) >= len(wanted), what="the alerts")
        assert sorted(each["deviceIds"][0]["id"] for each in self.inbox.messages) == wanted
        return [each["alert"] for each in self.inbox.messages]


@pytest.fixture
async def triggers(api: Api, client: Client, inbox: Inbox) -> Triggers:
    await hear(client, api.account, inbox, SERVICE)
    return Triggers(api, inbox)


async def test_a_trigger_is_kept_changed_and_deleted(triggers: Triggers) -> None:
    made = await triggers.create(
        triggerCycle="Weekly", smsTriggerRequest={"comparator": "gt", "threshold": 20}
    )
    (shown,) = (await triggers.ask("GET")).json()["triggers"]
    assert shown["triggerName"] == "Cap"
    assert shown["organizationName"] == "Example Metering"
    assert (shown["triggerCycle"], shown["comparator"], shown["threshold"]) == (
        "Weekly",
        "gt",
        "20",
    )
    changed = await triggers.ask(
        "PUT",
        triggerId=made,
        name="Floor",
        dataTriggerRequest={"comparator": "lt", "threshold": 5, "thresholdUnit": "MB"},
    )
    assert changed.json() == {"triggerId": made}
    (now,) = (await triggers.ask("GET", f"/{made}")).json()["triggers"]
    assert (now["triggerName"], now["comparator"], now["thresholdUnit"]) == ("Floor", "lt", "MB")
    assert (now["groupName"], now["triggerCycle"]) == (TRUCKS, "Weekly")
    assert now["createdAt"] == shown["createdAt"]
    assert (await triggers.ask("DELETE", f"/{made}")).json() == {"triggerId": made}
    assert (await triggers.ask("GET")).json() == {"triggers": []}


async def test_what_there_is_not_is_refused(triggers: Triggers) -> None:
    for answer in (
        await triggers.ask("GET", "/nobody"),
        await triggers.ask("DELETE", "/nobody"),
        await triggers.ask("PUT", triggerId="nobody"),
    ):
        assert code_of(answer, 404) == UNEXPECTED
    made = await triggers.create()
    other = triggers.api.other_account
    assert code_of(await triggers.ask("PUT", triggerId=made, accountName=other), 404) == UNEXPECTED


async def test_refusals(triggers: Triggers) -> None:
    await triggers.create()
    plain = {**triggers.plain(), "name": "Another"}
    session = {"comparator": "gt", "threshold": 5}
    for wrong, code in (
        ({"name": None}, "DeserializationFailed"),
        ({"name": "Cap"}, UNEXPECTED),
        ({"groupName": None}, "DeserializationFailed"),
        ({"groupName": "Nowhere"}, "REQUEST_FAILED.DeviceGroupNotFound"),
        ({"triggerCategory": None}, "DeserializationFailed"),
        ({"triggerCycle": "Yearly"}, "DeserializationFailed"),
        ({"triggerCycle": "Daily", "sessionTriggerRequest": session}, UNEXPECTED),
        ({"smsTriggerRequest": {"comparator": "about"}}, UNEXPECTED),
        ({"smsTriggerRequest": {"threshold": "many"}}, "DeserializationFailed"),
        ({"dataTriggerRequest": {"thresholdUnit": "miles"}}, UNEXPECTED),
        ({"accountName": "0000000000-00001"}, "REQUEST_FAILED.AccountNotFound"),
    ):
        assert code_of(await triggers.ask(**{**plain, **wrong})) == code, wrong
    other = await triggers.create(name="Another")
    assert code_of(await triggers.ask("PUT", triggerId=other, name="Cap")) == UNEXPECTED
    assert (await triggers.ask("PUT", triggerId=other, name="Another")).is_success


async def test_data_beyond_a_threshold_raises_an_alert_once(triggers: Triggers) -> None:
    world = triggers.api.world
    midnight = world.clock.timestamp() // DAY * DAY
    beyond = [each for each in triggers.of_group() if triggers.used(each, midnight) > 50 * 1024]
    assert 0 < len(beyond) <= len(triggers.of_group())
    made = await triggers.create(
        triggerCycle="Daily",
        dataTriggerRequest={"comparator": "gt", "threshold": 50, "thresholdUnit": "KB"},
    )
    told = await triggers.alerts(*beyond)
    assert {each["triggerId"] for each in told} == {made}
    assert all(float(each["value"]) > 50 for each in told)
    trigger = world.triggers.get(made)
    assert trigger
    await alerts.look(world, trigger)
    assert len(world.postman.deliveries) == len(beyond)


async def test_another_day_is_another_alert(triggers: Triggers) -> None:
    world = triggers.api.world
    data = {"comparator": "ge", "threshold": 0}
    await triggers.create(triggerCycle="Daily", dataTriggerRequest=data)
    group = triggers.of_group()
    await triggers.alerts(*group)
    world.clock.advance(DAY)
    await triggers.alerts(*group, *group)


async def test_messages_are_counted_by_direction(triggers: Triggers) -> None:
    sms = {"comparator": "ge", "threshold": 1, "smsType": "MT"}
    await triggers.create(triggerCycle="Monthly", smsTriggerRequest=sms)
    await triggers.create(
        name="Sent", triggerCycle="Monthly", smsTriggerRequest={**sms, "smsType": "MO"}
    )
    world = triggers.api.world
    start = start_of("Monthly", world.clock.timestamp())
    sent = [
        each
        for each in triggers.of_group()
        if usage_of(world, each, Span(start, world.clock.timestamp()))["smsUsage"]
    ]
    assert sent
    told = await triggers.alerts(*sent)
    assert {each["triggerName"] for each in told} == {"Sent"}


async def test_long_sessions_raise_alerts(triggers: Triggers) -> None:
    await triggers.create(sessionTriggerRequest={"comparator": "gt", "threshold": 4})
    await until(lambda: bool(triggers.inbox.messages), what="an alert")
    assert all(float(each["alert"]["value"]) > 4 for each in triggers.inbox.messages)


@pytest.mark.parametrize("over", [True, False])
async def test_unusual_usage_raises_alerts(triggers: Triggers, over: bool) -> None:
    world = triggers.api.world
    direction = "includeOverExpectedUsage" if over else "includeUnderExpectedUsage"
    device = triggers.of_group()[0]
    device = triggers.api.fleet.touch(device)
    today = world.clock.timestamp() // DAY * DAY
    # In service on one of eight days only, or on all but that one.
    spans = [Span(today - 30 * DAY, today - DAY)]
    device.served = [Span(today - 1.5 * DAY, today)] if over else spans
    device.half_open = False
    await triggers.create(anomalyTriggerRequest={"includeAbnormal": True, direction: True})
    await until(
        lambda: device.iccid in [each["deviceIds"][0]["id"] for each in triggers.inbox.messages],
        what="the alert",
    )


async def test_a_group_is_watched_under_another_name_too(triggers: Triggers) -> None:
    api = triggers.api
    made = await triggers.create()
    path = f"/groups/{api.account}/name/{TRUCKS}"
    assert (await api.call("PUT", path, {"newGroupName": "Trucks"})).is_success
    (now,) = (await triggers.ask("GET", f"/{made}")).json()["triggers"]
    assert now["groupName"] == "Trucks"


async def test_a_trigger_that_is_deleted_says_nothing(triggers: Triggers) -> None:
    data = {"comparator": "ge", "threshold": 0}
    made = await triggers.create(dataTriggerRequest=data)
    await triggers.ask("DELETE", f"/{made}")
    triggers.api.world.clock.advance(DAY)
    await triggers.api.control("POST", "advance", {"seconds": 0})
    assert triggers.inbox.messages == []


def test_weeks_begin_on_monday_and_months_with_the_billing_cycle() -> None:
    sunday = 1_773_590_400.0  # 2026-03-15T16:00:00Z
    assert start_of("Daily", sunday) == 1_773_532_800.0
    assert start_of("", sunday) == start_of("Daily", sunday)
    assert start_of("Weekly", sunday) == 1_773_532_800.0 - 6 * DAY
    assert start_of("monthly", sunday) % BILLING_CYCLE == 0
    assert sunday - BILLING_CYCLE < start_of("Monthly", sunday) <= sunday
