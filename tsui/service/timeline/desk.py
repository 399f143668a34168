"""The desk: timelines of devices from what is remembered, and read anew on demand."""

import asyncio
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.parts import Part
from tsui.service.timeline.gathering import Remembered, timeline_of
from tsui.service.timeline.model import Timeline
from tsui.service.verdict.archive import LOOKED_AT, Archive
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class Timelines:
    """Timelines of the devices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def of(self, device: DeviceRow) -> Timeline:
        """Put together what is remembered of a device; asks nobody."""
        store, account = self._store, self._shown.account
        now = self._shown.clock.now().timestamp()
        remembered = Remembered(
            await Archive(store, account).evidence(device, now),
            await store.readings.get(account, device.id, Part.SESSIONS),
            await store.readings.get(account, device.id, Part.OLDER_USAGE),
            await self._heard_since(),
        )
        # A device that flaps has thousands of sessions; keys must not wait for them.
        return await asyncio.to_thread(timeline_of, remembered)

    def refresh(self, device: DeviceRow) -> None:
        """Begin to read everything about a device again; what comes is announced."""
        if (online := self._shown.online) is not None:
            online.spawn(online.gatherer.gather(device), name="read a timeline")

    async def _heard_since(self) -> float | None:
        count = await self._store.inbox.count()
        oldest = await self._store.inbox.newest(1, max(0, min(count, LOOKED_AT) - 1))
        return oldest[0].received_at if oldest else None
