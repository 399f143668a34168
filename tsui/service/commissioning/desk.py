"""The desk of commissioning: runs are begun, gone on with, noted and ended here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service import forms
from tsui.service.commissioning.hints import Hint, hints
from tsui.service.commissioning.model import Run, RunOutcome, StepName, StepState
from tsui.service.commissioning.watch import Reads, Watch, identifiers_of
from tsui.service.environment import Environment
from tsui.service.verdict.archive import Archive
from tsui.service.verdict.evidence import Evidence
from tsui.service.who import operator_name
from tsui.store.audit import Actor
from tsui.store.changes import OPEN, ChangeState, DeviceChange
from tsui.store.commissionings import End
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

if TYPE_CHECKING:
    import asyncio

    from tsui.service.account import AccountService

MOST = 500
"""Runs that are listed, newest first."""

ECHO = "SendSms"


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment
    online: "AccountService | None"


class Commissionings:
    """Commissioning runs of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown
        self._watches: dict[int, asyncio.Task[None]] = {}

    async def begin(self, device: DeviceRow) -> Run:
        """Begin a run of a device, or go on with the one that is open."""
        shown = self._shown
        run = await self._store.commissionings.begin(
            shown.account, device.key, identifiers_of(device), self._now(),
            environment=shown.environment.base_url,
            by=Actor(operator_name(), shown.environment.profile),
        )  # fmt: skip
        return await self._known(run)

    async def get(self, run: int) -> Run | None:
        """Return a run."""
        return await self._store.commissionings.get(run)

    async def of_device(self, device: DeviceRow) -> Run | None:
        """Return the newest run of a device."""
        return await self._store.commissionings.of_device(self._shown.account, device.key)

    async def newest(self) -> Sequence[Run]:
        """Return the runs of the account: those that are open first, the newest first."""
        return await self._store.commissionings.newest(self._shown.account, MOST)

    def follow(self, run: Run) -> None:
        """See to it that an open run is watched; nothing happens while nobody is signed in."""
        online, known = self._shown.online, self._watches.get(run.id)
        is_watched = known is not None and not known.done()
        if online is None or not run.is_open or is_watched or self.elsewhere(run):
            return
        online.track()
        reads = Reads(online.reader, online.gatherer)
        watch = Watch(self._store, reads, online.account, self._shown.clock, run.id)
        self._watches[run.id] = online.spawn(watch.run(), name="follow a commissioning run")

    def elsewhere(self, run: Run) -> str:
        """Say that a run is of another account or ThingSpace than is shown; empty where not."""
        shown = self._shown
        if (run.account, run.environment) == (shown.account, shown.environment.base_url):
            return ""
        return f"This run is of {run.account} at {run.environment}; sign in there to go on."

    async def device(self, run: Run) -> DeviceRow | None:
        """Return the device of a run; None where nothing is remembered of it here."""
        if self.elsewhere(run):
            return None
        rows = await self._store.devices.by_key(run.account, [run.device_key])
        return rows.get(run.device_key)

    async def hints(self, run: Run) -> Sequence[Hint]:
        """Return what may keep a run waiting, by what is remembered."""
        device = await self.device(run)
        if device is None:
            return hints(run, Evidence(self._now()))
        archive = Archive(self._store, run.account)
        return hints(run, await archive.evidence(device, self._now()))

    async def note(self, run: Run, text: str) -> None:
        """Write down what somebody says of the site."""
        await self._store.commissionings.note(run.id, text.strip())

    async def end(self, run: Run) -> Run:
        """End a run: green where the device moved its first bytes, given up otherwise."""
        now, last = self._now(), run.step(StepName.ECHO)
        skipped = []
        if run.is_green and not last.is_passed:
            said = "ended without it"
            skipped = [replace(last, state=StepState.SKIPPED, ended_at=now, said=said)]
        outcome = RunOutcome.GREEN if run.is_green else RunOutcome.GIVEN_UP
        await self._store.commissionings.write(run.id, skipped, end=End(outcome, now))
        return await self._known(run.id)

    # -- the echo -----------------------------------------------------------------------------

    async def sent_echo(self, run: Run) -> DeviceChange | None:
        """Return a message that was sent to the device in this run and need not be sent again."""
        for each in await self._store.journal.for_device(run.device_key):
            if each.operation == ECHO and each.created_at >= run.began_at:
                is_good = each.state in (*OPEN, ChangeState.SUCCEEDED, ChangeState.INFERRED)
                return each if is_good else None
        return None

    def echo(self, run: Run, text: str) -> Any:
        """Return the operation that sends a text to the device; raises FormInvalid."""
        values = {"accountName": run.account, "deviceIds": run.device_key, "smsMessage": text}
        return forms.build(ECHO, values)

    async def _known(self, run: int) -> Run:
        found = await self._store.commissionings.get(run)
        if found is None:
            raise LookupError(f"there is no commissioning run {run}")
        return found

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()
