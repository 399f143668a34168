"""The devices of a query, as a table reads them: some at a time, counted as far as is quick."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING

from tsui.service.views import EVERYTHING, DeviceQuery, DeviceRow, UnderWay

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

MANY = 10_000
"""Devices that are counted before any is shown; how many more there are follows."""


class DeviceSource:
    """The devices a query finds."""

    def __init__(
        self,
        workspace: Workspace,
        query: DeviceQuery,
        under_way: MutableMapping[str, UnderWay],
        counted: int = 0,
    ) -> None:
        self._workspace = workspace
        self._under_way = under_way
        self._devices = workspace.device_list(query)
        self._counted = counted
        self.query = query
        """The query."""
        self.is_exact = True
        """Whether the last count was a count of all."""

    @property
    def counted(self) -> int:
        """How many they were when all were counted; 0 when that was never done."""
        return self._counted

    async def count(self) -> int:
        """Count the rows, as far as is quick."""
        if self.query.filter == EVERYTHING:
            return await self.count_all()
        number = await self._devices.count(MANY + 1)
        self.is_exact = number <= MANY
        return number if self.is_exact else max(number, self._counted)

    async def count_all(self) -> int:
        """Count all of the rows."""
        self._counted = await self._devices.count()
        self.is_exact = True
        return self._counted

    async def window(self, offset: int, limit: int) -> Sequence[DeviceRow]:
        """Return rows from a place on; what keeps them from another change is noted, too."""
        rows = await self._devices.window(offset, limit)
        keys = {row.key for row in rows}
        under_way = await self._workspace.under_way(keys)
        for key in keys & self._under_way.keys():
            del self._under_way[key]
        self._under_way.update(under_way)
        return rows

    async def position(self, key: int) -> int | None:
        """Return the place of a device."""
        return await self._devices.position(key)
