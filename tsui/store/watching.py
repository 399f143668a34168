"""What reachability comes to, counted for those who watch all of it."""

from tsui.store.database import Database
from tsui.store.text import storable

LATELY = 86_400.0
"""Seconds for which the loss of a device is news."""


class Watching:
    """Counts of the tables of reachability."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_lost(self, account: str, now: float) -> int:
        """Count devices that were told to be lost within a day, and not reachable since."""
        # A bare column next to max() is that of the row which has the maximum.
        sql = (
            "SELECT count(*) FROM (SELECT what, max(message) FROM reach WHERE account = ? "
            "AND at > ? AND what IN ('reachable', 'lost') GROUP BY device) WHERE what = 'lost'"
        )
        values = (storable(account), now - LATELY)
        return await self._database.read(
            lambda connection: int(connection.execute(sql, values).get)
        )
