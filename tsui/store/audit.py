"""The audit: what was done here, row by row, each chained to the one before by its hash.

A row's hash covers the row and the hash before it, so that a row that is changed, removed, moved or
put in later is found. It does not keep whoever may write the file from making all of it anew; for
that the newest hash has to be noted elsewhere and looked for again.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.text import storable

GENESIS = "0" * 64
"""The hash before the first row."""


class Actor(NamedTuple):
    """Who does something."""

    operator: str
    """Name of the user of the operating system."""
    profile: str
    """Profile of the settings; empty for one that is not saved."""


class AuditRow(NamedTuple):
    """One event, as the file has it."""

    id: int
    """Its number, without a gap."""
    at: float
    """Unix time."""
    operator: str
    """User of the operating system who did it."""
    profile: str
    """Profile of the settings it was done with."""
    environment: str
    """The host."""
    account: str
    """The account."""
    event: str
    """The state a change went to."""
    operation: str
    """Class name of the operation."""
    title: str
    """The change in words."""
    fields: str
    """What was to be sent, as JSON without secrets; only where a change begins."""
    request: int | None
    """Number of the request in the journal."""
    request_id: str
    """The platform's id of the request."""
    devices: int
    """Devices of the request."""
    device: str
    """The device it is about; empty for all of the request."""
    note: str
    """Why it was done, in the operator's words."""
    problem: str
    """Why it did not go well; may hold words from outside."""
    evidence: str
    """What the event rests on."""
    hash: str
    """SHA-256 over the row and the hash before it."""


class Verdict(NamedTuple):
    """What became of a check of the chain."""

    rows: int
    """Rows that fit."""
    head: str
    """Hash of the last row that fits."""
    broken: int | None = None
    """Number of the first row that does not fit; None when all do."""
    why: str = ""
    """What is wrong there, in a sentence."""


_COLUMNS = ", ".join(AuditRow._fields)
_LISTED = ", ".join("'' AS fields" if name == "fields" else name for name in AuditRow._fields)
_SEARCHED = " || ' ' || ".join(
    f"coalesce({name}, '')"
    for name in (
        "event", "title", "operation", "operator", "profile", "account", "'request ' || request",
        "request_id", "device", "fields", "note", "problem", "evidence",
    )
)  # fmt: skip
_FITS = (
    "NOT EXISTS (SELECT 1 FROM json_each(:words) AS word "
    f"WHERE NOT instr(lower({_SEARCHED}), lower(word.value)))"
)


def append(connection: apsw.Connection, row: AuditRow) -> None:
    """Write an event, in the transaction of its caller; its number and hash are made here."""
    last = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    number, previous = last or (0, GENESIS)
    values: list[Any] = [storable(each) if isinstance(each, str) else each for each in row]
    stored = AuditRow(*values)._replace(id=number + 1, at=float(row.at))
    places = ", ".join("?" * len(stored))
    connection.execute(
        f"INSERT INTO audit ({_COLUMNS}) VALUES ({places})",
        stored._replace(hash=chained(stored, previous)),
    )


