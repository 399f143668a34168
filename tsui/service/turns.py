"""Turns: a device that has several changes in a batch takes them one after the other."""

from collections import deque
from contextlib import suppress
from typing import Protocol

from tsui.clock import Clock
from tsui.service.drafts import Draft
from tsui.store.errors import StoreError
from tsui.store.store import Store

LOOK_AGAIN = 1.0
"""Seconds until we look again whether a device is free."""

PATIENCE = 900.0
"""Seconds without a device that is free until the rest is left for later."""

BUSY = "Its change before this one was not over, so it was not sent yet."
"""Why a change was not sent whose device was not free in time."""


class Stoppable(Protocol):
    """Something that goes on until it is told why not."""

    why_stopped: str
    """Why no more is sent; empty while it goes on."""
    is_held: bool
    """Whether it waits for devices to be over with the change before."""


class Turns:
    """Knows which requests of a batch may be sent now."""

    def __init__(self, store: Store, clock: Clock, batch: str) -> None:
        self._store = store
        self._clock = clock
        self._batch = batch
        self._operation = ""
        self._busy: set[str] | None = None
        """Devices in the middle of a change; None while that is not known."""

    async def bring_forward(self, waiting: "deque[tuple[int, Draft]]", run: Stoppable) -> bool:
        """Bring a request to the front whose devices are free; False when the run has stopped.

        Requests of one kind of change all go before those of the next kind.
        """
        operation = waiting[0][1].kind.operation
        if operation != self._operation:
            self._operation = operation
            await self._look()
        since = self._clock.monotonic()
        while not run.why_stopped:
            run.is_held = self._busy is None or not _find_free(waiting, self._busy)
            if not run.is_held:
                return True
            if self._clock.monotonic() - since > PATIENCE:
                run.why_stopped = BUSY
                break
            await self._clock.sleep(LOOK_AGAIN)
            await self._look()
        return False

    async def _look(self) -> None:
        self._busy = None
        with suppress(StoreError):  # then it is looked at again a little later
            self._busy = await self._store.batches.in_the_middle(self._batch)


def _find_free(waiting: "deque[tuple[int, Draft]]", busy: set[str]) -> bool:
    operation = waiting[0][1].kind.operation
    for place, (_, draft) in enumerate(waiting):
        if draft.kind.operation != operation:
            return False
        if not draft.kind.exclusive or busy.isdisjoint(each.key for each in draft.devices):
            waiting.rotate(-place)
            found = waiting.popleft()
            waiting.rotate(place)
            waiting.appendleft(found)
            return True
    return False
