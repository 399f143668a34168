"""Parts that are what was read of a device in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service.parts import DEVICE_PARTS, Part
from tsui.service.views import DeviceRow, Reading
from tsui.ui.device_parts.base import PanePart
from tsui.ui.painted import Line, wrap
from tsui.ui.screens import device_text

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp
    from tsui.ui.screens.device import DeviceScreen

INDENT = 3
"""Cells before the rest of a line that is too long."""


class Asked:
    """What was asked about a device since its screen was opened, so that no tab asks twice."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell
        self._parts: set[Part] = set()

    def note(self, parts: Iterable[Part]) -> None:
        """Take note of what somebody else asks about."""
        self._parts |= set(parts)

    def read(self, device: DeviceRow, parts: Sequence[Part]) -> None:
        """Begin to read parts of the device and its line, all at once."""
        workspace = self._shell.workspace
        if workspace.online is not None:
            self.note(parts)
            workspace.refresh_device(device, parts)

    def read_all(self, device: DeviceRow) -> None:
        """Begin to read all histories of the device."""
        self.read(device, DEVICE_PARTS)

    def read_rest(self, device: DeviceRow) -> None:
        """Begin to read what was not asked about yet."""
        if rest := [part for part in DEVICE_PARTS if part not in self._parts]:
            self.read(device, rest)


class ReadingPart(PanePart):
    """What was read of a device, how old it is, and why it could not be read again."""

    kind: ClassVar[Part]
    """The reading."""
    is_table: ClassVar[bool] = False
    """Whether lines that are too long are cut, so that columns stay below each other."""

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._reading: Reading | None = None

    async def load(self, device: DeviceRow) -> None:
        """Take up the reading."""
        self._reading = await self.shell.workspace.reading(device.id, self.kind)

    def lines(self) -> list[Line]:
        """Return the reading as lines."""
        offline = self.shell.connection.offline_reason
        lines = device_text.part(self.kind, self.title, self._reading, self.view, offline)
        is_known = self._reading is not None and self._reading.body is not None
        whole = 1 if is_known and self.is_table else len(lines)
        broken = [each for line in lines[:whole] for each in wrap(line, self.width, INDENT)]
        return [*broken, *lines[whole:]]

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read it."""
        self.place.asked.read(device, (self.kind,))
