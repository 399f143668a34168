"""Usage of a device by day: a chart, what it comes to, and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.parts import Part
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui.commands.usage import USAGE
from tsui.ui.device_parts.base import DevicePart
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.painted import Line
from tsui.ui.widgets.fixed_pane import FixedPane

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.service.usage.report import UsageReport
    from tsui.ui.screens.device import DeviceScreen

MONTHS = (1, 3, 6, 12)
"""Spans that can be looked at."""

BESIDE = 110
"""Cells from which the table stands beside the chart."""


class Usage(DevicePart):
    """Usage of a device by day."""

    name = Part.USAGE.value
    title = "Usage"
    is_wide = True
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.CATALOGUE})
    COMMANDS = USAGE

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._pane = FixedPane(id=f"part-{self.name}")
        self._report: UsageReport | None = None
        self._months = MONTHS[0]
        self._is_added_up = False

    @property
    def widget(self) -> FixedPane:
        """The chart and the table."""
        return self._pane

    @property
    def scrolled(self) -> FixedPane:
        """The table."""
        return self._pane

    async def load(self, device: DeviceRow) -> None:
        """Take up what is remembered of the device's usage and of its group's."""
        self._report = await self.shell.workspace.desks.usage.report(device, self._months)

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read it, with the older days where they are in view."""
        self.place.asked.read(device, (Part.USAGE,))
        self.shell.workspace.desks.usage.read_older(device, self._months)

    def show_part(self) -> None:
        """Show the chart and the table, beside each other where there is room."""
        if self._report is None:
            return
        if not self._report.known.reads:
            self._pane.show_with((), (), self._nothing())
            return
        from tsui.ui.usage import layout

        size = self._pane.size
        left = size.width - layout.TABLE if size.width >= BESIDE else 0
        parts = layout.arranged(
            self._report,
            self.shell.workspace.desks.usage.under_way(self.place.device),
            (left or size.width, size.height),
            self.view.now,
            is_beside=bool(left),
            is_added_up=self._is_added_up,
            ascii_only=self.shell.only_ascii.enabled,
        )
        self._pane.show_with(parts.fixed, parts.heading, parts.rows, left=left)

    # -- what commands ask for ----------------------------------------------------------------

    async def look_longer(self) -> None:
        """Look at a longer span and begin to read it; after the longest, at a month again."""
        self._months = MONTHS[(MONTHS.index(self._months) + 1) % len(MONTHS)]
        desk = self.shell.workspace.desks.usage
        desk.read_older(self.place.device, self._months)
        if self._months == MONTHS[0]:
            desk.cancel(self.place.device)
        await self._show_again()
        await self._pane.move_to(0)
        offline = self.shell.connection.offline_reason
        said = "Usage of 31 days." if self._months == 1 else f"Usage of {self._months} months."
        self.shell.flash(f"{said} {offline}".rstrip(), "warn" if offline else "info")

    async def add_up(self) -> None:
        """Show the days one by one, or added up over the cycle."""
        self._is_added_up = not self._is_added_up
        await self._show_again()

    async def read_group(self) -> None:
        """Begin to read the usage of some members of the group, or stop what is being read."""
        desk = self.shell.workspace.desks.usage
        if desk.cancel(self.place.device):
            self.shell.flash("Stopped; what was read so far stays.", "warn")
            return
        count = await desk.read_group(self.place.device)
        if count:
            self.shell.flash(f"Reading the usage of {count} others in its group; c stops.", "info")
        else:
            self.shell.flash("No other active device of its group is left to be read.", "info")
        await self._show_again()

    def exports(self) -> Exports | None:
        """Return what the days that are shown can be exported as; None where nothing was read."""
        if self._report is None or not self._report.days:
            return None
        from tsui.service.export_formats import exports_of_rows
        from tsui.service.usage.export import COLUMNS, rows_of

        name = f"usage {self.place.device.key.partition(':')[2]}"
        return exports_of_rows(name, "day", rows_of(self._report), COLUMNS)

    @property
    def copied(self) -> str:
        """The days that are shown, with tabs between their columns."""
        if self._report is None:
            return ""
        from tsui.service.export import cells_of
        from tsui.service.usage.export import COLUMNS, rows_of

        table = [list(COLUMNS), *(cells_of(row, COLUMNS) for row in rows_of(self._report))]
        return "\n".join("\t".join(sanitize(cell) for cell in row) for row in table)

    async def _show_again(self) -> None:
        await self.load(self.place.device)
        self.show_part()

    def _nothing(self) -> list[Line]:
        offline = self.shell.connection.offline_reason
        trouble = self._report.known.trouble if self._report else ""
        return Nothing(
            "ThingSpace told nothing.", TRY_AGAIN, reading="" if trouble or offline else "this",
            trouble=trouble, offline=offline,
        ).lines()  # fmt: skip
