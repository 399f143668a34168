"""Deeds: what operators did here since a time, in sums and where it went wrong."""

from typing import NamedTuple

import apsw

from tsui.store.changes import ChangeState
from tsui.store.database import Database
from tsui.store.text import storable


class Sum(NamedTuple):
    """What one operator did in one way, on however many devices."""

    operator: str
    title: str
    """The change in words."""
    state: ChangeState
    devices: int
    first_at: float
    """Unix time at which the first was written down."""
    last_at: float
    note: str
    """Why, in the words of one of them; hostile until sanitised."""


class Bad(NamedTuple):
    """A change that went wrong, or of which nobody knows."""

    request: int
    identifier: str
    """The device, as it was named; or the account."""
    title: str
    state: ChangeState
    at: float
    """Unix time at which it came into its state."""
    problem: str
    """Hostile until sanitised."""


class Noted(NamedTuple):
    """A notice that somebody took note of."""

    at: float
    """Unix time at which somebody did."""
    by: str
    note: str
    """Hostile until sanitised."""
    kind: str
    subject: str
    """Hostile until sanitised."""
    sentence: str
    """Hostile until sanitised."""


class Deeds:
    """What operators did, in the journal and with notices."""

    def __init__(self, journal: Database, inbox: Database) -> None:
        self._journal = journal
        self._inbox = inbox

    async def sums(self, account: str, since: float) -> list[Sum]:
        """Return what was done since a time, by operator, change and outcome."""
        sql = (
            "SELECT r.operator, r.title, d.state, count(*), min(r.created_at), max(r.created_at), "
            "max(r.note) FROM request AS r JOIN request_device AS d ON d.request = r.id "
            "WHERE r.account = ? AND r.created_at >= ? GROUP BY 1, 2, 3 ORDER BY 1, 5, 2, 3"
        )

        def fetch(connection: apsw.Connection) -> list[Sum]:
            rows = connection.execute(sql, (storable(account), since))
            return [Sum._make((*row[:2], ChangeState(row[2]), *row[3:])) for row in rows]

        return await self._journal.read(fetch)

    async def bad(self, account: str, since: float, limit: int) -> list[Bad]:
        """Return changes since a time that were refused or failed, and all of unknown fate."""
        columns = "r.id, d.identifier, r.title, d.state, d.changed_at, d.problem"
        joined = "FROM request AS r JOIN request_device AS d ON d.request = r.id WHERE r.account"
        sql = (
            f"SELECT {columns}, d.id AS place {joined} = :account AND r.created_at >= :since "
            "AND d.state IN ('refused', 'failed', 'unknown') "
            f"UNION SELECT {columns}, d.id {joined} = :account AND r.settled_at IS NULL "
            "AND d.state = 'unknown' ORDER BY place DESC LIMIT :limit"
        )
        values = {"account": storable(account), "since": since, "limit": limit}

        def fetch(connection: apsw.Connection) -> list[Bad]:
            rows = connection.execute(sql, values)
            return [Bad._make((*row[:3], ChangeState(row[3]), *row[4:6])) for row in rows]

        return await self._journal.read(fetch)

    async def noted(self, account: str, since: float, limit: int) -> list[Noted]:
        """Return the notices that somebody took note of since a time, the last first."""
        sql = (
            "SELECT acked_at, acked_by, ack_note, kind, subject, sentence FROM notice "
            "WHERE account IN (?, '') AND acked_at >= ? ORDER BY acked_at DESC LIMIT ?"
        )

        def fetch(connection: apsw.Connection) -> list[Noted]:
            rows = connection.execute(sql, (storable(account), since, limit))
            return [Noted(*row) for row in rows]

        return await self._inbox.read(fetch)
