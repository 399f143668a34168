"""Rounds: when something that is kept fresh is read again."""

import asyncio

from tsui.clock import Clock

FIRST = 30.0
"""Seconds after the first failure; they double with each further one."""

LONGEST = 300.0
"""Seconds that failures lengthen a pause to at most, where it is not longer anyway."""

MOST_DOUBLINGS = 16


class Rounds:
    """Reads every so often, at growing intervals while that fails, and at once when it is woken."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._failures = 0
        self._woken = asyncio.Event()

    def ended(self, *, well: bool) -> None:
        """Note how a round ended."""
        self._failures = 0 if well else self._failures + 1

    @property
    def pause(self) -> float:
        """Seconds until the next round."""
        if not self._failures:
            return self._seconds
        doubled = FIRST * 2.0 ** min(self._failures - 1, MOST_DOUBLINGS)
        return min(doubled, max(self._seconds, LONGEST))

    @property
    def is_failing(self) -> bool:
        """Whether the last round failed."""
        return self._failures > 0

    def wake(self) -> None:
        """Let the next round begin now."""
        self._woken.set()

    async def wait(self) -> None:
        """Wait for the next round."""
        waits = (
            asyncio.ensure_future(self._clock.sleep(self.pause)),
            asyncio.ensure_future(self._woken.wait()),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        self._woken.clear()
