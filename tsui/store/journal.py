"""The journal of changes: written to the disk before the first byte leaves, never rewritten."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeVar

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.audit import Actor
from tsui.store.changes import ChangeOver, ChangeState, DeviceChange, Intent, OpenChange
from tsui.store.connection import Work
from tsui.store.database import Database
from tsui.store.errors import StoreError
from tsui.store.moves import OPEN_STATES, contradict, move, note, requests_of, write_intent
from tsui.store.opened import OpenPart, UnderWay, followed, open_parts, under_way, unsettled_twin
from tsui.store.past import Past, past_of, sent_since, twin_of
from tsui.store.text import storable

T = TypeVar("T")

AT_ONCE = 500
"""Changes that are read together when all of them are wanted."""

_SELECT = (
    "SELECT d.id, r.id, r.batch, r.account, r.operator, r.operation, r.title, r.fields, r.owner, "
    "r.created_at, r.sending_at, r.answered_at, r.request_id, r.devices, "
    "d.device_key, d.kind, d.identifier, d.before, d.state, d.changed_at, d.problem, d.evidence, "
    "r.exclusive, r.answer, r.profile, r.note, d.contradiction "
    "FROM request_device AS d JOIN request AS r ON r.id = d.request"
)
_OF_ACCOUNT = "(:account IS NULL OR r.account = :account)"
_ABANDONED = (
    (ChangeState.INTENDED, ChangeState.NOT_SENT, "The program ended before it was sent."),
    (ChangeState.SENDING, ChangeState.UNKNOWN, "The program ended while it was being sent."),
)
"""What becomes of the changes of a process that is gone, and why."""


class Journal:
    """Requests and what became of them for each device."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def intend(self, intent: Intent, *, owner: str, at: float) -> int:
        """Write down a request before anything of it is sent; returns its number.

        Raises OpenChange when one of its devices has a change that is not over: both this check and
        the writing happen in one transaction, so two processes cannot both pass. Raises ValueError
        for a request without devices, or with one of them twice. When the caller is cancelled
        meanwhile, nothing is left waiting to be sent.
        """
        keys = [storable(target.key) for target in intent.targets]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("a request is for at least one device, and for each only once")
        work = partial(write_intent, intent=intent, owner=owner, at=at)
        writing = asyncio.ensure_future(self._write(work))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            with suppress(StoreError, OpenChange):
                why = "It was called off before it was sent."
                await self.mark_answered(await writing, ChangeState.NOT_SENT, at, problem=why)
            raise

    async def mark_sending(self, request: int, at: float) -> None:
        """Write down that the first byte is about to leave.

        Raises ChangeOver when the request was closed meanwhile, e.g. by a process that took this
        one for dead; it must not be sent then.
        """

        def write(connection: apsw.Connection) -> bool:
            moved = move(connection, "request", request, ChangeState.SENDING, at)
            sql = "UPDATE request SET sending_at = ? WHERE id = ? RETURNING devices"
            if moved != connection.execute(sql, (at, request)).get:
                raise ChangeOver(request)
            note(connection, request, ChangeState.SENDING, at)
            return True

        await self._write(write)

    async def mark_answered(
        self, request: int, state: ChangeState, at: float, *, request_id: str = "",
        problem: str = "", code: str = "", evidence: str = "", answer: str = "",
    ) -> None:  # fmt: skip
        """Write down what came back, or did not.

        An answer that comes after the request was closed is kept, but moves nothing.
        """
        said = tuple(map(storable, (request_id, problem, code)))

        def write(connection: apsw.Connection) -> bool:
            moved = move(
                connection, "request", request, state, at, problem=problem, evidence=evidence
            )
            connection.execute(
                "UPDATE request SET answered_at = ?, request_id = ?, problem = ?, code = ?, "
                "answer = ? WHERE id = ? AND (? OR answered_at IS NULL)",
                (at, *said, storable(answer), request, bool(moved)),
            )
            late = "" if moved else "came when it was over already"
            told = "; ".join(filter(None, (late, *said[1:])))
            note(connection, request, state, at, problem=told, evidence=evidence)
            return True

        await self._write(write)

    async def move(
        self, change: int, state: ChangeState, at: float, *, problem: str = "", evidence: str = "",
        by: Actor | None = None, was: ChangeState | None = None,
    ) -> bool:  # fmt: skip
        """Move one device's change to its next state; False if it may not go there.

        With ``was`` it moves only from that state.
        The audit names whoever confirmed the change, unless this is done ``by`` somebody else.
        Raises ValueError for an outcome without evidence.
        """

        def write(connection: apsw.Connection) -> bool:
            moved = move(
                connection, "id", change, state, at, problem=problem, evidence=evidence, was=was
            )
            if moved:
                sql = "SELECT request, identifier FROM request_device WHERE id = ?"
                request, identifier = connection.execute(sql, (change,)).get
                note(
                    connection, request, state, at,
                    device=identifier, problem=problem, evidence=evidence, by=by,
                )  # fmt: skip
            return bool(moved)

        return await self._write(write)

    async def contradict(self, change: int, state: ChangeState, at: float, told: str) -> bool:
        """Keep what was told of one device's change that is over and ended otherwise.

        The state stays. False where it does not contradict, or was told before.
        """
        return await self._write(lambda connection: contradict(connection, change, state, at, told))

    async def contradicted(self, account: str) -> list[DeviceChange]:
        """Return an account's newest changes of which something was told that does not fit."""
        return await self._changes(
            f"{_SELECT} WHERE d.contradiction <> '' AND r.account = ? ORDER BY d.id DESC LIMIT 50",
            (storable(account),),
        )

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
            for was, state, problem in _ABANDONED:
                for request in requests_of(connection, owner, was):
                    moved += move(
                        connection, "request", request, state, at, problem=problem, was=was
                    )
                    note(connection, request, state, at, problem=problem)
            return moved

        return await self._write(write)

    async def open_parts(self, account: str) -> list[OpenPart]:
        """Return the numbers of an account's device changes that await something."""
        return await self._database.read(partial(open_parts, account=account))

    async def followed(self, account: str, read_back: Iterable[str]) -> list[int]:
        """Return the numbers of device changes whose outcome can be asked for.

        Those of unknown fate are among them where devices show what an operation did.
        """
        return await self._database.read(partial(followed, account=account, read_back=read_back))

    async def under_way(self, account: str, keys: Iterable[str]) -> dict[str, UnderWay]:
        """Return what keeps devices from another change, by their names in the account."""
        return await self._database.read(partial(under_way, account=account, keys=keys))

    async def unsettled_twin(
        self, account: str, operation: str, fields: Mapping[str, Any]
    ) -> tuple[int, ChangeState] | None:
        """Return a request with the same fields that is on its way or of unknown fate."""
        return await self._database.read(
            partial(unsettled_twin, account=account, operation=operation, fields=fields)
        )

    async def past_of(self, account: str, keys: Iterable[str], since: float) -> list[Past]:
        """Return what was sent to devices since a time, oldest first, refusals left out."""
        return await self._database.read(partial(past_of, account=account, keys=keys, since=since))

    async def sent_since(
        self, account: str, operations: Iterable[str], since: float
    ) -> list[float]:
        """Return when requests of some operations were sent since a time."""
        return await self._database.read(
            lambda connection: sent_since(connection, account, operations, since)
        )

    async def twin_of(
        self, account: str, operation: str, fields: Mapping[str, Any], since: float
    ) -> Past | None:
        """Return the newest request with the same fields since a time, refusals left out."""
        return await self._database.read(
            lambda connection: twin_of(connection, account, operation, fields, since)
        )

    async def count(self, account: str | None = None) -> int:
        """Count the device changes ever made here, in one account or in all of them."""
        sql = f"SELECT coalesce(sum(devices), 0) FROM request AS r WHERE {_OF_ACCOUNT}"
        return await self._database.read(
            lambda connection: int(connection.execute(sql, {"account": account}).get)
        )

    async def window(
        self, offset: int, limit: int, account: str | None = None
    ) -> list[DeviceChange]:
        """Return device changes, newest first, of one account or of all of them."""
        chosen = (
            "SELECT d.id FROM request_device AS d JOIN request AS r ON r.id = d.request "
            f"WHERE {_OF_ACCOUNT} ORDER BY d.id DESC LIMIT :limit OFFSET :offset"
        )
        return await self._changes(
            f"{_SELECT} WHERE d.id IN ({chosen}) ORDER BY d.id DESC",
            {"account": account, "limit": limit, "offset": offset},
        )

    async def stream(
        self, account: str, *, only_open: bool = False
    ) -> AsyncGenerator[list[DeviceChange], None]:
        """Yield an account's device changes a few at a time, newest first.

        All are as they were when the first was read; if need be only those that are not over.
        """
        open_ones = (
            "AND d.id IN (SELECT part.id FROM request AS whole JOIN request_device AS part "
            "ON part.request = whole.id WHERE whole.settled_at IS NULL "
            f"AND part.state IN ({OPEN_STATES}))"
        )
        sql = f"{_SELECT} WHERE r.account = ? {open_ones if only_open else ''} ORDER BY d.id DESC"
        fields = lru_cache(maxsize=8)(json.loads)
        async with aclosing(self._database.stream(sql, [storable(account)], AT_ONCE)) as pages:
            async for page in pages:
                yield [_change(row, fields) for row in page]

    async def position(self, change: int, account: str | None = None) -> int | None:
        """Return the place of a device change in ``window``; None when it is not there."""
        sql = (
            "SELECT (SELECT count(*) FROM request_device AS d JOIN request AS r "
            f"ON r.id = d.request WHERE d.id > me.id AND {_OF_ACCOUNT}) FROM request_device AS me "
            f"JOIN request AS r ON r.id = me.request WHERE me.id = :change AND {_OF_ACCOUNT}"
        )

        def place(connection: apsw.Connection) -> int | None:
            after = connection.execute(sql, {"account": account, "change": change}).get
            return None if after is None else int(after)

        return await self._database.read(place)

    async def get(self, change: int) -> DeviceChange | None:
        """Return one device change."""
        found = await self._changes(f"{_SELECT} WHERE d.id = ?", (change,))
        return found[0] if found else None

    async def some(self, changes: Iterable[int]) -> list[DeviceChange]:
        """Return device changes by their numbers, oldest first."""
        wanted = json.dumps(list(changes))
        return await self._changes(
            f"{_SELECT} WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id", (wanted,)
        )

    async def first_failure(self, changes: Iterable[int]) -> DeviceChange | None:
        """Return the first of some device changes that failed for good.

        A request that was refused as too large may come again in parts.
        """
        found = await self._changes(
            f"{_SELECT} WHERE d.id IN (SELECT value FROM json_each(?)) AND (d.state = 'failed' "
            "OR (d.state = 'refused' AND r.devices = 1)) ORDER BY d.id LIMIT 1",
            (json.dumps(list(changes)),),
        )
        return found[0] if found else None

    async def for_device(self, device_key: str, limit: int = 100) -> list[DeviceChange]:
        """Return a device's changes, newest first."""
        return await self._changes(
            f"{_SELECT} WHERE d.device_key = ? ORDER BY d.id DESC LIMIT ?",
            (storable(device_key), limit),
        )

    async def by_request(self, request: int) -> list[DeviceChange]:
        """Return the device changes of a request."""
        return await self._changes(f"{_SELECT} WHERE d.request = ? ORDER BY d.id", (request,))

    async def newest_of_request(self, name: str) -> int | None:
        """Return the newest device change of a request by its number, or by the platform's id."""
        number = int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else None
        sql = (
            "SELECT max(id) FROM request_device WHERE request = ? OR request IN "
            "(SELECT id FROM request WHERE request_id = ? AND request_id <> '')"
        )

        def newest(connection: apsw.Connection) -> int | None:
            found = connection.execute(sql, (number, storable(name))).get
            return None if found is None else int(found)

        return await self._database.read(newest)

    async def by_request_id(self, request_id: str) -> list[DeviceChange]:
        """Return the device changes that the platform knows by an id."""
        return await self._changes(
            f"{_SELECT} WHERE r.request_id = ? AND r.request_id <> '' ORDER BY d.id",
            (storable(request_id),),
        )

    async def known_ids(self, request_ids: Iterable[str]) -> set[str]:
        """Return those of the ids that the platform gave to requests of this journal."""
        sql = (
            "SELECT DISTINCT request_id FROM request WHERE request_id <> '' "
            "AND request_id IN (SELECT value FROM json_each(?))"
        )
        wanted = json.dumps([storable(each) for each in request_ids])
        return await self._database.read(
            lambda connection: {str(row[0]) for row in connection.execute(sql, (wanted,))}
        )

    async def codes(self, requests: Iterable[int]) -> dict[int, str]:
        """Return the error codes that the platform gave to requests, where it gave one."""
        sql = (
            "SELECT id, code FROM request WHERE code <> '' "
            "AND id IN (SELECT value FROM json_each(?))"
        )
        wanted = json.dumps(list(requests))
        return await self._database.read(
            lambda connection: {row[0]: str(row[1]) for row in connection.execute(sql, (wanted,))}
        )

    async def by_operation(self, names: Iterable[str], limit: int) -> list[DeviceChange]:
        """Return device changes that were made by some operations, newest first."""
        return await self._changes(
            f"{_SELECT} WHERE r.operation IN (SELECT value FROM json_each(?)) "
            "ORDER BY d.id DESC LIMIT ?",
            (json.dumps(list(names)), limit),
        )

    async def by_batch(self, batch: str) -> list[DeviceChange]:
        """Return the device changes that were confirmed together."""
        return await self._changes(f"{_SELECT} WHERE r.batch = ? ORDER BY d.id", (storable(batch),))

    async def _write(self, work: Work[T]) -> T:
        return await self._database.write(work, self._moved)

    def _moved(self, number: object) -> None:
        if number:
            self._announcer.publish(Topic.REQUESTS)

    async def _changes(
        self, sql: str, values: tuple[Any, ...] | dict[str, str | int | None]
    ) -> list[DeviceChange]:
        def fetch(connection: apsw.Connection) -> list[DeviceChange]:
            # Devices of a request stand together, and each row has all of the request's fields.
            fields = lru_cache(maxsize=8)(json.loads)
            return [_change(row, fields) for row in connection.execute(sql, values)]

        return await self._database.read(fetch)


def _change(row: tuple[Any, ...], fields_of: Callable[[str], Any]) -> DeviceChange:
    change = DeviceChange(*row)
    return replace(
        change,
        fields=fields_of(row[7]),
        before=json.loads(row[17]),
        state=ChangeState(row[18]),
        exclusive=bool(row[22]),
    )
