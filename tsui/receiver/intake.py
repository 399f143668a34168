"""The intake: messages that come at the same time go to the disk together."""

import asyncio
import time
from collections.abc import Sequence

from tsui.store.errors import StoreError
from tsui.store.inbox import Arrival, Inbox

TOGETHER = 500
"""Messages of one transaction at the most."""

PROVEN = 1.0
"""Seconds for which a commit proves that the next one would work: nobody wears the disk out."""


class Intake:
    """Writes messages down; each waits for the commit that holds it.

    While one commit is under way the next ones gather, so that a flood costs few of them and a
    single message waits for nobody.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._prober: asyncio.Task[bool] | None = None
        self._proven_at = float("-inf")

    async def take(self, arrival: Arrival) -> None:
        """Return once the message is on the disk; raises StoreError when it cannot be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def works(self) -> bool:
        """Tell whether a message could be written down now, by writing something."""
        if time.monotonic() - self._proven_at < PROVEN:
            return True
        if self._prober is None or self._prober.done():
            self._prober = asyncio.create_task(self._probe())
        return await asyncio.shield(self._prober)

    async def _probe(self) -> bool:
        try:
            await self._inbox.probe()
        except StoreError:
            return False
        self._proven_at = time.monotonic()
        return True

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            try:
                await self._inbox.keep([arrival for arrival, _ in batch])
            except StoreError as error:
                self._proven_at = float("-inf")
                _settle(batch, error)
            else:
                self._proven_at = time.monotonic()
                _settle(batch, None)


def _settle(
    batch: Sequence[tuple[Arrival, "asyncio.Future[None]"]], error: StoreError | None
) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
