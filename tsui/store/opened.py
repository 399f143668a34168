"""What is not over: looked up in the journal as briefly as can be, for there may be thousands."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import apsw

from tsui.store.changes import ChangeState
from tsui.store.moves import OPEN_STATES
from tsui.store.text import storable

_OPEN = (
    "FROM request AS r JOIN request_device AS d ON d.request = r.id "
    "WHERE r.settled_at IS NULL AND r.account = ?"
)


class OpenPart(NamedTuple):
    """Device changes that were confirmed at once, are in one state and await something."""

    batch: str
    """Their batch's name in the journal."""
    state: ChangeState
    """What is known of them."""
    ids: frozenset[int]
    """Their numbers."""


class UnderWay(NamedTuple):
    """A change that keeps its device from another one."""

    request: int
    """The request's number in the journal."""
    title: str
    """The change in words."""
    state: ChangeState
    """What is known of it."""


def open_parts(connection: apsw.Connection, account: str) -> list[OpenPart]:
    """Return the numbers of an account's device changes that await something."""
    rows = connection.execute(
        f"SELECT r.batch, d.state, json_group_array(d.id) {_OPEN} AND d.state IN ({OPEN_STATES}) "
        "GROUP BY r.batch, d.state",
        (storable(account),),
    )
    return [
        OpenPart(batch, ChangeState(state), frozenset(json.loads(ids)))
        for batch, state, ids in rows
    ]


def followed(connection: apsw.Connection, account: str, read_back: Iterable[str]) -> list[int]:
    """Return the numbers of device changes whose outcome can be asked for.

    Those of unknown fate are among them where the device itself shows what some operations did.
    """
    sql = (
        f"SELECT json_group_array(d.id) {_OPEN} AND (d.state = 'accepted' OR (d.state = 'unknown' "
        "AND d.kind <> 'account' AND r.operation IN (SELECT value FROM json_each(?))))"
    )
    found = connection.execute(sql, (storable(account), json.dumps(list(read_back)))).get
    return [int(each) for each in json.loads(found)]


def under_way(
    connection: apsw.Connection, account: str, keys: Iterable[str]
) -> dict[str, UnderWay]:
    """Return what keeps devices from another change, by their names in the account."""
    rows = connection.execute(
        "SELECT d.device_key, d.request, r.title, d.state FROM json_each(?) AS wanted "
        "CROSS JOIN request_device AS d ON d.device_key = wanted.value "
        "JOIN request AS r ON r.id = d.request "
        f"WHERE r.account = ? AND r.exclusive AND d.state IN ({OPEN_STATES}) ORDER BY d.id",
        (json.dumps([storable(key) for key in keys]), storable(account)),
    )
    return {key: UnderWay(number, title, ChangeState(state)) for key, number, title, state in rows}


def unsettled_twin(
    connection: apsw.Connection, account: str, operation: str, fields: Mapping[str, Any]
) -> tuple[int, ChangeState] | None:
    """Return a request with the same fields that is on its way or of unknown fate."""
    row = connection.execute(
        f"SELECT r.id, d.state {_OPEN} AND r.operation = ? AND r.fields = ? "
        "AND d.state IN ('intended', 'sending', 'unknown') LIMIT 1",
        (storable(account), operation, storable(json.dumps(dict(fields)))),
    ).fetchone()
    return (int(row[0]), ChangeState(row[1])) if row else None
