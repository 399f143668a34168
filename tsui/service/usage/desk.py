"""The desk: reports on usage from what is remembered, and more read on demand."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tsui.clock import Clock
from tsui.service.parts import Part
from tsui.service.usage.members import Counts, Members, group_of
from tsui.service.usage.reading import SPANS, read_older, read_sample, windows
from tsui.service.usage.remembered import reads_of
from tsui.service.usage.report import Known, UsageReport, cycle_end_of, report_of
from tsui.store.announce import Topic
from tsui.store.devices import DeviceRow
from tsui.store.filtering import Now
from tsui.store.readings import Reading
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService

ACCOUNT = 0
"""Stands for the account itself where a reading is of no device."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class UnderWay(NamedTuple):
    """What is being read."""

    device: int
    """The device it is read for."""
    what: str
    """What, in a few words."""
    done: int
    """Requests that are answered."""
    total: int
    """Requests there are."""


class UsageDesk:
    """Usage of devices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown
        self._task: asyncio.Task[None] | None = None
        self._counts: dict[str, Counts] = {}
        self._under_way: UnderWay | None = None

    async def report(self, device: DeviceRow, months: int = 1) -> UsageReport:
        """Say what is remembered of a device's usage; asks nobody."""
        now = self._shown.clock.now().timestamp()
        recent = await self._reading(device.id, Part.USAGE)
        older = await self._reading(device.id, Part.OLDER_USAGE)
        plans = await self._reading(ACCOUNT, Part.PLANS)
        raw = await self._store.devices.raw(device.id) or {}
        group = await self._members().usage(group_of(device, raw), device)
        known = Known(
            reads_of(recent, older),
            recent.read_at if recent else None,
            recent.trouble if recent else "",
            older.trouble if older and months > 1 else "",
            device.plan,
            cycle_end_of(raw),
            plans.body if plans else None,
            group,
        )
        return report_of(known, SPANS[months].total_seconds(), now)

    def read_older(self, device: DeviceRow, months: int) -> None:
        """Begin to read a device's days before the last month; what comes is announced."""
        online = self._shown.online
        if online is not None and (total := len(windows(months))):
            work = read_older(
                online.reader, self._store, self._shown.account, device, months,
                self._shown.clock, self._step,
            )  # fmt: skip
            self._begin(online, UnderWay(device.id, f"usage of {months} months", 0, total), work)

    async def read_group(self, device: DeviceRow) -> int:
        """Begin to read the usage of some more members of a device's group.

        Returns how many; none where nobody is signed in or nobody is left to be read.
        """
        if (online := self._shown.online) is None:
            return 0
        raw = await self._store.devices.raw(device.id) or {}
        if not (group := group_of(device, raw)):
            return 0
        sample = await self._members().sample(group, device)
        if sample:
            work = read_sample(online.reader, sample, self._step)
            what = UnderWay(device.id, "usage of others in the group", 0, len(sample))
            self._begin(online, what, work)
        return len(sample)

    def under_way(self, device: DeviceRow) -> UnderWay | None:
        """Return what is being read for a device beyond its own month; None while nothing is."""
        asked = self._under_way
        return asked if asked and asked.device == device.id else None

    def cancel(self, device: DeviceRow) -> bool:
        """Stop what is being read for a device; what came so far stays.

        Returns whether there was anything.
        """
        return self.under_way(device) is not None and self._stop()

    def _stop(self) -> bool:
        return self._task is not None and self._task.cancel()

    def _begin(
        self,
        online: "AccountService",
        under_way: UnderWay,
        work: Coroutine[Any, Any, None],
    ) -> None:
        self._stop()
        self._under_way = under_way
        task = online.spawn(work, name=f"read {under_way.what}")
        self._task = task

        def done(_: object) -> None:
            if self._task is task:
                self._task = self._under_way = None
                self._store.announcer.publish(Topic.READINGS, (under_way.device,))

        task.add_done_callback(done)

    def _step(self) -> None:
        if self._under_way is not None:
            self._under_way = self._under_way._replace(done=self._under_way.done + 1)

    def _members(self) -> Members:
        now = Now(self._shown.clock.now().timestamp())
        counts = self._counts.setdefault(self._shown.account, {})
        return Members(self._store, self._shown.account, now, counts)

    async def _reading(self, device: int, kind: str) -> Reading | None:
        return await self._store.readings.get(self._shown.account, device, kind)
