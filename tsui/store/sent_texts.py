"""Messages to devices, as the journal has them, and those that are still being written."""

import json
from collections.abc import Iterable
from typing import NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.text import storable


class SentTo(NamedTuple):
    """What was sent to a device, in short."""

    device_key: str
    newest: int
    """The number of the newest device change."""
    at: float
    """Unix time at which that was sent, or confirmed while it is not."""
    messages: int


class SentTexts:
    """What of the journal is a message, and drafts of such."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sent(self, account: str, operations: Iterable[str]) -> list[SentTo]:
        """Return what was sent to each device of an account by some operations."""
        sql = (
            # With max() SQLite takes the other columns from the row that has it.
            "SELECT d.device_key, max(d.id), coalesce(r.sending_at, r.created_at), count(*) "
            "FROM request AS r "
            "CROSS JOIN request_device AS d ON d.request = r.id "
            "WHERE r.account = ? AND r.operation IN (SELECT value FROM json_each(?)) "
            "AND d.kind <> 'account' GROUP BY d.device_key"
        )
        values = (storable(account), json.dumps(list(operations)))
        return await self._database.read(
            lambda connection: [SentTo(*row) for row in connection.execute(sql, values)]
        )

    async def draft(self, account: str, name: str) -> str:
        """Return what was written; empty where nothing was."""
        sql = "SELECT text FROM text_draft WHERE account = ? AND name = ?"
        found = await self._database.read(
            lambda connection: connection.execute(sql, (storable(account), storable(name))).get
        )
        return str(found or "")

    async def keep_draft(self, account: str, name: str, text: str, at: float) -> None:
        """Keep what is being written; an empty text is forgotten."""
        where = (storable(account), storable(name))

        def write(connection: apsw.Connection) -> None:
            if text:
                connection.execute(
                    "INSERT OR REPLACE INTO text_draft VALUES (?, ?, ?, ?)",
                    (*where, storable(text), at),
                )
            else:
                connection.execute("DELETE FROM text_draft WHERE account = ? AND name = ?", where)

        await self._database.write(write)
