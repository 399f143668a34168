"""Batches as the screens see them: what is proposed, sent, paused, cut off and gone on with."""

import asyncio
import importlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed
from tsui.store.batches import Batch
from tsui.store.changes import ChangeState
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.progress import Progress
    from tsui.service.proposal import Proposal, Wanted
    from tsui.service.sheet import Sheet

NEWEST = 50
"""Batches that are listed."""


class Shown(Protocol):
    """What is shown at the moment; signing in may change all of it but the clock."""

    account: str
    environment: Environment
    clock: Clock
    online: "AccountService | None"


class Batching:
    """The batches of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown
        self._sent: set[str] = set()
        self.interrupted: Sequence[Batch] = ()
        """Batches of which something was never sent, the newest first."""

    def under_way(self) -> "list[Progress]":
        """Say how far each batch is that this process sends."""
        online = self._shown.online
        return online.changes.progress() if online else []

    async def newest(self) -> list[Batch]:
        """Return the newest batches of the account, the newest first."""
        found = await self._store.batches.window(self._shown.account, NEWEST)
        self._note_interrupted(found)
        return found

    async def get(self, batch: str) -> Batch | None:
        """Return how far a batch is; None when there is none such."""
        return await self._store.batches.get(batch)

    async def to_look_at(self, batch: str) -> int | None:
        """Return the device change of a batch that most needs somebody: an unknown one first."""
        return await self._store.batches.to_look_at(batch)

    async def look(self) -> None:
        """Read again which batches can be gone on with, if one began or ended here."""
        sent = {each.batch for each in self.under_way()}
        if sent != self._sent:
            self._sent = sent
            await self.refresh()

    async def refresh(self) -> None:
        """Read again which batches can be gone on with."""
        self._note_interrupted(await self._store.batches.interrupted(self._shown.account, NEWEST))

    def pause(self, batch: str) -> bool:
        """Send no more of a batch for now; False when it is not being sent from here."""
        online = self._shown.online
        return online is not None and online.changes.pause(batch)

    async def cancel(self, batch: str) -> int:
        """Call off for good what of a batch was never sent; returns the number of devices."""
        if (online := self._shown.online) is None:
            raise ChangeFailed("Nobody is signed in, so nothing was called off.")
        devices = await online.changes.cancel(batch)
        await self.refresh()
        return devices

    async def propose(
        self, wanted: "Iterable[Wanted]", proposal: "Proposal | None" = None
    ) -> "Proposal":
        """Look at changes of several kinds and values, from what is remembered."""
        wanted = list(wanted)
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.proposing")
        found = await self._store.devices.rows({id for each in wanted for id in each.ids})
        shown = self._shown
        examiner = module.Examiner(
            self._store, shown.clock, shown.account, shown.environment.guards
        )
        rows = {row.id: row for row in found}
        proposed: Proposal = await module.propose(examiner, rows, wanted, proposal)
        return proposed

    async def rest(self, batch: str) -> "Proposal":
        """Look at what of a batch was never sent as if it were new."""
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.making")
        from tsui.service.proposal import Proposal, Wanted

        wanted = []
        for rest in await self._store.batches.rest(batch):
            fields = await self._store.batches.fields(rest.request)
            kind, values = module.values_of(rest.operation, fields)
            rows = await self._store.devices.by_key(self._shown.account, rest.keys)
            wanted.append(Wanted(kind, values, [row.id for row in rows.values()]))
        return await self.propose(wanted, Proposal((), batch=batch))

    async def read_sheet(self, text: str) -> "Sheet | None":
        """Read a table of values for each device; None for text that is no such table.

        Raises TableInvalid with a sentence for a table that cannot be used.
        """
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.sheet")
        found: Sheet | None = await module.read(self._store.devices, self._shown.account, text)
        return found

    def _note_interrupted(self, found: Sequence[Batch]) -> None:
        sending = {each.batch for each in self.under_way()}
        self.interrupted = [
            each
            for each in found
            if each.left and each.id not in sending and not each.counts.get(ChangeState.INTENDED)
        ]
