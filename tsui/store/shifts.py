"""Shifts: what a fleet came to when they began, and what went wrong since."""

import json
from typing import NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.tally import Tally
from tsui.store.text import storable

KEPT = 200
"""Marks of an account that are kept: two months of three shifts a day."""


class Mark(NamedTuple):
    """What a fleet came to at a moment."""

    at: float
    """Unix time."""
    tally: Tally


class Shifts:
    """The table of marks; nothing in it is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, account: str, mark: Mark) -> None:
        """Keep what a fleet came to."""
        name = storable(account)

        def write(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT OR IGNORE INTO tally_mark (account, at, body) VALUES (?, ?, ?)",
                (name, mark.at, json.dumps(mark.tally)),
            )
            connection.execute(
                "DELETE FROM tally_mark WHERE account = ?1 AND at <= (SELECT at FROM tally_mark "
                f"WHERE account = ?1 ORDER BY at DESC LIMIT 1 OFFSET {KEPT})",
                (name,),
            )

        await self._database.write(write)

    async def first_mark(self, account: str, since: float) -> Mark | None:
        """Return the first mark since a Unix time."""
        sql = "SELECT at, body FROM tally_mark WHERE account = ? AND at >= ? ORDER BY at LIMIT 1"
        row = await self._database.read(
            lambda connection: connection.execute(sql, (storable(account), since)).fetchone()
        )
        return None if row is None else Mark(row[0], Tally(*json.loads(row[1])))

    async def count_bad(self, account: str, since: float) -> int:
        """Count the device changes that failed or were refused since a Unix time."""
        sql = (
            "SELECT count(*) FROM request_device AS d JOIN request AS r ON r.id = d.request "
            "WHERE d.changed_at >= ? AND d.state IN ('failed', 'refused') AND r.account = ?"
        )
        return await self._database.read(
            lambda connection: int(connection.execute(sql, (since, storable(account))).get)
        )
