"""Commands of a shift: what becomes due, and what the next one has to know."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.handover import HandoverScreen
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


class ShowHandover(Command):
    """Show what happened since the shift began, and what the next one has to do, as a mail."""

    title = "Handover"
    keys = "9"
    names: ClassVar[tuple[str, ...]] = ("handover", "shift")
    argument = "[SINCE]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open it; an argument such as 06:00 or 12h says since when."""
        from tsui.ui.screens.handover import HandoverScreen

        try:
            screen = HandoverScreen(argument)
        except ValueError as error:
            place.shell.flash(str(error), "warn")
            return
        await place.shell.push_screen(screen)


class HandoverCommand(Command):
    """Something one can do with a handover."""

    group = "On a handover"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it."""
        from tsui.ui.screens.handover import HandoverScreen

        await self.run_on(place.as_a(HandoverScreen))

    async def run_on(self, handover: HandoverScreen) -> None:
        """Do it on the handover that is shown."""
        raise NotImplementedError


class CopyHandover(HandoverCommand):
    """Copy the handover; what does not fit a terminal's clipboard becomes a file."""

    title = "Copy"
    keys = "y"
    hint = 10

    async def run_on(self, handover: HandoverScreen) -> None:
        """Copy it."""
        await handover.copy_or_keep()


class KeepHandover(HandoverCommand):
    """Write the handover into a file for your eyes only, to be mailed."""

    title = "Write a file"
    keys = "x"
    hint = 11

    async def run_on(self, handover: HandoverScreen) -> None:
        """Write it."""
        await handover.keep()


class ShiftBefore(HandoverCommand):
    """Tell from the beginning of the shift before on."""

    title = "Shift before"
    keys = "left_square_bracket"
    shown = "["
    hint = 12

    async def run_on(self, handover: HandoverScreen) -> None:
        """Go there."""
        await handover.go_to_shift(-1)


class ShiftAfter(HandoverCommand):
    """Tell from the beginning of the shift after on."""

    title = "Shift after"
    keys = "right_square_bracket"
    shown = "]"
    hint = 13

    async def run_on(self, handover: HandoverScreen) -> None:
        """Go there."""
        await handover.go_to_shift(1)


HANDOVER: tuple[type[Command], ...] = (CopyHandover, KeepHandover, ShiftBefore, ShiftAfter)
"""Commands of a handover."""
