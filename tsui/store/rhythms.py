"""Rhythms: how long devices are usually silent, and which of them are silent now."""

from typing import NamedTuple

import apsw

from tsui.store import moments
from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.device import DeviceRow
from tsui.store.moments import Kept
from tsui.store.query import NUMBER
from tsui.store.text import storable
from tsui.store.windows import ROWS

SAME = 60
"""Seconds by which the list and a history may differ about the same connection."""

ASLEEP = 2
"""Times its usual gap up to which a device may well be asleep."""

SCANNED = 100_000
"""Silent devices among which those without a rhythm are looked for, the newest ones."""

_TRAITS = "groups, plan, imei, mdn"

_SILENT = f"device.account = {NUMBER} AND device.connected = 0 AND device.state = 'active'"


class Learned(NamedTuple):
    """What a connection history tells of a device."""

    at: float
    """Unix time at which it was read."""
    usual_gap: int
    """Seconds by which a silence is measured; 0 where too little happened."""
    gaps: int
    """Silences that rests on."""
    session: int
    """Seconds a session takes as a rule."""
    session_bytes: int
    """Bytes of a session as a rule."""
    hours: int
    """Hours of the day, in UTC, in which it connects: one bit each, the lowest for midnight."""
    began: float
    """Unix time at which its newest session began; 0 where none is known."""
    ended: float
    """Unix time at which that ended; 0 where it did not."""


class Silence(NamedTuple):
    """A device that is silent."""

    id: int
    since: float
    """Unix time at which that began, as well as is known."""
    groups: str
    plan: str
    imei: str
    mdn: str
    is_late: bool | None
    """Whether it is overdue; None where no usual gap is known."""


class Coverage(NamedTuple):
    """How many rhythms are known."""

    learned: int
    """From connection histories."""
    seen: int
    """From what was seen here."""
    late: int
    """Silent devices whose usual gap is over."""


class Rhythms:
    """The table of rhythms."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def learn(self, device: int, learned: Learned) -> None:
        """Keep what a connection history told of a device."""

        def write(connection: apsw.Connection) -> list[int]:
            sql = "SELECT account, last_connection, connected, state FROM device WHERE id = ?"
            row = connection.execute(sql, (device,)).fetchone()
            if row is None:
                return []
            fleet, last, connected, state = row
            kept = moments.read(connection, [device]).get(device, Kept(device, fleet))
            silent = moments.is_silent(connected, state)
            moments.put(connection, [moments.expected(_with(kept, learned, last), silent=silent)])
            return [device]

        await self._database.write(
            write, lambda changed: self._announcer.publish(Topic.READINGS, changed)
        )

    async def get(self, device: int) -> Kept | None:
        """Return what is known of a device's rhythm; None where that is nothing."""
        found = await self._database.read(lambda connection: moments.read(connection, [device]))
        return found.get(device)

    async def unlearned(
        self, account: str, since: float, before: float, limit: int
    ) -> list[DeviceRow]:
        """Return silent devices whose history was not read since, those silent longest first.

        Left out are those that connected last before the first time, of which no history tells any
        more, and those whose history was read after the second.
        """
        sql = (
            f"{ROWS} WHERE {_SILENT} AND last_connection > ? AND coalesce(learned_at, 0) < ? "
            "ORDER BY device.last_connection LIMIT ?"
        )
        values = (storable(account), since, before, limit)
        return await self._database.read(
            lambda connection: [DeviceRow(*row) for row in connection.execute(sql, values)]
        )

    async def coverage(self, account: str, now: float) -> Coverage:
        """Count the rhythms that are known."""
        sql = (
            "SELECT count(*) FILTER (WHERE session IS NOT NULL AND usual_gap > 0), "
            "count(*) FILTER (WHERE session IS NULL AND usual_gap > 0), "
            "count(*) FILTER (WHERE expected_at > 0 AND expected_at <= ?) "
            f"FROM rhythm WHERE fleet = {NUMBER}"
        )
        values = (now, storable(account))
        return await self._database.read(
            lambda connection: Coverage(*next(connection.execute(sql, values)))
        )

    async def silent(
        self, account: str, now: float, since: float, quiet: float, limit: int
    ) -> list[Silence]:
        """Return devices that fell silent since a time and are not asleep as usual, newest first.

        Those that are silent for longer than twice their usual gap come before those of which no
        gap is known, which are only those that are silent since before ``quiet``.
        """
        # The inner SELECTs are answered by indexes alone.
        late = (
            f"SELECT device.id, since, {_TRAITS} FROM ("
            f"SELECT id, silent_since AS since FROM rhythm WHERE fleet = {NUMBER} "
            "AND expected_at > 0 AND expected_at <= ? AND silent_since > ? "
            f"AND ? - silent_since > {ASLEEP} * (expected_at - silent_since) "
            "ORDER BY silent_since DESC LIMIT ?) CROSS JOIN device USING (id)"
        )
        unknown = (
            "SELECT device.id, max(met.last, coalesce(silent_since, 0)) AS since, "
            f"{_TRAITS} FROM (SELECT id, last_connection AS last FROM device WHERE {_SILENT} "
            f"AND last_connection > ? ORDER BY last_connection DESC LIMIT {SCANNED}) AS met "
            "LEFT JOIN rhythm USING (id) CROSS JOIN device ON device.id = met.id "
            "WHERE coalesce(usual_gap, 0) = 0 AND since < ? LIMIT ?"
        )

        def fetch(connection: apsw.Connection) -> list[Silence]:
            name = storable(account)
            rows = connection.execute(late, (name, now, since, now, limit))
            found = [Silence._make((*row, True)) for row in rows]
            rows = connection.execute(unknown, (name, since, quiet, limit - len(found)))
            return found + [Silence._make((*row, None)) for row in rows]

        return await self._database.read(fetch)

    async def asleep(self, account: str, now: float, since: float, limit: int) -> list[Silence]:
        """Return about so many of the devices that are silent since a time as is usual for them.

        They are chosen by their ids, which says nothing of when they sleep.
        """
        which = (
            f"FROM rhythm WHERE fleet = {NUMBER} AND expected_at > 0 AND silent_since > ? "
            f"AND ? - silent_since <= {ASLEEP} * (expected_at - silent_since)"
        )
        sql = (
            f"SELECT device.id, since, {_TRAITS} FROM (SELECT id, silent_since AS since {which} "
            "AND id % ? = 0) CROSS JOIN device USING (id)"
        )

        def fetch(connection: apsw.Connection) -> list[Silence]:
            values = (storable(account), since, now)
            count = int(connection.execute(f"SELECT count(*) {which}", values).get)
            rows = connection.execute(sql, (*values, max(1, count // limit)))
            return [Silence._make((*row, False)) for row in rows]

        return await self._database.read(fetch)


def _with(kept: Kept, learned: Learned, last_connection: float) -> Kept:
    if not learned.usual_gap:
        since = kept.silent_since or int(last_connection)
        return kept._replace(learned_at=int(learned.at), silent_since=since)
    since = max(kept.silent_since, int(last_connection) + learned.session)
    if learned.ended and learned.began >= last_connection - SAME:
        since = int(learned.ended)
    return kept._replace(
        silent_since=since,
        usual_gap=learned.usual_gap,
        gaps=learned.gaps,
        learned_at=int(learned.at),
        session=learned.session,
        session_bytes=learned.session_bytes,
        hours=learned.hours,
    )
