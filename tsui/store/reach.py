"""Reachability as callbacks told it: monitors by their ids, and what each message tells."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.text import storable

MOST = 200_000
"""Messages whose meaning is kept; beyond, the oldest go."""


class What(StrEnum):
    """What a message tells."""

    REACHABLE = "reachable"
    LOST = "lost"
    SET = "set"
    """A monitor is there; it says nothing of the device."""
    STOPPED = "stopped"
    LISTED = "listed"
    """The platform lists a monitor."""
    NONE = "none"
    """The platform lists no monitor of the device."""
    ASLEEP = "no status yet"
    """The device cannot be reached now; another message follows when it can (documented)."""
    FAILED = "failed"
    OTHER = "other"
    """It speaks of a monitor in words that nobody knows."""


class Sign(NamedTuple):
    """What one message tells of a device."""

    message: int
    """Number of the callback message."""
    at: float
    """Unix time at which it came."""
    account: str
    """The account; empty where nobody knows whose it is."""
    device: str
    """The device's name in the account, or how the message named it where nobody knows it."""
    monitor: str
    """The monitor's id; empty where it names none."""
    request_id: str
    """The request it answers."""
    what: What
    until: float
    """Unix time until when a device that can be reached should stay so; 0 where not told."""
    watch: str
    """What is watched, or was asked."""
    said: str
    """The platform's own words; hostile until sanitised."""


class Told(NamedTuple):
    """A monitor of one device that callbacks told of."""

    id: int
    name: str
    """The platform's id of it."""
    device: str
    account: str
    request_id: str
    """The request that set it; empty where no message told."""
    watch: str
    is_ours: bool
    """Whether it was set from here."""
    first_message: int
    """The first message that named it."""
    told_at: float
    """Unix time of its last sign."""
    stopped_at: float | None
    missing_at: float | None
    """Unix time at which the platform did not list it any more."""

    @property
    def is_over(self) -> bool:
        """Whether it was stopped, or is not listed any more."""
        return self.stopped_at is not None or self.missing_at is not None


class Sum(NamedTuple):
    """What callbacks told of all monitors that one request set."""

    told: int
    """How many have an id."""
    alive: int
    """How many of those are neither stopped nor missing."""
    stopped: int
    told_at: float
    """Unix time of the last sign."""
    stopping: int
    """How many of those that are alive are being stopped."""


_TOLD = ", ".join(Told._fields)
_SIGN = ", ".join(Sign._fields)
_SPEAKS = "what IN ('reachable', 'lost')"


