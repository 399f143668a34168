"""Reading more usage than a device's screen does by itself: older days, and a sample of a group."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from tsui.clock import Clock
from tsui.service.parts import Part
from tsui.service.problems import explain
from tsui.service.usage.days import Read
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.thingspace.errors import ThingSpaceError

SPANS = {
    1: timedelta(days=31),
    3: timedelta(days=92),
    6: timedelta(days=183),
    12: timedelta(days=365),
}
"""Spans that can be asked for, by their months; ThingSpace keeps twelve."""

AT_ONCE = 4
"""Reads of a sample on their way at the same time."""


class Reader(Protocol):
    """Reads usage; a DeviceReader, in practice."""

    async def usage_between(
        self, key: str, since: datetime, until: datetime
    ) -> list[dict[str, Any]]:
        """Read the usage of a device by day; raises a ThingSpaceError."""
        ...

    async def refresh_parts(self, device: DeviceRow, parts: Iterable[Part]) -> None:
        """Read parts of a device; failures are remembered too."""
        ...


def windows(months: int) -> list[tuple[int, timedelta, timedelta]]:
    """Return the windows beyond the first month, newest first: months, and ages of both ends."""
    return [
        (name, SPANS[name], SPANS[former]) for former, name in pairwise(SPANS) if name <= months
    ]


async def read_older(
    reader: Reader, store: Store, account: str, device: DeviceRow, months: int, clock: Clock,
    step: Callable[[], None],
) -> None:  # fmt: skip
    """Read the days before the first month, window by window; each is kept when it is there."""
    known = await store.readings.get(account, device.id, Part.OLDER_USAGE)
    body: dict[str, Any] = dict(known.body) if known and known.body else {}
    now = clock.now()
    try:
        for name, begin, end in windows(months):
            since, until = now - begin, now - end
            records = await reader.usage_between(device.key, since, until)
            at = clock.now().timestamp()
            told = Read(since.timestamp(), until.timestamp(), records, at)
            body[str(name)] = told._asdict()
            step()
            await store.readings.put(account, device.id, Part.OLDER_USAGE, body, at)
    except ThingSpaceError as error:
        at = clock.now().timestamp()
        trouble = str(explain(error))
        await store.readings.put_trouble(account, device.id, Part.OLDER_USAGE, trouble, at)


async def read_sample(
    reader: Reader, devices: Sequence[DeviceRow], step: Callable[[], None]
) -> None:
    """Read the usage of some devices, a few at a time; failures are remembered too."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def read(device: DeviceRow) -> None:
        async with turns:
            await reader.refresh_parts(device, (Part.USAGE,))
        step()

    async with asyncio.TaskGroup() as group:
        for device in devices:
            group.create_task(read(device))
