"""The simulator's time: it can begin anywhere and be put forward."""

import asyncio
import time
from datetime import UTC, datetime


class SimClock:
    """A wall clock that runs on by itself and can be advanced; sleepers honour an advance."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._began = time.monotonic()
        self._advanced = 0.0
        self._moved = asyncio.Event()

    def timestamp(self) -> float:
        """Return the time as Unix seconds."""
        return self._start.timestamp() + (time.monotonic() - self._began) + self._advanced

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, seconds: float) -> None:
        """Put the clock forward; everything that becomes due by it happens."""
        self._advanced += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep_until(self, timestamp: float) -> None:
        """Wait until the clock shows this time."""
        while (left := timestamp - self.timestamp()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), left)
            except TimeoutError:
                continue


def iso(moment: datetime | float) -> str:
    """Write a time as the platform does: whole seconds, ``Z``."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_iso(text: str) -> datetime:
    """Read a time of a request: ISO 8601 with zone; raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the offset leads out of the calendar") from None
