"""The list of devices by how overdue they are: the most overdue first, then all others by ICCID.

How often its usual gap a device is silent changes with every second, so no index holds this order.
It is made of two parts that indexes do hold: the devices whose usual gap is over, which are few
and sorted for each window, and all the others.
"""

import apsw

from tsui.store import windows
from tsui.store.device import DeviceRow
from tsui.store.device_list import DeviceList
from tsui.store.filtering import EVERYTHING
from tsui.store.query import IS_LATE, NUMBER, Value
from tsui.store.text import storable

_TIMES = "(? - rhythm.silent_since) / (rhythm.expected_at - rhythm.silent_since)"
"""What an index holds all of: it sorts a hundred thousand of them in a moment."""
_LATE = f"SELECT id FROM rhythm WHERE rhythm.fleet = {NUMBER} AND {IS_LATE}"
_FIRST = f"{_TIMES} DESC, rhythm.id"
_NEXT = "device.iccid, device.id"
_LAST = "device.iccid DESC, device.id DESC"


class OverdueList(DeviceList):
    """Devices in the order of how overdue they are at the moment of the query."""

    def _window(self, connection: apsw.Connection, offset: int, limit: int) -> list[DeviceRow]:
        if not self._query.descending:
            return self._rows_from(connection, offset, limit)
        total = self._count(connection)
        end = max(0, total - offset)
        start = max(0, end - limit)
        return self._rows_from(connection, start, end - start)[::-1]

    def _place(self, connection: apsw.Connection, device: int) -> int | None:
        place = self._place_from_first(connection, device)
        if place is None or not self._query.descending:
            return place
        return self._count(connection) - 1 - place

    def _rows_from(self, connection: apsw.Connection, offset: int, limit: int) -> list[DeviceRow]:
        late = self._count_late(connection)
        rows = list[DeviceRow]()
        if offset < late:
            rows += self._late(connection, offset, limit)
        if len(rows) < limit:
            rows += self._others(connection, max(0, offset - late), limit - len(rows), late)
        return rows

    def _late(self, connection: apsw.Connection, offset: int, limit: int) -> list[DeviceRow]:
        source, values = self._late_ones()
        # Whole rows are read for the window only.
        sql = (
            f"{windows.ROWS} WHERE id IN (SELECT rhythm.id {source} ORDER BY {_FIRST} "
            f"LIMIT ? OFFSET ?) ORDER BY {_FIRST}"
        )
        bound = [*values, self._now, limit, offset, self._now]
        return [DeviceRow(*row) for row in connection.execute(sql, bound)]

    def _others(
        self, connection: apsw.Connection, offset: int, limit: int, late: int
    ) -> list[DeviceRow]:
        source, values = self._other_ones(self._ids(connection))
        order, skipped = _NEXT, offset
        if not self._needed.words:
            behind = self._count(connection) - late - offset
            limit = max(0, min(limit, behind))
            if (left := behind - limit) < offset:
                order, skipped = _LAST, left
        sql = (
            f"{windows.ROWS} WHERE id IN (SELECT device.id {source} ORDER BY {order} "
            f"LIMIT ? OFFSET ?) ORDER BY {_NEXT}"
        )
        return [DeviceRow(*row) for row in connection.execute(sql, [*values, limit, skipped])]

    def _place_from_first(self, connection: apsw.Connection, device: int) -> int | None:
        source, values = self._late_ones()
        sql = f"SELECT {_TIMES} {source} AND rhythm.id = ?"
        if row := connection.execute(sql, [self._now, *values, device]).fetchone():
            before = (
                f"SELECT count(*) {source} AND ({_TIMES} > ? OR ({_TIMES} = ? AND rhythm.id < ?))"
            )
            bound = [*values, self._now, row[0], self._now, row[0], device]
            return int(connection.execute(before, bound).get)
        source, values = self._other_ones(None)
        sql = f"SELECT device.iccid {source} AND device.id = ?"
        if (row := connection.execute(sql, [*values, device]).fetchone()) is None:
            return None
        source, values = self._other_ones(self._ids(connection))
        before = f"SELECT count(*) {source} AND (device.iccid, device.id) < (?, ?)"
        bound = [*values, row[0], device]
        return self._count_late(connection) + int(connection.execute(before, bound).get)

    def _count_late(self, connection: apsw.Connection) -> int:
        source, values = self._late_ones()
        return int(connection.execute(f"SELECT count(*) {source}", values).get)

    def _late_ones(self) -> windows.Sql:
        """Return where those come from whose usual gap is over."""
        account = storable(self._query.account)
        if self._query.filter == EVERYTHING:
            sql = f"FROM rhythm WHERE rhythm.fleet = {NUMBER} AND {IS_LATE}"
            return sql, [account, self._now]
        where, values = self._query.condition()
        sql = (
            "FROM rhythm CROSS JOIN device ON device.id = rhythm.id "
            f"WHERE rhythm.fleet = {NUMBER} AND {IS_LATE} AND {where}"
        )
        return sql, [account, self._now, *values]

    def _other_ones(self, found: str | None) -> windows.Sql:
        """Return where all the others come from."""
        source, given = windows.of("device", found)
        where, values = self._query.condition()
        sql = f"FROM {source} WHERE {where} AND device.id NOT IN ({_LATE})"
        account: list[Value] = [storable(self._query.account), self._now]
        return sql, [*given, *values, *account]

    @property
    def _now(self) -> float:
        return self._query.moment
