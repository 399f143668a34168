"""Readings: what was last read of one device or account, with its age and its own failure."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.connection import Work
from tsui.store.database import Database
from tsui.store.text import storable


@dataclass(frozen=True, slots=True)
class Reading:
    """The last good answer of a read, and what became of the last try."""

    body: Any
    """The answer as JSON; None when there never was one."""
    read_at: float | None
    """Unix time of that answer."""
    tried_at: float
    """Unix time of the last try."""
    trouble: str
    """Why the last try brought nothing; empty when it did."""


class Readings:
    """Answers of reads, by account, device (0 for the account itself) and kind."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def put(
        self,
        account: str,
        device: int,
        kind: str,
        body: Any,
        at: float,
        amount: int | None = None,
        trouble: str = "",
    ) -> None:
        """Remember an answer, which JSON can hold, and the number it comes to, if to one.

        The answer itself may be that something is wrong.
        """
        sql = (
            "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "body = excluded.body, read_at = excluded.read_at, tried_at = excluded.tried_at, "
            "trouble = excluded.trouble, amount = excluded.amount"
        )

        def write(connection: apsw.Connection) -> None:
            packed = zlib.compress(json.dumps(body).encode(), 6)
            row = (storable(account), device, kind, packed, at, at, storable(trouble), amount)
            connection.execute(sql, row)

        await self._put(device, write)

    async def put_trouble(
        self, account: str, device: int, kind: str, trouble: str, at: float
    ) -> None:
        """Remember that a try failed; the last good answer stays."""
        sql = (
            "INSERT INTO reading VALUES (?, ?, ?, NULL, NULL, ?, ?, NULL) "
            "ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, trouble = excluded.trouble"
        )

        def write(connection: apsw.Connection) -> None:
            connection.execute(sql, (storable(account), device, kind, at, storable(trouble)))

        await self._put(device, write)

    async def get(self, account: str, device: int, kind: str) -> Reading | None:
        """Return what is known; None when it was never asked."""
        sql = (
            "SELECT body, read_at, tried_at, trouble FROM reading "
            "WHERE account = ? AND device = ? AND kind = ?"
        )

        def fetch(connection: apsw.Connection) -> Reading | None:
            row = connection.execute(sql, (storable(account), device, kind)).fetchone()
            return None if row is None else _reading(row)

        return await self._database.read(fetch)

    async def of_devices(
        self, account: str, devices: Iterable[int], kind: str
    ) -> dict[int, Reading]:
        """Return what is known of several devices, as far as it was ever asked."""
        sql = (
            "SELECT device, body, read_at, tried_at, trouble FROM json_each(?) AS wanted "
            "CROSS JOIN reading ON account = ? AND device = wanted.value AND kind = ?"
        )
        values = (json.dumps(list(devices)), storable(account), kind)

        def fetch(connection: apsw.Connection) -> dict[int, Reading]:
            return {row[0]: _reading(row[1:]) for row in connection.execute(sql, values)}

        return await self._database.read(fetch)

    async def newest(self, account: str, kind: str, since: float, most: int) -> list[int]:
        """Return the devices of which a reading is at hand, the newest first."""
        sql = (
            "SELECT device FROM reading WHERE account = ? AND kind = ? AND read_at > ? "
            "AND device <> 0 ORDER BY read_at DESC LIMIT ?"
        )
        values = (storable(account), kind, since, most)
        return await self._database.read(
            lambda connection: [row[0] for row in connection.execute(sql, values)]
        )

    async def kinds(self, account: str, device: int) -> list[str]:
        """Return what was ever asked about a device, or about the account."""
        sql = "SELECT kind FROM reading WHERE account = ? AND device = ? ORDER BY kind"

        def fetch(connection: apsw.Connection) -> list[str]:
            rows = connection.execute(sql, (storable(account), device))
            return [kind for (kind,) in rows]

        return await self._database.read(fetch)

    async def of_kind(self, account: str, kind: str) -> dict[int, Reading]:
        """Return what is known of one kind, by device; for kinds that few devices have."""
        sql = (
            "SELECT device, body, read_at, tried_at, trouble FROM reading "
            "WHERE account = ? AND kind = ?"
        )

        def fetch(connection: apsw.Connection) -> dict[int, Reading]:
            rows = connection.execute(sql, (storable(account), kind))
            return {row[0]: _reading(row[1:]) for row in rows}

        return await self._database.read(fetch)

    async def _put(self, device: int, write: Work[None]) -> None:
        def tell(_: None) -> None:
            if device:
                self._announcer.publish(Topic.READINGS, (device,))
            else:
                self._announcer.publish(Topic.CATALOGUE)

        await self._database.write(write, tell)


def _reading(row: Sequence[Any]) -> Reading:
    body = None if row[0] is None else json.loads(zlib.decompress(row[0]))
    return Reading(body, *row[1:])
