"""Keeping what the fleet comes to when a shift begins, whichever screen is in front then."""

from contextlib import suppress

from tsui.clock import Clock
from tsui.service.live.rounds import Rounds
from tsui.service.live.terms import Shifts
from tsui.service.shifts import shift_at
from tsui.service.sync import FleetSync
from tsui.store.announce import Topic
from tsui.store.errors import StoreError
from tsui.store.shifts import Mark
from tsui.store.store import Store

EVERY = 60.0
"""Seconds between two looks whether another shift has begun."""


class Baseline:
    """Keeps the first good picture of each shift."""

    def __init__(
        self, store: Store, sync: FleetSync, account: str, clock: Clock, shifts: Shifts
    ) -> None:
        self._store = store
        self._sync = sync
        self._account = account
        self._clock = clock
        self._shifts = shifts
        self._kept = 0.0

    async def run(self) -> None:
        """Keep one for each shift until cancelled; a fleet that was just read is looked at soon."""
        rounds = Rounds(EVERY, self._clock)
        stop = self._store.announcer.subscribe(
            lambda news: rounds.wake() if news.topic is Topic.SYNC else None
        )
        try:
            while True:
                with suppress(StoreError):
                    await self.keep()
                await rounds.wait()
        finally:
            stop()

    async def keep(self) -> bool:
        """Keep what the fleet comes to, unless this shift has that; tells whether it did.

        What was remembered from another day is no beginning: the fleet has to have been asked for
        since somebody signed in.
        """
        moment = self._clock.now()
        began = shift_at(moment, self._shifts()).begin.timestamp()
        progress = self._sync.progress
        was_read = progress.started_at is not None and not progress.running
        if began == self._kept or not was_read or progress.trouble:
            return False
        now = moment.timestamp()
        is_first = await self._store.shifts.first_mark(self._account, began) is None
        if is_first:
            tally = await self._store.devices.tally_all(self._account, now)
            await self._store.shifts.mark(self._account, Mark(now, tally))
        self._kept = began
        return is_first
