"""An area: a plain list of what is remembered, with the operations that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.service.areas import AREAS, COLUMNS, Area, AreaRow, rows_of
from tsui.service.failures import ReadFailed
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.operations import AREA
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsui.service.export_formats import Exports

Row = tuple[int, AreaRow]


class AreaScreen(Filtered):
    """One area as a list."""

    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, *AREA,
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.area: Area = AREAS[name]
        """What is shown."""
        self._all: Sequence[AreaRow] = ()
        self._is_reading = False
        self._trouble = ""
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list."""
        return Table(Rows(), self.columns(), key=place_of, id="area")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        return [Column("WHEN", 11, self._when, 3), *_COLUMNS]

    @property
    def columns_name(self) -> str:
        """Each area has columns of its own."""
        return f"columns {self.area.name}"

    def title_text(self) -> Line:
        """Name the area and say how much is in it."""
        runs: list[Run] = [
            (f" {self.area.title} ", "title"),
            (f" {self.table.total:,} of {len(self._all):,}", "strong"),
        ]
        runs.append(self.filter_run())
        return runs

    async def workspace_changed(self) -> None:
        """Show what is remembered of the account that is shown now."""
        self._all = await rows_of(self.area, self.shell.workspace)
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    async def open_current(self) -> None:
        """Show all that is known of the line."""
        row = self.table.current
        if row is None:
            return
        from tsui.ui.screens.answer import AnswerScreen

        await self.app.push_screen(
            AnswerScreen(f"{self.area.title}: {row[1].what} {row[1].subject}", row[1].body)
        )

    def refresh_now(self) -> None:
        """Read again what needs nothing but the account."""
        if self.area.reads:
            self.shell.flash(f"{self.area.title}: reading …", "info")
            self.shell.background(self._read(), name=f"read {self.area.name}", group="area")
        else:
            self.shell.flash("This list follows by itself; n offers what can be read.", "info")

    async def offer_operations(self) -> None:
        """Let choose an operation that belongs here."""
        names = [*self.area.operations, *self.area.reads]
        if not names:
            await self.shell.operations.find("", ())
            return
        from tsui.service.operations import info_of
        from tsui.ui.screens.choose import Choice, Choose

        async def chosen(name: str | None) -> None:
            if name is not None:
                await self.shell.operations.open_form(name)

        choices = [Choice(name, f"{name:<26} {info_of(name).help}") for name in names]
        await self.shell.push_screen(Choose(self.area.title, choices), chosen)

    def exports(self) -> Exports:
        """Return what the lines in view can be exported as."""
        from tsui.service.export_formats import exports_of_rows

        return exports_of_rows(self.area.name, "line", self._shown(), COLUMNS)

    def copy_identifier(self) -> None:
        """Copy what the line is about."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row[1].subject))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            self.shell.copy("\t".join(sanitize(each) for each in row[1][1:4]))

    async def _read(self) -> None:
        from tsui.service.forms import from_json
        from tsui.service.operations import info_of

        workspace, failed = self.shell.workspace, ""
        self._is_reading = True
        for name in self.area.reads:
            fields = {"accountName": workspace.account} if _wants_account(name) else {}
            try:
                await workspace.ask(from_json(info_of(name).name, fields))
            except ReadFailed as error:
                failed = f"{name}: {error}"
                self._trouble = str(error)
        if workspace.online is not None:
            await workspace.online.reader.refresh_catalogue()
        self._is_reading = False
        if not failed:
            self._trouble = ""
        self.shell.flash(
            failed or f"{self.area.title}: read {words.number(len(self.area.reads), 'answer')}.",
            "bad" if failed else "good",
        )

    def nothing(self) -> Nothing:
        """Say how the area fills; what it reads may be under way, or have failed."""
        connection = self.shell.connection
        offline = connection.offline_reason if self.area.reads else ""
        step = ("n", "offers what can be done") if self.area.operations else TRY_AGAIN
        return Nothing(
            self.area.empty, step, filter=self.filter,
            reading="the account" if self._is_reading else "", trouble=self._trouble,
            offline=offline,
        )  # fmt: skip

    async def show_filtered(self) -> None:
        """Show the lines that hold the words."""
        await self.table.use(Rows(self._shown()))
        self.show_lines()

    def _shown(self) -> list[AreaRow]:
        return [row for row in self._all if self.fits(" ".join(row[1:4]))]

    def _when(self, row: Row) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        at = row[1].at
        return words.short_moment(at, now, utc=self.shell.use_utc) if at else "", "dim"


def _wants_account(name: str) -> bool:
    from tsui.service.forms import fields_of

    return any(field.path == "accountName" for field in fields_of(name))


def _detail(row: Row) -> Run:
    return sanitize(row[1].detail, 300), "dim"


_COLUMNS: list[Column[Row]] = [
    Column("WHAT", 14, lambda row: (sanitize(row[1].what, 60), "strong"), 0),
    Column("SUBJECT", 22, lambda row: (sanitize(row[1].subject, 100), "text"), 1),
    Column("DETAIL", 20, _detail, 2, grows=True),
]


def monitors() -> AreaScreen:
    """Return the monitors."""
    return AreaScreen("monitors")
