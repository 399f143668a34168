"""Commands of everything that scrolls: moving, marking, sorting, copying, exporting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.place import Place


class ListCommand(Command):
    """Something one can do in a list."""

    group = "In a list"


class MoveCommand(ListCommand):
    """Move in what has the focus."""

    def applies(self, place: Place) -> bool:
        """Move the list also while a filter for it is being typed."""
        return place.prompt_sign in ("", "/")

    def step(self, height: int) -> int:
        """Return the rows to move on a screen of that many."""
        raise NotImplementedError

    async def run(self, place: Place, argument: str = "") -> None:
        """Move."""
        if (scrolled := place.scrolled) is not None:
            await scrolled.move_by(self.step(scrolled.height))


class Down(MoveCommand):
    """Go one row down."""

    title = "Down"
    keys = "down,j"

    def step(self, height: int) -> int:
        """Return one row."""
        return 1


class Up(MoveCommand):
    """Go one row up."""

    title = "Up"
    keys = "up,k"

    def step(self, height: int) -> int:
        """Return one row back."""
        return -1


class PageDown(MoveCommand):
    """Go one page down."""

    title = "Page down"
    keys = "pagedown,ctrl+f"

    def step(self, height: int) -> int:
        """Return a page."""
        return height


class PageUp(MoveCommand):
    """Go one page up."""

    title = "Page up"
    keys = "pageup"

    def step(self, height: int) -> int:
        """Return a page back."""
        return -height


class First(ListCommand):
    """Go to the first row."""

    title = "First"
    keys = "g,home"

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        if place.scrolled is not None:
            await place.scrolled.move_to(0)


class Last(ListCommand):
    """Go to the last row."""

    title = "Last"
    keys = "G,end"

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        if place.scrolled is not None:
            await place.scrolled.move_to(place.scrolled.total - 1)


MOVES: tuple[type[Command], ...] = (Down, Up, PageDown, PageUp, First, Last)
"""Commands of everything that scrolls."""


class TableCommand(ListCommand):
    """Something one can do in a list of records."""

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it in the list in view."""
        await self.run_in(place.as_list())

    async def run_in(self, place: ListPlace) -> None:
        """Do it in this list."""
        raise NotImplementedError


class Open(TableCommand):
    """Open what the cursor is on."""

    title = "Open"
    keys = "enter"
    hint = 10

    async def run_in(self, place: ListPlace) -> None:
        """Open it."""
        await place.open_current()


class Filter(TableCommand):
    """Show only rows that hold these words; enter keeps the filter, esc clears it."""

    title = "Filter"
    keys = "slash"
    hint = 5

    async def run_in(self, place: ListPlace) -> None:
        """Open the filter."""
        await place.ask_filter()


class Sort(TableCommand):
    """Choose the column to sort by; the same one again turns the order round."""

    title = "Sort"
    keys = "o"
    hint = 50

    async def run_in(self, place: ListPlace) -> None:
        """Let choose."""
        await place.ask_sort()


class Wide(TableCommand):
    """Show more columns than fit well, or fewer again."""

    title = "Wide"
    keys = "w"

    async def run_in(self, place: ListPlace) -> None:
        """Switch."""
        place.toggle_wide()


class Columns(TableCommand):
    """Choose the columns of the list, their order and their widths."""

    title = "Columns"
    keys = "c"

    async def run_in(self, place: ListPlace) -> None:
        """Let choose."""
        await place.choose_columns()


class Mark(TableCommand):
    """Mark the row, or take its mark away, and go on."""

    title = "Mark"
    keys = "space"
    hint = 40

    async def run_in(self, place: ListPlace) -> None:
        """Mark and move on."""
        place.table.toggle_mark()
        place.marks_changed()
        await place.table.move_by(1)


class MarkRange(TableCommand):
    """Begin a range of marks here, or end it."""

    title = "Mark range"
    keys = "v"

    async def run_in(self, place: ListPlace) -> None:
        """Begin or end."""
        await place.mark_range()


class MarkAll(TableCommand):
    """Mark every row that the filter shows, on all pages."""

    title = "Mark all"
    keys = "asterisk"

    async def run_in(self, place: ListPlace) -> None:
        """Mark them."""
        await place.mark_all()


class ClearMarks(TableCommand):
    """Take all marks away."""

    title = "Clear marks"
    keys = "0"

    async def run_in(self, place: ListPlace) -> None:
        """Clear them."""
        place.table.set_marks(set())
        place.marks_changed()


class Copy(ListCommand):
    """Copy the identifier; works through SSH where the terminal allows it."""

    title = "Copy"
    keys = "y"

    async def run(self, place: Place, argument: str = "") -> None:
        """Copy it."""
        place.copy_identifier()


class CopyRow(ListCommand):
    """Copy the whole row."""

    title = "Copy row"
    keys = "Y"

    async def run(self, place: Place, argument: str = "") -> None:
        """Copy it."""
        place.copy_row()


class Export(ListCommand):
    """Write the rows in view to a file, CSV or JSON lines; again, while it is written, stops."""

    title = "Export"
    keys = "x"
    names = ("export",)
    argument = "[csv|jsonl]"

    def completions(self, place: Place) -> list[str]:
        """Return the formats."""
        exports = place.as_list().exports()
        return list(exports.texts) if exports else []

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to write, or stop it."""
        from tsui.ui.export import export_or_stop

        await export_or_stop(place.shell, place.as_list().exports(), argument)


LAYOUT: tuple[type[Command], ...] = (Wide, Columns)
"""Commands of every list with several columns."""

TABLE: tuple[type[Command], ...] = (*MOVES, Open, Filter, Sort, *LAYOUT, Copy, CopyRow, Export)
"""Commands of every list of records."""

MARKS: tuple[type[Command], ...] = (Mark, MarkRange, MarkAll, ClearMarks)
"""Commands of lists whose records can be marked."""
