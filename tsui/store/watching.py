"""What reachability comes to, counted for those who watch all of it."""

from typing import NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.text import storable

LATELY = 86_400.0
"""Seconds for which the loss of a device is news."""


class Watched(NamedTuple):
    """Devices by what callbacks told of them."""

    monitors: int
    """Monitors that are neither stopped nor missing."""
    lost: int
    """Devices that were told to be lost within a day, and not reachable since."""
    open_windows: int
    """Devices that can be reached now, until a time that was told."""


class Watching:
    """Counts of the tables of reachability."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, account: str, now: float) -> Watched:
        """Count at a Unix time."""
        monitors = (
            "SELECT count(*) FROM monitor WHERE account = ? AND stopped_at IS NULL "
            "AND missing_at IS NULL"
        )
        # A bare column next to max() is that of the row which has the maximum.
        newest = "SELECT device, what, until, max(message) FROM reach WHERE account = ? AND {} "
        lost = (
            f"SELECT count(*) FROM ({newest.format('at > ?')} "
            "AND what IN ('reachable', 'lost') GROUP BY device) WHERE what = 'lost'"
        )
        windows = (
            f"SELECT count(*) FROM ({newest.format('until > ?')} GROUP BY device) "
            "WHERE what = 'reachable'"
        )
        name = storable(account)

        def fetch(connection: apsw.Connection) -> Watched:
            return Watched(
                connection.execute(monitors, (name,)).get or 0,
                connection.execute(lost, (name, now - LATELY)).get or 0,
                connection.execute(windows, (name, now)).get or 0,
            )

        return await self._database.read(fetch)
