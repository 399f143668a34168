"""What somebody looks at, or has put on the watch list, is read more often than the fleet."""

from collections.abc import Iterable
from itertools import islice

from pydantic import ValidationError

from tsui.service.in_view import InView
from tsui.service.reader import DeviceReader
from tsui.thingspace.errors import ThingSpaceError

MOST = 100
"""Devices that one request asks for by name; no limit is documented."""


class Looking:
    """Reads devices that matter now, all of them with one request."""

    def __init__(self, reader: DeviceReader, *, watched: Iterable[str], in_view: InView) -> None:
        self._reader = reader
        self._watched = tuple(watched)
        self._in_view = in_view
        self.missed_a_round = False
        """Whether nobody looked at anything when there was time to read."""

    async def read(self) -> None:
        """Read them now; what cannot be read keeps its age, and the header says why."""
        await self.look()

    async def look(self) -> bool:
        """Read them now; tells whether nothing failed."""
        keys = list(islice(dict.fromkeys((*self._watched, *self._in_view())), MOST))
        self.missed_a_round = not keys
        if keys:
            try:
                await self._reader.read_lines(keys)
            except (ThingSpaceError, ValidationError):
                return False
        return True
