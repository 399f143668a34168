"""Where the reading of a whole fleet stands, so that it can go on where it was left."""

from dataclasses import astuple, dataclass

import apsw

from tsui.store.database import Database
from tsui.store.text import storable


@dataclass(frozen=True, slots=True)
class SyncState:
    """The last sync run of an account."""

    run: int
    """Number of the run; devices remember the last run that met them."""
    started_at: float
    """Unix time of its start."""
    after: int
    """Numeric device id the next page starts behind."""
    seen: int
    """Devices met so far."""
    finished_at: float | None
    """Unix time of its end; None while it is not complete."""
    total: int | None
    """Devices of the last complete run; None before the first."""


class SyncStates:
    """One state an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account: str) -> SyncState | None:
        """Return the account's last run; None before the first."""
        sql = "SELECT run, started_at, after, seen, finished_at, total FROM sync WHERE account = ?"
        row = await self._database.read(
            lambda connection: connection.execute(sql, (storable(account),)).fetchone()
        )
        return None if row is None else SyncState(*row)

    async def accounts(self) -> list[str]:
        """Return the accounts whose devices were read here."""
        sql = "SELECT account FROM sync ORDER BY account"
        return await self._database.read(
            lambda connection: [str(row[0]) for row in connection.execute(sql)]
        )

    async def put(self, account: str, state: SyncState) -> None:
        """Remember how far a run is."""
        await self._database.write(lambda connection: put_state(connection, account, state))


def put_state(connection: apsw.Connection, account: str, state: SyncState) -> None:
    """Write down how far a run is."""
    connection.execute(
        "INSERT OR REPLACE INTO sync (account, run, started_at, after, seen, finished_at, total) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (storable(account), *astuple(state)),
    )
