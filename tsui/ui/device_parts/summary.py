"""The summary: what the list knows of a device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tsui.service.parts import DEVICE_PARTS
from tsui.service.views import DeviceRow, Topic
from tsui.ui.device_parts.base import PanePart
from tsui.ui.painted import Line
from tsui.ui.screens import device_text

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen


class Summary(PanePart):
    """What the list knows of a device."""

    name = "summary"
    title = "Summary"
    TOPICS = frozenset({Topic.DEVICES})

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._device: DeviceRow | None = None
        self._raw: Mapping[str, Any] = {}

    async def load(self, device: DeviceRow) -> None:
        """Take up the device's line."""
        self._device = device
        self._raw = await self.shell.workspace.raw_device(device.id) or {}

    def lines(self) -> list[Line]:
        """Return what is known."""
        if self._device is None:
            return []
        return device_text.summary(self._device, self._raw, self.view)

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device."""
        self.place.asked.read(device, DEVICE_PARTS)
