"""The one road for every change: look, write down, send, write down what came back.

Nothing is sent before the journal has it on disk, and nothing is ever sent again by itself.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.dispatch import Dispatch
from tsui.service.drafts import Draft, Drafts
from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.freshness import FreshLook
from tsui.service.kinds import CHANGE_COST_CENTER
from tsui.service.outbox import Outbox
from tsui.service.preflight import Report
from tsui.service.problems import explain
from tsui.service.progress import Progress
from tsui.service.proposal import Proposal
from tsui.service.rules.request import LOOKED_AT
from tsui.store.audit import Actor
from tsui.store.changes import OpenChange
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.errors import ThingSpaceError


class ChangeRoad:
    """Sends changes of one account, one request at a time."""

    def __init__(
        self,
        drafts: Drafts,
        store: Store,
        looks: FreshLook,
        outbox: Outbox,
        clock: Clock,
        *,
        actor: Actor,
        spawn: Callable[..., asyncio.Task[None]],
    ) -> None:
        self._store = store
        self._looks = looks
        self._clock = clock
        self._actor = actor
        self._drafts = drafts
        self._dispatch = Dispatch(store, outbox, drafts, clock, spawn)

    @property
    def is_sending(self) -> bool:
        """Whether requests are still on their way out."""
        return self._dispatch.is_sending

    async def finish(self) -> None:
        """Wait until nothing is on its way out."""
        await self._dispatch.finish()

    def progress(self) -> list[Progress]:
        """Say how far each batch is that is being sent."""
        return self._dispatch.progress()

    def pause(self, batch: str) -> bool:
        """Send no more of a batch for now; False when it is not being sent here."""
        return self._dispatch.stop(batch)

    async def cancel(self, batch: str) -> int:
        """Send no more of a batch, and call off for good what never left; counts the devices."""
        self._dispatch.stop(batch)
        await self._dispatch.finish(batch)
        return await self._store.batches.give_up(batch, self._now(), self._actor)

    async def look(self, proposal: Proposal) -> Proposal:
        """Read the devices of a proposal again and judge them anew; raises ReadFailed."""
        return await self._looks.at_all(proposal)

    async def submit(self, proposal: Proposal, note: str = "") -> int:
        """Write confirmed changes down and begin to send them; returns the number of devices.

        The note says why it is done.

        Raises ReportChanged when a fresh look tells otherwise, and ChangeFailed when the look or
        the writing failed or a device has a change that is not over. In both cases nothing was
        sent.
        """
        if names := proposal.names_needed:
            raise ChangeFailed(f"Nothing was sent: {', '.join(names)} is protected.")
        try:
            proposal = await self._look_again(proposal)
            await self._begin(proposal, note, proposal.batch or uuid.uuid4().hex)
        except OpenChange as error:
            raise ChangeFailed(
                f"Nothing was sent: {error.device_key} has a change in request {error.request} "
                f"that is {error.state}. Look at it in Requests (3)."
            ) from error
        except StoreError as error:
            raise ChangeFailed(f"Nothing was sent. {error}") from error
        except ThingSpaceError as error:
            raise ChangeFailed(f"Nothing was sent. {explain(error)}") from error
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = " ".join(str(part) for part in first["loc"]).replace("_", " ")
            raise ChangeFailed(f"Nothing was sent. {name}: {first['msg']}.") from error
        return proposal.devices

    async def _begin(self, proposal: Proposal, note: str, batch: str) -> None:
        names = {each.kind.operation for each in proposal.reports}
        most = {name: await self._dispatch.most(name) for name in names}
        raw: dict[int, Mapping[str, Any]] = {}
        for each in proposal.reports:
            if each.kind is CHANGE_COST_CENTER:
                raw |= await self._raw(each)

        def cut() -> list[Draft]:
            return [
                draft
                for each in proposal.reports
                for draft in self._drafts.cut(each, batch, note, most[each.kind.operation], raw)
            ]

        drafts = await asyncio.to_thread(cut)
        await self._dispatch.begin(batch, proposal.name, drafts)

    async def _raw(self, report: Report) -> dict[int, Mapping[str, Any]]:
        ids = [each.device.id for each in report.eligible]
        return {id: await self._store.devices.raw(id) or {} for id in ids}

    async def _look_again(self, proposal: Proposal) -> Proposal:
        if proposal.devices > LOOKED_AT:
            return proposal
        again = await self._looks.at_each(proposal)
        if again is not proposal and not again.is_clear:
            raise ReportChanged(again)
        return again

    def _now(self) -> float:
        return self._clock.now().timestamp()
