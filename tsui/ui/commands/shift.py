"""Commands of a shift: what becomes due, and what the next one has to know."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place

MOST = 200
"""Marked devices whose billing cycles are looked up."""


class ShowAgenda(Command):
    """Show what is overdue and what becomes due: resumes, held numbers, monitors and more.

    Devices that are marked have the ends of their billing cycles in it.
    """

    title = "Agenda"
    keys = "8"
    names: ClassVar[tuple[str, ...]] = ("agenda", "due")

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.agenda import AgendaScreen
        from tsui.ui.screens.devices import DevicesScreen

        marks = place.table.marks if isinstance(place, DevicesScreen) else ()
        rows = await place.shell.workspace.devices(islice(marks, MOST))
        marked = [row.key for row in rows]
        await place.shell.push_screen(AgendaScreen(marked))
