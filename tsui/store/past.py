"""What was sent before: looked up in the journal for what is about to be sent."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import apsw

from tsui.store.text import storable

_NOT_DONE = "('refused', 'not sent')"
"""States in which provably nothing was done."""


class Past(NamedTuple):
    """One device's part in a request that left, or may have left."""

    device_key: str
    """The device."""
    operation: str
    """Class name of the operation."""
    title: str
    """The change in words."""
    state: str
    """What is known of it."""
    at: float
    """Unix time at which it was sent, or written down."""
    request: int
    """The request's number in the journal."""


def past_of(
    connection: apsw.Connection, account: str, keys: Iterable[str], since: float
) -> list[Past]:
    """Return what was sent to devices since a time, oldest first, refusals left out."""
    rows = connection.execute(
        "SELECT d.device_key, r.operation, r.title, d.state, coalesce(r.sending_at, r.created_at), "
        "r.id FROM json_each(?) AS wanted CROSS JOIN request_device AS d "
        "ON d.device_key = wanted.value JOIN request AS r ON r.id = d.request "
        f"WHERE r.account = ? AND r.created_at >= ? AND d.state NOT IN {_NOT_DONE} ORDER BY d.id",
        (json.dumps([storable(key) for key in keys]), storable(account), since),
    )
    return [Past(*row) for row in rows]


def sent_since(
    connection: apsw.Connection, account: str, operations: Iterable[str], since: float
) -> list[float]:
    """Return when requests of some operations were sent since a time."""
    rows = connection.execute(
        "SELECT sending_at FROM request WHERE account = ? AND sending_at >= ? "
        "AND operation IN (SELECT value FROM json_each(?)) ORDER BY id",
        (storable(account), since, json.dumps(list(operations))),
    )
    return [float(row[0]) for row in rows]


def twin_of(
    connection: apsw.Connection, account: str, operation: str, fields: Mapping[str, Any],
    since: float,
) -> Past | None:  # fmt: skip
    """Return the newest request with the same fields since a time, refusals left out."""
    row = connection.execute(
        "SELECT d.device_key, r.operation, r.title, d.state, coalesce(r.sending_at, r.created_at), "
        "r.id FROM request AS r JOIN request_device AS d ON d.request = r.id "
        "WHERE r.account = ? AND r.operation = ? AND r.created_at >= ? AND r.fields = ? "
        f"AND d.state NOT IN {_NOT_DONE} ORDER BY r.id DESC LIMIT 1",
        (storable(account), operation, since, storable(json.dumps(dict(fields)))),
    ).fetchone()
    return Past(*row) if row else None
