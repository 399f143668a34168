"""Commands of batches, and of what many devices are chosen by."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import ListCommand, TableCommand

if TYPE_CHECKING:
    from tsui.ui.screens.batches import BatchesScreen
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.place import Place
    from tsui.ui.screens.sheet import SheetScreen


class ShowBatches(Command):
    """Show how far changes of several devices are, and go on with one that was cut off."""

    title = "Batches"
    keys = "b"
    names = ("batches",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.batches import BatchesScreen

        await place.shell.push_screen(BatchesScreen())


class BatchCommand(TableCommand):
    """Something one can do with a batch."""

    group = "On a batch"

    async def run_in(self, place: ListPlace) -> None:
        """Do it with the batch under the cursor."""
        await self.run_on(cast("BatchesScreen", place))

    async def run_on(self, place: BatchesScreen) -> None:
        """Do it in this list."""
        raise NotImplementedError


class PauseBatch(BatchCommand):
    """Send no more of the batch for now; what is on its way is not held up."""

    title = "Pause"
    keys = "p"
    hint = 20

    async def run_on(self, place: BatchesScreen) -> None:
        """Pause it."""
        place.pause()


class ResumeBatch(BatchCommand):
    """Go on with what of the batch never left; its devices are looked at anew, and it asks."""

    title = "Go on"
    keys = "R"
    hint = 22

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change."""
        return place.shell.connection.no_change_reason

    async def run_on(self, place: BatchesScreen) -> None:
        """Ask."""
        await place.resume()


class CancelBatch(BatchCommand):
    """Call off for good what of the batch never left; it asks first."""

    title = "Call off"
    keys = "K"
    hint = 24

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change."""
        return place.shell.connection.no_change_reason

    async def run_on(self, place: BatchesScreen) -> None:
        """Ask."""
        await place.ask_cancel()


class PasteDevices(ListCommand):
    """Find devices in pasted text or in a file and mark them; a CSV with a header changes them."""

    title = "Paste"
    keys = "p"
    names = ("paste", "file")
    argument = "[FILE]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the screen that takes text, unless it is open; a file is read at once."""
        from tsui.ui.screens.paste import PasteScreen

        if isinstance(place, PasteScreen):
            place.begin_to_read(argument)
        else:
            await place.shell.push_screen(PasteScreen(argument))


class ApplyValues(ListCommand):
    """Change what the table says, as one batch; it shows all of it and asks first."""

    title = "Change them"
    keys = "V"
    hint = 20

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change."""
        return place.shell.connection.no_change_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask."""
        await cast("SheetScreen", place).apply()


BATCH: tuple[type[Command], ...] = (PauseBatch, ResumeBatch, CancelBatch)
"""Commands of a batch."""
