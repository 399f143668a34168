"""The journal of changes: written to the disk before the first byte leaves, never rewritten."""

import json
from dataclasses import replace
from typing import Any

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.changes import NEXT, OPEN, ChangeState, DeviceChange, Intent, OpenChange
from tsui.store.database import Database

_OPEN_STATES = ", ".join(f"'{state}'" for state in sorted(OPEN))
_SELECT = (
    "SELECT d.id, r.id, r.batch, r.account, r.operator, r.operation, r.title, r.fields, r.owner, "
    "r.created_at, r.sending_at, r.answered_at, r.request_id, r.devices, "
    "d.device_key, d.kind, d.identifier, d.before, d.state, d.changed_at, "
    "CASE d.problem WHEN '' THEN r.problem ELSE d.problem END, d.evidence "
    "FROM request_device AS d JOIN request AS r ON r.id = d.request"
)


class Journal:
    """Requests and what became of them for each device."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def intend(self, intent: Intent, *, owner: str, at: float) -> int:
        """Write down a request before anything of it is sent; returns its number.

        Raises OpenChange when one of its devices has a change whose fate is not known: both this
        check and the writing happen in one transaction, so two processes cannot both pass.
        """

        def write(connection: apsw.Connection) -> int:
            _refuse_double(connection, intent)
            request = int(
                connection.execute(
                    "INSERT INTO request (batch, environment, account, operator, operation, title, "
                    "fields, owner, created_at, devices) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                    "RETURNING id",
                    (
                        intent.batch, intent.environment, intent.account, intent.operator,
                        intent.operation, intent.title, json.dumps(dict(intent.fields)), owner, at,
                        len(intent.targets),
                    ),
                ).get
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO request_device (request, device_key, kind, identifier, before, state, "
                "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        request, target.key, target.kind, target.identifier,
                        json.dumps(dict(target.before)), ChangeState.INTENDED, at,
                    )
                    for target in intent.targets
                ],
            )  # fmt: skip
            _conclude(connection, request, ChangeState.INTENDED, at, intent.title)
            return request

        request = await self._database.write(write)
        self._announcer.publish(Topic.REQUESTS)
        return request

    async def mark_sending(self, request: int, at: float) -> None:
        """Write down that the first byte is about to leave."""
        await self._move_request(request, ChangeState.SENDING, at, "sending_at = ?", (at,))

    async def mark_answered(
        self, request: int, state: ChangeState, at: float, *, request_id: str = "",
        problem: str = "", code: str = "", evidence: str = "",
    ) -> None:  # fmt: skip
        """Write down what came back, or did not."""
        await self._move_request(
            request,
            state,
            at,
            "answered_at = ?, request_id = ?, problem = ?, code = ?",
            (at, request_id, problem, code),
            evidence,
        )

    async def move(
        self, change: int, state: ChangeState, at: float, *, problem: str = "", evidence: str = ""
    ) -> bool:
        """Move one device's change to its next state; False if it may not go there."""

        def write(connection: apsw.Connection) -> bool:
            moved = _move(connection, "id = ?", change, state, at, problem, evidence)
            if moved:
                sql = "SELECT request FROM request_device WHERE id = ?"
                (request,) = _numbers(connection, sql, (change,))
                _conclude(connection, request, state, at, evidence or problem)
            return bool(moved)

        moved = await self._database.write(write)
        if moved:
            self._announcer.publish(Topic.REQUESTS)
        return moved

    async def owners(self) -> set[str]:
        """Return the owners of requests that are intended or being sent."""
        sql = (
            "SELECT DISTINCT r.owner FROM request AS r "
            "JOIN request_device AS d ON d.request = r.id "
            "WHERE r.settled_at IS NULL AND d.state IN ('intended', 'sending')"
        )
        return await self._database.read(
            lambda connection: {row[0] for row in connection.execute(sql)}
        )

    async def abandon(self, owner: str, at: float) -> int:
        """Close the books of a process that is gone; returns how many device changes moved.

        What it only intended was never sent; what it was sending has an unknown fate.
        """

        def write(connection: apsw.Connection) -> int:
            moved = 0
            for was, state, problem in (
                ("intended", ChangeState.NOT_SENT, "The program ended before it was sent."),
                ("sending", ChangeState.UNKNOWN, "The program ended while it was being sent."),
            ):
                sql = (
                    "SELECT DISTINCT d.request FROM request_device AS d JOIN request AS r "
                    "ON r.id = d.request WHERE r.owner = ? AND d.state = ?"
                )
                for request in _numbers(connection, sql, (owner, was)):
                    moved += _move(connection, "request = ?", request, state, at, problem, "")
                    _conclude(connection, request, state, at, problem)
            return moved

        moved = await self._database.write(write)
        if moved:
            self._announcer.publish(Topic.REQUESTS)
        return moved

    async def open_changes(self) -> list[DeviceChange]:
        """Return every device change that awaits something."""
        return await self._changes(f"{_SELECT} WHERE d.state IN ({_OPEN_STATES}) ORDER BY d.id", ())

    async def count(self) -> int:
        """Count all device changes ever made here."""
        return await self._database.read(
            lambda connection: int(connection.execute("SELECT count(*) FROM request_device").get)
        )

    async def window(self, offset: int, limit: int) -> list[DeviceChange]:
        """Return device changes, newest first."""
        return await self._changes(
            f"{_SELECT} ORDER BY d.id DESC LIMIT ? OFFSET ?", (limit, offset)
        )

    async def position(self, change: int) -> int | None:
        """Return the place of a device change in ``window``; None when there is none such."""

        def place(connection: apsw.Connection) -> int | None:
            if not connection.execute("SELECT 1 FROM request_device WHERE id = ?", (change,)).get:
                return None
            sql = "SELECT count(*) FROM request_device WHERE id > ?"
            return int(connection.execute(sql, (change,)).get)

        return await self._database.read(place)

    async def get(self, change: int) -> DeviceChange | None:
        """Return one device change."""
        found = await self._changes(f"{_SELECT} WHERE d.id = ?", (change,))
        return found[0] if found else None

    async def for_device(self, device_key: str, limit: int = 100) -> list[DeviceChange]:
        """Return a device's changes, newest first."""
        return await self._changes(
            f"{_SELECT} WHERE d.device_key = ? ORDER BY d.id DESC LIMIT ?", (device_key, limit)
        )

    async def audit(self) -> list[tuple[float, str, str, int | None, str]]:
        """Return the audit: time, operator, event, request and detail, oldest first."""
        sql = "SELECT at, operator, event, request, detail FROM audit ORDER BY id"
        return await self._database.read(
            lambda connection: [tuple(row) for row in connection.execute(sql)]
        )

    async def _move_request(
        self,
        request: int,
        state: ChangeState,
        at: float,
        assignments: str,
        values: tuple[Any, ...],
        evidence: str = "",
    ) -> None:
        def write(connection: apsw.Connection) -> None:
            if _move(connection, "request = ?", request, state, at, "", evidence):
                connection.execute(
                    f"UPDATE request SET {assignments} WHERE id = ?", (*values, request)
                )
                _conclude(connection, request, state, at, evidence)

        await self._database.write(write)
        self._announcer.publish(Topic.REQUESTS)

    async def _changes(self, sql: str, values: tuple[Any, ...]) -> list[DeviceChange]:
        def fetch(connection: apsw.Connection) -> list[DeviceChange]:
            return [_change(row) for row in connection.execute(sql, values)]

        return await self._database.read(fetch)


