"""The inbox: callback messages, on the disk before anybody is told that they came.

Another process receives them; the body is kept as it came but for its passwords, so that a kind
nobody knows yet can still be read later.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from tsui.store import schema
from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.errors import DiskFull
from tsui.store.text import storable

ROOM = 256 * 1024 * 1024
"""Bytes of bodies that are kept: half a million messages of the usual size."""

KEPT_SHARE = 0.9
"""Share of the room that is left in use when old messages go, so that they seldom have to."""

PROBE = 64 * 1024
"""Bytes that a probe writes: more than messages usually have."""

FILE = "inbox.db"
"""Name of the file in the folder of an environment."""

_COLUMNS = (
    "id, received_at, last_at, times, service, source, request_id, body, verdict, note, handled_at"
)

_SEARCHED = " || ' ' || ".join(
    ("service", "verdict", "request_id", "source", "note", "CAST(body AS TEXT)")
)
_FITS = (
    "NOT EXISTS (SELECT 1 FROM json_each(:words) AS word "
    f"WHERE NOT instr(lower({_SEARCHED}), lower(word.value)))"
)


class Verdict(StrEnum):
    """What was made of a message."""

    NEW = ""
    """Nobody has read it yet."""
    OUTCOME = "outcome"
    """It tells what became of a change that was made here."""
    ANSWER = "answer"
    """It answers a question that was asked here."""
    NOTICE = "notice"
    """It tells something that nobody asked for."""
    FOREIGN = "foreign"
    """It answers a request that is not known here."""
    UNREADABLE = "unreadable"
    """It is no JSON object."""


class Arrival(NamedTuple):
    """A message that has just come."""

    digest: bytes
    """Equal for messages that are the same, however often they are delivered."""
    received_at: float
    """Unix time."""
    service: str
    """Callback service by the path it came on; empty where that names none."""
    source: str
    """Address it came from."""
    request_id: str
    """The request it answers; empty where it names none."""
    body: bytes
    """The message without its passwords."""


class Message(NamedTuple):
    """A message that is kept."""

    id: int
    received_at: float
    last_at: float
    """Unix time at which it was delivered last."""
    times: int
    """How often it was delivered."""
    service: str
    source: str
    request_id: str
    body: bytes
    verdict: Verdict
    note: str
    """The verdict in words."""
    handled_at: float | None


class Judged(NamedTuple):
    """What was made of a message."""

    message: int
    """Its number."""
    verdict: Verdict
    note: str
    """The verdict in words."""


class Question(NamedTuple):
    """A read whose answer comes by callback."""

    account: str
    operation: str
    """Class name of the operation."""
    is_newest: bool
    """Whether the account has not asked the same again since."""


class Inbox:
    """Callback messages of one environment."""

    def __init__(self, database: Database, announcer: Announcer, *, room: int = ROOM) -> None:
        self._database = database
        self._announcer = announcer
        self._room = room

    async def keep(self, arrivals: Sequence[Arrival]) -> int:
        """Write messages down; all of them are on the disk when this returns.

        Returns how many are new; the others came before and are only counted. Raises DiskFull when
        the room is used up by messages that nobody has read.
        """

        def write(connection: apsw.Connection) -> int:
            fresh = sum(_keep(connection, each) for each in arrivals)
            if fresh:
                self._make_room(connection)
            return fresh

        return await self._database.write(write, self._tell)

    async def probe(self) -> None:
        """Write as much as a large message would take, each time over the last such probe.

        Raises StoreError when a message could not be written down now.
        """

        def write(connection: apsw.Connection) -> None:
            self._make_room(connection, PROBE)
            connection.execute("REPLACE INTO probe VALUES (1, randomblob(?))", (PROBE,))

        await self._database.write(write)

    async def unread(self, limit: int) -> list[Message]:
        """Return messages that nobody has read, oldest first."""
        return await self._messages("WHERE verdict = '' ORDER BY id LIMIT ?", (limit,))

    async def get(self, message: int) -> Message | None:
        """Return a message; None where it is not kept any more."""
        found = await self._messages("WHERE id = ?", (message,))
        return found[0] if found else None

    async def unclaimed(self, request_ids: Iterable[str]) -> list[Message]:
        """Return messages that were taken for somebody else's and answer one of these requests."""
        return await self._messages(
            "WHERE request_id IN (SELECT value FROM json_each(?)) "
            "AND verdict = 'foreign' ORDER BY id",
            (json.dumps(sorted(map(storable, request_ids))),),
        )

    async def of_request(self, request_id: str) -> list[Message]:
        """Return all messages that answer a request, oldest first."""
        return await self._messages("WHERE request_id = ? ORDER BY id", (storable(request_id),))

    async def newest(self, limit: int, offset: int = 0, words: Sequence[str] = ()) -> list[Message]:
        """Return messages that hold all of these words from a place on, newest first."""
        where = f"WHERE {_FITS} " if words else ""
        values = {"words": _words(words), "limit": limit, "offset": offset}
        return await self._messages(f"{where}ORDER BY id DESC LIMIT :limit OFFSET :offset", values)

    async def naming(self, values: Sequence[str], looked_at: int) -> list[Message]:
        """Return messages whose body holds any of these values, newest first.

        Only so many of the newest messages are looked at: it must not take longer with each one
        that is kept.
        """
        wanted = json.dumps([storable(value) for value in values if value])
        return await self._messages(
            "WHERE id > (SELECT coalesce(max(id), 0) FROM message) - ? AND EXISTS "
            "(SELECT 1 FROM json_each(?) AS wanted WHERE instr(CAST(body AS TEXT), wanted.value)) "
            "ORDER BY id DESC",
            (looked_at, wanted),
        )

    async def position(self, message: int, words: Sequence[str] = ()) -> int | None:
        """Return the place of a message in ``newest``; None when it is not there."""
        fits = _FITS if words else "true"
        sql = (
            f"SELECT (SELECT count(*) FROM message WHERE id > :id AND {fits}) "
            f"FROM message WHERE id = :id AND {fits}"
        )
        values = {"words": _words(words), "id": message}

        def place(connection: apsw.Connection) -> int | None:
            after = connection.execute(sql, values).get
            return None if after is None else int(after)

        return await self._database.read(place)

    async def count(self, words: Sequence[str] = ()) -> int:
        """Count the messages that are kept and hold all of these words."""
        sql = "SELECT count(*) FROM message" + (f" WHERE {_FITS}" if words else "")
        values = {"words": _words(words)}
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get)
        )

    async def judge(self, judged: Sequence[Judged], at: float) -> None:
        """Write down what was made of messages."""
        if not judged:
            return

        def write(connection: apsw.Connection) -> int:
            connection.executemany(
                "UPDATE message SET verdict = ?, note = ?, handled_at = ? WHERE id = ?",
                [(each.verdict, storable(each.note), at, each.message) for each in judged],
            )
            return len(judged)

        await self._database.write(write, self._tell)

    async def ask(
        self, request_id: str, account: str, operation: str, at: float,
        fields: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Remember that the answer to a read comes by callback under an id."""
        said = json.dumps(dict(fields or {}))

        def write(connection: apsw.Connection) -> int:
            connection.execute(
                "INSERT OR IGNORE INTO question VALUES (?, ?, ?, ?, ?)",
                (storable(request_id), storable(account), operation, at, said),
            )
            return connection.changes()

        await self._database.write(write, self._tell)

    async def question(self, request_id: str) -> Question | None:
        """Return the read that a request id belongs to; None when none was asked here."""
        sql = (
            "SELECT account, operation, NOT EXISTS (SELECT 1 FROM question AS later "
            "WHERE later.account = q.account AND later.operation = q.operation "
            "AND later.asked_at > q.asked_at) FROM question AS q WHERE request_id = ?"
        )

        def fetch(connection: apsw.Connection) -> Question | None:
            row = connection.execute(sql, (storable(request_id),)).fetchone()
            return None if row is None else Question(row[0], row[1], bool(row[2]))

        return await self._database.read(fetch)

    async def strays(self, since: float) -> set[str]:
        """Return the request ids of messages since a time that were taken for a stranger's."""
        sql = (
            "SELECT DISTINCT request_id FROM message WHERE verdict = 'foreign' AND received_at > ?"
        )
        return await self._database.read(
            lambda connection: {str(row[0]) for row in connection.execute(sql, (since,))}
        )

    async def asked(self, request_ids: Iterable[str]) -> set[str]:
        """Return those of the ids under which an answer to a read was promised."""
        sql = "SELECT request_id FROM question WHERE request_id IN (SELECT value FROM json_each(?))"
        wanted = json.dumps([storable(each) for each in request_ids])
        return await self._database.read(
            lambda connection: {str(row[0]) for row in connection.execute(sql, (wanted,))}
        )

    async def _messages(self, rest: str, values: tuple[Any, ...] | dict[str, Any]) -> list[Message]:
        sql = f"SELECT {_COLUMNS} FROM message {rest}"
        return await self._database.read(
            lambda connection: [_message(row) for row in connection.execute(sql, values)]
        )

    def _make_room(self, connection: apsw.Connection, more: int = 0) -> None:
        """Let the oldest messages go that were read, once there are too many."""
        used = int(connection.execute("SELECT bytes FROM room").get) + more
        if used <= self._room:
            return
        # In one pass: the sum runs over the messages that may go, from the oldest on.
        connection.execute(
            "DELETE FROM message WHERE id IN (SELECT id FROM (SELECT id, "
            "sum(length(body)) OVER (ORDER BY id) - length(body) AS gone "
            "FROM message WHERE verdict <> '') WHERE gone < ?)",
            (used - self._room * KEPT_SHARE,),
        )
        if connection.execute("SELECT bytes FROM room").get + more > self._room:
            raise DiskFull(
                f"The inbox holds {self._room:,} bytes that nobody has read. "
                "Open the dashboard, which reads them."
            )

    def _tell(self, changed: object) -> None:
        if changed:
            self._announcer.publish(Topic.INBOX)


def inbox_file(folder: Path) -> Database:
    """Return the file of an environment's messages, for a process that needs nothing else."""
    return Database(folder / FILE, schema.INBOX, durable=True)


def _keep(connection: apsw.Connection, arrival: Arrival) -> bool:
    """Write a message down, or count it once more; True if it is new."""
    connection.execute(
        "UPDATE message SET times = times + 1, last_at = ? WHERE digest = ?",
        (arrival.received_at, arrival.digest),
    )
    if connection.changes():
        return False
    connection.execute(
        "INSERT INTO message (digest, received_at, last_at, times, service, source, request_id, "
        "body) VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
        (
            arrival.digest, arrival.received_at, arrival.received_at, storable(arrival.service),
            storable(arrival.source), storable(arrival.request_id), arrival.body,
        ),
    )  # fmt: skip
    return True


def _words(words: Sequence[str]) -> str:
    return json.dumps([storable(word) for word in words])


def _message(row: tuple[Any, ...]) -> Message:
    message = Message(*row)
    return message._replace(verdict=Verdict(message.verdict))
