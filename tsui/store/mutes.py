"""Mutes: which notices are to be quieter for a while, and who said so."""

from collections.abc import Callable
from typing import Any, NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.notice import Way
from tsui.store.text import storable


class Mute(NamedTuple):
    """What is to be quieter: a kind, a device, a kind of a device, or a group of devices."""

    way: Way
    """What becomes of the notices."""
    until: float
    """Unix time at which it ends."""
    account: str
    """The account; empty for all."""
    kind: str = ""
    """The kind; empty for all."""
    device: str = ""
    """The device's name in the account; empty for all."""
    members: str = ""
    """The group whose devices are meant; empty for all."""
    at: float = 0.0
    """Unix time at which somebody said so."""
    by: str = ""
    """Who did."""
    note: str = ""
    """Why; hostile until sanitised."""
    id: int = 0
    """Its number."""


class Mutes:
    """The table of mutes; those that are over stay until they are ended."""

    def __init__(self, database: Database, tell: Callable[[object], None]) -> None:
        self._database = database
        self._tell = tell

    async def add(self, mute: Mute) -> int:
        """Keep a mute; returns its number."""
        values = tuple(storable(each) if isinstance(each, str) else each for each in mute[1:-1])

        def write(connection: apsw.Connection) -> int:
            sql = (
                "INSERT INTO mute (way, until, account, kind, device, members, at, by, note) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
            )
            return int(connection.execute(sql, (int(mute.way), *values)).get)

        return await self._database.write(write, self._tell)

    async def end(self, number: int) -> bool:
        """End a mute; False where there is none."""

        def write(connection: apsw.Connection) -> bool:
            connection.execute("DELETE FROM mute WHERE id = ?", (number,))
            return bool(connection.changes())

        return await self._database.write(write, self._tell)

    async def all(self, account: str, now: float) -> list[Mute]:
        """Return the mutes of an account that are in force, the one that ends first first."""
        sql = (
            "SELECT way, until, account, kind, device, members, at, by, note, id FROM mute "
            "WHERE account IN (?, '') AND until > ? ORDER BY until, id"
        )

        def fetch(connection: apsw.Connection) -> list[Mute]:
            return [_mute(row) for row in connection.execute(sql, (storable(account), now))]

        return await self._database.read(fetch)


def _mute(row: tuple[Any, ...]) -> Mute:
    return Mute(Way(row[0]), *row[1:])
