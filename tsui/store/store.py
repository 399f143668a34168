"""The store of one environment: both files, their tables, and the news of what changes in them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from tsui.store import schema
from tsui.store.announce import Announcer, Topic
from tsui.store.asked import Jobs, Questions
from tsui.store.audit import Audit
from tsui.store.batches import Batches
from tsui.store.commissionings import Commissionings
from tsui.store.database import Database
from tsui.store.deeds import Deeds
from tsui.store.devices import Devices
from tsui.store.errors import StoreError
from tsui.store.heartbeats import Heartbeats
from tsui.store.inbox import Inbox, inbox_file
from tsui.store.incidents import IncidentNotes
from tsui.store.journal import Journal
from tsui.store.lease import Lease, Owner
from tsui.store.lines import Lines
from tsui.store.logins import Logins
from tsui.store.memory import Memory
from tsui.store.notices import Notices
from tsui.store.reach import Reach
from tsui.store.readings import Readings
from tsui.store.registrations import Registrations
from tsui.store.rhythms import Rhythms
from tsui.store.selection import Selections
from tsui.store.sendings import Sendings
from tsui.store.sent_texts import SentTexts
from tsui.store.shifts import Shifts
from tsui.store.sightings import Sightings
from tsui.store.sync import SyncStates
from tsui.store.texts import Texts
from tsui.store.wakes import Wakes
from tsui.store.watching import Watching

FOREIGN_CHECK = 1.0
"""Seconds between two looks for what other processes wrote; each asks the system for six files."""

SURELY = 60
"""Looks of which one asks the files themselves, for systems that keep no times of changes."""

JOURNAL = "journal.db"
"""Name of the file of what must not be lost."""

_CACHE_TOPICS = (Topic.DEVICES, Topic.READINGS, Topic.CATALOGUE)
_JOURNAL_TOPICS = (Topic.REQUESTS, Topic.COMMISSIONING, Topic.MONITORS)
_INBOX_TOPICS = (Topic.INBOX, Topic.NOTICES, Topic.MONITORS)


class Store:
    """Everything remembered of one environment, in one folder that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where the files are."""
        self._cache = Database(folder / "cache.db", schema.CACHE, durable=False)
        self._journal = Database(folder / JOURNAL, schema.JOURNAL, durable=True)
        self._inbox = inbox_file(folder)
        self._leases = folder / "processes"
        self._owner: Owner | None = None
        self._watch: asyncio.Task[None] | None = None
        self.announcer = Announcer()
        """Tells what changes."""
        self.devices = Devices(self._cache, self.announcer)
        """The fleet."""
        self.selections = Selections(self._cache, self.devices)
        """Sets of devices."""
        self.readings = Readings(self._cache, self.announcer)
        """Reads of single devices and of the account."""
        self.sightings = Sightings(self._cache)
        """What readings of the fleet showed to be another one than before."""
        self.rhythms = Rhythms(self._cache, self.announcer)
        """How long devices are usually silent."""
        self.syncs = SyncStates(self._cache)
        """Where the reading of whole fleets stands."""
        self.memory = Memory(self._cache)
        """Small things worth remembering."""
        self.journal = Journal(self._journal, self.announcer)
        """What was changed."""
        self.batches = Batches(self._journal, self.announcer)
        """What was confirmed at once."""
        self.commissionings = Commissionings(self._journal, self.announcer)
        """Commissioning runs."""
        self.audit = Audit(self._journal)
        """What was done here, event by event."""
        self.incidents = IncidentNotes(self._journal, self.announcer)
        """What was said of devices that were lost together."""
        self.shifts = Shifts(self._journal)
        """What the fleet came to when shifts began."""
        self.logins = Logins(self._journal)
        """Refused logins."""
        self.inbox = Inbox(self._inbox, self.announcer)
        """Callback messages, which another process receives."""
        self.notices = Notices(self._inbox, self.announcer)
        """What was told or noticed."""
        self.reach = Reach(self._inbox, self.announcer)
        """What was told of reachability."""
        self.registrations = Registrations(self._journal)
        """Requests that set or stop monitors."""
        self.wakes = Wakes(self._journal, self.announcer)
        """What waits until devices wake."""

    @cached_property
    def texts(self) -> Texts:
        """Messages that devices sent, and receipts of those sent to them."""
        return Texts(self._inbox, self.announcer)

    @cached_property
    def sent_texts(self) -> SentTexts:
        """Messages sent to devices, and drafts."""
        return SentTexts(self._journal)

    @cached_property
    def lines(self) -> Lines:
        """The devices, where only their state matters."""
        return Lines(self._cache)

    @cached_property
    def sendings(self) -> Sendings:
        """What was sent to devices."""
        return Sendings(self._journal)

    @cached_property
    def deeds(self) -> Deeds:
        """What operators did."""
        return Deeds(self._journal, self._inbox)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        """When somebody was reading or receiving."""
        return Heartbeats(self._inbox)

    @cached_property
    def watching(self) -> Watching:
        """What reachability comes to."""
        return Watching(self._inbox)

    @cached_property
    def questions(self) -> Questions:
        """Reads whose answer comes by callback."""
        return Questions(self._inbox)

    @cached_property
    def jobs(self) -> Jobs:
        """Requests as a whole, whatever devices they name."""
        return Jobs(self._journal)

    @property
    def owner(self) -> Owner:
        """Who writes here; raises RuntimeError while the store is not open."""
        if self._owner is None:
            raise RuntimeError("the store is not open")
        return self._owner

    async def open(self) -> None:
        """Open or create the files; raises a StoreError that says what to do."""
        try:
            files = (self._cache, self._journal, self._inbox)
            versions = await asyncio.gather(*map(_opened, files))
            self._owner = await asyncio.to_thread(Owner, self._leases)
        except BaseException:
            await self.close()
            raise
        topics = (_CACHE_TOPICS, _JOURNAL_TOPICS, _INBOX_TOPICS)
        watched = list(map(_Watched, files, topics, versions))
        self._watch = asyncio.create_task(self._look_for_others(watched))

    async def close(self) -> None:
        """Finish what is queued and close the files."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self.devices.rankings.close()
        await self._cache.close()
        await self._journal.close()
        await self._inbox.close()
        if self._owner is not None:
            self._owner.leave()

    def lease(self, name: str) -> Lease:
        """Return a lease on a job that only one process should do."""
        return Lease(self._leases, name)

    async def _look_for_others(self, watched: "Sequence[_Watched]") -> None:
        for look in count(1):
            await asyncio.sleep(FOREIGN_CHECK)
            for each in watched:
                # What cannot be read now is read at the next look; nothing is missed by that.
                with suppress(StoreError):
                    await self._tell_if_new(each, surely=look % SURELY == 0)

    async def _tell_if_new(self, watched: "_Watched", *, surely: bool) -> None:
        mark = watched.database.mark()
        if mark and mark == watched.mark and not surely:
            return
        version = await watched.database.foreign_version()
        if version != watched.version:
            for topic in watched.topics:
                self.announcer.publish(topic)
        watched.mark, watched.version = mark, version


async def _opened(database: Database) -> int:
    await database.open()
    return await database.foreign_version()


@dataclass(slots=True)
class _Watched:
    """A file that other processes write into, as it was at the last look."""

    database: Database
    topics: tuple[Topic, ...]
    version: int
    mark: tuple[int, ...] = ()


@asynccontextmanager
async def audit_in(folder: Path) -> AsyncIterator[Audit | None]:
    """Open the audit of an environment alone; None where nothing was ever written down."""
    if not (folder / JOURNAL).exists():
        yield None
        return
    database = Database(folder / JOURNAL, schema.JOURNAL, durable=True)
    try:
        await database.open()
        yield Audit(database)
    finally:
        await database.close()
