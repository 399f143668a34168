"""What is written into the journal, each function inside a transaction of its caller."""

import json
from typing import Any, Literal

import apsw

from tsui.store.audit import Actor, AuditRow, append
from tsui.store.changes import (
    CONTRADICTED,
    CONTRADICTS,
    NEXT,
    OPEN,
    PROVEN,
    ChangeState,
    Intent,
    OpenChange,
)
from tsui.store.text import storable

OPEN_STATES = ", ".join(f"'{state}'" for state in sorted(OPEN))
"""The states in which something is awaited, for SQL."""

_BEFORE = {
    state: ", ".join(f"'{was}'" for was, following in NEXT.items() if state in following)
    for state in ChangeState
}
"""The states from which each state can be reached, for SQL."""

Which = Literal["id", "request"]
"""Whether one device's change is meant, or all of a request."""


def write_intent(connection: apsw.Connection, intent: Intent, owner: str, at: float) -> int:
    """Write a request and its devices; raises OpenChange when one of them is not free."""
    if intent.exclusive:
        _refuse_double(connection, intent)
    request = int(
        connection.execute(
            "INSERT INTO request (batch, environment, account, operator, operation, title, fields, "
            "owner, created_at, devices, exclusive, profile, note) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            _stored(
                intent.batch, intent.environment, intent.account, intent.operator,
                intent.operation, intent.title, json.dumps(dict(intent.fields)), owner, at,
                len(intent.targets), intent.exclusive, intent.profile, intent.note,
            ),
        ).get
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO request_device (request, device_key, kind, identifier, before, state, "
        "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            _stored(
                request, target.key, target.kind, target.identifier,
                json.dumps(dict(target.before)), ChangeState.INTENDED, at,
            )
            for target in intent.targets
        ],
    )  # fmt: skip
    note(connection, request, ChangeState.INTENDED, at)
    return request


def move(
    connection: apsw.Connection,
    which: Which,
    number: int,
    state: ChangeState,
    at: float,
    *,
    problem: str = "",
    evidence: str = "",
    was: ChangeState | None = None,
) -> int:
    """Move changes that may go to a state there, if need be only those in one state.

    Returns how many moved.

    Raises ValueError for an outcome without evidence.
    """
    if state in PROVEN and not evidence:
        raise ValueError(f"nothing is {state} without evidence")
    connection.execute(
        "UPDATE request_device SET "
        # A success that was only inferred and then denied is told beside the denial.
        "contradiction = CASE WHEN state = 'inferred' AND ?1 = 'failed' "
        "THEN 'inferred: ' || evidence ELSE contradiction END, "
        "state = ?1, changed_at = ?, problem = ?, evidence = ? "
        f"WHERE {which} = ? AND state IN ({_BEFORE[state]}) AND state = coalesce(?, state)",
        _stored(state, at, problem, evidence, number, was),
    )
    return connection.changes()


def contradict(
    connection: apsw.Connection, change: int, state: ChangeState, at: float, told: str
) -> bool:
    """Keep what was told of a change that is over and does not fit with how it ended.

    False where it fits, or was told before.
    """
    row = connection.execute(
        "SELECT request, identifier, state, evidence, contradiction FROM request_device "
        "WHERE id = ?",
        (change,),
    ).fetchone()
    if row is None or state not in CONTRADICTS.get(ChangeState(row[2]), ()):
        return False
    request, identifier, was, evidence, before = row
    told = f"{state}: {told}"
    if told in before:
        return False
    connection.execute(
        "UPDATE request_device SET contradiction = ?, changed_at = ? WHERE id = ?",
        (storable("; ".join(filter(None, (before, told)))), at, change),
    )
    problem = f"It is {was} by {evidence or 'what is known'}, and that stays."
    note(connection, request, CONTRADICTED, at, device=identifier, problem=problem, evidence=told)
    return True


def note(
    connection: apsw.Connection,
    request: int,
    event: str,
    at: float,
    *,
    device: str = "",
    problem: str = "",
    evidence: str = "",
    by: Actor | None = None,
) -> None:
    """Close a request of which nothing is awaited any more, and add a row to the audit.

    The row names whoever confirmed the request, unless it was done ``by`` somebody else.
    """
    connection.execute(
        "UPDATE request SET settled_at = ? WHERE id = ? AND settled_at IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM request_device WHERE request = request.id "
        f"AND state IN ({OPEN_STATES}))",
        (at, request),
    )
    row = connection.execute(
        "SELECT operator, profile, environment, account, operation, title, fields, request_id, "
        "devices, note FROM request WHERE id = ?",
        (request,),
    ).fetchone()
    if row is None:
        return
    *who, environment, account, operation, title, fields, request_id, devices, why = row
    append(
        connection,
        AuditRow(
            0, at, *(by or Actor(*who)), environment, account, event, operation, title,
            fields if event == ChangeState.INTENDED else "", request, request_id, devices, device,
            why, problem, evidence, "",
        ),
    )  # fmt: skip


def requests_of(connection: apsw.Connection, owner: str, state: ChangeState) -> list[int]:
    """Return the requests of a process that have devices in a state."""
    sql = (
        "SELECT DISTINCT r.id FROM request AS r JOIN request_device AS d ON d.request = r.id "
        "WHERE r.settled_at IS NULL AND r.owner = ? AND d.state = ?"
    )
    return [int(row[0]) for row in connection.execute(sql, (owner, state))]


def _refuse_double(connection: apsw.Connection, intent: Intent) -> None:
    keys = json.dumps([storable(target.key) for target in intent.targets])
    row = connection.execute(
        "SELECT d.device_key, d.request, d.state FROM request_device AS d "
        "JOIN request AS r ON r.id = d.request WHERE r.exclusive AND r.account = ? "
        "AND d.device_key IN (SELECT value FROM json_each(?)) "
        # What was confirmed together is written down together, and sent one after the other.
        "AND NOT (r.batch = ? AND r.operation <> ?) "
        f"AND d.state IN ({OPEN_STATES}) LIMIT 1",
        (storable(intent.account), keys, storable(intent.batch), intent.operation),
    ).fetchone()
    if row:
        raise OpenChange(row[0], row[1], ChangeState(row[2]))


def _stored(*values: Any) -> tuple[Any, ...]:
    return tuple(storable(value) if isinstance(value, str) else value for value in values)
