"""Commands of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place
    from tsui.ui.screens.wall import WallScreen


class WallCommand(Command):
    """Something one can do on the overview."""

    group = "On the overview"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it there."""
        from tsui.ui.screens.wall import WallScreen

        await self.run_on(place.as_a(WallScreen))

    async def run_on(self, wall: WallScreen) -> None:
        """Do it on this overview."""
        raise NotImplementedError


class OpenNumber(WallCommand):
    """Open the list behind the number: its devices, requests, events or calls."""

    title = "Open"
    keys = "enter"
    hint = 10

    async def run_on(self, wall: WallScreen) -> None:
        """Open it."""
        await wall.open_number()


class NextColumn(WallCommand):
    """Go to the number on the right."""

    title = "Right"
    keys = "right,tab"

    async def run_on(self, wall: WallScreen) -> None:
        """Go there."""
        wall.pane.step_column(1)


class FormerColumn(WallCommand):
    """Go to the number on the left."""

    title = "Left"
    keys = "left,shift+tab"

    async def run_on(self, wall: WallScreen) -> None:
        """Go there."""
        wall.pane.step_column(-1)


class BigNumbers(WallCommand):
    """Show few numbers in letters that can be read from across the room, or all again."""

    title = "Wide"
    keys = "w"
    hint = 20

    async def run_on(self, wall: WallScreen) -> None:
        """Switch."""
        await wall.switch_wide()


class OnlyProblems(WallCommand):
    """Show only numbers at which somebody should look, or all again."""

    title = "Only problems"
    keys = "p"
    hint = 25

    async def run_on(self, wall: WallScreen) -> None:
        """Switch."""
        await wall.switch_problems()


class ExportNumbers(WallCommand):
    """Write all numbers to a file, CSV or JSON lines."""

    title = "Export numbers"
    keys = "x"
    names = ("export",)
    argument = "[csv|jsonl]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to write, or stop it."""
        from tsui.ui.export import export_or_stop
        from tsui.ui.screens.wall import WallScreen

        await export_or_stop(place.shell, place.as_a(WallScreen).exports(), argument)


WALL: tuple[type[Command], ...] = (
    OpenNumber, NextColumn, FormerColumn, BigNumbers, OnlyProblems, ExportNumbers,
)  # fmt: skip
"""Commands of the overview."""
