"""Notices: what was told or noticed and may matter to somebody, one row each, kept for good."""

import json
from collections.abc import Sequence, Sized
from typing import Any

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.mutes import Mutes
from tsui.store.notice import Draft, Notice, Severity, Way
from tsui.store.notice_query import MUTED, NoticeQuery
from tsui.store.notice_writing import put
from tsui.store.text import storable

__all__ = ["Draft", "Notice", "NoticeQuery", "Notices", "Severity", "Way"]

MOST = 200_000
"""Notices that are kept; beyond, the oldest go: a month of one every thirteen seconds."""

_COLUMNS = (
    "id, at, severity, kind, account, device, subject, sentence, source, message, change, body, "
    f"groups, devices, acked_at, acked_by, ack_note, {MUTED}"
)


class Notices:
    """The notices of one environment."""

    def __init__(self, database: Database, announcer: Announcer, *, most: int = MOST) -> None:
        self._database = database
        self._announcer = announcer
        self._most = most
        self.mutes = Mutes(database, self._tell_of_mute)
        """Which are to be quieter."""

    async def keep(self, drafts: Sequence[Draft], read: tuple[str, int] | None = None) -> list[int]:
        """Write notices down; returns the ids of those that are new or say more now.

        ``read`` names what they were read from, and its last number, which ``bookmark`` tells.
        """
        if not drafts and read is None:
            return []

        def write(connection: apsw.Connection) -> list[int]:
            fresh = [id for each in drafts if (id := put(connection, each)) is not None]
            if fresh:
                connection.execute(
                    "DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?",
                    (self._most,),
                )
            if read is not None:
                connection.execute("INSERT OR REPLACE INTO notice_bookmark VALUES (?, ?)", read)
            return fresh

        return await self._database.write(write, self._tell)

    async def bookmark(self, name: str) -> int | None:
        """Return the last number that was read of something; None where nothing ever was."""
        sql = "SELECT number FROM notice_bookmark WHERE name = ?"
        return await self._database.read(lambda connection: connection.execute(sql, (name,)).get)

    async def get(self, notice: int, now: float = 0.0) -> Notice | None:
        """Return a notice."""
        found = await self._notices("WHERE id = :id", {"id": notice, "now": now})
        return found[0] if found else None

    async def window(self, query: NoticeQuery, offset: int, limit: int) -> list[Notice]:
        """Return notices from a place on, newest first."""
        where, values = query.condition()
        return await self._notices(
            f"WHERE {where} ORDER BY id DESC LIMIT :limit OFFSET :offset",
            values | {"limit": limit, "offset": offset},
        )

    async def before(self, query: NoticeQuery, notice: int | None, limit: int) -> list[Notice]:
        """Return notices that are older than one, newest first; None begins with the newest."""
        where, values = query.condition()
        older = "" if notice is None else "id < :before AND "
        return await self._notices(
            f"WHERE {older}{where} ORDER BY id DESC LIMIT :limit",
            values | {"limit": limit, "before": notice},
        )

    async def count(self, query: NoticeQuery) -> int:
        """Count notices."""
        where, values = query.condition()
        sql = f"SELECT count(*) FROM notice WHERE {where}"
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get)
        )

    async def newest_id(self, query: NoticeQuery) -> int:
        """Return the highest number of a notice; 0 where there is none."""
        where, values = query.condition()
        sql = f"SELECT coalesce(max(id), 0) FROM notice WHERE {where}"
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get)
        )

    async def ids(self, query: NoticeQuery) -> list[int]:
        """Return the numbers of notices, newest first."""
        where, values = query.condition()
        sql = f"SELECT id FROM notice WHERE {where} ORDER BY id DESC"
        return await self._database.read(
            lambda connection: [int(row[0]) for row in connection.execute(sql, values)]
        )

    async def position(self, query: NoticeQuery, notice: int) -> int | None:
        """Return the place of a notice in ``window``; None when it is not there."""
        where, values = query.condition()
        sql = (
            f"SELECT (SELECT count(*) FROM notice WHERE id > :id AND {where}) "
            f"FROM notice WHERE id = :id AND {where}"
        )

        def place(connection: apsw.Connection) -> int | None:
            after = connection.execute(sql, values | {"id": notice}).get
            return None if after is None else int(after)

        return await self._database.read(place)

    async def kinds(self, query: NoticeQuery) -> dict[str, int]:
        """Count notices by kind."""
        where, values = query.condition()
        sql = f"SELECT kind, count(*) FROM notice WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        return await self._database.read(lambda connection: dict(connection.execute(sql, values)))

    async def severities(self, query: NoticeQuery) -> dict[Severity, int]:
        """Count notices by severity."""
        where, values = query.condition()
        sql = f"SELECT severity, count(*) FROM notice WHERE {where} GROUP BY 1"
        return await self._database.read(
            lambda connection: {
                Severity(row[0]): int(row[1]) for row in connection.execute(sql, values)
            }
        )

    async def acknowledge(self, notices: Sequence[int], at: float, by: str, note: str) -> int:
        """Note that somebody took note; returns for how many nobody had yet."""
        return await self._update(
            notices,
            "acked_at = :at, acked_by = :by, ack_note = :note",
            "acked_at IS NULL",
            {"at": at, "by": storable(by), "note": storable(note)},
        )

    async def take_back(self, notices: Sequence[int]) -> int:
        """Note that somebody should look again after all; returns how many were acknowledged."""
        return await self._update(
            notices, "acked_at = NULL, acked_by = '', ack_note = ''", "acked_at IS NOT NULL", {}
        )

    async def _update(
        self, notices: Sequence[int], what: str, only: str, values: dict[str, Any]
    ) -> int:
        sql = (
            f"UPDATE notice SET {what} WHERE {only} "
            "AND id IN (SELECT value FROM json_each(:ids)) RETURNING id"
        )

        def write(connection: apsw.Connection) -> list[int]:
            ids = values | {"ids": json.dumps(list(notices))}
            return [int(row[0]) for row in connection.execute(sql, ids)]

        return len(await self._database.write(write, self._tell))

    async def _notices(self, rest: str, values: dict[str, Any]) -> list[Notice]:
        sql = f"SELECT {_COLUMNS} FROM notice {rest}"
        return await self._database.read(
            lambda connection: [_notice(row) for row in connection.execute(sql, values)]
        )

    def _tell(self, changed: Sized) -> None:
        if changed:
            self._announcer.publish(Topic.NOTICES)

    def _tell_of_mute(self, changed: object) -> None:
        if changed:
            self._announcer.publish(Topic.NOTICES)


def _notice(row: tuple[Any, ...]) -> Notice:
    notice = Notice(*row)
    return notice._replace(
        severity=Severity(notice.severity), body=json.loads(notice.body), muted=Way(notice.muted)
    )
