"""Reading a whole fleet into the store, page by page, and going on where it was left."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

from tsui.clock import Clock
from tsui.service.device_record import device_record
from tsui.service.problems import explain
from tsui.store.announce import Topic
from tsui.store.devices import DeviceRecord
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.store.sync import SyncState
from tsui.thingspace.devices import Device
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.paging import Sender, device_pages

PAGE = 500
"""Devices read at once: no key waits longer than it takes to parse them, some 40 ms."""

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
    started_at: float | None = None
    """Unix time this run began."""
    finished_at: float | None = None
    """Unix time of the last complete run."""
    trouble: str = ""
    """Why it stopped, in a sentence."""


class FleetSync:
    """Keeps the store's picture of an account's fleet; one run at a time."""

    def __init__(self, sender: Sender, store: Store, account: str, clock: Clock) -> None:
        self._sender = sender
        self._store = store
        self._account = account
        self._clock = clock
        self._running = asyncio.Lock()
        self.progress = Progress()
        """How far it is; announced under Topic.SYNC."""

    async def run(self) -> None:
        """Read the fleet once; a run that was cut off continues behind its last page.

        Failures end in ``progress.trouble``. A run that is already under way is not doubled.
        """
        if self._running.locked():
            return
        async with self._running:
            try:
                await self._run()
            except ThingSpaceError as error:
                self._stop(str(explain(error)))
            except StoreError as error:
                self._stop(str(error))
            except BaseException:
                self._stop("It was stopped.")
                raise

    async def _run(self) -> None:
        state = await self._next_state()
        self._show(
            replace(
                self.progress,
                running=True,
                seen=state.seen,
                expected=state.total,
                started_at=state.started_at,
                trouble="",
            )
        )
        await self._finish(await self._read_pages(state))

    async def remembered(self) -> None:
        """Show what the last run of any process left."""
        state = await self._store.syncs.get(self._account)
        if state is not None:
            self._show(replace(self.progress, expected=state.total, finished_at=state.finished_at))

    async def _next_state(self) -> SyncState:
        now = self._clock.now().timestamp()
        last = await self._store.syncs.get(self._account)
        if last is None:
            return SyncState(1, now, 0, 0, None, None)
        if last.finished_at is None and now - last.started_at < RESUMABLE:
            return last
        return SyncState(last.run + 1, now, 0, 0, None, last.total)

    async def _read_pages(self, state: SyncState) -> SyncState:
        await self._store.syncs.put(self._account, state)
        pages = device_pages(self._sender, self._account, after=state.after, page_size=PAGE)
        async with aclosing(pages):
            async for devices in pages:
                records = await asyncio.to_thread(_records, devices)
                await self._store.devices.put(
                    self._account, records, read_at=self._clock.now().timestamp(), run=state.run
                )
                state = replace(
                    state,
                    after=max((each.platform_id or 0 for each in records), default=state.after),
                    seen=state.seen + len(devices),
                )
                await self._store.syncs.put(self._account, state)
                self._show(replace(self.progress, seen=state.seen))
        return state

    async def _finish(self, state: SyncState) -> None:
        if state.seen == 0 and state.total:
            self._stop(f"ThingSpace lists no device at all; the {state.total:,} known are kept.")
            return
        await self._store.devices.drop_unseen(self._account, state.run)
        now = self._clock.now().timestamp()
        await self._store.syncs.put(
            self._account, replace(state, finished_at=now, total=state.seen)
        )
        self._show(replace(self.progress, running=False, expected=state.seen, finished_at=now))

    def _stop(self, trouble: str) -> None:
        self._show(replace(self.progress, running=False, trouble=trouble))

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self._store.announcer.publish(Topic.SYNC)


def _records(devices: list[Device]) -> list[DeviceRecord]:
    return [record for device in devices if (record := device_record(device.received))]
