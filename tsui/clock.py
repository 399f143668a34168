"""Time as the program sees it: one object for the wall clock, the monotonic clock and waiting."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What every timed decision asks, so that a test can hold time in its hand."""

    def now(self) -> datetime:
        """Return the wall clock, aware and in UTC: for what people read and what is stored."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards: for every wait, age and expiry."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many monotonic seconds."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the wall clock, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that began to run at another moment; waiting is the machine's own."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._started = self.monotonic()

    def now(self) -> datetime:
        """Return the moment it began at, and what has passed since."""
        return self._begin + timedelta(seconds=self.monotonic() - self._started)
