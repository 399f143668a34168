"""The waker: does what waits for a device while the device can be reached, once.

One process of a host does it for an account. Before anything is sent, the entry holds the batch
under which the journal will have its request: whoever finds an entry that a killed process was
sending looks there. No request means that nothing left; one of unknown fate is never sent again.
"""

import asyncio
from collections.abc import Iterable, Sequence

from tsui.clock import Clock
from tsui.service.export import moment_text
from tsui.service.failures import ChangeFailed
from tsui.service.forms import FormInvalid, from_json
from tsui.service.monitors import telling
from tsui.service.monitors.model import Window, window_of
from tsui.service.recovery import settle_the_dead
from tsui.service.runner import OperationRunner
from tsui.store.announce import News, Topic
from tsui.store.changes import ChangeState
from tsui.store.errors import StoreError
from tsui.store.reach import What
from tsui.store.store import Store
from tsui.store.wakes import Wake, WakeKind, WakeState
from tsui.thingspace.client import Client

TOGETHER = 4
"""Devices that are served at a time: those of a group may wake together."""

MARGIN = 2.0
"""Seconds that must be left of a window: a request takes a moment to reach the device."""

RETRY = 10.0
"""Seconds until something that could not be sent is tried again, while the window is open."""

LOOK = 60.0
"""Seconds between two looks while anything waits: a machine that slept has missed what was due."""

GATHER = 0.1
"""Seconds in which news is gathered before the next look."""

WAIT_FOR_OTHERS = 5.0
"""Seconds until we look again whether another process has ended, or the disk has room."""

_AFTER = {
    ChangeState.REFUSED: WakeState.REFUSED,
    ChangeState.UNKNOWN: WakeState.UNKNOWN,
    ChangeState.NOT_SENT: WakeState.WAITING,
}
"""How an entry goes on after its request; in all other states the request has left."""

_ON_ITS_WAY = frozenset({ChangeState.INTENDED, ChangeState.SENDING})


