"""The intake: messages that come at the same time go to the disk together."""

import asyncio
from collections.abc import Sequence

from tsui.store.errors import StoreError
from tsui.store.inbox import Arrival, Inbox

TOGETHER = 500
"""Messages of one transaction at the most."""


class Intake:
    """Writes messages down; each waits for the commit that holds it.

    While one commit is under way the next ones gather, so that a flood costs few of them and a
    single message waits for nobody.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why the last commit failed; empty when it did not."""

    async def take(self, arrival: Arrival) -> None:
        """Return once the message is on the disk; raises StoreError when it cannot be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            try:
                await self._inbox.keep([arrival for arrival, _ in batch])
            except StoreError as error:
                self.trouble = str(error)
                _settle(batch, error)
            else:
                self.trouble = ""
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
