"""A place that is a list of records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from tsui.ui.layout import Layout, remembered
from tsui.ui.list_state import Nothing
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.table import Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports


class ListPlace(Place):
    """A screen whose body is one table."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = False
        """Whether all columns are shown, however little room each has."""
        self.table: Table[Any] = self.make_table()
        """The list."""
        self.table.whole_row = not self.shell.launch.thin
        self._range_start: int | None = None

    def make_table(self) -> Table[Any]:
        """Make the list."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Lay out the list."""
        yield self.table

    async def on_mount(self) -> None:
        """Give the list the keys and fill it."""
        self.set_focus(self.table)
        await self.told(self._begin())

    async def _begin(self) -> None:
        self.table.chosen = remembered(await self.shell.workspace.recall(self.columns_name, []))
        await self.workspace_changed()

    def nothing(self) -> Nothing:
        """Say what is known of the list when it has no rows."""
        return Nothing("There is nothing here.")

    def show_lines(self) -> None:
        """Show the lines around the list, and in it why it is empty."""
        nothing = self.nothing()
        if not self.table.is_filled:
            nothing = replace(nothing, filter="", reading=nothing.reading or "what is remembered")
        if self.table.why_stuck:
            nothing = replace(nothing, filter="", reading="", trouble=self.table.why_stuck)
        self.table.show_empty(nothing.lines())
        super().show_lines()

    def forget_ages(self) -> None:
        """Show nothing any more that is true at this moment only; a picture is taken."""

    async def workspace_changed(self) -> None:
        """Show the records of the account that is shown now."""

    def on_table_moved(self) -> None:
        """Follow the cursor."""
        self.show_lines()

    def on_table_stuck(self, event: Table.Stuck) -> None:
        """Say why the rows that were wanted are not shown."""
        if not self.shell.is_leaving:
            self.shell.flash(event.why, "bad")

    def as_list(self) -> ListPlace:
        """Return this screen."""
        return self

    @property
    def focus_target(self) -> Any:
        """The list."""
        return self.table

    @property
    def scrolled(self) -> Scrolled | None:
        """The list."""
        return self.table

    async def open_current(self) -> None:
        """Open the record under the cursor."""

    async def ask_filter(self) -> None:
        """Let type a filter, or, where there is none, the identifier of a device."""
        await self.ask_command("device ")

    async def ask_sort(self) -> None:
        """Let choose the order."""
        self.shell.flash("This list has one order.", "warn")

    def toggle_wide(self) -> None:
        """Show more columns, or fewer again."""
        self.wide = not self.wide
        self.table.squeeze = self.wide
        self.table.show_columns(self.columns())

    def columns(self) -> Any:
        """Return the list's columns."""
        raise NotImplementedError

    @property
    def columns_name(self) -> str:
        """Name under which the choice of columns is remembered."""
        return f"columns {self.table.id}"

    async def choose_columns(self) -> None:
        """Let choose the columns, their order and their widths."""
        from tsui.ui.screens.columns import ChooseColumns

        dialog = ChooseColumns(self.table.columns, self.table.chosen)
        await self.app.push_screen(dialog, self._columns_chosen)

    async def _columns_chosen(self, layout: Layout | None) -> None:
        if layout is not None:
            self.show_layout(layout)
            await self.keep_layout(layout)

    async def keep_layout(self, layout: Layout) -> None:
        """Remember the columns for the next time."""
        await self.shell.workspace.remember(self.columns_name, [str(each) for each in layout])

    def show_layout(self, layout: Layout) -> None:
        """Show chosen columns, or those that fit where none are."""
        self.table.chosen = layout
        self.table.show_columns(self.columns())

    def exports(self) -> Exports | None:
        """Return what the rows in view can be exported as; None where they cannot be."""
        return None

    def marks_changed(self) -> None:
        """Show how many are marked."""
        self.show_lines()

    async def mark_range(self) -> None:
        """Begin a range of marks at the cursor, or end it there."""
        if self.table.cursor_key is None:
            self.shell.flash("There is nothing to mark here.", "warn")
            return
        if self._range_start is None:
            self._range_start = self.table.cursor_key
            self.shell.flash("Range begun: go to its other end and press v again.", "info")
            return
        span = await self.table.span_to(self._range_start)
        self._range_start = None
        if span is None:
            self.shell.flash("The row where the range began is not in view any more.", "warn")
            return
        await self.mark_rows(*span)

    async def mark_rows(self, first: int, count: int) -> None:
        """Mark so many rows from a place on."""

    async def mark_all(self) -> None:
        """Mark every row that the filter shows."""
