"""Sightings: what a reading of the fleet showed to be another one than the reading before.

They are written in the transaction that writes the devices, and wait here until they were noticed,
so that none is lost to a kill in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.device import DeviceRecord
from tsui.store.moments import Before

STATE, PLAN, HARDWARE, GROUPS = "state", "plan", "hardware", "groups"
APPEARED, GONE = "appeared", "gone"

UNSEEN = 24 * 3600.0
"""Seconds after which even a large fleet is read as a whole again."""

_PUT = (
    "INSERT INTO sighting (fleet, key, thing, was, now, groups, since, at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Sighting(NamedTuple):
    """Something of a device that is another one than it was."""

    id: int
    account: str
    key: str
    """The device's name in the account."""
    thing: str
    """What it is: one of the names above."""
    was: str
    now: str
    groups: str
    """Groups of the device now, or those it had."""
    since: float
    """Unix time of the reading that still showed the former one."""
    at: float
    """Unix time of the reading that showed the new one."""


def note_sightings(
    connection: apsw.Connection,
    fleet: int,
    before: Mapping[int, Before],
    records: Mapping[int, DeviceRecord],
    read_at: float,
) -> None:
    """Note what is another one now of devices that were read before, and devices that are new."""
    rows = [
        (fleet, record.key, thing, old, new, record.groups, was.read_at, read_at)
        for id, record in records.items()
        if (was := before.get(id)) is not None
        for thing, old, new in _differences(was, record)
    ]
    fresh = [record for id, record in records.items() if id not in before]
    if fresh and _was_read(connection, fleet):
        since = read_at - UNSEEN
        rows += [
            (fleet, record.key, APPEARED, "", record.state, record.groups, since, read_at)
            for record in fresh
        ]
    connection.executemany(_PUT, rows)


def note_gone(
    connection: apsw.Connection, fleet: int, gone: Iterable[tuple[str, str, str]], at: float
) -> None:
    """Note devices that the account has no more, each with its state and its groups."""
    connection.executemany(
        _PUT,
        ((fleet, key, GONE, state, "", groups, at - UNSEEN, at) for key, state, groups in gone),
    )


class Sightings:
    """What waits to be noticed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, last: int, limit: int) -> list[Sighting]:
        """Return sightings that come after one, oldest first."""
        sql = (
            "SELECT s.id, a.name, key, thing, was, now, groups, since, at FROM sighting AS s "
            "JOIN account AS a ON a.number = s.fleet WHERE s.id > ? ORDER BY s.id LIMIT ?"
        )
        return await self._database.read(
            lambda connection: [Sighting(*row) for row in connection.execute(sql, (last, limit))]
        )

    async def forget(self, last: int) -> None:
        """Forget what was noticed, up to a number."""
        await self._database.write(
            lambda connection: (
                connection.execute("DELETE FROM sighting WHERE id <= ?", (last,)) and None
            )
        )


def _differences(was: Before, record: DeviceRecord) -> Sequence[tuple[str, str, str]]:
    """Return what is another one; what was not known before, or is not any more, is no change."""
    known = (
        (STATE, was.state, record.state),
        (PLAN, was.plan, record.plan),
        (HARDWARE, was.imei, record.imei),
    )
    found = [each for each in known if each[1] and each[2] and each[1] != each[2]]
    return [*found, (GROUPS, was.groups, record.groups)] if was.groups != record.groups else found


def _was_read(connection: apsw.Connection, fleet: int) -> bool:
    """Tell whether the fleet was known as a whole before."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM sync JOIN account ON name = sync.account "
        "WHERE number = ? AND total IS NOT NULL)"
    )
    return bool(connection.execute(sql, (fleet,)).get)
