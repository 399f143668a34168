"""Batches: what an operator confirmed at once, which may be several requests.

A device may have several rows in a batch, e.g. when a request was refused as too large and came
again in parts; only its last row counts.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.audit import Actor
from tsui.store.changes import ChangeState, Intent, OpenChange
from tsui.store.database import Database
from tsui.store.errors import StoreError
from tsui.store.moves import move, note, write_intent
from tsui.store.text import storable

CALLED_OFF = "The operator called it off before it was sent."
"""Why a device was left out that is not to be gone on with."""

_DEVICES = "'$.devices', '$.devicesToAdd', '$.devicesToRemove'"
"""Where the fields of a request name its devices; all else is what is done to them."""

_LAST = (
    "SELECT max(d.id) AS id, d.device_key, d.state, d.problem, r.id AS request, "
    "r.operation, r.code FROM request AS r JOIN request_device AS d ON d.request = r.id "
    "WHERE r.batch = ? GROUP BY r.operation, d.device_key"
)
"""The last row of each device of a batch; SQLite takes the other columns from the largest id."""

TOO_MANY = ("INPUT_INVALID.NumberofDevices", "INPUT_INVALID.MaxRequestsExceeded")
"""Ends of the codes of a request that was refused as a whole: it named too many devices."""

_TOO_MANY = " OR ".join(f"last.code LIKE '%{code}'" for code in TOO_MANY)
_LEFT = (
    "(last.problem <> ? AND "
    f"(last.state = 'not sent' OR (last.state = 'refused' AND ({_TOO_MANY}))))"
)
"""What of a batch can be gone on with: nothing was done of it, and nobody called it off."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a batch is."""

    id: str
    """Its name in the journal."""
    title: str
    """What is done first, in words."""
    operations: tuple[str, ...]
    """Class names of all operations it is made of, the first one first."""
    operator: str
    """Who confirmed it."""
    created_at: float
    """Unix time at which it was confirmed."""
    devices: int
    """Devices it is for."""
    counts: dict[ChangeState, int]
    """Changes of devices by what is known of them; a device has one for each operation."""
    left: int
    """Changes of which nothing was sent and which can be gone on with."""

    @property
    def changes(self) -> int:
        """Count all changes of devices."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Rest:
    """Devices of a batch to which the same was to be done and nothing was sent."""

    operation: str
    """Class name of the operation."""
    request: int
    """A request of it, which tells all but the devices."""
    keys: tuple[str, ...]
    """The devices' names in the account."""


