"""Tracking: every change that is not over is looked after until it is, across restarts.

One process of a host asks the platform; the others learn from the journal. A status is asked for
where the platform tells one, otherwise the device itself is read. Changes of unknown fate are
settled by reading only; they are never sent again.
"""

import asyncio
from contextlib import suppress
from heapq import nsmallest

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.deadlines import AT_LATEST
from tsui.service.evidence import Finding, from_device, from_history, from_status, settle
from tsui.service.kinds import ACCOUNT, KINDS, ChangeKind, is_read_back
from tsui.service.messages.delivery import LIFETIME, RECEIPTS
from tsui.service.questions import status_of, status_question
from tsui.service.reader import DeviceReader
from tsui.service.recovery import settle_the_dead
from tsui.service.states import is_pending
from tsui.store.announce import News, Topic
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.client import Client
from tsui.thingspace.errors import Rejected, ThingSpaceError

INTERVALS = ((30.0, 1.0), (120.0, 3.0), (600.0, 10.0), (3600.0, 60.0))
"""Age of a change in seconds up to which it is asked about every so many seconds."""

SLOWEST = 300.0
"""Seconds between two questions about older changes."""

SHARE = 0.5
"""Seconds of the budget that each open change has: many of them are asked about less often."""

TOGETHER = 4
"""Changes that are asked about at the same time."""

AT_ONCE = 20
"""Changes of a round, so that one that is new does not wait for ten thousand others."""

GATHER = 0.1
"""Seconds in which news is gathered before the next round: each device of a batch is news."""

WAIT_FOR_OTHERS = 5.0
"""Seconds until we look again whether another process has ended."""

_TRACKED = (ChangeState.ACCEPTED, ChangeState.UNKNOWN)


class Tracker:
    """Follows the changes of one account to their outcome."""

    def __init__(
        self, client: Client, store: Store, reader: DeviceReader, account: str, clock: Clock
    ) -> None:
        self._client = client
        self._store = store
        self._reader = reader
        self._account = account
        self._clock = clock
        self._due: dict[int, float] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Track until cancelled."""
        lease = self._store.lease(f"tracker-{self._account}")
        unsubscribe = self._store.announcer.subscribe(self._on_news)
        try:
            while not await asyncio.to_thread(lease.take):
                await self._clock.sleep(WAIT_FOR_OTHERS)
            while True:
                await self._sleep(await self._round_or_wait())
        finally:
            unsubscribe()
            lease.release()

    def _on_news(self, news: News) -> None:
        if news.topic is Topic.REQUESTS:
            self._wake.set()

    async def _round_or_wait(self) -> float | None:
        try:
            return await self._round()
        except StoreError:
            # A full disk may have room again later, and nothing may be forgotten until then.
            return WAIT_FOR_OTHERS

    async def _round(self) -> float | None:
        """Ask about everything that is due; returns the seconds until something is due again."""
        self._wake.clear()
        others_send = await settle_the_dead(self._store, self._clock)
        numbers = await self._store.journal.followed(self._account, KINDS)
        self._due = {number: self._due.get(number, 0.0) for number in numbers}
        now = self._clock.monotonic()
        # The newest of those that nobody has asked about yet is the one somebody looks at.
        due = nsmallest(AT_ONCE, ((at, -number) for number, at in self._due.items() if at <= now))
        places = asyncio.Semaphore(TOGETHER)
        await asyncio.gather(*(self._follow(-number, places) for _, number in due))
        waits = [WAIT_FOR_OTHERS] if others_send else []
        if self._due:
            waits.append(min(self._due.values()) - self._clock.monotonic())
        return max(0.0, min(waits)) if waits else None

    async def _sleep(self, wait: float | None) -> None:
        if wait is None:
            await self._wake.wait()
            await self._clock.sleep(GATHER)
            return
        timer = asyncio.ensure_future(self._clock.sleep(wait))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait((timer, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            woken.cancel()

    async def _follow(self, number: int, places: asyncio.Semaphore) -> None:
        async with places:
            change = await self._store.journal.get(number)
            if change is None or change.state not in _TRACKED:
                self._due.pop(number, None)
                return
            age = self._clock.now().timestamp() - change.created_at
            every = max(_interval(age), SHARE * len(self._due))
            self._due[change.id] = self._clock.monotonic() + every
            try:
                finding = await self._look(change)
            except (Rejected, ValidationError):
                finding = None  # refused by the platform, or by us for it
            except ThingSpaceError:
                # The pane shows that we are offline; the change is asked about again.
                return
            if finding is None and change.state is ChangeState.ACCEPTED:
                finding = _given_up(change, age)
            if finding is not None and finding.state is not change.state:
                await settle(self._store.journal, change, finding, self._clock.now().timestamp())

    async def _look(self, change: DeviceChange) -> Finding | None:
        kind = KINDS[change.operation] if is_read_back(change.operation, change.kind) else None
        status = await self._ask_status(change)
        if kind is None:
            return await self._look_at_status(change, status or "")
        await self._read_line(change, needed=status is None)
        if status is not None:
            finding = from_status(status)
            if finding and finding.state is ChangeState.FAILED:
                return await self._with_reason(change, kind, finding)
            return finding
        rows = await self._store.devices.by_key(self._account, [change.device_key])
        device = rows.get(change.device_key)
        if device and (finding := from_device(kind, change, device)):
            return finding
        if device and is_pending(device.state):
            return None
        return from_history(kind, change, await self._reader.provisioning(change.device_key))

    async def _look_at_status(self, change: DeviceChange, status: str) -> Finding | None:
        """Judge an operation of which nothing is known but what the platform says of it."""
        finding = from_status(status)
        if finding and change.kind != ACCOUNT:
            await self._read_line(change, needed=False)
        return finding

    async def _ask_status(self, change: DeviceChange) -> str | None:
        """Return the platform's status of the change; None where it does not tell one."""
        question = status_question(change)
        if question is None:
            return None
        try:
            return status_of(change, await self._client.send(question))
        except Rejected:
            return None

    async def _read_line(self, change: DeviceChange, *, needed: bool) -> None:
        """Read the device again, so that lists show what is happening to it."""
        try:
            await self._reader.read_line(change.device_key)
        except ThingSpaceError:
            if needed:
                raise

    async def _with_reason(
        self, change: DeviceChange, kind: ChangeKind, finding: Finding
    ) -> Finding:
        with suppress(ThingSpaceError):
            events = await self._reader.provisioning(change.device_key)
            if told := from_history(kind, change, events):
                return finding._replace(problem=told.problem)
        return finding


def _given_up(change: DeviceChange, age: float) -> Finding | None:
    """Judge a change by its age alone; None while something may still be heard of it."""
    if change.operation in RECEIPTS:
        problem = "The network gave up after 120 hours, and no receipt told whether it came."
        limit = LIFETIME
    else:
        problem, limit = "ThingSpace did not tell the outcome within 24 hours.", AT_LATEST
    return Finding(ChangeState.UNKNOWN, problem, "") if age > limit else None


def _interval(age: float) -> float:
    return next((every for until, every in INTERVALS if age < until), SLOWEST)
