"""Listening to callbacks, and reading them with the program's own models."""

from typing import Any, TypeVar

import pytest

from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.device import SimDevice
from tsui.simulator.fleet import Fleet
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.callback_messages import read_message
from tsui.thingspace.callbacks import RegisterListener
from tsui.thingspace.client import Client
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import DeviceId

MessageT = TypeVar("MessageT", bound=CallbackMessage)

ROUTER = "RV50X"
"""A model that never sleeps."""

METER = "BG95-M3"
"""A model that sleeps between its sessions."""


async def hear(client: Client, account: str, inbox: Inbox, *services: str) -> None:
    """Register a listener for services."""
    for service in services:
        await client.send(RegisterListener(account_name=account, name=service, url=inbox.url))


def read(inbox: Inbox, model: type[MessageT], service: str = "") -> list[MessageT]:
    """Return the messages that are of a model, told by their service or by their fields."""
    found = (read_message(message, service) for message in inbox.messages)
    return [message for message in found if isinstance(message, model)]


async def heard(
    inbox: Inbox, model: type[MessageT], *, count: int = 1, service: str = ""
) -> list[MessageT]:
    """Wait for messages of a model, and return them."""
    await until(lambda: len(read(inbox, model, service)) >= count, what=f"{count} {model.__name__}")
    return read(inbox, model, service)


async def refusal(client: Client, operation: Operation[Any]) -> str:
    """Return the code an operation is refused with, without the service's name."""
    with pytest.raises(ThingSpaceError) as caught:
        await client.send(operation)
    assert caught.value.status == 400
    return caught.value.code.partition(".")[2] or caught.value.code


def some(fleet: Fleet, model: str, state: str = "active") -> SimDevice:
    """Return a device of a model that is in a state and has been in service until now."""
    return next(
        device
        for number in fleet.numbers()
        if (device := fleet.get(number)).model.name == model
        and device.state == state
        and not device.half_open
        and (state != "active" or device.served[-1].end == float("inf"))
    )


def asleep(fleet: Fleet, seed: int, now: float, model: str = METER) -> SimDevice:
    """Return a device that is in service but sleeps."""
    return next(
        device
        for number in fleet.numbers()
        if (device := fleet.get(number)).model.name == model
        and (session := device.next_session(seed, now))
        and session.start > now + 3600
        and (newest := device.newest_session(seed, now))
        and not newest.is_open(now)
    )


def ident(device: SimDevice, kind: str = "iccid") -> DeviceId:
    """Return a DeviceId of a device as the client names it."""
    return DeviceId(
        id=next(value for name, value in device.identifiers() if name.lower() == kind), kind=kind
    )