def _numbers(connection: apsw.Connection, sql: str, values: tuple[Any, ...]) -> list[int]:
    rows: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
    return [int(row[0]) for row in rows]


def _refuse_double(connection: apsw.Connection, intent: Intent) -> None:
    row = connection.execute(
        "SELECT d.device_key, d.request, d.state FROM request_device AS d "
        "JOIN request AS r ON r.id = d.request WHERE r.account = ? AND d.device_key IN "
        f"(SELECT value FROM json_each(?)) AND d.state IN ({_OPEN_STATES}) LIMIT 1",
        (intent.account, json.dumps([target.key for target in intent.targets])),
    ).fetchone()
    if row:
        raise OpenChange(row[0], row[1], ChangeState(row[2]))


def _move(
    connection: apsw.Connection,
    which: str,
    value: int,
    state: ChangeState,
    at: float,
    problem: str,
    evidence: str,
) -> int:
    before = ", ".join(f"'{was}'" for was, following in NEXT.items() if state in following)
    connection.execute(
        f"UPDATE request_device SET state = ?, changed_at = ?, problem = ?, evidence = ? "
        f"WHERE {which} AND state IN ({before})",
        (state, at, problem, evidence, value),
    )
    return connection.changes()


def _conclude(
    connection: apsw.Connection, request: int, state: ChangeState, at: float, detail: str
) -> None:
    connection.execute(
        "UPDATE request SET settled_at = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM "
        f"request_device WHERE request = request.id AND state IN ({_OPEN_STATES}))",
        (at, request),
    )
    connection.execute(
        "INSERT INTO audit (at, operator, environment, account, event, request, detail) "
        "SELECT ?, operator, environment, account, ?, id, ? FROM request WHERE id = ?",
        (at, state, detail, request),
    )


def _change(row: tuple[Any, ...]) -> DeviceChange:
    change = DeviceChange(*row)
    return replace(
        change,
        fields=json.loads(row[7]),
        before=json.loads(row[17]),
        state=ChangeState(row[18]),
    )
