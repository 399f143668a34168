"""The devices of the fleet as last read, and the windows of them that lists show."""

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from tsui.ident import Kind
from tsui.store.announce import Announcer, Topic
from tsui.store.bulk import FleetRun, Told
from tsui.store.database import Database
from tsui.store.device import DeviceRecord, DeviceRow
from tsui.store.device_list import DeviceList
from tsui.store.fleet import drop_unseen, put_devices
from tsui.store.found import Found
from tsui.store.lookup import Hit, Span, look_between, look_up, other_accounts
from tsui.store.overdue import OverdueList
from tsui.store.query import NUMBER, DeviceQuery, Order, Value
from tsui.store.rankings import Rankings
from tsui.store.schema import create_indexes
from tsui.store.squeeze import unsqueezed
from tsui.store.tally import TRAITS, Tally, counts_of, tally_of
from tsui.store.text import storable
from tsui.store.trigrams import index_texts
from tsui.store.windows import COLUMNS, ROWS

__all__ = ["DeviceRecord", "DeviceRow", "Devices"]


_HERE = "(SELECT number FROM account WHERE name = :account)"
_ENDS = f"""
    SELECT * FROM (
        SELECT id, {{name}} = :identifier FROM device
        WHERE account = {_HERE} AND {{name}}_reversed >= :low AND {{name}}_reversed < :high
        ORDER BY {{name}}_reversed LIMIT :limit
    )
"""
_FIND = f"""
    WITH found (id, exactly) AS (
        SELECT id, 1 FROM device
        WHERE account = {_HERE} AND key IN (SELECT value FROM json_each(:keys))
        UNION ALL
        SELECT id, 1 FROM device WHERE account = {_HERE} AND eid = :identifier AND eid <> ''
        UNION ALL {" UNION ALL ".join(_ENDS.format(name=name) for name in ("iccid", "imei", "mdn"))}
    )
    {ROWS} JOIN (SELECT id, max(exactly) AS exactly FROM found GROUP BY id)
    USING (id) ORDER BY exactly DESC, iccid, id LIMIT :limit
"""
AT_ONCE = 1000
"""Rows of a stream that are handed out together: they are read in some ten milliseconds."""

_LAST_CHARACTER = "\U0010ffff"
"""Nothing sorts behind it, so that all that begins with a text sorts before the text and it."""


