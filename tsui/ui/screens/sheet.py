"""Sheet: what a table of values would change, row by row, before anything is asked or sent."""

from __future__ import annotations

from typing import ClassVar

from tsui.service.sheet import RowSort, Sheet, SheetRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import ApplyValues
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, MarkAll, Open
from tsui.ui.marking import mark_devices
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.batches import BatchesScreen
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, SheetRow]

LOOKS = {
    RowSort.CHANGE: "good",
    RowSort.SAME: "dim",
    RowSort.AGAIN: "dim",
    RowSort.COLUMN: "warn",
    RowSort.CONFLICT: "bad",
    RowSort.AMBIGUOUS: "bad",
    RowSort.STRANGER: "bad",
    RowSort.INVALID: "bad",
}
"""How each sort of row looks."""

FIRST = (
    RowSort.COLUMN, RowSort.CONFLICT, RowSort.INVALID, RowSort.STRANGER, RowSort.AMBIGUOUS,
    RowSort.CHANGE, RowSort.AGAIN, RowSort.SAME,
)  # fmt: skip
"""What needs a look comes first."""


class SheetScreen(ListPlace):
    """Shows what a table of values would change."""

    AREA = "devices"
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES,
        Open,
        *LAYOUT,
        MarkAll,
        Copy,
        ApplyValues,
    )

    def __init__(self, sheet: Sheet, name: str) -> None:
        self._sheet = sheet
        self._called = name
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of rows."""
        rows = sorted(
            self._sheet.rows, key=lambda each: (FIRST.index(each.sort), not each.doubtful)
        )
        return Table(Rows(rows), self.columns(), key=place_of, id="sheet")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        return [
            Column("LINE", 6, lambda row: (f"{row[1].line:,}", "dim"), 1),
            Column("NAMED", 20, lambda row: (sanitize(row[1].text, 60), "strong"), 0),
            Column("IT IS", 10, _sort, 0),
            Column("WHAT", 20, lambda row: (sanitize(row[1].note, 300), "text"), 2, grows=True),
        ]

    def title_text(self) -> Line:
        """Count what would be changed and what would not."""
        counts = self._sheet.counts
        runs: list[Run] = [
            (f" {sanitize(self._called, 24)} ", "title"),
            (f" {len(self._sheet.devices):,} to change ", "strong"),
        ]
        for sort in FIRST:
            if sort is not RowSort.CHANGE and (number := counts.get(sort, 0)):
                what = words.number(number, "column") if sort is RowSort.COLUMN else f"{number:,}"
                runs.append((f" {what} {sort} ", LOOKS[sort]))
        return runs

    async def apply(self) -> None:
        """Ask whether to change what the table says."""
        if not self._sheet.wanted:
            self.shell.flash("Nothing in this table is to be changed.", "warn")
            return
        await self.shell.changes.propose_all(
            self._sheet.wanted, self._called, self._sheet.same, self._leave
        )

    async def mark_all(self) -> None:
        """Mark exactly the devices that would be changed, in the list of devices."""
        await mark_devices(self.shell, self._sheet.devices)

    async def open_current(self) -> None:
        """Open the device under the cursor."""
        row = self.table.current
        if row is None or row[1].device is None:
            self.shell.flash("This is no device of the account.", "warn")
            return
        for device in await self.shell.workspace.devices([row[1].device]):
            await self.shell.open_device(device, "summary")

    def copy_identifier(self) -> None:
        """Copy what names the device."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row[1].text))

    def refresh_now(self) -> None:
        """Say how to look again."""
        self.shell.flash("Go back with esc and paste again to look again.", "info")

    async def _leave(self) -> None:
        """Show how far it is instead, so that a second key does not propose it again."""
        if self.shell.place is self:
            await self.shell.switch_screen(BatchesScreen())


def _sort(row: Row) -> Run:
    said = row[1]
    return str(said.sort), "warn" if said.doubtful else LOOKS[said.sort]
