"""Commands that are possible on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.accounts import SwitchAccount
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import ShowBatches
from tsui.ui.commands.blast import ShowIncidents, ShowLearning
from tsui.ui.commands.callbacks import ShowInbox, ShowListeners
from tsui.ui.commands.calls import Record, ShowCalls
from tsui.ui.commands.commissioning import ShowCommission, ShowCommissions
from tsui.ui.commands.monitors import WakeBoard
from tsui.ui.commands.notices import ShowAudit, ShowMutes
from tsui.ui.commands.operations import FindOperation
from tsui.ui.commands.practice import PlayScenario
from tsui.ui.commands.shift import ShowAgenda, ShowHandover
from tsui.ui.commands.triggers import ShowTriggers
from tsui.ui.commands.views import UseView

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class Quit(Command):
    """Leave; asks first only while a change is being sent."""

    title = "Quit"
    keys = "q,ctrl+q"
    names = ("q", "quit")

    def applies(self, place: Place) -> bool:
        """Apply always."""
        return True

    async def run(self, place: Place, argument: str = "") -> None:
        """Leave."""
        await place.shell.leave()


class ShowHelp(Command):
    """Show the keys of this screen, and why a dimmed one is dimmed."""

    title = "Help"
    keys = "question_mark,f1"
    shown = "?"
    names = ("help",)
    hint = 12

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the help."""
        await place.shell.show_help(place)


class CommandLine(Command):
    """Type a command by name, e.g. :device 3538; tab completes, ↑ brings back older ones."""

    title = "Command"
    keys = "colon"
    hint = 80

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the command line."""
        await place.ask_command()


class Palette(Command):
    """Search all commands by words."""

    title = "Palette"
    keys = "ctrl+p"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the palette."""
        place.shell.action_command_palette()


class GoDevices(Command):
    """Show the fleet."""

    title = "Devices"
    keys = "2"
    names = ("devices", "dev")

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there; an argument filters the list."""
        await place.shell.go("devices")
        if argument:
            await place.shell.place.set_filter(argument)

    argument = "[WORDS]"


class GoRequests(Command):
    """Show every change that was made here and what became of it."""

    title = "Requests"
    keys = "3"
    names = ("requests", "req")
    argument = "[NUMBER]"
    hint = 70

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there, to the request with a number or an id where one is given."""
        await place.shell.go("requests")
        if argument:
            await place.shell.place.open_by_name(argument)


class GoOverview(Command):
    """Show how everything stands: counts, what changed this shift, alarms, the network."""

    title = "Overview"
    keys = "1"
    names = ("overview",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("overview")


class GoMonitors(Command):
    """Show the reachability monitors that were set from here."""

    title = "Monitors"
    keys = "4"
    names = ("monitors",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("monitors")


class GoMessages(Command):
    """Show the conversations with devices, and how far each message is."""

    title = "Messages"
    keys = "5"
    names = ("messages",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("messages")


class GoEvents(Command):
    """Show all that was told or noticed: alarms, changes by others, trouble."""

    title = "Events"
    keys = "6"
    names = ("events",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("events")


class GoAccount(Command):
    """Show what the account has: plans, groups, listeners and more."""

    title = "Account"
    keys = "7"
    names = ("account",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("account")


class OpenDevice(Command):
    """Open the device with this identifier, or with one that ends with it.

    It has the key of filters where there is nothing to filter: what is typed behind that key is
    text on every screen, and never a row of commands.
    """

    title = "Open device"
    keys = "slash"
    yields = True
    names = ("device",)
    argument = "IDENTIFIER"

    async def run(self, place: Place, argument: str = "") -> None:
        """Find the device and open it; without an identifier, let type one."""
        if argument:
            await place.shell.open_device_by_identifier(argument)
        else:
            await place.ask_command("device ")


class Refresh(Command):
    """Read what is in view again."""

    title = "Refresh"
    keys = "r"
    names = ("refresh",)
    hint = 60

    def reason(self, place: Place) -> str:
        """Need somebody signed in."""
        return place.shell.connection.offline_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to read again."""
        place.refresh_now()


class ReadFleet(Command):
    """Read the whole fleet again, which happens by itself once a day if it is large."""

    title = "Read the whole fleet"
    names = ("sync",)

    def reason(self, place: Place) -> str:
        """Need somebody signed in."""
        return place.shell.connection.offline_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to read."""
        place.shell.workspace.refresh_fleet(whole=True)


class Freeze(Command):
    """Hold the display still until pressed again."""

    title = "Freeze"
    keys = "f"
    names = ("freeze",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Freeze or thaw."""
        place.shell.toggle_freeze()


class SwitchZone(Command):
    """Show times in UTC, or in your own zone."""

    title = "UTC / local"
    keys = "z"
    names = ("utc",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Switch."""
        place.shell.toggle_zone()


class SignIn(Command):
    """Open the login screen, to sign in again or elsewhere."""

    title = "Sign in"
    keys = "ctrl+l"
    names = ("login", "signin")

    def reason(self, place: Place) -> str:
        """Need the real ThingSpace."""
        return "A recording needs nobody signed in." if place.shell.launch.recording else ""

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the login screen."""
        await place.shell.show_login()


class Back(Command):
    """Clear the filter, then go back."""

    title = "Back"
    keys = "escape"

    async def run(self, place: Place, argument: str = "") -> None:
        """Go back one step."""
        await place.go_back()


EVERYWHERE: tuple[type[Command], ...] = (
    ShowHelp,
    CommandLine,
    Palette,
    FindOperation,
    GoOverview,
    GoDevices,
    GoRequests,
    ShowBatches,
    GoMonitors,
    GoMessages,
    GoEvents,
    GoAccount,
    ShowInbox,
    ShowListeners,
    ShowAudit,
    ShowMutes,
    ShowTriggers,
    ShowCommission,
    ShowCommissions,
    ShowCalls,
    Record,
    ShowAgenda,
    ShowHandover,
    OpenDevice,
    ShowIncidents,
    WakeBoard,
    ShowLearning,
    PlayScenario,
    UseView,
    Refresh,
    ReadFleet,
    Freeze,
    SwitchZone,
    SignIn,
    SwitchAccount,
    Back,
    Quit,
)
"""Commands of every screen."""
