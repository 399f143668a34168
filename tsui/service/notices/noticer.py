"""The noticer: what our changes came to and what readings show becomes notices, each once.

One process of a host does it for all accounts. What it reads is on disk until its notices are, so
that a kill between two steps costs nothing.
"""

import asyncio
from collections.abc import Callable, Sequence

from tsui.clock import Clock
from tsui.service.deadlines import AT_LATEST
from tsui.service.notices.endings import EVENTS, drafts_of
from tsui.service.notices.noticing import with_groups
from tsui.service.notices.ours import explains
from tsui.service.notices.seen import Gathered
from tsui.store.announce import News, Topic
from tsui.store.errors import StoreError
from tsui.store.past import Past
from tsui.store.sightings import Sighting
from tsui.store.store import Store

AT_ONCE = 1000
"""Events, or sightings, that are read together."""

GATHER = 1.0
"""Seconds in which news gathers, so that each device of a batch does not cost a look."""

WAIT_FOR_OTHERS = 5.0
"""Seconds until we try again what another process does, or what the disk did not let us do."""

AUDIT = "audit"
"""Names the bookmark in the audit."""

_TOPICS = (Topic.REQUESTS, Topic.DEVICES, Topic.SYNC)


class Noticer:
    """Writes the notices of one environment that no message tells."""

    def __init__(self, store: Store, clock: Clock, is_reading: Callable[[], bool]) -> None:
        self._store = store
        self._clock = clock
        self._is_reading = is_reading
        self._wake = asyncio.Event()
        self._audited: int | None = None

    async def run(self) -> None:
        """Notice until cancelled."""
        lease = self._store.lease("notices")
        unsubscribe = self._store.announcer.subscribe(self._on_news)
        try:
            while not await asyncio.to_thread(lease.take):
                await self._clock.sleep(WAIT_FOR_OTHERS)
            while True:
                await self._round_or_wait()
                await self._wake.wait()
                await self._clock.sleep(GATHER)
        finally:
            unsubscribe()
            lease.release()

    def _on_news(self, news: News) -> None:
        if news.topic in _TOPICS:
            self._wake.set()

    async def _round_or_wait(self) -> None:
        self._wake.clear()
        try:
            await self.round()
        except StoreError:
            # A full disk may have room again later; nothing that was read is forgotten before.
            await self._clock.sleep(WAIT_FOR_OTHERS)
            self._wake.set()

    async def round(self) -> None:
        """Notice everything that is new.

        What a reading of the fleet shows is looked at when it is over: only then it is known
        whether it is a flood.
        """
        await self._endings()
        if not self._is_reading():
            await self._sightings()

    async def _endings(self) -> None:
        if self._audited is None:
            self._audited = await self._store.notices.bookmark(AUDIT)
        # What ended long before anybody noticed things here is no news.
        since = 0.0 if self._audited is not None else self._now() - AT_LATEST
        last = self._audited or 0
        while True:
            rows, head = await self._store.audit.of_events(last, EVENTS, AT_ONCE, since=since)
            if rows:
                requests = dict.fromkeys(row.request for row in rows if row.request)
                changes = [
                    each
                    for request in requests
                    for each in await self._store.journal.by_request(request)
                ]
                drafts = await with_groups(self._store, drafts_of(rows, changes))
                await self._store.notices.keep(drafts, (AUDIT, rows[-1].id))
                last = rows[-1].id
            if len(rows) < AT_ONCE:
                self._audited = max(last, head)
                return

    async def _sightings(self) -> None:
        gathered, last = Gathered(), 0
        while sightings := await self._store.sightings.after(last, AT_ONCE):
            last = sightings[-1].id
            sent = await self._sent(sightings)
            for each in sightings:
                ours = sent.get((each.account, each.key), ())
                if not any(explains(past, each) for past in ours):
                    gathered.add(each)
        if last:
            await self._store.notices.keep(gathered.drafts())
            await self._store.sightings.forget(last)

    async def _sent(self, sightings: Sequence[Sighting]) -> dict[tuple[str, str], list[Past]]:
        """Return what was sent from here to the devices that were seen, not long before."""
        keys: dict[str, list[str]] = {}
        for each in sightings:
            keys.setdefault(each.account, []).append(each.key)
        since = min(each.at for each in sightings) - AT_LATEST
        found: dict[tuple[str, str], list[Past]] = {}
        for account, wanted in keys.items():
            for past in await self._store.journal.past_of(account, wanted, since):
                found.setdefault((account, past.device_key), []).append(past)
        return found

    def _now(self) -> float:
        return self._clock.now().timestamp()
