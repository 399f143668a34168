"""Answers of reads, kept to be shown again: for the account, and for each device they are about."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from tsui.service.forms import devices_named
from tsui.service.parts import LAST_ANSWER
from tsui.service.replies import Answer, without_secrets
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.operation import Operation
from tsui.thingspace.software import ListSoftwareDevicesByImei

ACCOUNT = 0
"""Stands for the account itself where a reading is of no device."""

MOST_DEVICES = 20
"""Devices of one answer that it is kept for: as many as one request may locate."""


async def known_device(store: Store, account: str, kind: str, number: str) -> DeviceRow | None:
    """Return the device that is known by just this identifier; a similar one is another."""
    for each in await store.devices.find(account, number):
        if each.key == f"{kind}:{number}" or getattr(each, kind, "") == number:
            return each
    return None


class AnswerMemory:
    """What operations answered last."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    async def keep(self, operation: Operation[Any], answer: Answer) -> None:
        """Keep an answer; it is in hand, so a full disk spoils nothing."""
        body = without_secrets(answer.body)
        with suppress(StoreError):
            for number in await self._about(operation):
                await self._store.readings.put(
                    self._account, number, f"{LAST_ANSWER}{answer.name}", body, answer.at
                )

    async def keep_trouble(self, operation: Operation[Any], trouble: str, at: float) -> None:
        """Keep why there was no answer."""
        kind = f"{LAST_ANSWER}{type(operation).__name__}"
        with suppress(StoreError):
            for number in await self._about(operation):
                await self._store.readings.put_trouble(self._account, number, kind, trouble, at)

    async def _about(self, operation: Operation[Any]) -> list[int]:
        named = list(_named(operation))
        found = [ACCOUNT]
        for kind, number in named if len(named) <= MOST_DEVICES else ():
            device = await known_device(self._store, self._account, kind, number)
            if device is not None and device.id not in found:
                found.append(device.id)
        return found


def _named(operation: Operation[Any]) -> Iterable[tuple[str, str]]:
    if isinstance(operation, ListSoftwareDevicesByImei):
        return [("imei", each) for each in operation.device_list]
    return devices_named(operation)
