"""What the screens see: what is remembered at once, the network when somebody has signed in.

This module and all it imports stay clear of the HTTP client and the models, so that the first rows
are on the screen before those are loaded.
"""

import asyncio
import importlib
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsui.clock import Clock
from tsui.service.batching import Batching
from tsui.service.desks import Desks
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.in_view import InView, nobody
from tsui.service.kinds import ChangeKind
from tsui.service.live.terms import NEVER_BY_ITSELF, Terms
from tsui.service.opened import OpenChanges
from tsui.service.parts import DEVICE_PARTS, LAST_ANSWER, Part
from tsui.service.recovery import settle_the_dead
from tsui.service.waiting import until_over
from tsui.service.who import operator_name
from tsui.store.announce import News
from tsui.store.audit import Actor
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.device_list import DeviceList
from tsui.store.devices import DeviceRow
from tsui.store.opened import UnderWay
from tsui.store.query import DeviceQuery
from tsui.store.readings import Reading
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.outbox import Keep, Sent
    from tsui.service.preflight import Report
    from tsui.service.proposal import Proposal
    from tsui.service.replies import Answer
    from tsui.service.resolver import Resolution
    from tsui.service.signin import Attempt
    from tsui.service.sync import Progress
    from tsui.service.undo import Card
    from tsui.thingspace.operation import Operation

ACCOUNT = 0
"""Stands for the account itself where a reading is of no device."""


