"""Sendings: what was sent to devices, as the journal has it, where only some operations matter."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import apsw

from tsui.store.changes import ChangeState
from tsui.store.database import Database
from tsui.store.moves import OPEN_STATES
from tsui.store.text import storable

_NOT_DONE = "('refused', 'not sent')"


class Sending(NamedTuple):
    """One device's part in a request that left, or may have left."""

    change: int
    """The change's number in the journal."""
    request: int
    """The request's."""
    operation: str
    """Class name of the operation."""
    title: str
    """The change in words."""
    device: str
    """The device's name in the account."""
    identifier: str
    """The identifier that was sent."""
    state: ChangeState
    at: float
    """Unix time at which it was sent, or written down."""
    changed_at: float
    """Unix time at which it came into its state."""
    evidence: str
    """What its state rests on; hostile until sanitised."""
    contradiction: str
    """What was told that does not fit with its state."""


_COLUMNS = (
    "d.id, r.id, r.operation, r.title, d.device_key, d.identifier, d.state, "
    "coalesce(r.sending_at, r.created_at) AS at, d.changed_at, "
    "d.evidence, d.contradiction"
)
_OF = (
    "FROM request AS r JOIN request_device AS d ON d.request = r.id "
    "WHERE r.account = ? AND r.operation IN (SELECT value FROM json_each(?)) "
    f"AND r.created_at >= ? AND d.state NOT IN {_NOT_DONE}"
)
_ALL = f"SELECT {_COLUMNS} {_OF} ORDER BY d.id"
# SQLite takes the other columns from the row that has the greatest value.
_NEWEST = f"SELECT {_COLUMNS}, max(d.id) {_OF} AND d.state <> 'failed' GROUP BY d.device_key"
_WAITING = (
    f"SELECT {_COLUMNS} FROM request AS r JOIN request_device AS d ON d.request = r.id "
    "WHERE r.settled_at IS NULL AND r.account = ?1 "
    "AND r.operation IN (SELECT value FROM json_each(?2)) "
    f"AND d.state IN ({OPEN_STATES}) "
    f"UNION SELECT {_COLUMNS} FROM request AS r JOIN request_device AS d ON d.request = r.id "
    "WHERE r.account = ?1 AND r.operation IN (SELECT value FROM json_each(?2)) "
    "AND r.created_at >= ?3 AND instr(d.evidence, ?4)"
)


class Sendings:
    """What was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, account: str, operations: Iterable[str], at: float) -> list[Sending]:
        """Return what was sent by some operations since a time, oldest first, failures too."""
        return await self._database.read(
            partial(_fetch, sql=_ALL, account=account, operations=operations, since=at)
        )

    async def waiting(
        self, account: str, operations: Iterable[str], since: float, word: str
    ) -> list[Sending]:
        """Return what is not over of some operations, and what rests on a word since a time."""
        return await self._database.read(
            partial(_waiting, account=account, operations=operations, since=since, word=word)
        )

    async def newest(self, account: str, operations: Iterable[str], at: float) -> list[Sending]:
        """Return the last of these that was sent to each device since a time and did not fail."""
        return await self._database.read(
            partial(_fetch, sql=_NEWEST, account=account, operations=operations, since=at)
        )


def _waiting(
    connection: apsw.Connection, account: str, operations: Iterable[str], since: float, word: str
) -> list[Sending]:
    values = (storable(account), json.dumps(list(operations)), since, word)
    return [_sending(row) for row in connection.execute(_WAITING, values)]


def _sending(row: tuple[Any, ...]) -> Sending:
    return Sending._make((*row[:6], ChangeState(row[6]), *row[7:11]))


def _fetch(
    connection: apsw.Connection, sql: str, account: str, operations: Iterable[str], since: float
) -> list[Sending]:
    values = (storable(account), json.dumps(list(operations)), since)
    return [_sending(row) for row in connection.execute(sql, values)]
