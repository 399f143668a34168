"""What was changed on a device from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tsui.service.views import DeviceChange, DeviceRow, Topic
from tsui.ui.device_parts.base import PanePart
from tsui.ui.device_parts.reading import INDENT
from tsui.ui.painted import Line, wrap
from tsui.ui.screens import device_text

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen


class Requests(PanePart):
    """What was changed on a device from here."""

    name = "requests"
    title = "Requests"
    TOPICS = frozenset({Topic.REQUESTS})

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._changes: Sequence[DeviceChange] = ()

    async def load(self, device: DeviceRow) -> None:
        """Take up the changes."""
        self._changes = await self.shell.workspace.changes_of(device.key)

    def lines(self) -> list[Line]:
        """Return the changes."""
        lines = device_text.requests(self._changes, self.view)
        return [each for line in lines for each in wrap(line, self.width, INDENT)]

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device's line: changes announce themselves."""
        self.place.asked.read(device, ())
