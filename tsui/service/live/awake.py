"""Noticing that the machine slept, or that its clock was set: what is shown is older than it looks.

The monotonic clock stands still while a machine sleeps, so everything that waits would go on
waiting for as long as was left when the lid was closed.
"""

from collections.abc import Callable
from typing import NamedTuple

from tsui.clock import Clock

EVERY = 20.0
"""Seconds between two looks."""

JUMP = 60.0
"""Seconds by which the two clocks have to part; a busy machine is late by less."""


class Jump(NamedTuple):
    """The wall clock went another way than time did."""

    at: float
    """Unix time at which that was noticed."""
    seconds: float
    """By how much; negative where the clock was set back."""


class Awake:
    """Compares the two clocks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: Jump | None = None
        """The last jump."""
        self.on_jump: list[Callable[[Jump], None]] = []
        """Told of every jump."""

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            wall, steady = self._clock.now(), self._clock.monotonic()
            await self._clock.sleep(EVERY)
            passed = (self._clock.now() - wall).total_seconds()
            parted = passed - (self._clock.monotonic() - steady)
            if abs(parted) >= JUMP:
                self.last = Jump(self._clock.now().timestamp(), parted)
                for listener in tuple(self.on_jump):
                    listener(self.last)
