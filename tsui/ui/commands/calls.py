"""Commands of the HTTP inspector and of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class ShowCalls(Command):
    """Show the calls that went over HTTP: what was sent, what came back, how long it took."""

    title = "HTTP"
    keys = "ctrl+t"
    names: ClassVar[tuple[str, ...]] = ("http", "calls")
    argument = "[FILTER]"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list; an argument filters it."""
        from tsui.ui.screens.calls import CallsScreen

        await place.shell.push_screen(CallsScreen(argument))


class Record(Command):
    """Record what is seen into a file, to be opened again by tsui replay; again ends it.

    With --mask, identifiers become pseudonyms.
    """

    title = "Record"
    names: ClassVar[tuple[str, ...]] = ("record",)
    argument = "[FILE] [--mask]"

    def reason(self, place: Place) -> str:
        """Need the real ThingSpace."""
        return "This is a recording already." if place.shell.launch.recording else ""

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin, or end what was begun."""
        from tsui.ui.recording import begin, end

        words = argument.split()
        masked = "--mask" in words
        name = " ".join(each for each in words if each != "--mask")
        if name:
            await begin(place.shell, name, masked=masked)
        elif place.shell.workspace.desks.recording is not None:
            await end(place.shell)
        else:
            await place.ask_command("record ")


class CopyCallAsCurl(Command):
    """Copy the call as a curl command; secrets are variables."""

    title = "Copy as curl"
    keys = "y"
    hint = 30
    group = "On a call"

    async def run(self, place: Place, argument: str = "") -> None:
        """Copy it."""
        place.copy_identifier()


CALLS: tuple[type[Command], ...] = (CopyCallAsCurl,)
"""Commands of a call."""
