"""The list of devices by how overdue they are: the most overdue first, then all others by ICCID.

Its order is a ranking that was made a moment ago. What a filter lets through is told anew, for the
first devices of the ranking one by one: mostly the screen shows nothing else.
"""

import json
from array import array

import apsw

from tsui.store import windows
from tsui.store.database import Database
from tsui.store.device import DeviceRow
from tsui.store.device_list import DeviceList
from tsui.store.filtering import EVERYTHING
from tsui.store.found import Found, silent
from tsui.store.query import DeviceQuery
from tsui.store.rankings import DIGITS, Ids, Rankings, ids_of, only, place_in

FIRST = 4_000
"""Devices of a ranking that are looked at one by one before all are."""

TRIES = 3
"""Times that a window is read: what has gone meanwhile makes room for others."""


class OverdueList(DeviceList):
    """Devices in the order of how overdue they were when the list was counted last."""

    def __init__(
        self, database: Database, found: Found, query: DeviceQuery, rankings: Rankings
    ) -> None:
        super().__init__(database, found, query)
        self._rankings = rankings
        self._order: Ids | None = None
        self._passed: Ids = array("I")
        self._looked_at = 0

    async def count(self, at_most: int | None = None) -> int:
        """Count the devices; the count ends where there are so many of them."""
        self._order = None
        return await super().count(at_most)

    async def ids(self, offset: int, limit: int) -> Ids:
        """Return the devices from a place on."""
        order = await self._ranked()
        if len(self._passed) < offset + limit and self._looked_at < len(order):
            await self._sift(order, offset + limit)
        return self._passed[offset : offset + limit]

    async def window(self, offset: int, limit: int) -> list[DeviceRow]:
        """Return the rows from a place on."""
        rows: list[DeviceRow] = []
        for _ in range(TRIES):
            ids = await self.ids(offset, limit)
            rows = await self._rows_of(ids)
            if len(rows) == len(ids):
                break
            left = self._passed[:]
            left[offset : offset + limit] = array("I", [row.id for row in rows])
            self._passed = left
        return rows

    async def position(self, device: int) -> int | None:
        """Return the place of a device; None when the query leaves it out."""
        order = await self._ranked()
        place = place_in(order, device)
        if place is None or not await self._rows_of(array("I", [device])):
            return None
        if place >= self._looked_at:
            await self._sift(order, len(order))
        return place_in(self._passed, device)

    async def _ranked(self) -> Ids:
        """Return the ranking that holds until the devices are counted again."""
        if self._order is None:
            order = await self._rankings.of(self._account, self._query.moment)
            order = order[::-1] if self._query.descending else order
            is_all = self._query.filter == EVERYTHING
            self._passed, self._looked_at = (order, len(order)) if is_all else (order[:0], 0)
            self._order = order
        return self._order

    async def _sift(self, order: Ids, wanted: int) -> None:
        """Look which devices the filter lets through: the first few, or all if those are too few.

        A word that many hold is met after a few of them; a word that few hold is found at once.
        """

        def sift(connection: apsw.Connection) -> tuple[Ids, int]:
            found = self._ids(connection)
            if found is None and not self._looked_at and wanted < FIRST:
                first = only(order[:FIRST], self._let_through(connection, _json(order[:FIRST])))
                if len(first) >= wanted:
                    return first, FIRST
            return only(order, self._let_through(connection, found)), len(order)

        self._passed, self._looked_at = await self._database.read(sift)

    def _let_through(self, connection: apsw.Connection, among: str | None) -> Ids:
        silence = self._needed.silence
        if among is None and silence is not None and self._needed.enough:
            sql, bound = silent(self._account, silence, self._query.now)
        else:
            source, given = windows.of("device", among)
            where, values = self._query.condition(each=among is not None)
            sql, bound = f"SELECT device.id FROM {source} WHERE {where}", given + values
        return ids_of(connection, f"SELECT group_concat({DIGITS}, '') FROM ({sql})", bound)

    async def _rows_of(self, ids: Ids) -> list[DeviceRow]:
        source, given = windows.of("device", _json(ids))
        where, values = self._query.condition(each=True)
        sql = f"{windows.ROWS} WHERE id IN (SELECT device.id FROM {source} WHERE {where})"
        place = {id: at for at, id in enumerate(ids)}

        def fetch(connection: apsw.Connection) -> list[DeviceRow]:
            rows = connection.execute(sql, given + values)
            return sorted((DeviceRow(*row) for row in rows), key=lambda row: place[row.id])

        return await self._database.read(fetch)


def _json(ids: Ids) -> str:
    return json.dumps(ids.tolist())