class Devices:
    """The table of devices."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer
        self._found = Found()
        self.rankings = Rankings(database)
        """Orders that no index holds."""

    async def put(
        self, account: str, records: Sequence[DeviceRecord], *, read_at: float, run: int = 0
    ) -> list[int]:
        """Remember devices as just read; returns and announces the ids of those that differ.

        Without a run the devices were read on their own, which is as good as being met by the run
        under way.
        """
        return await self._database.write(
            lambda connection: put_devices(connection, account, records, read_at, run),
            self._changed,
        )

    @property
    def path(self) -> Path:
        """The file, for a process that writes into it."""
        return self._database.path

    async def put_page(
        self, run: FleetRun, devices: Sequence[Told], largest: int | None, *, read_at: float
    ) -> list[int]:
        """Write a page of a run; returns the ids of the devices that differ."""
        return await self._database.write(
            lambda connection: run.put(connection, devices, largest, read_at)
        )

    async def finish_run(self, run: FleetRun | None, at: float) -> None:
        """Make the list quick to search; a complete run forgets devices that it has not met."""
        if run is not None:
            await self._database.write(lambda connection: run.finish(connection, at), self._changed)
        await self._database.write(create_indexes)
        while await self._database.write(index_texts):
            pass

    async def drop_unseen(self, account: str, run: int, at: float = 0.0) -> list[int]:
        """Forget devices that a complete sync run has not met: they left the account."""
        return await self._database.write(
            lambda connection: drop_unseen(connection, account, run, at), self._changed
        )

    def listing(self, query: DeviceQuery) -> DeviceList:
        """Return the devices a query finds, to be scrolled through."""
        if query.order is Order.OVERDUE:
            return self.by_overdue(query)
        return DeviceList(self._database, self._found, query)

    def by_overdue(self, query: DeviceQuery) -> OverdueList:
        """Return the devices a query finds by how overdue they are."""
        return OverdueList(self._database, self._found, query, self.rankings)

    async def count(self, query: DeviceQuery, at_most: int | None = None) -> int:
        """Count the devices a query finds; the count ends where there are so many of them."""
        return await self.listing(query).count(at_most)

    async def window(self, query: DeviceQuery, offset: int, limit: int) -> list[DeviceRow]:
        """Return the rows of a query from a place on."""
        return await self.listing(query).window(offset, limit)

    async def stream(self, query: DeviceQuery) -> AsyncGenerator[list[DeviceRow], None]:
        """Yield all rows of a query a few at a time, as they were when the first was read."""
        where, values = query.condition()
        # CROSS keeps the order of the tables, so that an index hands the devices out sorted.
        sql = (
            f"SELECT {COLUMNS} FROM device CROSS JOIN device_seen USING (id) "
            f"LEFT JOIN rhythm USING (id) WHERE {where} "
            f"ORDER BY {query.ordering()}"
        )
        async with aclosing(self._database.stream(sql, values, AT_ONCE)) as pages:
            async for page in pages:
                yield [DeviceRow(*row) for row in page]

    async def position(self, query: DeviceQuery, device: int) -> int | None:
        """Return the place of a device in a query's order; None when the query leaves it out."""
        return await self.listing(query).position(device)

    async def rows(self, ids: Iterable[int]) -> list[DeviceRow]:
        """Return devices by id, in the order of their ICCIDs; those that are gone are left out."""
        sql = f"{ROWS} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY iccid, id"
        return await self._rows(sql, [json.dumps(list(ids))])

    async def silent_since(self, account: str, start: float, end: float) -> list[DeviceRow]:
        """Return some devices that are not connected and began their last session in a span."""
        sql = (
            f"{ROWS} WHERE account = {NUMBER} AND last_connection BETWEEN ? AND ? "
            "AND connected = 0 AND state = 'active' LIMIT 200"
        )
        return await self._rows(sql, [storable(account), start, end])

    async def by_key(self, account: str, keys: Iterable[str]) -> dict[str, DeviceRow]:
        """Return devices by their names in the account."""
        sql = f"{ROWS} WHERE account = {NUMBER} AND key IN (SELECT value FROM json_each(?))"
        wanted = json.dumps([storable(key) for key in keys])
        return {row.key: row for row in await self._rows(sql, [storable(account), wanted])}

    async def find(self, account: str, identifier: str, limit: int = 20) -> list[DeviceRow]:
        """Return devices with this identifier, then those whose ICCID, IMEI or MDN ends with it."""
        identifier = storable(identifier)
        if not identifier:
            return []
        values: dict[str, Value] = {
            "account": storable(account),
            "identifier": identifier,
            "keys": json.dumps([f"{kind}:{identifier}" for kind in Kind]),
            "low": identifier[::-1],
            "high": identifier[::-1] + _LAST_CHARACTER,
            "limit": limit,
        }
        return await self._rows(_FIND, values)

    async def look_up(self, account: str, values: Sequence[str]) -> list[Hit]:
        """Return which devices of an account have these identifiers."""
        return await self._database.read(partial(look_up, accounts=[account], values=values))

    async def look_elsewhere(self, account: str, values: Sequence[str]) -> list[Hit]:
        """Return which devices of other accounts, as far as they were read, have them."""

        def search(connection: apsw.Connection) -> list[Hit]:
            others = other_accounts(connection, account)
            return look_up(connection, others, values) if others else []

        return await self._database.read(search)

    async def look_between(self, account: str, spans: Sequence[Span]) -> list[list[int]]:
        """Return for each span the first few devices with an identifier in it."""
        return await self._database.read(
            lambda connection: [look_between(connection, account, span) for span in spans]
        )

    async def raw(self, device: int) -> dict[str, Any] | None:
        """Return a device as the platform told it; None when it is not known."""

        def fetch(connection: apsw.Connection) -> bytes | None:
            sql = "SELECT dictionary, body FROM device_raw WHERE id = ?"
            row = connection.execute(sql, (device,)).fetchone()
            return None if row is None else unsqueezed(connection, *row)

        body = await self._database.read(fetch)
        return None if body is None else dict(json.loads(body))

    async def tally(self, account: str, column: str) -> list[tuple[str, int]]:
        """Return how many devices have which state, plan or groups, most frequent first."""
        if column not in TRAITS:
            raise ValueError(f"devices cannot be counted by {column}")
        return await self._database.read(
            lambda connection: counts_of(connection, storable(account), column)
        )

    async def tally_all(self, account: str, now: float) -> Tally:
        """Return all counts of an account at a Unix time."""
        return await self._database.read(partial(tally_of, account=storable(account), now=now))

    async def count_imeis(self, account: str, beginnings: Iterable[str]) -> dict[str, int]:
        """Count an account's devices whose IMEI begins so, by its beginning."""
        sql = f"SELECT count(*) FROM device WHERE account = {NUMBER} AND imei >= ? AND imei < ?"

        def count(connection: apsw.Connection) -> dict[str, int]:
            name = storable(account)
            return {
                each: int(connection.execute(sql, (name, each, each + _LAST_CHARACTER)).get)
                for each in beginnings
            }

        return await self._database.read(count)

    def _changed(self, ids: list[int]) -> None:
        self._announcer.publish(Topic.DEVICES, ids)

    async def _rows(self, sql: str, values: list[Value] | dict[str, Value]) -> list[DeviceRow]:
        return await self._database.read(
            lambda connection: [DeviceRow(*row) for row in connection.execute(sql, values)]
        )
