"""Lines: the state of devices by their names, and what was read of those that are in a state."""

import json
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.query import NUMBER
from tsui.store.text import storable


class Line(NamedTuple):
    """A device, by what its state is about."""

    id: int
    key: str
    """Its name in the account."""
    iccid: str
    state: str


class Late(NamedTuple):
    """A device that is silent for longer than usual."""

    key: str
    iccid: str
    groups: str
    silent_since: float
    """Unix time."""
    expected_at: float
    """Unix time by which it was expected."""


class Read(NamedTuple):
    """What was read of a device."""

    device: str
    """Its name in the account."""
    kind: str
    body: Any
    """The answer as JSON."""
    at: float
    """Unix time."""


class Lines:
    """The devices, where only their state matters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_key(self, account: str, keys: Iterable[str]) -> dict[str, Line]:
        """Return lines by their names in the account."""
        sql = (
            "SELECT device.id, device.key, iccid, state "
            "FROM json_each(?) AS wanted CROSS JOIN device "
            f"ON device.account = {NUMBER} AND device.key = wanted.value"
        )
        values = (json.dumps([storable(key) for key in keys]), storable(account))

        def fetch(connection: apsw.Connection) -> dict[str, Line]:
            return {row[1]: Line(*row) for row in connection.execute(sql, values)}

        return await self._database.read(fetch)

    async def newly_late(self, account: str, since: float, until: float, limit: int) -> list[Late]:
        """Return silent devices whose usual gap ended within a time, the last first."""
        sql = (
            "SELECT device.key, iccid, groups, silent_since, expected_at FROM rhythm "
            "CROSS JOIN device USING (id) "
            f"WHERE rhythm.fleet = {NUMBER} AND expected_at > 0 AND expected_at BETWEEN ? AND ? "
            "ORDER BY expected_at DESC LIMIT ?"
        )
        values = (storable(account), since, until, limit)

        def fetch(connection: apsw.Connection) -> list[Late]:
            return [Late(*row) for row in connection.execute(sql, values)]

        return await self._database.read(fetch)

    async def read_of(self, account: str, state: str, kinds: Iterable[str]) -> list[Read]:
        """Return what was read of the devices in a state: quick where few devices were read."""
        sql = (
            "SELECT device.key, reading.kind, reading.body, reading.read_at FROM reading "
            "CROSS JOIN device ON device.id = reading.device WHERE reading.account = ? "
            "AND reading.kind IN (SELECT value FROM json_each(?)) AND reading.body IS NOT NULL "
            "AND device.state = ?"
        )
        values = (storable(account), json.dumps(list(kinds)), storable(state))

        def fetch(connection: apsw.Connection) -> list[Read]:
            return [
                Read(key, kind, json.loads(zlib.decompress(body)), at)
                for key, kind, body, at in connection.execute(sql, values)
            ]

        return await self._database.read(fetch)
