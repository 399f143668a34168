"""Tasks that outlive whoever waits for them, and that are shared by those who want the same."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from tsui.thingspace.errors import ClientClosed

T = TypeVar("T")


class Tasks:
    """Work that is never cancelled by its waiters, only by closing."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._shared: dict[str, asyncio.Task[Any]] = {}
        self.closed = False
        """Whether no work is begun any more."""

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work and return its result; raises ClientClosed when closing ends it."""
        return await asyncio.shield(self._begin(work))

    async def share(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work once for all who ask for it under this key while it is under way."""
        task = self._shared.get(key)
        if task is None:
            task = self._shared[key] = self._begin(work)
            task.add_done_callback(lambda done: self._end_sharing(key, done))
        return cast("T", await asyncio.shield(task))

    def unshare(self) -> None:
        """Let nobody join what is under way now: who asks from here on wants a newer answer."""
        self._shared.clear()

    async def aclose(self) -> None:
        """Begin nothing more and cancel what is under way."""
        self.closed = True
        await asyncio.sleep(0)  # a task that has not begun could not say how it ended
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        if self.closed:
            raise _closed()
        task = asyncio.create_task(self._do(work))
        self._tasks.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _end_sharing(self, key: str, task: asyncio.Task[Any]) -> None:
        if self._shared.get(key) is task:
            del self._shared[key]

    async def _do(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except asyncio.CancelledError:
            if self.closed:
                raise _closed() from None
            raise

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # every waiter may be gone; a result nobody wants is no error


def _closed() -> ClientClosed:
    return ClientClosed("The connection was closed; nothing was sent.")
