"""Notices: what was told or noticed and may matter to somebody, one row each, kept for good."""

import json
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.text import storable

MOST = 200_000
"""Notices that are kept; beyond, the oldest go: a month of one every thirteen seconds."""

_COLUMNS = (
    "id, at, severity, kind, account, device, subject, sentence, source, message, change, body, "
    "acked_at, acked_by, ack_note"
)
_SEARCHED = "lower(kind || ' ' || subject || ' ' || sentence || ' ' || source || ' ' || ack_note)"


class Severity(IntEnum):
    """How much a notice matters."""

    INFO = 0
    """Good to know."""
    WARNING = 1
    """Somebody should look at it this day."""
    ALARM = 2
    """Somebody should look at it now."""


class Draft(NamedTuple):
    """A notice that is not written down yet."""

    origin: str
    """What it comes from, e.g. ``message:12``; the same origin makes no second notice."""
    at: float
    """Unix time at which it happened, or was told."""
    severity: Severity
    kind: str
    """What it is about in one word, e.g. ``resume``."""
    sentence: str
    """What happened; hostile until sanitised."""
    source: str
    """Who says so, e.g. a callback service."""
    account: str = ""
    """The account; empty where nobody knows whose it is."""
    device: str = ""
    """The device's name in the account; empty where it is about none, or about one not known."""
    subject: str = ""
    """What it is about, as the source named it; hostile until sanitised."""
    message: int | None = None
    """The callback message it was read from."""
    change: int | None = None
    """The device change it is about."""
    body: Any = None
    """All that is known of it, where no message holds that."""


class Notice(NamedTuple):
    """A notice that is kept."""

    id: int
    at: float
    severity: Severity
    kind: str
    account: str
    device: str
    subject: str
    sentence: str
    source: str
    message: int | None
    change: int | None
    body: Any
    acked_at: float | None
    """Unix time at which somebody took note of it; None where nobody has."""
    acked_by: str
    ack_note: str


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """Which notices are wanted; what is left empty does not matter."""

    account: str
    """The account; notices of no account are always among them."""
    words: Sequence[str] = ()
    """Words that a notice has to hold, all of them."""
    at_least: Severity = Severity.INFO
    """The lowest severity."""
    kinds: Sequence[str] = ()
    """Kinds of which it has to be one."""
    device: str = ""
    """The device's name in the account."""
    is_acked: bool | None = None
    """Whether somebody took note of it."""
    since: float = 0.0
    """Unix time before which it must not have happened."""

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return it as SQL, with the values."""
        parts = ["account IN (:account, '')", "severity >= :severity", "at >= :since"]
        if self.words:
            parts.append(
                "NOT EXISTS (SELECT 1 FROM json_each(:words) AS word "
                f"WHERE NOT instr({_SEARCHED}, lower(word.value)))"
            )
        if self.kinds:
            parts.append("kind IN (SELECT value FROM json_each(:kinds))")
        if self.device:
            parts.append("device = :device")
        if self.is_acked is not None:
            parts.append("acked_at IS NOT NULL" if self.is_acked else "acked_at IS NULL")
        values = {
            "account": storable(self.account),
            "severity": int(self.at_least),
            "since": self.since,
            "words": json.dumps([storable(word) for word in self.words]),
            "kinds": json.dumps([storable(kind) for kind in self.kinds]),
            "device": storable(self.device),
        }
        return " AND ".join(parts), values


class Notices:
    """The notices of one environment."""

    def __init__(self, database: Database, announcer: Announcer, *, most: int = MOST) -> None:
        self._database = database
        self._announcer = announcer
        self._most = most

    async def keep(self, drafts: Sequence[Draft]) -> list[int]:
        """Write notices down; returns the ids of those that are new."""
        if not drafts:
            return []

        def write(connection: apsw.Connection) -> list[int]:
            fresh = [id for each in drafts if (id := _keep(connection, each)) is not None]
            if fresh:
                connection.execute(
                    "DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?",
                    (self._most,),
                )
            return fresh

        return await self._database.write(write, self._tell)

    async def get(self, notice: int) -> Notice | None:
        """Return a notice."""
        found = await self._notices("WHERE id = :id", {"id": notice})
        return found[0] if found else None

    async def window(self, query: NoticeQuery, offset: int, limit: int) -> list[Notice]:
        """Return notices from a place on, newest first."""
        where, values = query.condition()
        return await self._notices(
            f"WHERE {where} ORDER BY id DESC LIMIT :limit OFFSET :offset",
            values | {"limit": limit, "offset": offset},
        )

    async def count(self, query: NoticeQuery) -> int:
        """Count notices."""
        where, values = query.condition()
        sql = f"SELECT count(*) FROM notice WHERE {where}"
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get)
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


def _keep(connection: apsw.Connection, draft: Draft) -> int | None:
    """Write a notice down and return its id; None where its origin made one before."""
    found = connection.execute(
        "INSERT OR IGNORE INTO notice (origin, at, severity, kind, account, device, subject, "
        "sentence, source, message, change, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "RETURNING id",
        (
            storable(draft.origin), draft.at, int(draft.severity), storable(draft.kind),
            storable(draft.account), storable(draft.device), storable(draft.subject),
            storable(draft.sentence), storable(draft.source), draft.message, draft.change,
            json.dumps(draft.body),
        ),
    ).fetchone()  # fmt: skip
    return None if found is None else int(found[0])


def _notice(row: tuple[Any, ...]) -> Notice:
    notice = Notice(*row)
    return notice._replace(severity=Severity(notice.severity), body=json.loads(notice.body))
