"""A signed-in account: everything that needs the network, for as long as somebody uses it."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from tsui.clock import Clock
from tsui.service.changes import ChangeRoad
from tsui.service.drafts import Drafts
from tsui.service.examiner import Examiner
from tsui.service.freshness import FreshLook
from tsui.service.guards import Guards
from tsui.service.heartbeat import beat
from tsui.service.in_view import InView, nobody
from tsui.service.inbox import InboxReader
from tsui.service.judge import OperationJudge
from tsui.service.kinds import ACCOUNT
from tsui.service.learner import RhythmLearner
from tsui.service.live.budget import Budget
from tsui.service.live.keeping import Keeping
from tsui.service.live.terms import Terms
from tsui.service.looking import Looking
from tsui.service.monitors.waker import Waker
from tsui.service.notices.noticer import Noticer
from tsui.service.notices.own import SelfWatch
from tsui.service.outbox import Outbox
from tsui.service.reader import DeviceReader
from tsui.service.runner import OperationRunner
from tsui.service.settled import SettledDevices
from tsui.service.sync import FleetSync
from tsui.service.tracker import Tracker
from tsui.service.verdict.gathering import Gatherer
from tsui.service.wall.baseline import Baseline
from tsui.service.who import operator_name
from tsui.store.audit import Actor
from tsui.store.changes import DeviceChange
from tsui.store.store import Store
from tsui.store.wakes import WakeKind
from tsui.thingspace.client import Client
from tsui.thingspace.errors import Fate, ThingSpaceError

SIGN_OUT = 0.5
"""Seconds that ending the session may take; it ends by itself after 20 idle minutes anyway."""

LAST_WORDS = 1.0
"""Seconds that changes on their way may take to write down how they ended at the end."""

_log = logging.getLogger(__name__)


class AccountService:
    """One account of one user, signed in."""

    def __init__(
        self, client: Client, store: Store, *, environment: str, account: str, clock: Clock,
        profile: str = "", guards: Guards | None = None, watched: Iterable[str] = (),
        in_view: InView = nobody,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._store = store
        self.client = client
        """The way to ThingSpace."""
        self.account = account
        """The account's name."""
        self.reader = DeviceReader(client, store, account, clock)
        """Reads devices and what the account offers."""
        self.looking = Looking(self.reader, watched=watched, in_view=in_view)
        """Reads the devices that matter now."""
        self.learner = RhythmLearner(
            client, store, account, clock, watched=watched, in_view=in_view
        )
        """Learns how long devices are usually silent."""
        self.sync = FleetSync(client, store, account, clock)
        """Reads the fleet."""
        outbox = Outbox(client, store, clock)
        actor = Actor(operator_name(), profile)
        examiner = Examiner(store, clock, account, guards or Guards())
        self.runner = OperationRunner(
            client,
            store,
            outbox,
            clock,
            judge=OperationJudge(store, examiner, self.reader, clock, account),
            environment=environment,
            account=account,
            actor=actor,
            spawn=self._spawn_sender,
        )
        """Runs any operation by its form."""
        self.gatherer = Gatherer(client, self.reader, self.runner.read, store, account, clock)
        """Reads what a verdict on a device needs."""
        self.changes = ChangeRoad(
            Drafts(client, environment=environment, account=account, actor=actor),
            store,
            FreshLook(self.reader, self.sync, store, examiner, clock, account),
            outbox,
            clock,
            actor=actor,
            spawn=self._spawn_sender,
        )
        """The one road for changes."""
        self._tracker = Tracker(client, store, self.reader, account, clock)
        self._settled = SettledDevices(self.reader, clock)
        kinds = [WakeKind.REMINDER] if client.read_only else list(WakeKind)
        self._wakers = [Waker(client, store, self.runner, account, clock, kind) for kind in kinds]
        self._inbox = InboxReader(store, clock, self._read_settled, self._read_changed)
        self._self_watch = SelfWatch(store, account, clock, lambda: client.health.trouble)
        self._noticer = Noticer(store, clock, lambda: self.sync.progress.running)
        self._tasks: set[asyncio.Task[None]] = set()
        self._tracking: asyncio.Task[None] | None = None
        self._senders: set[asyncio.Task[None]] = set()
        self.keeping: Keeping | None = None
        """Keeps it live; None before that has begun."""
        self.on_crash: Callable[[str, BaseException], None] | None = None
        """Told when a task ended with an error nobody expected."""

    @property
    def trouble(self) -> str:
        """Why ThingSpace cannot be reached right now; empty when it answers."""
        error = self.client.health.trouble
        return "" if error is None or error.fate is Fate.REFUSED else error.problem

    def start(self, refresh_seconds: float, terms: Terms) -> None:
        """Begin to track changes, read the catalogue and keep the picture of the fleet fresh."""
        self.track()
        self.spawn(self.reader.refresh_catalogue(), name="read plans and groups")
        budget = Budget(self.client.trace, self._clock, terms.calls_per_minute)
        self.keeping = Keeping(
            self.sync, self.looking, self.learner, budget, self._clock, terms, refresh_seconds
        )
        self.keeping.begin(lambda work, name: self.spawn(work, name=name))
        baseline = Baseline(self._store, self.sync, self.account, self._clock, terms.shifts)
        self.spawn(baseline.run(), name="keep what a shift begins with")
        for waker in self._wakers:
            self.spawn(waker.run(), name="serve devices that wake")
        heart = beat(self._store, self.account, self._clock, lambda: self.trouble)
        self.spawn(heart, name="beat")

    def track(self) -> None:
        """Begin to follow changes to their outcome, unless that has begun."""
        if self._tracking is None:
            self._tracking = self.spawn(self._tracker.run(), name="track changes")
            self.spawn(self._inbox.run(), name="read callbacks")
            self.spawn(self._settled.run(), name="read changed devices")
            self.spawn(self._noticer.run(), name="notice what happens")
            self.spawn(self._self_watch.run(), name="watch tsui itself")

    async def read_all(self) -> None:
        """Read the catalogue and the whole fleet, after what is being read of it."""
        await self.sync.finish()
        await asyncio.gather(self.reader.refresh_catalogue(), self.sync.run())

    def spawn(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run work that outlives the screen that asked for it."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def close(self) -> None:
        """Stop everything, end the session and close the connections.

        Changes on their way learn from the closed connection whether they had left, and that is
        written down.
        """
        await _cancel(self._tasks - self._senders)
        with suppress(ThingSpaceError, TimeoutError):
            async with asyncio.timeout(SIGN_OUT):
                await self.client.sign_out()
        await self.client.aclose()
        if self._senders:
            await asyncio.wait(self._senders, timeout=LAST_WORDS)
        await _cancel(self._tasks)

    def _spawn_sender(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        task = self.spawn(work, name=name)
        self._senders.add(task)
        task.add_done_callback(self._senders.discard)
        return task

    def _read_settled(self, change: DeviceChange) -> None:
        """Have a device read again whose change a callback settled."""
        if change.account == self.account and change.kind != ACCOUNT:
            self._settled.note(change.device_key)

    def _read_changed(self, account: str, key: str) -> None:
        """Have a device read again that others changed."""
        if account == self.account:
            self._settled.note(key)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        _log.error("%s failed", task.get_name(), exc_info=error)
        if self.on_crash is not None:
            self.on_crash(task.get_name(), error)


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
