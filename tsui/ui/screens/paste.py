"""Paste: finds devices in any text, shows what in it can be used, and marks the devices."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import events

from tsui.service.csv_table import TableInvalid
from tsui.service.resolver import Mention, Resolution, Sort
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import PasteDevices
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, MarkAll, Open
from tsui.ui.list_state import Nothing
from tsui.ui.marking import mark_devices
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Mention]

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that are read; a list of a million devices has less."""

_ZIP = b"PK\x03\x04"
"""Begins a spreadsheet's own files."""

HOW = """
ICCID, IMEI, MDN, EID and MEID are found, with separators or labels.

A table (CSV) gives each device its own values: a header such as
    iccid,plan,group,custom1
and a row for each device. It is shown first, and V asks before anything is sent.
An empty cell changes nothing; <empty> clears a custom field."""
"""What can be pasted."""

LOOKS = {
    Sort.FOUND: "good",
    Sort.AGAIN: "dim",
    Sort.AMBIGUOUS: "bad",
    Sort.STRANGER: "bad",
}
"""How each sort of mention looks."""

FIRST = (Sort.STRANGER, Sort.AMBIGUOUS, Sort.AGAIN, Sort.FOUND)
"""What needs a look comes first."""


class PasteScreen(ListPlace):
    """Takes text that is pasted, or a file, and tells which devices it names."""

    AREA = "devices"
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, *LAYOUT, MarkAll, Copy, PasteDevices,
    )  # fmt: skip

    def __init__(self, file: str = "") -> None:
        self._file = file
        self._found: Resolution | None = None
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of what the text names."""
        return Table(Rows[Mention](), self.columns(), key=place_of, id="mentions")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        return [
            Column("LINE", 7, lambda row: (f"{row[1].line:,}", "dim"), 1),
            Column("TEXT", 24, lambda row: (sanitize(row[1].text, 60), "strong"), 0),
            Column("IT IS", 10, _sort, 0),
            Column("NOTE", 20, lambda row: (sanitize(row[1].note, 200), "text"), 2, grows=True),
        ]

    def title_text(self) -> Line:
        """Count what was found and what was not."""
        runs: list[Run] = [(" Paste ", "title")]
        if self._found is None:
            return [*runs, (" paste text now, or :paste FILE; esc goes back", "dim")]
        counts = self._found.counts
        runs.append((f" {words.number(self._found.lines, 'line')}: ", "text"))
        runs.append((f"{words.number(counts[Sort.FOUND], 'device')} ", "strong"))
        for sort in (Sort.AGAIN, Sort.STRANGER, Sort.AMBIGUOUS):
            if number := counts.get(sort, 0):
                runs.append((f" {number:,} {sort} ", LOOKS[sort]))
        if self._found.doubts:
            runs.append((f" {self._found.doubts:,} doubtful ", "warn"))
        return runs

    def nothing(self) -> Nothing:
        """Say what to do."""
        if self._found is not None:
            return Nothing("The text names nothing that could be a device.", ("esc", "goes back"))
        return Nothing(
            "Paste anything that names devices: a mail, a CSV, a scanner's output.",
            ("*", "marks the devices that were found"),
            more=HOW,
        )

    async def workspace_changed(self) -> None:
        """Show the empty list, or read the file that was named."""
        file, self._file = self._file, ""
        self.begin_to_read(file)

    def begin_to_read(self, file: str) -> None:
        """Begin to read a file, where one is named."""
        if file:
            self.run_worker(self._read_file(file), group="paste", exclusive=True)

    def on_paste(self, event: events.Paste) -> None:
        """Take what the terminal pastes."""
        event.stop()
        self.run_worker(self.resolve(event.text), group="paste", exclusive=True)

    async def resolve(self, text: str, name: str = "Table") -> None:
        """Find the devices that a text names and show them; a table of values is shown as such."""
        self.shell.flash("Looking the devices up …", "info")
        if await self._is_sheet(text, name):
            return
        self._found = await self.shell.workspace.resolve(text)
        mentions = sorted(
            self._found.mentions, key=lambda each: (FIRST.index(each.sort), not each.doubtful)
        )
        await self.table.use(Rows(mentions), keep=False)
        count = len(self._found.devices)
        self.shell.flash(
            f"{words.number(count, 'device')} found; * marks them."
            if count
            else "No device found.",
            "info" if count else "warn",
        )

    async def _is_sheet(self, text: str, name: str) -> bool:
        """Show a text that gives values to devices as what it would change."""
        try:
            sheet = await self.shell.workspace.batching.read_sheet(text)
        except TableInvalid as error:
            self.shell.flash(f"This table cannot be used. {error}", "bad")
            return True
        if sheet is None:
            return False
        from tsui.ui.screens.sheet import SheetScreen

        await self.shell.push_screen(SheetScreen(sheet, name))
        count = len(sheet.devices)
        self.shell.flash(
            f"{words.number(count, 'device')} to change; V shows it all and asks."
            if count
            else "Nothing in this table is to be changed.",
            "info" if count else "warn",
        )
        return True

    async def mark_all(self) -> None:
        """Mark exactly the devices that were found, in the list of devices."""
        await mark_devices(self.shell, self._found.devices if self._found else ())

    async def open_current(self) -> None:
        """Open the device under the cursor."""
        row = self.table.current
        if row is None or row[1].device is None:
            self.shell.flash("This is no device of the account.", "warn")
            return
        for device in await self.shell.workspace.devices([row[1].device]):
            await self.shell.open_device(device, "summary")

    def copy_identifier(self) -> None:
        """Copy what stands in the text."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row[1].text))

    def refresh_now(self) -> None:
        """Say how to look again."""
        self.shell.flash("Paste again to look again.", "info")

    async def _read_file(self, name: str) -> None:
        try:
            text = await asyncio.to_thread(_text_of, name)
        except OSError as error:
            self.shell.flash(f"{name}: {error.strerror}.", "bad")
        except ValueError as error:
            self.shell.flash(f"{name}: {error}", "bad")
        else:
            await self.resolve(text, Path(name).name)


def _sort(row: Row) -> Run:
    mention = row[1]
    return str(mention.sort), "warn" if mention.doubtful else LOOKS[mention.sort]


def _text_of(name: str) -> str:
    """Return what is in a file; raises OSError, or ValueError for one that is no list."""
    path = Path(name).expanduser()
    if path.stat().st_size > LARGEST:
        size = words.size(LARGEST)
        raise ValueError(f"This file is too large to be a list of devices; up to {size} are read.")
    data = path.read_bytes()
    if data.startswith(_ZIP):
        raise ValueError("This is a workbook or an archive; save it as CSV first.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace")
