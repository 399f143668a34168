"""What somebody looks at, or has put on the watch list, is read more often than the fleet."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.in_view import InView
from tsui.service.reader import DeviceReader
from tsui.thingspace.errors import ThingSpaceError

MOST = 100
"""Devices that one request asks for by name; no limit is documented."""


class Looking:
    """Reads devices that matter now, all of them with one request."""

    def __init__(
        self, reader: DeviceReader, clock: Clock, *, watched: Iterable[str], in_view: InView
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._watched = tuple(watched)
        self._in_view = in_view

    async def run(self, seconds: float) -> None:
        """Read them every so many seconds until cancelled."""
        while True:
            await self._clock.sleep(seconds)
            await self.read()

    async def read(self) -> None:
        """Read them now; what cannot be read keeps its age, and the header says why."""
        keys = list(islice(dict.fromkeys((*self._watched, *self._in_view())), MOST))
        if keys:
            with suppress(ThingSpaceError, ValidationError):
                await self._reader.read_lines(keys)
