"""Heartbeats: when somebody here was reading or receiving, so that it is known when nobody was."""

from enum import StrEnum
from typing import NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.text import storable

EVERY = 60.0
"""Seconds between two beats."""

TOLERANCE = 3 * EVERY
"""Seconds without a beat from which on nobody was there; a busy machine beats late."""

KEPT = 62 * 86_400.0
"""Seconds that stretches are kept."""


class Program(StrEnum):
    """What beats."""

    READER = "reader"
    """Reads an account at ThingSpace."""
    RECEIVER = "receiver"
    """Receives callback messages, of all accounts."""


class Stretch(NamedTuple):
    """A time without a break."""

    begin: float
    """Unix time."""
    end: float
    """Unix time."""


class Heartbeats:
    """The table of heartbeats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, program: Program, account: str, owner: str, at: float) -> None:
        """Note that somebody is there; after a break a new stretch begins."""
        named = (program, storable(account), storable(owner))

        def write(connection: apsw.Connection) -> None:
            connection.execute(
                "UPDATE heartbeat SET last = ? WHERE id = (SELECT max(id) FROM heartbeat "
                "WHERE program = ? AND account = ? AND owner = ?) AND last > ? AND last <= ?",
                (at, *named, at - TOLERANCE, at),
            )
            if not connection.changes():
                connection.execute(
                    "INSERT INTO heartbeat (program, account, owner, began, last) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (*named, at, at),
                )
                connection.execute("DELETE FROM heartbeat WHERE last < ?", (at - KEPT,))

        await self._database.write(write)

    async def gaps(
        self, program: Program, account: str, since: float, until: float
    ) -> list[Stretch]:
        """Return when nobody was there within a time, oldest first."""
        sql = (
            "SELECT began, last FROM heartbeat WHERE program = ? AND account = ? "
            "AND last >= ? AND began <= ? ORDER BY began"
        )
        values = (program, storable(account), since - TOLERANCE, until)

        def fetch(connection: apsw.Connection) -> list[Stretch]:
            return [Stretch(*row) for row in connection.execute(sql, values)]

        return _between(await self._database.read(fetch), since, until)

    async def newest(self, program: Program, account: str) -> float | None:
        """Return the Unix time of the last beat; None where there never was one."""
        sql = "SELECT max(last) FROM heartbeat WHERE program = ? AND account = ?"
        values = (program, storable(account))

        def fetch(connection: apsw.Connection) -> float | None:
            found = connection.execute(sql, values).get
            return None if found is None else float(found)

        return await self._database.read(fetch)


def _between(stretches: list[Stretch], since: float, until: float) -> list[Stretch]:
    gaps, reached = [], since
    for begin, end in [*stretches, Stretch(until, until)]:
        # Whoever begins within the time of one beat may have been there: only longer breaks count.
        if begin - reached >= TOLERANCE:
            gaps.append(Stretch(reached, begin))
        reached = max(reached, end)
    return gaps
