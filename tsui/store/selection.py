"""Selections: which devices a query finds, as sets small enough for a whole fleet.

SQLite packs 32 ids into a number, so that a million of them are handed over in a quarter of a
second, nearly all of it outside of Python.
"""

import json
from collections.abc import Sequence

import apsw

from tsui.idset import IdSet
from tsui.store.database import Database
from tsui.store.devices import Devices
from tsui.store.query import DeviceQuery, Order, Value

FEW = 2000
"""Ids up to which each is looked at on its own; more are compared with all that a query finds."""


class Selections:
    """Finds sets of devices; each is what one moment knows, and never grows by itself."""

    def __init__(self, database: Database, devices: Devices) -> None:
        self._database = database
        self._devices = devices

    async def every(self, query: DeviceQuery) -> IdSet:
        """Return all devices that a query finds."""
        where, values = query.condition()
        return await self._packed(f"SELECT id FROM device WHERE {where}", values)

    async def span(self, query: DeviceQuery, first: int, count: int) -> IdSet:
        """Return so many devices from a place in a query's order on."""
        if query.order is Order.OVERDUE:
            return IdSet(await self._devices.by_overdue(query).ids(first, count))
        where, values = query.condition()
        return await self._packed(
            f"SELECT id FROM device WHERE {where} ORDER BY {query.ordering()} LIMIT ? OFFSET ?",
            [*values, count, first],
        )

    async def among(self, query: DeviceQuery, ids: IdSet) -> IdSet:
        """Return those of some devices that a query finds."""
        if len(ids) > FEW:
            return ids.common(await self.every(query))
        where, values = query.condition(each=True)
        return await self._packed(
            f"SELECT id FROM device WHERE id IN (SELECT value FROM json_each(?)) AND {where}",
            [json.dumps(list(ids)), *values],
        )

    async def _packed(self, sql: str, values: Sequence[Value]) -> IdSet:
        packed = f"SELECT id >> 5 AS place, sum(1 << (id & 31)) FROM ({sql}) GROUP BY place"

        def fetch(connection: apsw.Connection) -> IdSet:
            return IdSet.of_words(connection.execute(packed, values))

        return await self._database.read(fetch)
