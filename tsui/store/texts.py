"""Messages that devices sent, what became of those sent to them, and what of it was read."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.text import storable

_MINE = "account IN (:account, '')"
"""Messages of devices that nobody knew when they came are shown in every account."""


class ReceivedText(NamedTuple):
    """A message that a device sent; its text is hostile until sanitised."""

    id: int
    """0 for one that is not kept yet."""
    origin: str
    """What makes it the same as another."""
    at: float
    """Unix time."""
    account: str
    """Empty where the device was not known when it came."""
    peer: str
    """The device's name in the account, or else ``kind:number`` as it was named."""
    text: str
    """The text, or bytes in base64."""
    is_bytes: bool
    source: str
    """How it came."""


class Receipt(NamedTuple):
    """What the platform told of a message that was sent from here."""

    change: int
    """The device change in the journal."""
    at: float
    """Unix time at which it was told."""
    status: str
    problem: str
    """Why, where it was not delivered; hostile until sanitised."""
    is_final: bool
    """Whether nothing more is to be told."""


class Heard(NamedTuple):
    """What was received from a device, in short."""

    peer: str
    newest: int
    """The id of the newest message."""
    messages: int
    unread: int


class Texts:
    """Messages from devices and receipts of one environment."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def keep(
        self, received: Sequence[ReceivedText], receipts: Sequence[Receipt] = ()
    ) -> None:
        """Write down what came; what was written down before stays as it is."""
        if not received and not receipts:
            return

        def write(connection: apsw.Connection) -> int:
            before = connection.total_changes()
            connection.executemany(
                "INSERT OR IGNORE INTO text_received (origin, at, account, peer, text, is_bytes, "
                "source) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_stored(each) for each in received],
            )
            # Messages come in any order; a final word stays, whatever is told after it.
            connection.executemany(
                "INSERT INTO text_receipt VALUES (?, ?, ?, ?, ?) ON CONFLICT (change) DO UPDATE "
                "SET at = excluded.at, status = excluded.status, problem = excluded.problem, "
                "is_final = excluded.is_final WHERE excluded.is_final >= is_final",
                [
                    (each.change, each.at, storable(each.status), storable(each.problem),
                     each.is_final)
                    for each in receipts
                ],
            )  # fmt: skip
            return connection.total_changes() - before

        await self._database.write(write, self._tell)

    async def newest(self, account: str, looked_at: int) -> dict[str, float]:
        """Return when each device sent something last, looking at so many messages."""
        sql = (
            f"SELECT peer, max(at) FROM (SELECT peer, at FROM text_received WHERE {_MINE} "
            "ORDER BY id DESC LIMIT :limit) GROUP BY peer"
        )
        values = {"account": storable(account), "limit": looked_at}
        return await self._database.read(lambda connection: dict(connection.execute(sql, values)))

    async def heard(self, account: str, peers: Iterable[str]) -> dict[str, Heard]:
        """Return what was received from devices, by their names."""
        sql = (
            "SELECT r.peer, max(r.id), count(*), sum(r.id > coalesce(s.last, 0)) "
            "FROM json_each(:peers) AS wanted "
            "CROSS JOIN text_received AS r ON r.peer = wanted.value "
            "LEFT JOIN text_seen AS s ON s.account = :account AND s.peer = r.peer "
            f"WHERE r.{_MINE} GROUP BY r.peer"
        )
        wanted = json.dumps([storable(each) for each in peers])
        values = {"account": storable(account), "peers": wanted}
        return await self._database.read(
            lambda connection: {row[0]: Heard(*row) for row in connection.execute(sql, values)}
        )

    async def some(self, ids: Iterable[int]) -> dict[int, ReceivedText]:
        """Return messages by their ids."""
        found = await self._received(
            "WHERE id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(ids))}
        )
        return {each.id: each for each in found}

    async def of_peer(self, account: str, peer: str, limit: int) -> list[ReceivedText]:
        """Return the newest messages of a device, the newest first."""
        return await self._received(
            f"WHERE peer = :peer AND {_MINE} ORDER BY id DESC LIMIT :limit",
            {"account": storable(account), "peer": storable(peer), "limit": limit},
        )

    async def receipts(self, changes: Iterable[int]) -> dict[int, Receipt]:
        """Return what was told of changes, by their numbers."""
        sql = "SELECT * FROM text_receipt WHERE change IN (SELECT value FROM json_each(?))"
        wanted = json.dumps(list(changes))

        def fetch(connection: apsw.Connection) -> dict[int, Receipt]:
            rows = (Receipt(*row) for row in connection.execute(sql, (wanted,)))
            return {each.change: each._replace(is_final=bool(each.is_final)) for each in rows}

        return await self._database.read(fetch)

    async def mark_read(self, account: str, peer: str, last: int) -> None:
        """Note that the messages of a device were read up to one."""

        def write(connection: apsw.Connection) -> int:
            connection.execute(
                "INSERT INTO text_seen VALUES (?, ?, ?) ON CONFLICT (account, peer) "
                "DO UPDATE SET last = excluded.last WHERE excluded.last > last",
                (storable(account), storable(peer), last),
            )
            return connection.changes()

        await self._database.write(write, self._tell)

    async def _received(self, rest: str, values: dict[str, str | int]) -> list[ReceivedText]:
        sql = (
            "SELECT id, origin, at, account, peer, text, is_bytes, source "
            f"FROM text_received {rest}"
        )

        def fetch(connection: apsw.Connection) -> list[ReceivedText]:
            rows = (ReceivedText(*row) for row in connection.execute(sql, values))
            return [each._replace(is_bytes=bool(each.is_bytes)) for each in rows]

        return await self._database.read(fetch)

    def _tell(self, changed: object) -> None:
        if changed:
            self._announcer.publish(Topic.INBOX)


def _stored(received: ReceivedText) -> tuple[str | float, ...]:
    return (
        storable(received.origin), received.at, storable(received.account),
        storable(received.peer), storable(received.text), received.is_bytes,
        storable(received.source),
    )  # fmt: skip
