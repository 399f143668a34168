"""A list of records that the service has put into columns: shown, filtered, copied, exported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tsui.service.accounts.model import Entry, Heading
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsui.service.export import Columns
    from tsui.service.export_formats import Exports

Row = tuple[int, Entry]

WHEN_WIDTH = 11
"""Cells of a time."""


class EntriesPlace(Filtered):
    """A screen whose list is records in columns."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The records, whatever the filter hides."""
        raise NotImplementedError

    @property
    def headings(self) -> Sequence[Heading]:
        """The columns."""
        raise NotImplementedError

    @property
    def when(self) -> str:
        """The column with times; empty where there is none."""
        return ""

    @property
    def record(self) -> tuple[str, str]:
        """What the list is called after, and what one record is, for a file."""
        raise NotImplementedError

    def make_table(self) -> Table[Row]:
        """Make the list."""
        return Table(Rows(), self.columns(), key=place_of, id="entries")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        made = [
            Column(each.name, each.width, partial(_cell, place), place, grows=each.grows)
            for place, each in enumerate(self.headings)
        ]
        if self.when:
            made.append(Column(self.when, WHEN_WIDTH, self._when, len(made)))
        return made

    async def show_filtered(self) -> None:
        """Show the records that hold the words."""
        await self.table.use(Rows(self.fitting()))
        self.show_lines()

    def fitting(self) -> list[Entry]:
        """Return the records that hold the words."""
        return [each for each in self.entries if self.fits(" ".join(each.cells))]

    @property
    def current(self) -> Entry | None:
        """The record under the cursor."""
        row = self.table.current
        return None if row is None else row[1]

    def exports(self) -> Exports:
        """Return what the records in view can be exported as."""
        from tsui.service.export import moment_text
        from tsui.service.export_formats import exports_of_rows

        columns: Columns[Entry] = {
            each.name.lower() or "more": partial(_value, place)
            for place, each in enumerate(self.headings)
        }
        if self.when:
            columns = {**columns, "at_utc": lambda entry: moment_text(entry.at)}
        return exports_of_rows(*self.record, self.fitting(), columns)

    def copy_identifier(self) -> None:
        """Copy what the record goes by."""
        if (entry := self.current) is not None:
            self.shell.copy(sanitize(entry.name))

    def copy_row(self) -> None:
        """Copy the whole record."""
        if (entry := self.current) is not None:
            self.shell.copy("\t".join(sanitize(each) for each in entry.cells))

    def _when(self, row: Row) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row[1].at, now, utc=self.shell.use_utc), "dim"


def _cell(place: int, row: Row) -> Run:
    cells = row[1].cells
    text = cells[place] if place < len(cells) else ""
    look = row[1].look
    return sanitize(text, 300), "strong" if place == 0 and look == "text" else look


def _value(place: int, entry: Entry) -> Any:
    return entry.cells[place] if place < len(entry.cells) else ""
