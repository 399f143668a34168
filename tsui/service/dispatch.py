"""Dispatch: sends the requests of batches one after the other, and can be told to stop.

Whatever was not sent when it stops is closed as not sent, and can be gone on with later, on
purpose. A request that was refused because it named too many devices comes again in parts.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tsui.clock import Clock
from tsui.service.drafts import Draft, Drafts
from tsui.service.outbox import CLOSED, RETRY_WRITE, Outbox, Sent
from tsui.service.progress import Progress
from tsui.service.turns import Turns
from tsui.store.batches import TOO_MANY
from tsui.store.changes import ChangeState, OpenChange
from tsui.store.errors import StoreError
from tsui.store.store import Store

PAUSED = "The operator paused the batch before it was sent."
"""Why the rest of a paused batch was not sent."""

BROKEN_OFF = "Sending broke off before it was its turn."
"""Why the rest of a batch was not sent when the program ended."""

STUCK = 2
"""Requests in a row that could not be sent until a batch stops."""

_LIMIT = "most devices: "
"""Begins the name under which the most devices of an operation's request are remembered."""


@dataclass(slots=True)
class Run:
    """A batch that is being sent by this process."""

    batch: str
    title: str
    total: int
    """Devices of this run."""
    sent: int = 0
    """Devices whose request has been sent."""
    began: float = 0.0
    """Monotonic time of its beginning."""
    why_stopped: str = ""
    """Why no more is sent; empty while it goes on."""
    is_held: bool = False
    """Whether it waits for devices to be over with the change before."""
    stuck: int = 0
    """Requests in a row that could not be sent."""

    def note(self, sent: Sent, devices: int) -> None:
        """Count a request; stop when several in a row could not be sent, which is no chance."""
        self.sent += devices
        could_not = sent.state is ChangeState.NOT_SENT and sent.problem != CLOSED
        self.stuck = self.stuck + 1 if could_not else 0
        if self.stuck >= STUCK:
            self.why_stopped = f"Earlier parts could not be sent. {sent.problem}"


class Dispatch:
    """Sends batches of one account."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        drafts: Drafts,
        clock: Clock,
        spawn: Callable[..., asyncio.Task[None]],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._drafts = drafts
        self._clock = clock
        self._spawn = spawn
        self._sending: set[asyncio.Task[None]] = set()
        self._runs: dict[str, Run] = {}

    @property
    def is_sending(self) -> bool:
        """Whether requests are still on their way out."""
        return bool(self._sending)

    def progress(self) -> list[Progress]:
        """Say how far each batch is that is being sent."""
        now = self._clock.monotonic()
        return [
            Progress(each.batch, each.title, each.total, each.sent, now - each.began, each.is_held)
            for each in self._runs.values()
        ]

    def stop(self, batch: str, why: str = PAUSED) -> bool:
        """Send no more of a batch; False when it is not being sent here."""
        run = self._runs.get(batch)
        if run is None:
            return False
        run.why_stopped = why
        return True

    async def finish(self, batch: str = "") -> None:
        """Wait until nothing is on its way out, or nothing of one batch."""
        while waiting := {
            task for task in self._sending if not batch or task.get_name() == f"send {batch}"
        }:
            await asyncio.wait(waiting)

    async def most(self, operation: str) -> int:
        """Return the most devices that a request of an operation may name, as far as is known."""
        documented = self._drafts.documented_limit(operation)
        learned = await self._store.memory.get(f"{_LIMIT}{operation}")
        return min(documented, learned) if isinstance(learned, int) else documented

    async def begin(self, batch: str, title: str, drafts: Sequence[Draft]) -> None:
        """Write all requests down, then begin to send them; raises StoreError or OpenChange."""
        numbers = await self._write(drafts)
        run = Run(batch, title, sum(len(each.devices) for each in drafts))
        run.began = self._clock.monotonic()
        self._runs[batch] = run
        task = self._spawn(
            self._send_all(run, deque(zip(numbers, drafts, strict=True))), name=f"send {batch}"
        )
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _write(self, drafts: Sequence[Draft]) -> list[int]:
        return await self._store.batches.intend(
            [each.intent for each in drafts], owner=self._store.owner.name, at=self._now()
        )

    async def _send_all(self, run: Run, waiting: "deque[tuple[int, Draft]]") -> None:
        turns = Turns(self._store, self._clock, run.batch)
        try:
            while waiting and await turns.bring_forward(waiting, run):
                number, draft = waiting.popleft()
                most = await self.most(draft.kind.operation)
                if len(draft.devices) > most:
                    await self._call_off([number], f"Only {most:,} devices are taken at once.")
                    waiting.extendleft(reversed(await self._in_parts(draft, most)))
                    continue
                sent = await self._outbox.send(number, draft.operation)
                if _named_too_many(sent, draft):
                    await self._learn(draft)
                    parts = await self._in_parts(draft, (len(draft.devices) + 1) // 2)
                    waiting.extendleft(reversed(parts))
                    continue
                run.note(sent, len(draft.devices))
        finally:
            left = [number for number, _ in waiting]
            await self._call_off(left, run.why_stopped or BROKEN_OFF)
            self._runs.pop(run.batch, None)

    async def _in_parts(self, draft: Draft, most: int) -> list[tuple[int, Draft]]:
        """Write a request down again as smaller ones.

        Nothing was done of it. What cannot be written down now can be gone on with later.
        """
        parts = self._drafts.cut_again(draft, most)
        try:
            return list(zip(await self._write(parts), parts, strict=True))
        except (StoreError, OpenChange):
            return []

    async def _learn(self, draft: Draft) -> None:
        with suppress(StoreError):
            half = (len(draft.devices) + 1) // 2
            await self._store.memory.put(f"{_LIMIT}{draft.kind.operation}", half)

    async def _call_off(self, numbers: Iterable[int], why: str) -> None:
        """Close requests that are not sent: until they are, they claim that they still will be.

        When this ends before that could be written down, whoever signs in next does it.
        """
        self._store.batches.owe(numbers, why)
        while True:
            try:
                return await self._store.batches.settle_owed(self._now())
            except StoreError:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    return None
                await self._clock.sleep(RETRY_WRITE)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _named_too_many(sent: Sent, draft: Draft) -> bool:
    """Tell whether a request was refused as a whole for its size, so that nothing was done."""
    refused = sent.state is ChangeState.REFUSED and sent.code.endswith(TOO_MANY)
    return refused and len(draft.devices) > 1
