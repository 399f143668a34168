"""The devices of the fleet as last read, and the windows of them that lists show."""

import json
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.query import DeviceQuery, Value


class DeviceRecord(NamedTuple):
    """A device as it is handed in: searchable values flat, everything else in ``raw``."""

    key: str
    """The identifier that lasts longest, as ``kind:value``; the record's name in this account."""
    platform_id: int | None
    """The platform's numeric id, which its paging goes by."""
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    """Group names, joined by commas."""
    ip: str
    custom: tuple[str, str, str, str, str]
    """CustomField1 to CustomField5."""
    connected: bool | None
    """Whether a data session was open; None when the platform did not tell."""
    last_connection: float
    """Unix time; 0 when unknown."""
    created: float
    """Unix time; 0 when unknown."""
    more: tuple[str, ...]
    """Further text to search in, e.g. other identifiers."""
    raw: dict[str, Any]
    """The device as the platform told it."""


class DeviceRow(NamedTuple):
    """A device as a list shows it; text from outside, hostile until sanitised."""

    id: int
    key: str
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    ip: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    connected: int | None
    last_connection: float
    created: float
    read_at: float


_ROW = ", ".join(DeviceRow._fields)
_KNOWN = "SELECT id, fingerprint FROM device WHERE account = ? AND key = ?"
_TOUCH = "UPDATE device SET read_at = ?, sync_run = max(sync_run, ?) WHERE id = ?"
_COLUMNS = (
    "account", "key", "platform_id", "iccid", "imei", "mdn", "eid", "iccid_reversed",
    "imei_reversed", "mdn_reversed", "state", "plan", "groups", "ip", "custom1", "custom2",
    "custom3", "custom4", "custom5", "connected", "last_connection", "created", "search",
    "fingerprint", "read_at", "sync_run",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO device ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "RETURNING id"
)
_UPDATE = f"UPDATE device SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
_RAW = (
    "INSERT INTO device_raw (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"
)


