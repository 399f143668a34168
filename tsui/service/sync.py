"""Reading a whole fleet into the store, page by page, and going on where it was left."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

from tsui.clock import Clock
from tsui.service.fleet_writer import FleetWriter
from tsui.service.problems import explain
from tsui.store.announce import Topic
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.store.sync import SyncState
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.fleet_pages import NoPagingKey, fleet_pages
from tsui.thingspace.paging import DEVICES_PER_PAGE, Sender, device_pages_by_time

PAGE = DEVICES_PER_PAGE
"""Devices read at once."""

WHOLE_EVERY = 24 * 3600.0
"""Seconds after which a large fleet is read as a whole; in between it is asked for what is new."""

MOMENT = 0.001
"""Seconds that a page takes at least, to be divided by."""

RESUMABLE = 24 * 3600.0
"""Seconds after which an unfinished run is started anew: what it saw first is too old by then."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of the fleet is."""

    running: bool = False
    """Whether it is under way."""
    seen: int = 0
    """Devices read in this run."""
    expected: int | None = None
    """Devices of the last complete run; None before the first."""
    rate: float = 0.0
    """Devices a second that it reads; 0 as long as none is read."""
    started_at: float | None = None
    """Unix time this run began."""
    finished_at: float | None = None
    """Unix time of the last complete run."""
    trouble: str = ""
    """Why it stopped, in a sentence."""

    @property
    def left(self) -> float | None:
        """Seconds it will take yet; None where nobody can say."""
        if not (self.rate and self.expected and self.seen < self.expected):
            return None
        return (self.expected - self.seen) / self.rate


class FleetSync:
    """Keeps the store's picture of an account's fleet; one run at a time."""

    def __init__(self, sender: Sender, store: Store, account: str, clock: Clock) -> None:
        self._sender = sender
        self._store = store
        self._account = account
        self._clock = clock
        self._running = asyncio.Lock()
        self._began = 0.0, 0
        self.progress = Progress()
        """How far it is; announced under Topic.SYNC."""

    async def run(self, *, whole: bool = True) -> None:
        """Read the fleet once; a run that was cut off continues behind its last page.

        When it need not be the whole fleet, a large one is asked for new devices only. Failures
        end in ``progress.trouble``. A run that is already under way is not doubled.
        """
        if self._running.locked():
            return
        async with self._running:
            try:
                await self._run(whole=whole)
            except ThingSpaceError as error:
                self._stop(str(explain(error)))
            except StoreError as error:
                self._stop(str(error))
            except BaseException:
                self._stop("It was stopped.")
                raise

    async def finish(self) -> None:
        """Wait until no run is under way."""
        async with self._running:
            pass

    async def _run(self, *, whole: bool) -> None:
        state = await self._next_state(whole=whole)
        self._began = self._clock.monotonic(), state.seen
        await self._store.syncs.put(self._account, state)
        self._show(
            replace(
                self.progress,
                running=True,
                rate=0.0,
                seen=state.seen,
                expected=state.total,
                started_at=state.started_at,
                trouble="",
            )
        )
        async with FleetWriter(
            self._store, self._account, state, self._clock, self._written
        ) as writer:
            try:
                await self._read(state, writer)
            except ThingSpaceError:
                await writer.finish(self._now(), complete=False)
                raise
            all_met = state.finished_at is None
            empty = all_met and self.progress.seen == 0 and bool(state.total)
            at = self._now()
            await writer.finish(at, complete=all_met and not empty)
        if empty:
            self._stop(f"ThingSpace lists no device at all; the {state.total:,} known are kept.")
            return
        known = self.progress.seen
        finished_at = state.finished_at or at
        self._show(replace(self.progress, running=False, expected=known, finished_at=finished_at))

    async def _read(self, state: SyncState, writer: FleetWriter) -> None:
        """Read every page; by the time of addition where the platform tells no numeric ids."""
        try:
            pages = fleet_pages(
                self._sender, self._account, writer.read, after=state.after, page_size=PAGE
            )
            async with aclosing(pages):
                async for _ in pages:
                    pass
        except NoPagingKey:
            by_time = device_pages_by_time(self._sender, self._account, page_size=PAGE)
            async with aclosing(by_time):
                async for devices in by_time:
                    await writer.put([device.received for device in devices])

    def _written(self, changed: list[int], seen: int) -> None:
        self._store.announcer.publish(Topic.DEVICES, changed)
        began, before = self._began
        rate = (seen - before) / max(MOMENT, self._clock.monotonic() - began)
        self._show(replace(self.progress, seen=seen, rate=rate))

    async def remembered(self) -> None:
        """Show what the last run of any process left."""
        state = await self._store.syncs.get(self._account)
        if state is not None:
            self._show(replace(self.progress, expected=state.total, finished_at=state.finished_at))

    async def _next_state(self, *, whole: bool) -> SyncState:
        """Return where to begin; what is finished goes on behind its last device."""
        now = self._now()
        last = await self._store.syncs.get(self._account)
        if last is None:
            return SyncState(1, now, 0, 0, None, None)
        age = now - last.started_at
        if last.finished_at is None and age < RESUMABLE:
            return last
        if not whole and last.finished_at and last.after and last.seen > PAGE and age < WHOLE_EVERY:
            return last
        return SyncState(last.run + 1, now, 0, 0, None, last.total)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _stop(self, trouble: str) -> None:
        self._show(replace(self.progress, running=False, trouble=trouble))

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self._store.announcer.publish(Topic.SYNC)
