"""Every documented callback message: provoked, received over HTTP, and read."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from tests.contract.documented import CALLBACKS, ENTRIES, Entry, is_a_name, service_of
from tests.contract.fitting import check_object
from tests.contract.stage import GROUP, Stage, ident, operation_for
from tests.simulator.hearing import some
from tests.support.listener import listener
from tests.support.waiting import until
from tsui.credentials import Credentials
from tsui.simulator.device import SimDevice
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_messages import MESSAGES, read_message
from tsui.thingspace.client import Client
from tsui.thingspace.wire import Reply

Provocation = Callable[[Stage], Awaitable[Any]]

LOCATION = "DeviceLocation"
"""Service with a registry of its own, whose messages have no envelope."""

SOMETIMES = {"faultResponse", "deviceResponse", "MaxUEAvailabilityTime", "fields"}
"""Fields that a good message need not have."""

_ENTRIES = {entry["name"]: entry for entry in ENTRIES}


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.01, now="2025-03-15T12:00:00Z")


def _by(name: str) -> Provocation:
    """Return what sends the operation of an entry."""

    async def send(stage: Stage) -> Any:
        return await stage.client.send(await operation_for(stage, _ENTRIES[name]))

    return send


def _by_control(path: str, state: str = "active", **body: Any) -> Provocation:
    """Return what lets something happen behind the scenes."""

    async def happen(stage: Stage) -> None:
        device = stage.device if state == "active" else stage.in_state(state)
        body["deviceId"] = ident(device)
        async with httpx.AsyncClient(base_url=stage.simulator.base_url, trust_env=False) as http:
            answer = await http.post(f"/simulator/{path}", json=body)
        assert answer.is_success, answer.text

    return happen


async def _text(stage: Stage) -> Any:
    return await stage.send(
        "SendSms",
        account_name=stage.account,
        device_ids=[ident(_model(stage, "RV50X"))],
        sms_message="report now",
    )


async def _bytes(stage: Stage) -> Any:
    return await stage.send(
        "SendNidd",
        account_name=stage.account,
        device_ids=[ident(_model(stage, "SARA-N410"))],
        maximum_delivery_time=300,
        message="cGluZw==",
    )


async def _alert(stage: Stage) -> Any:
    return await stage.send(
        "CreateTrigger",
        name="Any message",
        account_name=stage.account,
        group_name=GROUP,
        trigger_category="DeviceSMSUsage",
        sms_trigger_request={"comparator": "ge", "threshold": 0},
    )


def _model(stage: Stage, name: str) -> SimDevice:
    return some(stage.simulator.world.fleets[stage.account], name)


PROVOKED: dict[str, Provocation] = {
    "CarrierService": _by("Suspend Device Service"),
    "DeviceService": _by("Check Device Availability"),
    "DevicePRLInformation": _by("Retrieve Device PRL Information"),
    "DeviceProfileService": _by("Disable Device Profile"),
    "DeviceSuspensionStatus": _by("Retrieve Device Suspension Status"),
    "DeviceUsage": _by("Retrieve Aggregate Device Usage History"),
    "DiagnosticsService": _by("Monitor Device Reachability"),
    "EnhancedConnectivityService": _text,
    "SMSDeliveryConfirmation": _text,
    "StateService": _by("Set Device to a Custom State"),
    "AlertService": _alert,
    "ExternalProvisioningChanges": _by_control("elsewhere", action="suspend"),
    "ResumeTrackingNotification": _by_control("happenings", "suspend", happening="resume-notice"),
    "SubscriptionNotificationService": _by_control("happenings", happening="threshold"),
    "PromoChanges": _by_control("happenings", happening="promo"),
    "NiddService": _bytes,
    "DeviceLocation": _by("Request Device Locations (asynchronous)"),
}
"""What brings a message of each service."""


@pytest.mark.parametrize("entry", CALLBACKS, ids=service_of)
async def test_is_sent_as_documented_and_read(
    client: Client, simulator: Running, keys: Credentials, account: str, entry: Entry
) -> None:
    stage, service = Stage(client, simulator, keys, account), service_of(entry)
    register = "RegisterLocationListener" if service == LOCATION else "RegisterListener"
    async with listener() as inbox:
        await stage.send(register, account_name=account, name=service, url=inbox.url)
        await PROVOKED[service](stage)
        await until(lambda: bool(inbox.messages), what=f"a message of {service}")
        # What is still on its way finds its listener open.
        await stage.settled()
    for message in inbox.messages:
        _check_message(message, entry)


def _check_message(message: dict[str, Any], entry: Entry) -> None:
    service = service_of(entry)
    check_object(service, message, entry["request"])
    documented = {field["name"] for field in entry["request"] if is_a_name(field)}
    assert documented - message.keys() <= SOMETIMES, service
    model = next(each for each in MESSAGES if each.service == service)
    read = read_message(message, service)
    assert type(read) is model
    assert read.received == message
    assert [each.unread for each in _replies_in(read) if each.unread] == []
    if model.marks:
        assert type(read_message(message)) is model


def _replies_in(value: Any) -> Iterator[Reply]:
    if isinstance(value, list):
        for item in value:
            yield from _replies_in(item)
    elif isinstance(value, BaseModel):
        for item in vars(value).values():
            yield from _replies_in(item)
        if isinstance(value, Reply):
            yield value


def test_every_service_is_provoked() -> None:
    assert len(CALLBACKS) == 17
    assert PROVOKED.keys() == {service_of(entry) for entry in CALLBACKS}
