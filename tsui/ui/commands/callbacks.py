"""Commands of callbacks: what came, and who hears of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import TableCommand

if TYPE_CHECKING:
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.listeners import ListenersScreen
    from tsui.ui.screens.place import Place


class ShowInbox(Command):
    """Show the callback messages that came, also those of others; enter shows one as it came."""

    title = "Callbacks"
    names: ClassVar[tuple[str, ...]] = ("inbox", "callbacks")

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.inbox import InboxScreen

        await place.shell.push_screen(InboxScreen())


class ShowListeners(Command):
    """Show who hears of each callback service, and take one over or give it back."""

    title = "Listeners"
    names: ClassVar[tuple[str, ...]] = ("listeners",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the board."""
        from tsui.ui.screens.listeners import ListenersScreen

        await place.shell.push_screen(ListenersScreen())


class OpenInbox(ShowInbox):
    """Show the callback messages that came; enter shows one as it came."""

    keys = "i"
    names = ()
    hint = 40
    group = "On callbacks"


class OpenListeners(ShowListeners):
    """Show who hears of each callback service."""

    keys = "l"
    names = ()
    hint = 50
    group = "On callbacks"


class ListenerCommand(TableCommand):
    """Something one can do with the listener of a service."""

    group = "On a listener"

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something."""
        return place.shell.connection.no_change_reason

    async def run_in(self, place: ListPlace) -> None:
        """Do it with the listener under the cursor."""
        await self.run_on(cast("ListenersScreen", place))

    async def run_on(self, board: ListenersScreen) -> None:
        """Do it on this board."""
        raise NotImplementedError


class TakeListener(ListenerCommand):
    """Point the service at our receiver; asks, and remembers who had it."""

    title = "Take over"
    keys = "T"
    hint = 20

    async def run_on(self, board: ListenersScreen) -> None:
        """Ask."""
        await board.take()


class GiveListenerBack(ListenerCommand):
    """Give the service back to whoever had it before us; asks first."""

    title = "Give back"
    keys = "B"
    hint = 30

    async def run_on(self, board: ListenersScreen) -> None:
        """Ask."""
        await board.give_back()


CALLBACKS: tuple[type[Command], ...] = (OpenInbox, OpenListeners)
"""Ways to what comes by callback, for screens that have to do with it."""

LISTENERS: tuple[type[Command], ...] = (TakeListener, GiveListenerBack)
"""Commands of the listeners board."""
