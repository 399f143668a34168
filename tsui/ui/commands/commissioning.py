"""Commands of commissioning: begin a run, go on with one, and what one can do on its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command
from tsui.ui.commands.changes import Activate
from tsui.ui.commands.lists import MOVES

if TYPE_CHECKING:
    from tsui.ui.screens.commission import CommissionScreen
    from tsui.ui.screens.place import Place


class ShowCommission(Command):
    """Follow a device from its activation to its first bytes; goes on with a run that is open."""

    title = "Commission"
    names: ClassVar[tuple[str, ...]] = ("commission",)
    argument = "[IDENTIFIER]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the run of the device that is named, or of the one in view."""
        from tsui.ui.commissioning import open_run, open_run_of

        if argument:
            await open_run_of(place.shell, argument)
        elif (device := place.device_in_view) is not None:
            await open_run(place.shell, device)
        else:
            await place.ask_command("commission ")


class CommissionDevice(ShowCommission):
    """Follow the device from its activation to its first bytes, in large letters."""

    keys = "i"
    names = ()
    argument = ""
    group = "On a device"
    hint = 34

    def reason(self, place: Place) -> str:
        """Need a device."""
        return place.no_device_reason


class ShowCommissions(Command):
    """Show the commissioning runs, those that are open first."""

    title = "Commissioning runs"
    names = ("commissions",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.commissions import CommissionsScreen

        await place.shell.push_screen(CommissionsScreen())


class RunCommand(Command):
    """Something one can do with the run in view."""

    group = "On a commissioning run"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it."""
        await self.run_on(_screen(place))

    async def run_on(self, screen: CommissionScreen) -> None:
        """Do it on this screen."""
        raise NotImplementedError


class SendEcho(RunCommand):
    """Send the device a text message, which it may answer; asks first, and never sends it twice."""

    title = "SMS echo"
    keys = "S"
    hint = 20

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change, and a line that is active."""
        return place.shell.connection.no_change_reason or _screen(place).no_echo_reason

    async def run_on(self, screen: CommissionScreen) -> None:
        """Ask for the text."""
        await screen.ask_echo()


class NoteSite(RunCommand):
    """Write a note of the site; it is put on the slip."""

    title = "Site note"
    keys = "n"
    hint = 30

    async def run_on(self, screen: CommissionScreen) -> None:
        """Ask for it."""
        await screen.ask_note()


class CopySlip(RunCommand):
    """Copy the slip: numbers, times, steps, operator and note, as plain text."""

    title = "Copy slip"
    keys = "y"
    hint = 26

    async def run_on(self, screen: CommissionScreen) -> None:
        """Copy it."""
        screen.copy_slip()


class SaveSlip(RunCommand):
    """Write the slip to a file and tell its path."""

    title = "Save slip"
    keys = "x"
    names = ("export",)
    hint = 28

    async def run_on(self, screen: CommissionScreen) -> None:
        """Write it."""
        await screen.save_slip()


class EndRun(RunCommand):
    """End the run, green or not; asks first, and changes nothing at ThingSpace."""

    title = "End"
    keys = "E"
    hint = 32

    def reason(self, place: Place) -> str:
        """Need a run that is open."""
        return "" if _screen(place).is_open else "This run is over; B begins another."

    async def run_on(self, screen: CommissionScreen) -> None:
        """Ask."""
        await screen.ask_end()


class BeginAnother(RunCommand):
    """Begin another run of the device once this one is over."""

    title = "Begin another"
    keys = "B"

    def reason(self, place: Place) -> str:
        """Need a run that is over."""
        screen = _screen(place)
        return "This run is open; E ends it." if screen.is_open else screen.no_device_reason

    async def run_on(self, screen: CommissionScreen) -> None:
        """Ask."""
        await screen.ask_another()


def _screen(place: Place) -> CommissionScreen:
    from tsui.ui.screens.commission import CommissionScreen

    return place.as_a(CommissionScreen)


RUN: tuple[type[Command], ...] = (SendEcho, NoteSite, CopySlip, SaveSlip, EndRun, BeginAnother)
"""Commands of a run."""

ON_A_RUN: tuple[type[Command], ...] = (*MOVES, Activate, *RUN)
"""Everything one can do on the screen of a run."""
