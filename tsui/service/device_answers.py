"""The desk of answers: what was asked about one device, and what came of it, also by callback.

Like all that screens read from, it stays clear of the network's own modules until it asks.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service.failures import ReadFailed
from tsui.service.parts import LAST_ANSWER, LINE
from tsui.service.verdict.archive import ACCOUNT, LOOKED_AT
from tsui.service.verdict.evidence import Told
from tsui.service.verdict.understanding import messages_of
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService

_NAMES = {LINE: "is in the list"}
"""What a reading is called whose own name tells nobody anything."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a device, and what came of it."""

    body: Any
    """The reply; None when there never was one."""
    asked_at: float | None
    """Unix time of that reply."""
    tried_at: float
    """Unix time of the last try."""
    trouble: str
    """Why the last try brought nothing; hostile until sanitised."""
    answers: tuple[Told, ...]
    """Callback messages that answer it, newest first."""


class DeviceAnswers:
    """What was asked about devices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def of(self, device: DeviceRow, operation: str) -> Asked | None:
        """Return the last question of a kind about a device; None when it was never asked."""
        kind = f"{LAST_ANSWER}{operation}"
        reading = await self._store.readings.get(self._shown.account, device.id, kind)
        if reading is None:
            return None
        told: Sequence[Told] = ()
        body = reading.body
        if isinstance(body, Mapping) and (request_id := body.get("requestId")):
            messages = await self._store.inbox.of_request(str(request_id))
            told = messages_of(messages[::-1])
        return Asked(body, reading.read_at, reading.tried_at, reading.trouble, tuple(told))

    async def messages(self, device: DeviceRow) -> tuple[Told, ...]:
        """Return the callback messages that name a device, newest first."""
        numbers = (device.iccid, device.imei, device.mdn, device.eid)
        return messages_of(await self._store.inbox.naming(numbers, LOOKED_AT))

    async def hears(self, service: str) -> bool | None:
        """Tell whether somebody listens to a callback service; None when that is not known."""
        kind = f"{LAST_ANSWER}ListListeners"
        reading = await self._store.readings.get(self._shown.account, ACCOUNT, kind)
        if reading is None or not isinstance(reading.body, list):
            return None
        names = {each.get("serviceName") for each in reading.body if isinstance(each, dict)}
        return service in names

    async def everything(self, device: DeviceRow) -> dict[str, Any]:
        """Return all that is remembered of a device, as it came, by where it comes from."""
        account = self._shown.account
        found: dict[str, Any] = {}
        if line := await self._store.devices.raw(device.id):
            found["device list"] = line
        for kind in await self._store.readings.kinds(account, device.id):
            reading = await self._store.readings.get(account, device.id, kind)
            if reading is not None and reading.body is not None:
                found[_NAMES.get(kind, kind)] = reading.body
        told = await self.messages(device)
        if told:
            found["callbacks"] = [{"service": each.service, **each.body} for each in told]
        return found

    def ask(self, device: DeviceRow, operation: str) -> None:
        """Begin to ask about a device; what comes is announced. Raises LookupError."""
        online = self._shown.online
        if online is None:
            return
        from tsui.service.device_questions import question

        asked = question(operation, self._shown.account, device, self._shown.clock.now())

        async def send() -> None:
            with suppress(ReadFailed):  # why is remembered with it
                await online.runner.read(asked)

        online.spawn(send(), name=f"ask {operation}")

    def read_listeners(self) -> None:
        """Begin to read who listens, unless that was done a moment ago."""
        if (online := self._shown.online) is not None:
            online.spawn(online.gatherer.read_listeners(), name="read the listeners")
