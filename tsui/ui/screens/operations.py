"""Operations: everything the API can do, found by name, by initials or by words."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.operations import OperationInfo

Row = tuple[int, "OperationInfo"]


class OperationsScreen(Filtered):
    """All operations; what is typed narrows the list, enter opens the form."""

    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy,
    )  # fmt: skip

    def __init__(self, typed: str, devices: Collection[int]) -> None:
        super().__init__(typed)
        self._devices = devices

    def make_table(self) -> Table[Row]:
        """Make the list of operations."""
        return Table(Rows(), self.columns(), key=place_of, id="operations")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        return [
            Column("OPERATION", 28, lambda row: (row[1].name, "strong"), 0),
            Column("DOES", 7, _effect, 1),
            Column("WHAT", 30, lambda row: (sanitize(row[1].help, 200), "text"), 2, grows=True),
            Column("ANSWERED BY", 24, lambda row: (row[1].answers, "dim"), 3),
        ]

    def title_text(self) -> Line:
        """Say how many fit what was typed."""
        runs: list[Run] = [(" Operations ", "title"), (f" {self.table.total} ", "strong")]
        return [*runs, self.filter_run()]

    async def workspace_changed(self) -> None:
        """Fill the list and let narrow it at once."""
        await self.show_filtered()
        await self.ask_filter()

    def nothing(self) -> Nothing:
        """Say that nothing fits what was typed."""
        return Nothing("There is no operation.", filter=self.filter)

    async def show_filtered(self) -> None:
        """Show what fits, the likeliest first."""
        from tsui.service.operations import find_operations

        await self.table.use(Rows(find_operations(self.filter)), keep=False)
        self.show_lines()

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Open the first that fits."""
        await self.set_filter_then_open(text)

    async def set_filter_then_open(self, text: str) -> None:
        """Open the form of the operation under the cursor."""
        if text != self.filter:
            await self.set_filter(text)
        await self.open_current()

    async def prompt_left(self, sign: str) -> None:
        """Keep what is shown; esc again clears it, then goes back."""

    async def open_current(self) -> None:
        """Open the form of an operation."""
        if (row := self.table.current) is not None:
            await self.shell.operations.open_form(row[1].name, self._devices)

    def selected_ids(self) -> Collection[int]:
        """Return the devices that were chosen when this was opened."""
        return self._devices

    def copy_identifier(self) -> None:
        """Copy the operation's name."""
        if (row := self.table.current) is not None:
            self.shell.copy(row[1].name)


def _effect(row: Row) -> Run:
    info = row[1]
    return ("reads", "dim") if info.reads else ("changes", "warn")