class Batches:
    """The journal as batches."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer
        self._owed: dict[int, str] = {}

    async def intend(self, intents: Sequence[Intent], *, owner: str, at: float) -> list[int]:
        """Write down all requests of a batch or none of them; returns their numbers.

        Raises OpenChange when one of the devices has a change that is not over. When the caller is
        cancelled meanwhile, nothing is left waiting to be sent.
        """

        def write(connection: apsw.Connection) -> list[int]:
            return [write_intent(connection, intent, owner, at) for intent in intents]

        writing = asyncio.ensure_future(self._database.write(write, self._moved))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            with suppress(StoreError, OpenChange):
                self.owe(await writing, "It was called off before it was sent.")
                await self.settle_owed(at)
            raise

    async def call_off(self, requests: Iterable[int], at: float, why: str) -> None:
        """Close requests of which nothing was sent."""
        numbers = list(requests)

        def write(connection: apsw.Connection) -> int:
            moved = 0
            for number in numbers:
                if part := _not_sent(connection, number, at, why):
                    moved += part
                    note(connection, number, ChangeState.NOT_SENT, at, problem=why)
            return moved

        await self._database.write(write, self._moved)

    def owe(self, requests: Iterable[int], why: str) -> None:
        """Remember requests that nobody sends any more and that have to be called off."""
        self._owed |= dict.fromkeys(requests, why)

    async def settle_owed(self, at: float) -> None:
        """Call off all that is owed."""
        owed = dict(self._owed)
        for why in set(owed.values()):
            numbers = [number for number in owed if owed[number] == why]
            await self.call_off(numbers, at, why)
            for number in numbers:
                self._owed.pop(number, None)

    async def window(self, account: str, limit: int = 50) -> list[Batch]:
        """Return the newest batches of an account that name several devices."""
        return await self._batches(
            "SELECT batch FROM request WHERE account = ? GROUP BY batch "
            "HAVING sum(devices) > 1 ORDER BY max(id) DESC LIMIT ?",
            (storable(account), limit),
        )

    async def interrupted(self, account: str, limit: int) -> list[Batch]:
        """Return the newest batches of an account that can be gone on with."""
        found = await self._batches(
            "SELECT batch FROM request WHERE account = ? GROUP BY batch "
            "HAVING sum(devices) > 1 AND max(EXISTS (SELECT 1 FROM request_device AS d "
            "WHERE d.request = request.id AND d.state IN ('not sent', 'refused'))) "
            "ORDER BY max(id) DESC LIMIT ?",
            (storable(account), limit),
        )
        return [each for each in found if each.left]

    async def get(self, batch: str) -> Batch | None:
        """Return how far a batch is; None when there is none such."""
        return await self._database.read(partial(_batch, batch=batch))

    async def rest(self, batch: str) -> list[Rest]:
        """Return what of a batch was never sent and can be gone on with."""
        sql = (
            "SELECT last.operation, last.request, json_group_array(last.device_key) "
            f"FROM ({_LAST}) AS last JOIN request AS r ON r.id = last.request "
            f"WHERE {_LEFT} GROUP BY r.operation, json_remove(r.fields, {_DEVICES}) "
            "ORDER BY min(last.id)"
        )

        def fetch(connection: apsw.Connection) -> list[Rest]:
            return [
                Rest(operation, request, tuple(json.loads(keys)))
                for operation, request, keys in connection.execute(sql, (batch, CALLED_OFF))
            ]

        return await self._database.read(fetch)

    async def fields(self, request: int) -> dict[str, Any]:
        """Return what a request asked for, under wire names."""
        sql = "SELECT fields FROM request WHERE id = ?"
        return await self._database.read(
            lambda connection: dict(json.loads(connection.execute(sql, (request,)).get or "{}"))
        )

    async def in_the_middle(self, batch: str) -> set[str]:
        """Return the devices of a batch that are in the middle of one of its changes."""
        sql = (
            "SELECT d.device_key FROM request AS r JOIN request_device AS d ON d.request = r.id "
            "WHERE r.batch = ? AND r.exclusive AND d.state IN ('sending', 'accepted', 'unknown')"
        )
        return await self._database.read(
            lambda connection: {str(row[0]) for row in connection.execute(sql, (batch,))}
        )

    async def to_look_at(self, batch: str) -> int | None:
        """Return the device change of a batch that most needs somebody: an unknown one first."""
        sql = (
            "SELECT d.id FROM request AS r JOIN request_device AS d ON d.request = r.id "
            "WHERE r.batch = ? ORDER BY d.state = 'unknown' DESC, "
            "d.state IN ('sending', 'accepted') DESC, d.state IN ('failed', 'refused') DESC, "
            "d.id DESC LIMIT 1"
        )

        def find(connection: apsw.Connection) -> int | None:
            found = connection.execute(sql, (storable(batch),)).get
            return None if found is None else int(found)

        return await self._database.read(find)

    async def give_up(self, batch: str, at: float, by: Actor) -> int:
        """Call off for good what of a batch was never sent; returns the number of devices."""
        sql = f"SELECT id, request FROM ({_LAST}) AS last WHERE {_LEFT}"

        def write(connection: apsw.Connection) -> int:
            rows = list(connection.execute(sql, (batch, CALLED_OFF)))
            connection.executemany(
                "UPDATE request_device SET problem = ?, changed_at = ? WHERE id = ?",
                [(CALLED_OFF, at, number) for number, _ in rows],
            )
            for request in {request for _, request in rows}:
                note(connection, request, ChangeState.NOT_SENT, at, problem=CALLED_OFF, by=by)
            return len(rows)

        return await self._database.write(write, self._moved)

    async def _batches(self, sql: str, values: tuple[str, int]) -> list[Batch]:
        def fetch(connection: apsw.Connection) -> list[Batch]:
            names = [row[0] for row in connection.execute(sql, values)]
            return [found for name in names if (found := _batch(connection, name))]

        return await self._database.read(fetch)

    def _moved(self, number: object) -> None:
        if number:
            self._announcer.publish(Topic.REQUESTS)


def _not_sent(connection: apsw.Connection, request: int, at: float, why: str) -> int:
    """Move what of a request is only intended; what is being sent stays as it is."""
    return move(
        connection, "request", request, ChangeState.NOT_SENT, at,
        problem=why, was=ChangeState.INTENDED,
    )  # fmt: skip


def _batch(connection: apsw.Connection, batch: str) -> Batch | None:
    first = connection.execute(
        "SELECT title, operator, created_at FROM request WHERE batch = ? ORDER BY id LIMIT 1",
        (batch,),
    ).fetchone()
    if first is None:
        return None
    counts: dict[ChangeState, int] = {}
    left = 0
    sql = f"SELECT state, {_LEFT}, count(*) FROM ({_LAST}) AS last GROUP BY 1, 2"
    for state, can_go_on, number in connection.execute(sql, (CALLED_OFF, batch)):
        counts[ChangeState(state)] = counts.get(ChangeState(state), 0) + number
        left += number if can_go_on else 0
    devices = connection.execute(
        "SELECT count(DISTINCT device_key) FROM request_device WHERE request IN "
        "(SELECT id FROM request WHERE batch = ?)",
        (batch,),
    ).get
    operations = connection.execute(
        "SELECT operation FROM request WHERE batch = ? GROUP BY 1 ORDER BY min(id)", (batch,)
    )
    names = tuple(name for (name,) in operations)
    title, operator, created_at = first
    return Batch(batch, title, names, operator, created_at, devices, counts, left)
