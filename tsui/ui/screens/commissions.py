"""Commissioning runs: those that are open first, then how the others ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service.commissioning.model import TITLES, Run
from tsui.service.commissioning.slip import result_of, slip
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line
from tsui.ui.painted import Run as Text
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.commission_text import MARKS, headword
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Row = tuple[int, Run]


class CommissionsScreen(Filtered):
    """The runs of the account, live."""

    AREA = "devices"
    TOPICS = frozenset({Topic.COMMISSIONING})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self) -> None:
        self._runs: Sequence[Run] = ()
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of runs."""
        return Table(Rows[Run](), self.columns(), key=place_of, id="commissions")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; how a run stands stays longest on a narrow screen."""
        return [
            Column("BEGAN", 11, self._began, 2),
            Column("RUN", 5, lambda row: (f"{row[1].id}", "dim"), 6),
            Column("DEVICE", 21, lambda row: (_number(row[1]), "strong"), 0),
            Column("STANDS", 27, _standing, 1),
            Column("TOOK", 11, self._took, 3),
            Column("WHO", 10, lambda row: (sanitize(row[1].operator, 30), "dim"), 5),
            Column("SITE", 14, lambda row: (sanitize(row[1].note, 300), "dim"), 4, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how many runs there are, and how many are open."""
        open_ones = sum(1 for run in self._runs if run.is_open)
        said = f" {self.table.total:,}, {open_ones:,} open "
        return [(" Commissioning runs ", "title"), (said, "strong"), self.filter_run()]

    def nothing(self) -> Nothing:
        """Say how a run begins."""
        step = ("i", "on a device begins one")
        return Nothing("No device was commissioned from here yet.", step, filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the runs of the account."""
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.show_filtered()

    async def show_filtered(self) -> None:
        """Show the runs whose slip holds the words."""
        now = self._now()
        runs = await self.shell.workspace.desks.commissionings.newest()
        self._runs = [run for run in runs if not self.wanted or self.fits(slip(run, now))]
        await self.table.use(Rows(self._runs))
        self.show_lines()

    def refresh_now(self) -> None:
        """Say that nobody needs to ask."""
        self.shell.flash("This list follows by itself.", "info")

    async def open_current(self) -> None:
        """Open the run under the cursor."""
        from tsui.ui.screens.commission import CommissionScreen

        if (row := self.table.current) is not None:
            await self.app.push_screen(CommissionScreen(row[1]))

    def exports(self) -> Exports:
        """Return what the runs that are shown can be exported as."""
        from tsui.service.commissioning.slip import COLUMNS
        from tsui.service.export_formats import exports_of_rows

        return exports_of_rows("commissioning runs", "run", self._runs, COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the device's number."""
        if (row := self.table.current) is not None:
            self.shell.copy(_number(row[1]))

    def copy_row(self) -> None:
        """Copy the slip of the run."""
        if (row := self.table.current) is not None:
            self.shell.copy(slip(row[1], self._now()))

    def _now(self) -> float:
        return self.shell.workspace.clock.now().timestamp()

    def _began(self, row: Row) -> Text:
        said = words.short_moment(row[1].began_at, self._now(), utc=self.shell.use_utc)
        return said, "dim"

    def _took(self, row: Row) -> Text:
        return words.age((row[1].ended_at or self._now()) - row[1].began_at), "text"


def _number(run: Run) -> str:
    return sanitize(run.device_key.partition(":")[2], 40)


def _standing(row: Row) -> Text:
    run = row[1]
    if not run.is_open or (step := run.current) is None:
        return result_of(run), headword(run)[1]
    mark, look = MARKS[step.state]
    return f"{mark} {TITLES[step.name]} {step.state}", look