class Reach:
    """What callbacks told of reachability in one environment."""

    def __init__(self, database: Database, announcer: Announcer, *, most: int = MOST) -> None:
        self._database = database
        self._announcer = announcer
        self._most = most

    async def keep(self, signs: Sequence[Sign], ours: Iterable[int]) -> None:
        """Write down what messages tell; one that was written down before is written anew.

        ``ours`` are the messages about monitors that were set from here.
        """
        if not signs:
            return
        mine = frozenset(ours)

        def write(connection: apsw.Connection) -> bool:
            for sign in signs:
                _keep(connection, sign, is_ours=sign.message in mine)
            sql = "DELETE FROM reach WHERE message <= (SELECT max(message) FROM reach) - ?"
            connection.execute(sql, (self._most,))
            return True

        await self._database.write(write, self._tell)

    async def first_messages(self, names: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Return the first message about each monitor, and the request that set it."""
        sql = (
            "SELECT name, min(first_message), max(request_id) FROM monitor "
            "WHERE name IN (SELECT value FROM json_each(?)) GROUP BY name"
        )
        wanted = _array(names)
        return await self._database.read(
            lambda connection: {
                row[0]: (int(row[1]), str(row[2])) for row in connection.execute(sql, (wanted,))
            }
        )

    async def sums(self, requests: Iterable[str], stopping: Iterable[str]) -> dict[str, Sum]:
        """Return what was told of the monitors of requests, by the requests' ids."""
        sql = (
            "SELECT request_id, count(*), "
            "count(*) FILTER (WHERE stopped_at IS NULL AND missing_at IS NULL), "
            "count(stopped_at), max(told_at), count(*) FILTER (WHERE stopped_at IS NULL "
            "AND missing_at IS NULL AND name IN (SELECT value FROM json_each(?))) "
            "FROM monitor WHERE request_id <> '' AND is_ours "
            "AND request_id IN (SELECT value FROM json_each(?)) GROUP BY request_id"
        )
        values = (_array(stopping), _array(requests))
        return await self._database.read(
            lambda connection: {row[0]: Sum(*row[1:]) for row in connection.execute(sql, values)}
        )

    async def of_request(self, request_id: str) -> list[Told]:
        """Return the monitors that a request set."""
        return await self._monitors("WHERE request_id = ? ORDER BY id", (storable(request_id),))

    async def elsewhere(self, account: str, limit: int) -> list[Told]:
        """Return monitors that were not set from here, newest first."""
        sql = "WHERE NOT is_ours AND account IN (?, '') ORDER BY id DESC LIMIT ?"
        return await self._monitors(sql, (storable(account), limit))

    async def watched(self, account: str, requests: Iterable[str], limit: int) -> list[str]:
        """Return devices that these requests watch, or others from elsewhere, by name."""
        sql = (
            "SELECT DISTINCT device FROM monitor WHERE account = ? AND stopped_at IS NULL AND "
            "missing_at IS NULL AND (NOT is_ours OR request_id IN "
            "(SELECT value FROM json_each(?))) ORDER BY device LIMIT ?"
        )
        values = (storable(account), _array(requests), limit)
        return await self._database.read(
            lambda connection: [str(row[0]) for row in connection.execute(sql, values)]
        )

    async def newest(self, account: str, limit: int, devices: Iterable[str] = ()) -> list[Sign]:
        """Return what was told last, newest first; of some devices only where any is named."""
        wanted = _array(devices)
        only = "" if wanted == "[]" else "AND device IN (SELECT value FROM json_each(:devices)) "
        sql = f"WHERE account = :account {only}ORDER BY message DESC LIMIT :limit"
        values = {"account": storable(account), "devices": wanted, "limit": limit}
        return await self._signs(sql, values)

    async def count_since(self, account: str, since: float) -> dict[What, int]:
        """Count what was told since a Unix time."""
        sql = "SELECT what, count(*) FROM reach WHERE at >= ? AND account = ? GROUP BY 1"
        values = (since, storable(account))
        return await self._database.read(
            lambda connection: {What(row[0]): row[1] for row in connection.execute(sql, values)}
        )

    async def windows(self, account: str, since: float) -> list[Sign]:
        """Return the newest word on each device that could be reached until after a Unix time.

        Those without an end are among them where they came after it. The first to end come first.
        """
        sql = (
            f"WHERE what = 'reachable' AND account = :account AND (until > :since OR at > :since) "
            f"AND message = (SELECT max(message) FROM reach AS later WHERE later.account = "
            f"reach.account AND later.device = reach.device AND {_SPEAKS}) ORDER BY until, message"
        )
        return await self._signs(sql, {"account": storable(account), "since": since})

    async def last_words(self, account: str, devices: Iterable[str]) -> dict[str, Sign]:
        """Return the newest word on devices, whether each can be reached; by device."""
        sql = (
            "WHERE account = :account AND message IN (SELECT max(message) FROM reach AS one "
            f"WHERE one.account = :account AND {_SPEAKS} "
            "AND one.device IN (SELECT value FROM json_each(:devices)) GROUP BY one.device)"
        )
        values = {"account": storable(account), "devices": _array(devices)}
        return {sign.device: sign for sign in await self._signs(sql, values)}

    async def _monitors(self, rest: str, values: tuple[Any, ...]) -> list[Told]:
        sql = f"SELECT {_TOLD} FROM monitor {rest}"
        return await self._database.read(
            lambda connection: [
                (row := Told(*each))._replace(is_ours=bool(row.is_ours))
                for each in connection.execute(sql, values)
            ]
        )

    async def _signs(self, rest: str, values: Mapping[str, Any]) -> list[Sign]:
        sql = f"SELECT {_SIGN} FROM reach {rest}"
        return await self._database.read(
            lambda connection: [
                (row := Sign(*each))._replace(what=What(row.what))
                for each in connection.execute(sql, dict(values))
            ]
        )

    def _tell(self, changed: bool) -> None:
        if changed:
            self._announcer.publish(Topic.MONITORS)


def _keep(connection: apsw.Connection, sign: Sign, *, is_ours: bool) -> None:
    words = (sign.account, sign.device, sign.monitor, sign.request_id)
    account, device, monitor, request_id = map(storable, words)
    connection.execute(
        "REPLACE INTO reach VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sign.message, sign.at, account, device, monitor, request_id, sign.what, sign.until,
            storable(sign.watch), storable(sign.said),
        ),
    )  # fmt: skip
    if sign.what is What.NONE:
        connection.execute(
            "UPDATE monitor SET missing_at = ? WHERE account = ? AND device = ? AND told_at < ? "
            "AND stopped_at IS NULL AND missing_at IS NULL",
            (sign.at, account, device, sign.at),
        )
    if not monitor:
        return
    if sign.what is What.STOPPED:
        connection.execute(
            "UPDATE monitor SET told_at = max(told_at, ?), stopped_at = coalesce(stopped_at, ?) "
            "WHERE name = ?",
            (sign.at, sign.at, monitor),
        )
        if connection.changes():
            return
    # The request that set it is told by its own messages; those that stop or list have another.
    sets = "" if sign.what in (What.STOPPED, What.LISTED, What.OTHER) else request_id
    stopped = sign.at if sign.what is What.STOPPED else None
    connection.execute(
        "INSERT INTO monitor (name, device, account, request_id, watch, is_ours, first_message, "
        "told_at, stopped_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name, device) DO UPDATE SET "
        "account = iif(excluded.account = '', account, excluded.account), "
        "request_id = iif(request_id = '' OR excluded.is_ours, "
        "iif(excluded.request_id = '', request_id, excluded.request_id), request_id), "
        "watch = iif(excluded.watch = '', watch, excluded.watch), "
        "is_ours = max(is_ours, excluded.is_ours), "
        "first_message = min(first_message, excluded.first_message), "
        "told_at = max(told_at, excluded.told_at), "
        "stopped_at = coalesce(stopped_at, excluded.stopped_at), "
        "missing_at = iif(excluded.told_at > missing_at, NULL, missing_at)",
        (
            monitor, device, account, sets, storable(sign.watch), is_ours, sign.message, sign.at,
            stopped,
        ),
    )  # fmt: skip


def _array(values: Iterable[str]) -> str:
    return json.dumps([storable(each) for each in values])
