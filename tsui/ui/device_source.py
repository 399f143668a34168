"""The devices that a query finds, and what is under way for those that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tsui.service.views import DeviceQuery, DeviceRow, UnderWay

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


class DeviceSource:
    """The devices a query finds, for the table."""

    def __init__(
        self, shell: TsuiApp, query: DeviceQuery, under_way: Mapping[str, UnderWay]
    ) -> None:
        self._workspace = shell.workspace
        self._devices = shell.workspace.device_list(query)
        self.under_way = under_way
        """What keeps devices of the last windows from another change, by device key."""

    async def count(self) -> int:
        """Count the rows."""
        return await self._devices.count()

    async def window(self, offset: int, limit: int) -> Sequence[DeviceRow]:
        """Return rows from a place on."""
        rows = await self._devices.window(offset, limit)
        keys = {row.key for row in rows}
        others = {key: each for key, each in self.under_way.items() if key not in keys}
        self.under_way = {**others, **await self._workspace.under_way(keys)}
        return rows

    async def position(self, key: int) -> int | None:
        """Return the place of a device."""
        return await self._devices.position(key)
