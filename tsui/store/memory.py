"""Small things to remember between runs, e.g. the last place."""

import json
from typing import Any

import apsw

from tsui.store.database import Database
from tsui.store.text import storable


class Memory:
    """Named values; losing them costs comfort, nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str, default: Any = None) -> Any:
        """Return a remembered value."""
        text = await self._database.read(
            lambda connection: (
                connection.execute("SELECT value FROM memory WHERE name = ?", (storable(name),)).get
            )
        )
        return default if text is None else json.loads(text)

    async def put(self, name: str, value: Any) -> None:
        """Remember a value that JSON can hold."""

        def write(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO memory VALUES (?, ?)", (storable(name), json.dumps(value))
            )

        await self._database.write(write)