def chained(row: AuditRow, previous: str) -> str:
    """Return the hash of a row that comes after the row with the hash ``previous``."""
    content = {**row._asdict(), "hash": previous}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Audit:
    """The events, newest first, and the check of their chain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, words: Sequence[str] = ()) -> int:
        """Count the events that hold all of these words."""
        values = {"words": _words(words)}
        where = f" WHERE {_FITS}" if words else ""

        def count(connection: apsw.Connection) -> int:
            return int(connection.execute(f"SELECT count(*) FROM audit{where}", values).get)

        return await self._database.read(count)

    async def window(self, words: Sequence[str], offset: int, limit: int) -> list[AuditRow]:
        """Return events that hold all of these words, newest first, without what was sent."""
        where = f"WHERE {_FITS} " if words else ""
        sql = f"SELECT {_LISTED} FROM audit {where}ORDER BY id DESC LIMIT :limit OFFSET :offset"
        return await self._rows(sql, {"words": _words(words), "offset": offset, "limit": limit})

    async def position(self, words: Sequence[str], number: int) -> int | None:
        """Return the place of an event in ``window``; None when it is not there."""
        fits = _FITS if words else "true"
        sql = (
            f"SELECT (SELECT count(*) FROM audit WHERE id > :id AND {fits}) "
            f"FROM audit WHERE id = :id AND {fits}"
        )
        values = {"words": _words(words), "id": number}

        def place(connection: apsw.Connection) -> int | None:
            after = connection.execute(sql, values).get
            return None if after is None else int(after)

        return await self._database.read(place)

    async def get(self, number: int) -> AuditRow | None:
        """Return one event, whole."""
        found = await self._rows(f"SELECT {_COLUMNS} FROM audit WHERE id = :id", {"id": number})
        return found[0] if found else None

    async def after(
        self, number: int, limit: int, *, since: float = 0.0, words: Sequence[str] = ()
    ) -> list[AuditRow]:
        """Return whole events that come after one and not before a time, oldest first."""
        where = f"AND {_FITS} " if words else ""
        sql = (
            f"SELECT {_COLUMNS} FROM audit WHERE id > :id AND at >= :since {where}"
            "ORDER BY id LIMIT :limit"
        )
        values = {"words": _words(words), "id": number, "since": since, "limit": limit}
        return await self._rows(sql, values)

    async def of_events(
        self, number: int, events: Sequence[str], limit: int, *, since: float
    ) -> tuple[list[AuditRow], int]:
        """Return events of some names after one, oldest first, and the number of the last of all.

        Those before a time are left out.
        """
        sql = (
            f"SELECT {_COLUMNS} FROM audit WHERE id > :id AND at >= :since "
            "AND event IN (SELECT value FROM json_each(:events)) ORDER BY id LIMIT :limit"
        )
        values = {"id": number, "since": since, "events": json.dumps(events), "limit": limit}

        def fetch(connection: apsw.Connection) -> tuple[list[AuditRow], int]:
            head = connection.execute("SELECT max(id) FROM audit").get or 0
            return [AuditRow(*row) for row in connection.execute(sql, values)], int(head)

        return await self._database.read(fetch)

    async def write(self, row: AuditRow) -> None:
        """Write an event that is about no request; its number and hash are made here."""
        await self._database.write(lambda connection: append(connection, row))

    async def verify(self, head: str = "") -> Verdict:
        """Check every row against the one before; with ``head``, look for that hash as well."""
        return await self._database.read(lambda connection: _verify(connection, head))

    async def _rows(self, sql: str, values: dict[str, Any]) -> list[AuditRow]:
        def fetch(connection: apsw.Connection) -> list[AuditRow]:
            return [AuditRow(*row) for row in connection.execute(sql, values)]

        return await self._database.read(fetch)


def _words(words: Sequence[str]) -> str:
    return json.dumps([storable(word) for word in words])


def _verify(connection: apsw.Connection, head: str) -> Verdict:
    good = Verdict(0, GENESIS)
    is_met = not head
    for row in _all_rows(connection):
        if why := _misfit(row, good):
            return good._replace(broken=row.id, why=why)
        good = Verdict(row.id, row.hash)
        is_met = is_met or row.hash == head
    ever = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").get or 0
    if ever != good.rows:
        why = f"It ends with row {good.rows}, but the file has counted {ever}."
        return good._replace(broken=good.rows + 1, why=why)
    if not is_met:
        why = f"No row has the hash {head}: the end was cut off, or all of it was made anew."
        return good._replace(broken=good.rows + 1, why=why)
    return good


def _misfit(row: AuditRow, before: Verdict) -> str:
    if row.id != before.rows + 1:
        return f"Row {before.rows + 1} is missing."
    if row.hash != chained(row, before.head):
        return "It was changed, or it is not the row that was written here."
    return ""


def _all_rows(connection: apsw.Connection) -> Iterator[AuditRow]:
    for row in connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY id"):
        yield AuditRow(*row)
