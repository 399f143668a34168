"""Devices whose changes have ended are read again, many with one request, so that lists show it."""

import asyncio
from contextlib import suppress
from itertools import islice

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.looking import MOST
from tsui.service.reader import DeviceReader
from tsui.thingspace.errors import ThingSpaceError

GATHER = 0.5
"""Seconds in which devices are gathered: those of a batch end one after the other."""


class SettledDevices:
    """Reads devices again after their changes; nothing depends on it, but nobody likes old states.

    What cannot be read now keeps its age until the fleet is read.
    """

    def __init__(self, reader: DeviceReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._keys: dict[str, None] = {}
        self._wake = asyncio.Event()

    def note(self, key: str) -> None:
        """Hear that a change of a device has ended."""
        self._keys[key] = None
        self._wake.set()

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            await self._wake.wait()
            await self._clock.sleep(GATHER)
            self._wake.clear()
            while keys := list(islice(self._keys, MOST)):
                for key in keys:
                    del self._keys[key]
                with suppress(ThingSpaceError, ValidationError):
                    await self._reader.read_lines(keys)
