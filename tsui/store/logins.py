"""Refused logins, remembered across runs: the platform locks a contact after five in a row."""

import apsw

from tsui.store.database import Database
from tsui.store.text import storable


class Logins:
    """How often in a row a user's login was refused."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def refused(self, username: str) -> int:
        """Return the number of refusals in a row."""
        return await self._database.read(
            lambda connection: int(
                connection.execute(
                    "SELECT refused FROM login WHERE username = ?", (storable(username),)
                ).get
                or 0
            )
        )

    async def note_refusal(self, username: str, at: float) -> None:
        """Count one more refusal."""

        def write(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT INTO login VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET "
                "refused = refused + 1, last_at = excluded.last_at",
                (storable(username), at),
            )

        await self._database.write(write)

    async def note_success(self, username: str) -> None:
        """Start counting anew."""

        def write(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM login WHERE username = ?", (storable(username),))

        await self._database.write(write)
