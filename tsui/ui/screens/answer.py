"""An answer of the platform: as a table where it is a list, as a tree in any case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from tsui.service import replies
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.operations import SwitchTree
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.spelled_times import spelled
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Record = dict[str, str]
Row = tuple[int, Record]

FIELD, VALUE = "\0field", "\0value"
"""Names of the two columns of a tree; no answer has such names."""

TELLING = re.compile("time|date|name|stat|id$|iccid|imei|mdn|value", re.IGNORECASE)
"""Names of columns that stay longest on a narrow screen."""

WIDEST = 32
"""Cells of the widest column of a table."""


class AnswerScreen(Filtered):
    """What an operation answered, to look at, search and export."""

    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, SwitchTree, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self, title: str, body: Any, *, at: float | None = None) -> None:
        self._title = title
        self._body = body
        self._at = at
        self._as_tree = len(replies.records(body)) < 2
        self._spell(utc=False)
        super().__init__()

    def _spell(self, *, utc: bool) -> None:
        told = spelled(self._body, utc=utc)
        self._records = replies.records(told)
        self._branches = [
            {FIELD: "  " * each.depth + each.name, VALUE: each.value} for each in replies.tree(told)
        ]

    def note_all(self) -> None:
        """Show the times in another zone."""
        self.run_worker(self.told(self.workspace_changed()), group="zone", exclusive=True)

    def make_table(self) -> Table[Row]:
        """Make the list."""
        return Table(Rows(), self.columns(), key=place_of, id="answer-rows")

    def columns(self) -> list[Column[Row]]:
        """Return the columns: those of the records, or field and value."""
        if self._as_tree:
            longest = max([len(each[FIELD]) for each in self._branches], default=8)
            return [
                Column("FIELD", min(longest + 1, 44), _cell(FIELD, "dim"), 0),
                Column("VALUE", 20, _cell(VALUE, "text"), 1, grows=True),
            ]
        names = replies.columns(self._records)
        return [
            Column(
                sanitize(name.upper(), 30),
                min(WIDEST, max(len(name), *(len(each.get(name, "")) for each in self._records))),
                _cell(name, "strong" if place == 0 else "text"),
                place if place == 0 or TELLING.search(name) else place + len(names),
            )
            for place, name in enumerate(names)
        ]

    @property
    def columns_name(self) -> str:
        """Answers with the same fields are shown in the same way."""
        return f"columns of {' '.join(sorted(replies.columns(self._records)))[:300]}"

    def title_text(self) -> Line:
        """Say what this is, how much of it, and how old."""
        runs: list[Run] = [(f" {sanitize(self._title, 80)} ", "title")]
        count = len(self._branches if self._as_tree else self._records)
        what = "lines" if self._as_tree else "records"
        runs.append((f" {self.table.total:,} of {count:,} {what}", "dim"))
        if isinstance(self._body, dict) and self._body.get("hasMoreData"):
            runs.append((", and more at ThingSpace", "warn"))
        return [*runs, self.filter_run()]

    async def workspace_changed(self) -> None:
        """Show the answer."""
        self._spell(utc=self.shell.use_utc)
        await self.show_filtered()

    def nothing(self) -> Nothing:
        """Say that the platform told nothing."""
        return Nothing("The answer has no content.", ("esc", "goes back"), filter=self.filter)

    async def show_filtered(self) -> None:
        """Show the lines or records that hold the words."""
        self.table.show_columns(self.columns())
        await self.table.use(Rows(self._shown()), keep=False)
        self.show_lines()

    async def switch_tree(self) -> None:
        """Show the table, or the tree."""
        if not self._records:
            self.shell.flash("This answer is no list; the tree shows all of it.", "info")
            return
        self._as_tree = not self._as_tree
        await self.workspace_changed()

    async def open_current(self) -> None:
        """Show one record as a tree."""
        row = self.table.current
        if row is not None and not self._as_tree:
            await self.app.push_screen(AnswerScreen(f"{self._title}: record", row[1]))

    def exports(self) -> Exports:
        """Return what the whole answer can be exported as, however little of it is in view."""
        from tsui.service.export_formats import exports_of_answer

        return exports_of_answer(self._title, self._body)

    def copy_identifier(self) -> None:
        """Copy the value under the cursor."""
        if (row := self.table.current) is not None:
            values = row[1]
            self.shell.copy(sanitize(values.get(VALUE) or next(iter(values.values()), "")))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            self.shell.copy("\t".join(sanitize(each) for each in row[1].values()))

    def refresh_now(self) -> None:
        """Say how to ask again."""
        self.shell.flash("This answer does not change; esc goes back to ask again.", "info")

    def _shown(self) -> list[Record]:
        rows = self._branches if self._as_tree else self._records
        return [row for row in rows if self.fits(" ".join(row.values()))]


def _cell(name: str, look: str) -> Any:
    return lambda row: (sanitize(row[1].get(name, ""), 300), look)
