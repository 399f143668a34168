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
    messages: int


class SentTexts:
    """What of the journal is a message, and drafts of such."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(
        self, account: str, operations: Iterable[str], looked_at: int
    ) -> dict[str, float]:
        """Return when something was sent to each device last, looking at so many messages."""
        # Backwards by the request's number, and no further than needed: the sign keeps SQLite
        # from taking an index, after which it would have to sort all of them.
        sql = (
            "SELECT device_key, max(at) FROM (SELECT d.device_key, "
            "coalesce(r.sending_at, r.created_at) AS at FROM request AS r "
            "CROSS JOIN request_device AS d ON d.request = r.id WHERE +r.account = ? "
            "AND +r.operation IN (SELECT value FROM json_each(?)) AND d.kind <> 'account' "
            "ORDER BY r.id DESC LIMIT ?) GROUP BY device_key"
        )
        values = (storable(account), json.dumps(list(operations)), looked_at)
        return await self._database.read(lambda connection: dict(connection.execute(sql, values)))

    async def sent(
        self, account: str, operations: Iterable[str], keys: Iterable[str]
    ) -> dict[str, SentTo]:
        """Return what was sent to devices by some operations, by their names."""
        sql = (
            "SELECT d.device_key, max(d.id), count(*) FROM json_each(?) AS wanted "
            "CROSS JOIN request_device AS d ON d.device_key = wanted.value "
            "JOIN request AS r ON r.id = d.request "
            "WHERE r.account = ? AND r.operation IN (SELECT value FROM json_each(?)) "
            "GROUP BY d.device_key"
        )
        wanted = json.dumps([storable(key) for key in keys])
        values = (wanted, storable(account), json.dumps(list(operations)))
        return await self._database.read(
            lambda connection: {row[0]: SentTo(*row) for row in connection.execute(sql, values)}
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