class Devices:
    """The table of devices."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def put(
        self, account: str, records: Sequence[DeviceRecord], *, read_at: float, run: int = 0
    ) -> list[int]:
        """Remember devices as just read; returns and announces the ids of those that differ."""
        changed = await self._database.write(
            lambda connection: _put(connection, account, records, read_at, run)
        )
        self._announcer.publish(Topic.DEVICES, changed)
        return changed

    async def drop_unseen(self, account: str, run: int) -> list[int]:
        """Forget devices that a complete sync run has not met: they left the account."""

        def drop(connection: apsw.Connection) -> list[int]:
            query = "DELETE FROM device WHERE account = ? AND sync_run < ? RETURNING id"
            return [row[0] for row in connection.execute(query, (account, run))]

        gone = await self._database.write(drop)
        self._announcer.publish(Topic.DEVICES, gone)
        return gone

    async def count(self, query: DeviceQuery) -> int:
        """Count the devices a query finds."""
        where, values = query.condition()
        return await self._number(f"SELECT count(*) FROM device WHERE {where}", values)

    async def window(self, query: DeviceQuery, offset: int, limit: int) -> list[DeviceRow]:
        """Return the rows of a query from a place on."""
        where, values = query.condition()
        order = query.ordering()
        sql = (
            f"SELECT {_ROW} FROM device WHERE id IN (SELECT id FROM device WHERE {where} "
            f"ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}"
        )
        return await self._rows(sql, [*values, limit, offset])

    async def position(self, query: DeviceQuery, device: int) -> int | None:
        """Return the place of a device in a query's order; None when the query leaves it out."""
        where, values = query.condition()
        compare = ">" if query.descending else "<"
        sql = (
            f"SELECT (SELECT count(*) FROM device AS other WHERE {where} AND "
            f"(other.{query.order}, other.id) {compare} (me.{query.order}, me.id)) "
            f"FROM device AS me WHERE me.id = ? AND me.id IN (SELECT id FROM device WHERE {where})"
        )

        def place(connection: apsw.Connection) -> int | None:
            found = connection.execute(sql, [*values, device, *values]).get
            return None if found is None else int(found)

        return await self._database.read(place)

    async def ids(self, query: DeviceQuery) -> "array[int]":
        """Return the ids of all devices a query finds, eight bytes each."""
        where, values = query.condition()
        sql = f"SELECT id FROM device WHERE {where}"
        return await self._database.read(
            lambda connection: array("q", (row[0] for row in connection.execute(sql, values)))
        )

    async def rows(self, ids: Iterable[int]) -> list[DeviceRow]:
        """Return devices by id, in the order of their ICCIDs; those that are gone are left out."""
        sql = (
            f"SELECT {_ROW} FROM device WHERE id IN (SELECT value FROM json_each(?)) "
            "ORDER BY iccid, id"
        )
        return await self._rows(sql, [json.dumps(list(ids))])

    async def by_key(self, account: str, keys: Iterable[str]) -> dict[str, DeviceRow]:
        """Return devices by their names in the account."""
        sql = (
            f"SELECT {_ROW} FROM device WHERE account = ? "
            "AND key IN (SELECT value FROM json_each(?))"
        )
        rows = await self._rows(sql, [account, json.dumps(list(keys))])
        return {row.key: row for row in rows}

    async def find(self, account: str, identifier: str, limit: int = 20) -> list[DeviceRow]:
        """Return devices with this ICCID, IMEI, MDN or EID, or one that ends with it."""
        turned = identifier[::-1]
        sql = f"SELECT {_ROW} FROM device WHERE account = ? AND (iccid = ? OR eid = ?" + "".join(
            f" OR ({name}_reversed >= ? AND {name}_reversed < ?)"
            for name in ("iccid", "imei", "mdn")
        )
        values: list[Value] = [account, identifier, identifier, *([turned, turned + "\x7f"] * 3)]
        return await self._rows(f"{sql}) ORDER BY iccid, id LIMIT ?", [*values, limit])

    async def raw(self, device: int) -> dict[str, Any] | None:
        """Return a device as the platform told it; None when it is not known."""

        def fetch(connection: apsw.Connection) -> bytes | None:
            body = connection.execute("SELECT body FROM device_raw WHERE id = ?", (device,)).get
            return bytes(body) if body is not None else None

        body = await self._database.read(fetch)
        return None if body is None else dict(json.loads(zlib.decompress(body)))

    async def tally(self, account: str, column: str) -> list[tuple[str, int]]:
        """Count an account's devices by state, plan or groups, most frequent first."""
        if column not in ("state", "plan", "groups"):
            raise ValueError(f"devices cannot be counted by {column}")
        sql = (
            f"SELECT {column}, count(*) AS number FROM device WHERE account = ? "
            "GROUP BY 1 ORDER BY number DESC, 1"
        )
        return await self._database.read(
            lambda connection: [(row[0], row[1]) for row in connection.execute(sql, (account,))]
        )

    async def _rows(self, sql: str, values: list[Value]) -> list[DeviceRow]:
        return await self._database.read(
            lambda connection: [DeviceRow(*row) for row in connection.execute(sql, values)]
        )

    async def _number(self, sql: str, values: list[Value]) -> int:
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get or 0)
        )


def _put(
    connection: apsw.Connection,
    account: str,
    records: Sequence[DeviceRecord],
    read_at: float,
    run: int,
) -> list[int]:
    changed: list[int] = []
    for record in records:
        body = json.dumps(record.raw, separators=(",", ":"), ensure_ascii=False).encode()
        fingerprint = zlib.crc32(body)
        known = connection.execute(_KNOWN, (account, record.key)).fetchone()
        if known and known[1] == fingerprint:
            connection.execute(_TOUCH, (read_at, run, known[0]))
            continue
        values = _values(account, record, fingerprint, read_at, run)
        if known:
            device = int(known[0])
            connection.execute(_UPDATE, (*values, device))
        else:
            device = int(connection.execute(_INSERT, values).get)
        connection.execute(_RAW, (device, zlib.compress(body, 1)))
        changed.append(device)
    return changed


def _values(
    account: str, record: DeviceRecord, fingerprint: int, read_at: float, run: int
) -> tuple[Value | None, ...]:
    searched = (
        record.iccid, record.imei, record.mdn, record.eid, record.state, record.plan,
        record.groups, record.ip, *record.custom, *record.more,
    )  # fmt: skip
    return (
        account, record.key, record.platform_id, record.iccid, record.imei, record.mdn, record.eid,
        record.iccid[::-1], record.imei[::-1], record.mdn[::-1], record.state, record.plan,
        record.groups, record.ip, *record.custom,
        None if record.connected is None else int(record.connected),
        record.last_connection, record.created, "\n".join(filter(None, searched)).lower(),
        fingerprint, read_at, run,
    )  # fmt: skip