class Waker:
    """Does what waits for devices of one account, of one kind."""

    def __init__(
        self, client: Client, store: Store, runner: OperationRunner, account: str, clock: Clock,
        kind: WakeKind,
    ) -> None:  # fmt: skip
        self._client = client
        self._store = store
        self._runner = runner
        self._account = account
        self._clock = clock
        self._kind = kind
        self._wake = asyncio.Event()
        self._retry_at: dict[int, float] = {}
        self._passed: set[tuple[int, int]] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        lease = self._store.lease(f"wake-{self._kind}-{self._account}")
        unsubscribe = self._store.announcer.subscribe(self._on_news)
        try:
            while not await asyncio.to_thread(lease.take):
                await self._clock.sleep(WAIT_FOR_OTHERS)
            while True:
                await self._sleep(await self._round_or_wait())
        finally:
            unsubscribe()
            lease.release()

    async def round(self) -> float | None:
        """Do all that can be done now; returns the seconds until the next look, if any is due."""
        self._wake.clear()
        for ended in await self._store.wakes.expire(self._account, self._local):
            await self._store.notices.keep([telling.notice(ended, self._local)])
        mine = await self._mine()
        if sending := [each for each in mine if each.state is WakeState.SENDING]:
            await self._recover(sending)
            mine = await self._mine()
        await self._serve([each for each in mine if each.state is WakeState.WAITING])
        return self._next_look(await self._mine())

    def _on_news(self, news: News) -> None:
        if news.topic is Topic.MONITORS:
            self._wake.set()

    async def _round_or_wait(self) -> float | None:
        try:
            return await self.round()
        except StoreError:
            # A full disk may have room again later, and nothing may be forgotten until then.
            return WAIT_FOR_OTHERS

    async def _sleep(self, wait: float | None) -> None:
        if wait is None:
            await self._wake.wait()
        else:
            due = asyncio.create_task(self._clock.sleep(wait))
            news = asyncio.create_task(self._wake.wait())
            try:
                await asyncio.wait({due, news}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                due.cancel()
                news.cancel()
        await self._clock.sleep(GATHER)

    def _next_look(self, mine: Sequence[Wake]) -> float | None:
        if not mine:
            return None
        waits = [LOOK, *(each.valid_until - self._local for each in mine)]
        now = self._clock.monotonic()
        # What was to be tried again may have been taken back meanwhile, or its window be gone.
        waits += [at - now for each in mine if (at := self._retry_at.get(each.id, 0.0)) > now]
        return max(GATHER, min(waits))

    async def _mine(self) -> list[Wake]:
        found = await self._store.wakes.open_ones(self._account)
        return [each for each in found if each.kind is self._kind]

    async def _serve(self, waiting: Sequence[Wake]) -> None:
        words = await self._store.reach.last_words(self._account, {each.device for each in waiting})
        places = asyncio.Semaphore(TOGETHER)
        windows = {
            device: window_of(sign)
            for device, sign in words.items()
            if sign.what is What.REACHABLE
        }  # fmt: skip

        async def serve(device: str, window: Window) -> None:
            async with places:
                # What waits for one device leaves in the order in which it was queued.
                for each in waiting:
                    if each.device == device:
                        await self._serve_one(each, window)

        await asyncio.gather(*(serve(*each) for each in windows.items()))

    async def _serve_one(self, wake: Wake, window: Window) -> None:
        if not window.is_open(self._platform + MARGIN):
            await self._miss(wake, window)
        elif self._kind is WakeKind.REMINDER:
            said = f"It can be reached until {moment_text(window.end)}."
            await self._end(wake, WakeState.REMINDED, said)
        elif self._may_try(wake, window):
            await self._send(wake, window)

    def _may_try(self, wake: Wake, window: Window) -> bool:
        due = self._retry_at.get(wake.id, 0.0) <= self._clock.monotonic()
        return due and (wake.id, window.message) not in self._passed

    async def _miss(self, wake: Wake, window: Window) -> None:
        """Say once of each window that it was over before anything could leave."""
        self._retry_at.pop(wake.id, None)
        if wake.missed >= window.message or window.end <= wake.queued_at:
            return
        why = f" {wake.said}" if wake.tries else ""
        said = f"A window closed at {moment_text(window.end)} before it could leave.{why}"
        await self._store.wakes.move(
            wake.id, WakeState.WAITING, WakeState.WAITING, self._local, f"{said}"[:500],
            missed=window.message,
        )  # fmt: skip

    async def _send(self, wake: Wake, window: Window) -> None:
        claimed = await self._store.wakes.claim(wake.id, self._store.owner.name, self._local)
        if claimed is None:
            return
        if not window.is_open(self._platform + MARGIN):
            await self._put_back(claimed, "")
            return
        self._retry_at.pop(wake.id, None)
        note = telling.note(claimed)
        try:
            operation = from_json(claimed.operation, dict(claimed.fields))
            sent = await self._runner.change(
                operation, note, frozenset(claimed.names), batch=claimed.batch
            )
        except FormInvalid as error:
            await self._end(claimed, WakeState.REFUSED, f"It makes no request any more: {error}")
        except ChangeFailed as error:
            # A rule speaks against it now; that may be otherwise when the device wakes again.
            self._passed.add((wake.id, window.message))
            await self._put_back(claimed, str(error))
        else:
            await self._settle(claimed, sent.state, sent.problem, sent.number)

    async def _settle(
        self, wake: Wake, state: ChangeState, problem: str, request: int | None
    ) -> None:
        """Write down what became of the request of an entry."""
        after = _AFTER.get(state, WakeState.SENT)
        if after is WakeState.WAITING:
            self._retry_at[wake.id] = self._clock.monotonic() + RETRY
            await self._put_back(wake, f"It could not be sent. {problem}")
        else:
            await self._end(wake, after, problem, request or None)

    async def _put_back(self, wake: Wake, said: str) -> None:
        await self._store.wakes.move(
            wake.id, WakeState.SENDING, WakeState.WAITING, self._local, said[:500]
        )

    async def _end(
        self, wake: Wake, state: WakeState, said: str, request: int | None = None
    ) -> None:
        # How a request ended badly is told of the request itself.
        if request is None or state is WakeState.SENT:
            ended = telling.ended(wake, state, said, self._local)
            # Before it counts as done: who is killed in between tells it again, which is no harm.
            await self._store.notices.keep([telling.notice(ended, self._local)])
        await self._store.wakes.move(
            wake.id, wake.state, state, self._local, said[:500], request=request
        )

    async def _recover(self, sending: Iterable[Wake]) -> None:
        """Find out what became of entries that somebody was sending who does not any more."""
        await settle_the_dead(self._store, self._clock)
        for wake in sending:
            changes = await self._store.journal.by_batch(wake.batch)
            if not changes:
                if not await self._is_at_work(wake.owner):
                    await self._put_back(wake, "Nothing had left when the program ended.")
            elif changes[0].state not in _ON_ITS_WAY:
                change = changes[0]
                await self._settle(wake, change.state, change.problem, change.request)

    async def _is_at_work(self, owner: str) -> bool:
        """Tell whether another process may be about to send; this one knows what it sends."""
        mine = self._store.owner
        return owner != mine.name and await asyncio.to_thread(mine.is_alive, owner)

    @property
    def _local(self) -> float:
        return self._clock.now().timestamp()

    @property
    def _platform(self) -> float:
        """Unix time by the platform's clock, which windows are told by."""
        return self._local + self._client.health.clock_ahead
