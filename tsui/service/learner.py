"""Learning rhythms in the background: one connection history at a time, within a small budget.

What somebody looks at or has put on the watch list comes first, then what is silent longest. The
budget is a setting; the platform is never asked more often, and not at all while it asks for a
pause.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from tsui.clock import Clock
from tsui.service.flatten import connection_event
from tsui.service.in_view import InView
from tsui.service.problems import explain
from tsui.service.reader import identifier
from tsui.service.verdict.rhythm import learn_from_events
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.errors import CircuitOpen, LanePaused, Rejected, ThingSpaceError
from tsui.thingspace.history import GetConnectionHistory
from tsui.thingspace.paging import Sender

SPAN = timedelta(days=31)
"""How far back a history is read."""

LASTS = timedelta(days=14)
"""After which a rhythm is learned anew, for devices are moved and set up otherwise."""

HOUR = 3600.0

PAUSE = 600.0
"""Seconds of rest after a read that failed for a reason that is not the device's own."""

AT_ONCE = 20
"""Silent devices that are looked up together."""


@dataclass(frozen=True, slots=True)
class Learning:
    """Where the learning stands."""

    per_hour: int = 0
    """Histories that may be read in an hour; 0 when none is."""
    read: int = 0
    """Histories read since somebody signed in."""
    told: int = 0
    """Those of them that told a rhythm."""
    is_idle: bool = False
    """Whether there is nobody left to learn about for now."""
    trouble: str = ""
    """Why it pauses; empty when it does not."""


class RhythmLearner:
    """Reads the connection histories of devices that matter, one after the other."""

    def __init__(
        self, sender: Sender, store: Store, account: str, clock: Clock,
        *, watched: Iterable[str], in_view: InView,
    ) -> None:  # fmt: skip
        self._sender = sender
        self._store = store
        self._account = account
        self._clock = clock
        self._watched = tuple(watched)
        self._in_view = in_view
        self._failed = set[int]()
        self.progress = Learning()
        """Where it stands."""

    async def run(self, per_hour: int) -> None:
        """Read so many histories an hour until cancelled."""
        self.progress = Learning(per_hour)
        while per_hour:
            await self._clock.sleep(HOUR / per_hour)
            try:
                await self.step()
            except (ThingSpaceError, StoreError) as error:
                trouble = str(explain(error)) if isinstance(error, ThingSpaceError) else str(error)
                self.progress = replace(self.progress, trouble=trouble)
                held = error.retry_in if isinstance(error, CircuitOpen | LanePaused) else 0.0
                await self._clock.sleep(max(PAUSE, held))

    async def step(self) -> bool:
        """Read one history, if there is a device to learn about; raises what is not its fault."""
        device = await self._next()
        self.progress = replace(self.progress, trouble="", is_idle=device is None)
        if device is None:
            return False
        told = await self._read(device)
        progress = self.progress
        self.progress = replace(progress, read=progress.read + 1, told=progress.told + told)
        return True

    async def read_some(self, devices: Iterable[int]) -> None:
        """Read the histories of some devices now; trouble ends it and is told."""
        before = self._now() - LASTS.total_seconds()
        try:
            for row in await self._store.devices.rows(devices):
                if self._is_worth_it(row) and (row.learned_at or 0) < before:
                    await self._read(row)
        except ThingSpaceError as error:
            self.progress = replace(self.progress, trouble=str(explain(error)))

    async def _next(self) -> DeviceRow | None:
        before = self._now() - LASTS.total_seconds()
        keys = tuple(dict.fromkeys((*self._in_view(), *self._watched)))
        near = await self._store.devices.by_key(self._account, keys)
        for key in keys:
            row = near.get(key)
            if row and self._is_worth_it(row) and (row.learned_at or 0) < before:
                return row
        since = self._now() - SPAN.total_seconds()
        limit = AT_ONCE + len(self._failed)
        silent = await self._store.rhythms.unlearned(self._account, since, before, limit)
        return next((row for row in silent if self._is_worth_it(row)), None)

    def _is_worth_it(self, row: DeviceRow) -> bool:
        since = self._now() - SPAN.total_seconds()
        return row.state == "active" and row.last_connection > since and row.id not in self._failed

    async def _read(self, device: DeviceRow) -> bool:
        now = self._clock.now()
        try:
            page = await self._sender.send(
                GetConnectionHistory(
                    device_id=identifier(device.key), earliest=now - SPAN, latest=now
                )
            )
        except Rejected:
            # The device's own: it is not asked for again while somebody is signed in.
            self._failed.add(device.id)
            return False
        events = [connection_event(each) for each in page.connection_history or ()]
        return await learn_from_events(
            self._store, device.id, events, (now - SPAN).timestamp(), now.timestamp(),
            whole=not page.has_more_data,
        )  # fmt: skip

    def _now(self) -> float:
        return self._clock.now().timestamp()
