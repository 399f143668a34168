"""Rankings: all devices of an account by how overdue they are, as they were a moment ago.

How often its usual gap a device is silent changes with every second, so no index holds this order.
It is worked out as a whole on a thread that reads, and remembered: a place in a list of ids is
found at once, and a list that stands still can be read.
"""

import asyncio
import sys
import time
from array import array
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple, TypeAlias

import apsw

from tsui.store.database import Database
from tsui.store.query import IS_LATE, NUMBER, Value

QUICK = 0.05
"""Seconds up to which nobody minds to wait: a ranking made in them is made for each look."""

REST = 20
"""A ranking that takes longer is made anew after so many times as long."""

OLD = 60.0
"""Seconds from which on a ranking is waited for rather than shown."""

AT_ONCE = 20_000
"""Ids that are looked through in a step."""

_TIMES = "(? - silent_since) / (expected_at - silent_since)"
"""What an index holds all of: a million of them are looked through in a moment."""

DIGITS = "printf('%08x', id)"
"""An id in eight digits: a million of them are handed over as one text, outside of Python."""

_LATE = (
    f"SELECT group_concat({DIGITS}, '' ORDER BY {_TIMES} DESC, id) "
    f"FROM rhythm WHERE fleet = {NUMBER} AND {IS_LATE}"
)
_ALL = (
    f"SELECT group_concat({DIGITS}, '') FROM "
    f"(SELECT id FROM device WHERE account = {NUMBER} ORDER BY iccid, id)"
)

Ids: TypeAlias = "array[int]"
"""Devices, four bytes each."""


class _Made(NamedTuple):
    """A ranking, and when and in how long it was made, in seconds of a clock that never jumps."""

    ids: Ids
    at: float
    cost: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.at

    @property
    def is_due(self) -> bool:
        return self.cost <= QUICK or self.age >= REST * self.cost


class Rankings:
    """Makes rankings and keeps the last one of each account."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: dict[str, _Made] = {}
        self._making: dict[str, asyncio.Task[_Made]] = {}

    async def of(self, account: str, now: float) -> Ids:
        """Return an account's devices, the most overdue first, then all others by ICCID.

        What takes long to make is made in the background, and the last one serves until then.
        """
        made = self._made.get(account)
        if made is None or made.is_due:
            patience = QUICK if made is not None and made.age < OLD else None
            making = self._begin(account, now)
            done, _ = await asyncio.wait({making}, timeout=patience)
            if made is None or done:
                made = making.result()
        return made.ids

    async def close(self) -> None:
        """Make none any more."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, account: str, now: float) -> "asyncio.Task[_Made]":
        if (task := self._making.get(account)) is None:
            task = asyncio.create_task(self._make(account, now))
            self._making[account] = task
            task.add_done_callback(lambda done: self._ended(account, done))
        return task

    def _ended(self, account: str, done: "asyncio.Task[_Made]") -> None:
        del self._making[account]
        if not done.cancelled() and done.exception() is None:
            self._made[account] = done.result()

    async def _make(self, account: str, now: float) -> _Made:
        began = time.monotonic()
        ids = await self._database.read(lambda connection: rank(connection, account, now))
        ended = time.monotonic()
        return _Made(ids, ended, ended - began)


def rank(connection: apsw.Connection, account: str, now: float) -> Ids:
    """Put an account's devices in order."""
    late = ids_of(connection, _LATE, (now, account, now))
    every = ids_of(connection, _ALL, (account,))
    return late + _chosen(every, late, is_in=False)


def only(ids: Ids, wanted: Ids) -> Ids:
    """Return those of some ids that are wanted, in their order."""
    return _chosen(ids, wanted, is_in=True)


def ids_of(connection: apsw.Connection, sql: str, values: Sequence[Value]) -> Ids:
    """Return the ids that a query hands over in eight digits each, without anything between."""
    ids = array("I", bytes.fromhex(connection.execute(sql, values).get or ""))
    if sys.byteorder == "little":
        ids.byteswap()
    return ids


def place_in(ids: Ids, wanted: int) -> int | None:
    """Return the place of an id; None where it is not among the ids."""
    size = ids.itemsize
    sought, found = wanted.to_bytes(size, sys.byteorder), -1
    data = bytes(ids)
    while (found := data.find(sought, found + 1)) >= 0:
        if found % size == 0:
            return found // size
    return None


def _chosen(ids: Ids, wanted: Ids, *, is_in: bool) -> Ids:
    largest = max((max(each) for part in (ids, wanted) for each in _parts(part)), default=0)
    flags = bytearray([not is_in]) * (largest + 1)
    for each in wanted:
        flags[each] = is_in
    chosen = array("I")
    for part in _parts(ids):
        chosen.extend(compress(part, map(flags.__getitem__, part)))
    return chosen


def _parts(ids: Ids) -> Iterator[Ids]:
    """Yield some ids at a time: what Python does in one step keeps all other threads waiting."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
