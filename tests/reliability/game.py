"""A game of operators, processes and the platform, on files that are real and time that is not."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.platform import Letter, Mishap, Platform
from tests.reliability.still import AtOnce, StillClock, quiet
from tsui.credentials import Credentials
from tsui.credentials.callback import CallbackKeys
from tsui.receiver.message import arrival
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed, ReportChanged, SignInFailed
from tsui.service.forms import from_json
from tsui.service.kinds import ChangeKind
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace
from tsui.simulator.device import SimDevice
from tsui.simulator.jobs import FAILED, SUCCESS
from tsui.simulator.rules import RESTORE, SUSPENDING
from tsui.store.announce import Topic
from tsui.store.changes import OPEN, ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.errors import DiskFull

DEVICES = 4
"""Devices that are played with."""

PATIENCE = 40.0
"""Seconds an operator waits for a change to be taken, longer than silence is granted."""

ENVIRONMENT = Environment("simulator", "http://127.0.0.1:1", "test")

KEYS = CallbackKeys("carrier", "callback-password", "secret-path")
"""What the messages of the platform carry."""


class Game:
    """Everything there is, and what can be done to it."""

    OPEN = OPEN

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, ahead: float) -> None:
        self._folder = folder
        self._patch = patch
        self._ahead = ahead
        self.clock = StillClock()
        """Our time."""
        self.platform: Platform
        """The other side."""
        self.password_changed = False
        """Whether the platform takes another password than ours."""
        self._devices: list[SimDevice] = []
        self._touched: set[str] = set()
        self._workspaces: list[Workspace | None] = [None, None]
        self._waiting: set[asyncio.Task[Any]] = set()
        self._rows: dict[int, DeviceChange] = {}

    async def begin(self) -> None:
        """Begin with one process that has read the fleet."""
        asyncio.get_running_loop().set_default_executor(AtOnce(1))
        self._patch.setattr("tsui.store.connection.ThreadPoolExecutor", AtOnce)
        self.platform = Platform(self._folder, self.clock, self._ahead)
        self._patch.setattr("tsui.service.signin.HttpTransport", self.platform.connect)
        self._account = next(iter(self.platform.world.fleets))
        fleet = self.platform.world.fleets[self._account]
        found = [fleet.get(number) for number in fleet.numbers()]
        self._devices = [fleet.touch(each) for each in found if each.state == "active"][:DEVICES]
        assert len(self._devices) == DEVICES
        mine = self.platform.world.access.credentials
        self._keys = Credentials(mine.key, mine.secret, mine.username, mine.password)
        await self.start(0, by_operator=True)
        (first, _) = self._workspaces
        assert first is not None
        assert first.online is not None
        await self._do(first.online.sync.run())
        await self._look()

    async def end(self) -> None:
        """Let everything come to its end and look once more."""
        await self.start(0, by_operator=True)
        await self.let_go()
        await self.wait(300.0)
        for change in self.journal():
            self.check_outcome(change)
        for who in range(len(self._workspaces)):
            await self.leave(who)
        await self.platform.aclose()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    # -- processes ----------------------------------------------------------------------------

    async def start(self, who: int, *, by_operator: bool) -> None:
        """Start a process, or sign in again where one runs."""
        made = self._workspaces[who]
        if made is None:
            made = Workspace(
                self._folder, ENVIRONMENT, self._account, self.clock, refresh_seconds=1e6
            )
            await made.open()
            assert made._store._watch is not None
            made._store._watch.cancel()  # it looks by the machine's own clock
            self._workspaces[who] = made
        elif made.online is not None:
            return
        if by_operator:
            self.platform.books.unattended_refusals = 0
        with suppress(SignInFailed):
            attempt = Attempt(self._keys, self._account, by_operator)
            await self._do(made.try_sign_in(attempt, ENVIRONMENT))
        if by_operator:
            self.platform.books.unattended_refusals = 0
        if made.online is not None:
            made.online.track()
        await self._look()

    async def leave(self, who: int) -> None:
        """End a process as it should be."""
        made, self._workspaces[who] = self._workspaces[who], None
        if made is not None:
            await self._do(made.close())
        await self._look()

    async def kill(self, who: int) -> None:
        """End a process as SIGKILL does: it writes nothing and says nothing any more."""
        made, self._workspaces[who] = self._workspaces[who], None
        if made is None:
            return
        store = made._store
        assert store._owner is not None
        await store._cache.close()
        await store._journal.close()
        await store._inbox.close()
        if made.online is not None:
            tasks = [*made.online._tasks, *made.online.client._tasks._tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        store._owner._lease.release()
        await quiet()
        await self._look()

    def fill_the_disk(self, who: int, *, full: bool) -> None:
        """Take all room from the journal of a process, or give it back."""
        made = self._workspaces[who]
        if made is None:
            return
        names = made._store.journal.__dict__
        if not full:
            names.pop("_write", None)
            return

        async def write(*_: Any) -> None:
            raise DiskFull("No room left.")

        names["_write"] = write

    # -- operators ----------------------------------------------------------------------------

    async def change(
        self,
        who: int,
        kind: ChangeKind,
        devices: Sequence[int],
        values: Mapping[str, str],
        mishap: Mishap,
    ) -> None:
        """Confirm a change whose first request meets a mishap."""
        made = await self._at_work(who)
        report = await made.preflight(
            kind, [(await self._row(each)).id for each in devices], values
        )
        if not report.eligible:
            return
        self.platform.mishaps = [mishap]
        await self._try(made.submit(report))

    async def text(self, who: int, devices: Sequence[int], words: str, mishap: Mishap) -> None:
        """Send a text message by its form."""
        to = [{"id": self._devices[each].iccid, "kind": "iccid"} for each in devices]
        await self._perform(who, mishap, "SendSms", deviceIds=to, smsMessage=words)

    async def suspend_together(self, who: int, devices: Sequence[int], mishap: Mishap) -> None:
        """Suspend devices by one request, by its form."""
        named = [
            {"deviceIds": [{"id": self._devices[each].iccid, "kind": "iccid"}]} for each in devices
        ]
        await self._perform(who, mishap, "SuspendDevices", devices=named)

    async def decide(self, who: int, choice: int) -> None:
        """Close a change by the operator's judgement, where one may be closed."""
        made = self._workspaces[who]
        opened = [each for each in self.journal() if each.state is ChangeState.UNKNOWN]
        if made is not None and opened and "_write" not in made._store.journal.__dict__:
            await made.decide(opened[choice % len(opened)], "I have looked.")
        await self._look()

    async def _perform(self, who: int, mishap: Mishap, name: str, **fields: Any) -> None:
        made = await self._at_work(who)
        self.platform.mishaps = [mishap]
        operation = from_json(name, {"accountName": self._account, **fields})
        await self._try(made.perform(operation))

    async def _at_work(self, who: int) -> Workspace:
        """Return a process that somebody works with; one that was not there is started."""
        if self._workspaces[who] is None:
            await self.start(who, by_operator=False)
        made = self._workspaces[who]
        assert made is not None
        return made

    async def _try(self, work: Coroutine[Any, Any, Any]) -> None:
        async def told() -> None:
            with suppress(ChangeFailed, ReportChanged):
                await work

        await self._do(told())

    # -- the platform -------------------------------------------------------------------------

    async def let_go(self) -> None:
        """Let what is held up arrive."""
        self.platform.release()
        await quiet()
        await self._look()

    async def change_elsewhere(self, device: int, *, suspend: bool) -> None:
        """Let somebody else change a line."""
        world, sim = self.platform.world, self._devices[device]
        action = SUSPENDING if suspend else RESTORE
        world.engine.change_elsewhere(world.fleets[self._account], self._account, action, sim)
        self._touched.add(sim.iccid)
        await self.wait(0.0)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)
        await self._look()

    def change_the_password(self) -> None:
        """Let the platform take another password, and end all sessions."""
        access = self.platform.world.access
        access.credentials = replace(access.credentials, password="another")
        access.expire_all()
        self.password_changed = True

    def put_the_password_back(self) -> None:
        """Let the platform take our password again."""
        access = self.platform.world.access
        access.credentials = replace(access.credentials, password=self._keys.password)
        access.unlock()
        self.password_changed = False

    # -- callbacks ----------------------------------------------------------------------------

    async def deliver(self, choices: Sequence[int], times: int) -> None:
        """Deliver messages of the platform in some order, some again, some long after."""
        letters = self.platform.letters
        chosen = [letters[-1 - each % len(letters)] for each in choices if letters]
        await self._keep(chosen * times)

    async def deliver_foreign(self, choice: int, status: str, *, known: bool) -> None:
        """Deliver what is not for us: of an unknown request, or of another device."""
        opened = [each for each in self.journal() if each.request_id and each.state in OPEN]
        if not opened:
            return
        change = opened[choice % len(opened)]
        body = {
            "requestId": change.request_id if known else "0b5a0000-0000-4000-8000-000000000000",
            "deviceIds": [{"id": "1" * 20 if known else change.identifier, "kind": "iccid"}],
            "status": status,
        }
        await self._keep([Letter("CarrierService", body)])

    async def _keep(self, letters: Sequence[Letter]) -> None:
        """Keep messages as the receiver does, which is a process of its own."""
        alive = [each for each in self._workspaces if each is not None]
        if not alive or not letters:
            return
        at = self.clock.now().timestamp()
        keys = {"username": KEYS.username, "password": KEYS.password}
        for number, (service, body) in enumerate(letters):
            raw = json.dumps({**keys, **body, "callbackCount": number}).encode()
            await alive[0]._store.inbox.keep([arrival(raw, service, "127.0.0.1", at, KEYS)])
        for each in alive:
            each._store.announcer.publish(Topic.INBOX)
        await self.wait(1.0)

    # -- what is seen -------------------------------------------------------------------------

    def journal(self) -> list[DeviceChange]:
        """Return what the journal says, as it was looked at last."""
        return list(self._rows.values())

    def check_outcome(self, change: DeviceChange) -> None:
        """Compare an outcome with what the platform did; the evidence must be there."""
        if change.state in (ChangeState.SUCCEEDED, ChangeState.FAILED, ChangeState.INFERRED):
            assert change.evidence, change
        statuses = self._statuses(change)
        if change.state is ChangeState.SUCCEEDED:
            assert statuses == {SUCCESS}, change
        if change.state is ChangeState.FAILED:
            assert statuses <= {FAILED}, change
        if change.state is ChangeState.INFERRED:
            assert SUCCESS in statuses or self._was_changed_by_others(change), change

    def _statuses(self, change: DeviceChange) -> set[str]:
        """Return how the platform's requests of a change stand for its device."""
        world = self.platform.world
        return {
            task.status
            for request in self.platform.books.taken.get(change.request, ())
            for task in world.jobs.requests[request].tasks
            if task.target is not None and task.target.device.iccid == change.identifier
        }

    def _was_changed_by_others(self, change: DeviceChange) -> bool:
        return change.identifier in self._touched or any(
            each.iccid == change.identifier and each.success
            for each in self.platform.world.jobs.executions
        )

    async def _look(self) -> None:
        """Read the journal; while no process runs nobody sees anything."""
        made = next((each for each in self._workspaces if each is not None), None)
        rows = await made.change_window(0, 10_000) if made is not None else []
        self._rows = {each.id: each for each in rows}

    async def _row(self, device: int) -> DeviceRow:
        made = next(each for each in self._workspaces if each is not None)
        (row,) = await made.find_devices(self._devices[device].iccid)
        return row

    async def _do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Work for as long as an operator waits; what takes longer goes on by itself."""
        task = asyncio.ensure_future(work)
        await self.clock.drive(task, PATIENCE)
        if task.done():
            task.result()
        else:
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)
        await quiet()
        await self._look()
