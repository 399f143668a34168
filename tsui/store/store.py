"""The store of one environment: both files, their tables, and the news of what changes in them."""

import asyncio
from pathlib import Path

from tsui.store import schema
from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.devices import Devices
from tsui.store.journal import Journal
from tsui.store.lease import Lease, Owner
from tsui.store.logins import Logins
from tsui.store.memory import Memory
from tsui.store.readings import Readings
from tsui.store.sync import SyncStates

FOREIGN_CHECK = 1.0
"""Seconds between two looks for what other processes wrote; each costs 0.1 ms."""


class Store:
    """Everything remembered of one environment, in one folder that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where the files are."""
        self._cache = Database(folder / "cache.db", schema.CACHE, durable=False)
        self._journal = Database(folder / "journal.db", schema.JOURNAL, durable=True)
        self._leases = folder / "processes"
        self._watch: asyncio.Task[None] | None = None
        self.announcer = Announcer()
        """Tells what changes."""
        self.devices = Devices(self._cache, self.announcer)
        """The fleet."""
        self.readings = Readings(self._cache, self.announcer)
        """Reads of single devices and of the account."""
        self.syncs = SyncStates(self._cache)
        """Where the reading of whole fleets stands."""
        self.memory = Memory(self._cache)
        """Small things worth remembering."""
        self.journal = Journal(self._journal, self.announcer)
        """What was changed."""
        self.logins = Logins(self._journal)
        """Refused logins."""

    async def open(self) -> None:
        """Open or create the files; raises a StoreError that says what to do."""
        await asyncio.gather(self._cache.open(), self._journal.open())
        self.owner = await asyncio.to_thread(Owner, self._leases)
        self._watch = asyncio.create_task(self._look_for_others())

    async def close(self) -> None:
        """Finish what is queued and close the files."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._cache.close()
        await self._journal.close()
        if hasattr(self, "owner"):
            self.owner.leave()

    def lease(self, name: str) -> Lease:
        """Return a lease on a job that only one process should do."""
        return Lease(self._leases, name)

    async def _look_for_others(self) -> None:
        topics = {
            self._cache: (Topic.DEVICES, Topic.READINGS, Topic.CATALOGUE),
            self._journal: (Topic.REQUESTS,),
        }
        seen = {database: await database.foreign_version() for database in topics}
        while True:
            await asyncio.sleep(FOREIGN_CHECK)
            for database, affected in topics.items():
                version = await database.foreign_version()
                if version != seen[database]:
                    seen[database] = version
                    for topic in affected:
                        self.announcer.publish(topic)
