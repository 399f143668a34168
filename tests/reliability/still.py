"""A program without chance: no threads, no real time, so that a failure can be repeated."""

import asyncio
import heapq
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, cast

from tests.support.clock import FakeClock
from tsui.simulator.clock import SimClock

T = TypeVar("T")


class AtOnce(ThreadPoolExecutor):
    """Does the work at once, on the thread that hands it in."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            future.set_exception(error)
        return future


async def quiet() -> None:
    """Let everything happen that can happen without more time."""
    ready = cast("Any", asyncio.get_running_loop())._ready
    while True:
        await asyncio.sleep(0)
        if not ready:
            return


class StillClock(FakeClock):
    """A clock that lets everything that is due happen to its end before it moves on."""

    async def advance(self, seconds: float) -> None:
        until = self._seconds + seconds
        await quiet()
        while self._sleepers and self._sleepers[0][0] <= until:
            await self._wake()
        self._seconds = until
        await quiet()

    async def drive(self, work: asyncio.Task[Any], limit: float) -> None:
        """Move on until the work is done, or for so many seconds."""
        until = self._seconds + limit
        await quiet()
        while not work.done() and self._sleepers and self._sleepers[0][0] <= until:
            await self._wake()

    async def _wake(self) -> None:
        self._seconds, _, event = heapq.heappop(self._sleepers)
        event.set()
        await quiet()


class PlatformClock(SimClock):
    """The platform's clock: as still as ours, but it may show another time."""

    def __init__(self, clock: StillClock, ahead: float) -> None:
        super().__init__(clock.now())
        self._clock = clock
        self._ahead = ahead

    def timestamp(self) -> float:
        return self._clock.now().timestamp() + self._ahead

    async def sleep_until(self, timestamp: float) -> None:
        while (left := timestamp - self.timestamp()) > 0:
            await self._clock.sleep(left)
