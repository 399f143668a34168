"""Commands of devices that were lost together, and of what is known of rhythms."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import TableCommand

if TYPE_CHECKING:
    from tsui.ui.screens.blast import BlastScreen
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.place import Place


class LostTogether(Command):
    """Show which other devices were lost together with this one, and what they share."""

    title = "Lost together"
    keys = "n"
    group = "On a device"
    hint = 17

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the incidents at the one of the device in view."""
        from tsui.ui.screens.blast import BlastScreen

        device = place.device_in_view
        await place.shell.push_screen(BlastScreen(device.id if device else None))


class ShowIncidents(Command):
    """Show devices that were lost together: site, plan, model or network."""

    title = "Incidents"
    names = ("blast", "incidents")

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the incidents."""
        from tsui.ui.screens.blast import BlastScreen

        await place.shell.push_screen(BlastScreen())


class ShowLearning(Command):
    """Say how many rhythms of devices are known, and where the learning stands."""

    title = "Rhythms"
    names = ("rhythms",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Say it."""
        from tsui.ui.rhythm_text import learning

        known, stands = await place.shell.workspace.desks.rhythms()
        place.shell.flash(learning(known, stands), "info")


class Acknowledge(TableCommand):
    """Say that you have seen an incident, with a note for whoever looks at it later."""

    title = "Acknowledge"
    keys = "K"
    group = "On an incident"
    hint = 12

    async def run_in(self, place: ListPlace) -> None:
        """Ask for the note."""
        await cast("BlastScreen", place).acknowledge()


INCIDENTS: tuple[type[Command], ...] = (Acknowledge,)
"""Commands of an incident."""
