"""The budget: how many calls a minute the program makes by itself."""

from tsui.clock import Clock
from tsui.service.calls.summary import LATELY
from tsui.thingspace.trace import Trace

EVERY = 5.0
"""Seconds between two looks whether there is room again."""


class Budget:
    """Holds back what nobody asked for while too much went over HTTP.

    All calls count, whoever asked for them; only what runs by itself waits.
    """

    def __init__(self, trace: Trace, clock: Clock, per_minute: int) -> None:
        self._trace = trace
        self._clock = clock
        self.per_minute = per_minute
        """Calls a minute from which on nothing is read by itself."""

    @property
    def used(self) -> int:
        """Calls of the last minute."""
        now = self._clock.now().timestamp()
        return sum(1 for each in self._trace if now - LATELY < each.at.timestamp() <= now)

    async def room(self) -> None:
        """Wait until there is room for another call."""
        while self.used >= self.per_minute:
            await self._clock.sleep(EVERY)
