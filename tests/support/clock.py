"""Time in a test's hand."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

from tsui.clock import SystemClock

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is moved; sleepers wake when their time comes."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._seconds = 0.0
        self._wall_shift = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0
        self.slept: list[float] = []
        """Every wait that was asked for."""

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds + self._wall_shift)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        self._count += 1
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self._seconds + seconds, self._count, event))
        await event.wait()

    def shift_wall(self, seconds: float) -> None:
        """Let the wall clock jump; the monotonic clock does not follow."""
        self._wall_shift += seconds

    async def advance(self, seconds: float) -> None:
        """Move on, waking sleepers in order and letting each do its work."""
        until = self._seconds + seconds
        while self._sleepers and self._sleepers[0][0] <= until:
            self._seconds, _, event = heapq.heappop(self._sleepers)
            event.set()
            await settle()
        self._seconds = until
        await settle()


class RushingClock(FakeClock):
    """A clock on which every wait takes no time but moves the clock on by its length."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._seconds += max(0.0, seconds)
        await asyncio.sleep(0)


async def settle(rounds: int = 20) -> None:
    """Let everything that is ready run."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class HastyClock(SystemClock):
    """The machine's clock on which every wait is twenty times shorter."""

    FACTOR = 20.0

    def monotonic(self) -> float:
        return super().monotonic() * self.FACTOR

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self.FACTOR)
