"""A list of devices as somebody scrolls through it."""

from collections.abc import Sequence

import apsw

from tsui.store import windows
from tsui.store.database import Database
from tsui.store.device import DeviceRow
from tsui.store.filtering import EVERYTHING
from tsui.store.found import MANY, Found, needed, silent
from tsui.store.query import DeviceQuery
from tsui.store.text import storable

FAR = 2_000
"""Rows beside one that is known within which that one helps to find a window."""

_KNOWN = "SELECT devices FROM account WHERE name = ?"


class DeviceList:
    """The devices a query finds, in its order; the rows read last help to find those beside them.

    What is written meanwhile may move rows by some places, until the devices are counted again or
    the place of one is asked for.
    """

    def __init__(self, database: Database, found: Found, query: DeviceQuery) -> None:
        self._database = database
        self._found = found
        self._query = query
        self._account = storable(query.account)
        self._needed = needed(query.filter)
        self._first = 0
        self._rows: Sequence[DeviceRow] = ()

    async def count(self, at_most: int | None = None) -> int:
        """Count the devices; the count ends where there are so many of them."""
        self._rows = ()
        return await self._database.read(lambda connection: self._count(connection, at_most))

    async def window(self, offset: int, limit: int) -> list[DeviceRow]:
        """Return the rows from a place on."""
        rows = await self._database.read(lambda each: self._window(each, offset, limit))
        self._first, self._rows = offset, rows
        return rows

    async def position(self, device: int) -> int | None:
        """Return the place of a device; None when the query leaves it out."""

        def place(connection: apsw.Connection) -> tuple[int | None, list[DeviceRow]]:
            before = self._place(connection, device)
            return before, [] if before is None else _rows(connection, windows.one(device))

        self._first, self._rows = 0, ()
        before, rows = await self._database.read(place)
        self._first, self._rows = before or 0, rows
        return before

    def _place(self, connection: apsw.Connection, device: int) -> int | None:
        found = self._ids(connection)
        before = connection.execute(*windows.placing(self._query, found, device)).get
        return None if before is None else int(before)

    def _ids(self, connection: apsw.Connection) -> str | None:
        return self._found.ids(connection, self._account, self._needed, self._query.now)

    def _count(self, connection: apsw.Connection, at_most: int | None = None) -> int:
        if self._query.filter == EVERYTHING:
            known = int(connection.execute(_KNOWN, (self._account,)).get or 0)
            return known if at_most is None else min(known, at_most)
        found = self._ids(connection)
        if found is None and self._needed.enough and at_most is not None and at_most <= MANY:
            return at_most
        if found is None and self._needed.enough and self._needed.silence is not None:
            sql, values = silent(self._account, self._needed.silence, self._query.now)
            return int(connection.execute(f"SELECT count(*) FROM ({sql})", values).get)
        return int(connection.execute(*windows.counting(self._query, found, at_most)).get)

    def _window(self, connection: apsw.Connection, offset: int, limit: int) -> list[DeviceRow]:
        found = self._ids(connection)
        if sql := self._beside(found, offset, limit):
            rows = _rows(connection, sql)
            if len(rows) == limit:
                return rows
        if self._query.filter == EVERYTHING:
            behind = self._count(connection) - offset
            limit = max(0, min(limit, behind))
            if (left := behind - limit) < offset:
                return _rows(connection, windows.from_end(self._query, left, limit))
        return _rows(connection, windows.at_place(self._query, found, offset, limit))

    def _beside(self, found: str | None, offset: int, limit: int) -> windows.Sql | None:
        """Return what reads a window by a row near it that is known; None if none is."""
        if not self._rows:
            return None
        first, last = self._first, self._first + len(self._rows) - 1
        if first < offset <= last + FAR:
            known = min(offset - 1, last)
            row, skip = self._rows[known - first], offset - known - 1
            return windows.beside(self._query, found, row, skip, limit, back=False)
        end = offset + limit
        if first - FAR <= end <= last:
            known = max(end, first)
            row, skip = self._rows[known - first], known - end
            return windows.beside(self._query, found, row, skip, limit, back=True)
        return None


def _rows(connection: apsw.Connection, sql: windows.Sql) -> list[DeviceRow]:
    return [DeviceRow(*row) for row in connection.execute(*sql)]
