"""Members of a device's group: how many there are, and what is remembered of their usage."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from tsui.service.parts import Part
from tsui.service.states import LineState
from tsui.service.usage.days import Read
from tsui.service.usage.group import GroupUsage, medians_of
from tsui.service.usage.reading import SPANS
from tsui.store.devices import DeviceRow
from tsui.store.filtering import Now
from tsui.store.filtering.fields import BY_NAME, STATE
from tsui.store.filtering.tree import Filter, Match, all_of, pattern
from tsui.store.query import DeviceQuery, Order
from tsui.store.readings import Reading
from tsui.store.store import Store

SAMPLE = 20
"""Members whose usage is read in one go."""

WINDOWS, WINDOW = 10, 20
"""Places in a group from which members are taken, and how many are looked at in each."""

MOST = 100
"""Members whose remembered usage a median is made of; more would not move it."""

LOOKED_AT = 1000
"""The newest readings of usage among which those of members are looked for."""

COUNT_LASTS = 60.0
"""Seconds for which the members of a group are not counted again."""

Counts = dict[str, tuple[int, float]]
"""Members of groups, and the Unix time at which they were counted."""

_GROUP = BY_NAME["group"]


class Members:
    """Members of groups of an account."""

    def __init__(self, store: Store, account: str, now: Now, counts: Counts) -> None:
        self._counts = counts
        self._store = store
        self._account = account
        self._now = now

    async def usage(self, group: str, device: DeviceRow) -> GroupUsage:
        """Return what the other members of a group used, as far as it is remembered."""
        if not group:
            return GroupUsage("", 0, 0, {})
        members = await self._count(group)
        readings = await self._readings(group, device)
        reads = [
            Read(each.read_at - SPANS[1].total_seconds(), each.read_at, each.body, each.read_at)
            for each in readings
            if each.body is not None and each.read_at is not None
        ]
        medians = await asyncio.to_thread(medians_of, reads)
        return GroupUsage(group, max(0, members - 1), len(reads), medians)

    async def _readings(self, group: str, device: DeviceRow) -> Iterable[Reading]:
        readings = self._store.readings
        since = self._now.at - SPANS[1].total_seconds()
        known = await readings.newest(self._account, Part.USAGE, since, LOOKED_AT)
        rows = await self._store.devices.rows(known)
        others = (row for row in rows if row.id != device.id)
        # A name with a comma in it is found only where it stands alone.
        ids = [row.id for row in others if group in (row.groups, *row.groups.split(", "))]
        return (await readings.of_devices(self._account, ids[:MOST], Part.USAGE)).values()

    async def _count(self, group: str) -> int:
        """Count the members of a group, unless that was done a moment ago: fleets are large."""
        count, at = self._counts.get(group, (0, 0.0))
        if not at or self._now.at - at > COUNT_LASTS:
            count = await self._store.devices.count(self._query(_in(group)))
            self._counts[group] = count, self._now.at
        return count

    async def sample(self, group: str, device: DeviceRow) -> list[DeviceRow]:
        """Choose some active members of whom no usage is remembered, from all over the group.

        Empty where all that are considered were read.
        """
        is_active = Match(STATE, pattern([LineState.ACTIVE]))
        listing = self._store.devices.listing(self._query(_in(group), is_active))
        total = await listing.count()
        step = max(WINDOW, total // WINDOWS)
        rows: list[DeviceRow] = []
        for start in range(0, min(total, WINDOWS * step), step):
            rows += await listing.window(start, WINDOW)
        known = await self._known(rows)
        left = [row for row in rows if row.id != device.id and row.id not in known]
        return left[:: max(1, len(left) // SAMPLE)][:SAMPLE]

    async def _known(self, rows: Iterable[DeviceRow]) -> frozenset[int]:
        """Return of whom a usage is remembered that a median takes."""
        since = self._now.at - SPANS[1].total_seconds()
        readings = await self._store.readings.of_devices(
            self._account, (row.id for row in rows), Part.USAGE
        )
        return frozenset(
            device for device, each in readings.items() if each.read_at and each.read_at > since
        )

    def _query(self, *parts: Filter) -> DeviceQuery:
        # By groups, an index leads to any place among a group's members.
        return DeviceQuery(self._account, all_of(parts), Order.GROUPS, now=self._now)


def group_of(device: DeviceRow, raw: Mapping[str, Any]) -> str:
    """Return the group a device is compared with: the first it is in; empty for none."""
    names = raw.get("groupNames")
    first = names[0] if isinstance(names, list) and names else device.groups
    return first if isinstance(first, str) else ""


def _in(group: str) -> Filter:
    return Match(_GROUP, pattern([group]))
