"""The summary: what a device is, where it stands and since when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tsui.service.parts import Part
from tsui.service.views import DeviceRow, Reading, Topic
from tsui.ui.device_parts.base import PanePart
from tsui.ui.device_parts.summary_text import summary
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen


class Summary(PanePart):
    """What a device is, where it stands and since when."""

    name = "summary"
    title = "Summary"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS})

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._device: DeviceRow | None = None
        self._raw: Mapping[str, Any] = {}
        self._history: Reading | None = None

    async def load(self, device: DeviceRow) -> None:
        """Take up the device's line and its history."""
        self._device = device
        workspace = self.shell.workspace
        self._raw = await workspace.raw_device(device.id) or {}
        self._history = await workspace.reading(device.id, Part.PROVISIONING)

    def lines(self) -> list[Line]:
        """Return what is known."""
        if self._device is None:
            return []
        return summary(self._device, self._raw, self._history, self.view)

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device."""
        self.place.asked.read_all(device)