class Workspace:
    """An environment, an account of it, and what is known of both."""

    def __init__(
        self,
        data_folder: Path,
        environment: Environment,
        account: str,
        clock: Clock,
        *,
        refresh_seconds: float,
        terms: Terms = NEVER_BY_ITSELF,
        in_view: InView = nobody,
    ) -> None:
        self._store = Store(data_folder / environment.folder_name)
        self.audit = self._store.audit
        """What was done here, event by event."""
        self.inbox = self._store.inbox
        """Callback messages."""
        self.selections = self._store.selections
        """Sets of devices, e.g. all that a query finds."""
        self.batching = Batching(self._store, self)
        """Changes of many devices."""
        self.desks = Desks(self._store, self)
        """What can be asked about beyond lists of devices and changes."""
        self.environment = environment
        """Which ThingSpace."""
        self.account = account
        """The account shown; empty until one is known."""
        self.clock = clock
        """The time."""
        self.online: AccountService | None = None
        """The way to ThingSpace; None while nobody is signed in."""
        self.opened = OpenChanges(self._store.journal)
        """The changes that are not over."""
        self.refresh_seconds = refresh_seconds
        """Seconds between two readings of the fleet while somebody is signed in."""
        self._terms = terms
        self._in_view = in_view
        self._cached_at: float | None = None

    async def open(self) -> None:
        """Open what is remembered and close the books of processes that are gone.

        Raises a StoreError that says what to do.
        """
        await self._store.open()
        await settle_the_dead(self._store, self.clock)
        await self.opened.refresh(self.account)
        await self.batching.refresh()
        if state := await self._store.syncs.get(self.account):
            self._cached_at = state.finished_at or state.started_at

    async def close(self) -> None:
        """Close the network, then the files."""
        if self.online is not None:
            await self.online.close()
            self.online = None
        await self._store.close()

    def on_crash(self, listener: Callable[[str, BaseException], None]) -> None:
        """Tell a listener of background work that ended with an error nobody expected."""
        if self.online is not None:
            self.online.on_crash = listener

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Call the listener for every change of what is remembered; returns how to stop it."""
        return self._store.announcer.subscribe(listener)

    async def sign_in(self, attempt: "Attempt", environment: Environment) -> None:
        """Sign in and begin to work; raises SignInFailed."""
        await self.try_sign_in(attempt, environment)
        if self.online is not None:
            await self.online.sync.remembered()
            await self.opened.refresh(self.account)
            await self.batching.refresh()
            self.online.start(self.refresh_seconds, self._terms)

    async def try_sign_in(self, attempt: "Attempt", environment: Environment) -> None:
        """Sign in without beginning to work; raises SignInFailed."""
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.signin")
        account: AccountService = await module.sign_in(
            attempt, self._store, environment, self.clock, self._in_view, self.desks.calls.trace
        )
        if self.online is not None:
            await self.online.close()
        self.environment = environment
        self.online = account
        self.account = account.account
        self.desks.calls.signed_in(environment, self.account)

    @property
    def progress(self) -> "Progress | None":
        """How far the reading of the fleet is; None while nobody is signed in."""
        return self.online.sync.progress if self.online else None

    @property
    def read_at(self) -> float | None:
        """Unix time at which the fleet was last read as a whole; None when it never was."""
        progress = self.progress
        return progress.finished_at if progress and progress.finished_at else self._cached_at

    @property
    def trouble(self) -> str:
        """Why ThingSpace cannot be reached right now; empty when it can."""
        return self.online.trouble if self.online else ""

    @property
    def is_sending(self) -> bool:
        """Whether changes are on their way out."""
        online = self.online
        return online is not None and (online.changes.is_sending or online.runner.is_sending)

    async def finish_sending(self) -> None:
        """Wait until no change is on its way out."""
        if self.online is not None:
            await self.online.changes.finish()
            await self.online.runner.finish()

    # -- devices ------------------------------------------------------------------------------

    def device_list(self, query: DeviceQuery) -> DeviceList:
        """Return the devices a query finds, to be scrolled through."""
        return self._store.devices.listing(query)

    async def count_devices(self, query: DeviceQuery) -> int:
        """Count the devices a query finds."""
        return await self._store.devices.count(query)

    def stream_devices(self, query: DeviceQuery) -> AsyncGenerator[list[DeviceRow], None]:
        """Yield all rows of a query a few at a time, as they were when the first was read."""
        return self._store.devices.stream(query)

    async def devices(self, ids: Iterable[int]) -> list[DeviceRow]:
        """Return devices by id; those that are gone are left out."""
        return await self._store.devices.rows(ids)

    async def find_devices(self, identifier: str) -> list[DeviceRow]:
        """Return devices with this identifier, or one that ends with it."""
        return await self._store.devices.find(self.account, identifier)

    async def resolve(self, text: str) -> "Resolution":
        """Find the account's devices that a text names, whatever the text looks like."""
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.resolver")
        found: Resolution = await module.resolve(self._store.devices, self.account, text)
        return found

    async def raw_device(self, device: int) -> dict[str, Any] | None:
        """Return a device as the platform told it."""
        return await self._store.devices.raw(device)

    async def tally(self, column: str) -> list[tuple[str, int]]:
        """Count the account's devices by state, plan or groups."""
        return await self._store.devices.tally(self.account, column)

    async def reading(self, device: int, kind: str) -> Reading | None:
        """Return what was last read of a device, or of the account."""
        return await self._store.readings.get(self.account, device, kind)

    def refresh_device(self, device: DeviceRow, parts: Iterable[Part] = DEVICE_PARTS) -> None:
        """Begin to read a device again; what comes is announced."""
        if self.online is not None:
            self.online.spawn(
                self.online.reader.refresh(device, tuple(parts)), name="read a device"
            )

    async def accounts(self) -> list[str]:
        """Return the accounts whose devices were read here."""
        return await self._store.syncs.accounts()

    async def sync_once(self) -> str:
        """Read the whole fleet now; returns why that did not work, or nothing."""
        if self.online is None:
            return "Nobody is signed in."
        await self.online.sync.run()
        return self.online.sync.progress.trouble

    def refresh_fleet(self, *, whole: bool = False) -> None:
        """Begin to read what is in view and what is new in the fleet, or the whole of it."""
        if self.online is not None:
            self.online.spawn(self.online.looking.read(), name="read the devices in view")
            self.online.spawn(self.online.sync.run(whole=whole), name="sync the fleet")

    # -- changes ------------------------------------------------------------------------------

    async def preflight(
        self, kind: ChangeKind, ids: Iterable[int], values: Mapping[str, str]
    ) -> "Report":
        """Say who could take part in a change and who could not, from what is remembered."""
        from tsui.service.proposal import Wanted

        proposal = await self.batching.propose([Wanted(kind, values, tuple(ids))])
        return proposal.reports[0]

    async def submit(self, confirmed: "Report | Proposal", note: str = "") -> int:
        """Write confirmed changes down and begin to send them; returns the number of devices.

        The note says why it is done.

        Raises ChangeFailed with a sentence, or ReportChanged when the operator has to look again.
        In both cases nothing was sent.
        """
        if self.online is None:
            raise ChangeFailed("Nobody is signed in, so nothing was sent.")
        from tsui.service.proposal import Proposal

        proposal = confirmed if isinstance(confirmed, Proposal) else Proposal((confirmed,))
        return await self.online.changes.submit(proposal, self._worthy(note))

    async def count_changes(self) -> int:
        """Count all device changes ever made here in the account."""
        return await self._store.journal.count(self.account)

    async def change_window(self, offset: int, limit: int) -> list[DeviceChange]:
        """Return device changes of the account, newest first."""
        return await self._store.journal.window(offset, limit, self.account)

    def stream_changes(self, *, only_open: bool) -> AsyncGenerator[list[DeviceChange], None]:
        """Yield device changes of the account a few at a time, newest first."""
        return self._store.journal.stream(self.account, only_open=only_open)

    async def request(self, number: int) -> list[DeviceChange]:
        """Return the device changes of a request of the account."""
        changes = await self._store.journal.by_request(number)
        return [each for each in changes if each.account == self.account]

    async def newest_of_request(self, name: str) -> int | None:
        """Return the newest device change of a request by its number, or by ThingSpace's id."""
        return await self._store.journal.newest_of_request(name)

    async def change_position(self, change: int) -> int | None:
        """Return the place of a device change, newest first."""
        return await self._store.journal.position(change, self.account)

    async def change(self, change: int) -> DeviceChange | None:
        """Return one device change."""
        return await self._store.journal.get(change)

    async def first_failure(self, changes: Iterable[int]) -> DeviceChange | None:
        """Return the first of some device changes that failed for good."""
        return await self._store.journal.first_failure(changes)

    async def contradicted(self) -> list[DeviceChange]:
        """Return the newest changes of the account about which the platform contradicts itself."""
        return await self._store.journal.contradicted(self.account)

    async def changes_of(self, device_key: str) -> list[DeviceChange]:
        """Return a device's changes, newest first."""
        return await self._store.journal.for_device(device_key)

    async def changes_by_operation(self, names: Iterable[str], limit: int) -> list[DeviceChange]:
        """Return device changes that were made by some operations, newest first."""
        return await self._store.journal.by_operation(names, limit)

    async def decide(self, change: DeviceChange, note: str) -> bool:
        """Close a change by the operator's own judgement.

        False if more is known of it by now than when it was shown.
        """
        return await self._store.journal.move(
            change.id,
            ChangeState.DECIDED,
            self.clock.now().timestamp(),
            problem=note,
            evidence="operator's decision",
            by=Actor(operator_name(), self.environment.profile),
            was=change.state,
        )

    async def undo_card(self, change: DeviceChange) -> "Card":
        """Work out what can be brought back of a change and of its batch."""
        batch = await self._store.journal.by_batch(change.batch)
        keys = [each.device_key for each in batch]
        from tsui.service.undo import card_of

        return card_of(change, batch, await self._store.devices.by_key(self.account, keys))

    async def under_way(self, keys: Iterable[str]) -> Mapping[str, UnderWay]:
        """Return what keeps devices from another change, by device key."""
        return await self._store.journal.under_way(self.account, keys)

    # -- operations ---------------------------------------------------------------------------

    async def ask(self, operation: "Operation[Any]") -> "Answer":
        """Send a read and remember its answer; raises ReadFailed."""
        if self.online is None:
            raise ReadFailed("Nobody is signed in.", "not sent")
        return await self.online.runner.read(operation)

    async def judge(self, operation: "Operation[Any]") -> "Report":
        """Say what speaks for and against an operation; raises ChangeFailed."""
        if self.online is None:
            raise ChangeFailed("Nobody is signed in, so nothing was sent.")
        return await self.online.runner.report(operation)

    async def perform(
        self, operation: "Operation[Any]", note: str = "", names: frozenset[str] = frozenset(),
        keep: "Keep | None" = None,
    ) -> "Sent":  # fmt: skip
        """Write an operation down, send it once and return what came back.

        The note says why it is done, the names are those of what is protected and was named;
        ``keep`` keeps what of the reply must not be lost. Raises ChangeFailed if nothing was sent.
        """
        if self.online is None:
            raise ChangeFailed("Nobody is signed in, so nothing was sent.")
        return await self.online.runner.change(operation, self._worthy(note), names, keep)

    def _worthy(self, note: str) -> str:
        """Return a note as it is kept; raises ChangeFailed where one is needed and missing."""
        if self.environment.note_required and not note.strip():
            raise ChangeFailed("Nothing was sent: a note that says why is needed here.")
        return note.strip()

    async def follow(self, request_id: str, seconds: float) -> list[DeviceChange]:
        """Track a request, at most for so many seconds, and return what became of its devices."""
        if self.online is not None:
            self.online.track()
        return await until_over(self._store, request_id, seconds)

    async def last_answer(self, operation: str) -> Reading | None:
        """Return what an operation answered last."""
        return await self._store.readings.get(self.account, ACCOUNT, f"{LAST_ANSWER}{operation}")

    # -- memory -------------------------------------------------------------------------------

    async def recall(self, name: str, default: Any = None) -> Any:
        """Return a small thing that was remembered."""
        return await self._store.memory.get(name, default)

    async def remember(self, name: str, value: Any) -> None:
        """Remember a small thing; losing it would cost comfort only."""
        await self._store.memory.put(name, value)
