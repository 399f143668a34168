"""Commands of monitors, of the board of sleepers, and of what is to happen when a device wakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class NewMonitor(Command):
    """Watch the devices that are marked, or others that are named: what, until when."""

    title = "New"
    keys = "n"
    group = "On monitors"
    hint = 11

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something."""
        return place.shell.connection.no_change_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask; nothing is sent before that is agreed to."""
        from tsui.ui.monitoring import new_monitor

        await new_monitor(place.shell, place.selected_ids(), ask=True)


class StopMonitor(Command):
    """End the monitor under the cursor; asks first, and a callback confirms it."""

    title = "Stop"
    keys = "X"
    group = "On monitors"
    hint = 13

    def reason(self, place: Place) -> str:
        """Need a monitor whose id is known, and somebody who may change something."""
        from tsui.ui.monitoring import stoppable

        return place.shell.connection.no_change_reason or stoppable(place).no_stop_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask."""
        from tsui.ui.monitoring import stoppable

        await stoppable(place).stop()


class AskReach(Command):
    """Ask whether the device under the cursor can be reached now; that changes nothing."""

    title = "Ask"
    keys = "a"
    group = "On monitors"
    hint = 15

    def reason(self, place: Place) -> str:
        """Need somebody signed in, and a device."""
        return place.shell.connection.offline_reason or place.no_device_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask."""
        from tsui.ui.monitoring import ask_status

        if (device := place.device_in_view) is not None:
            await ask_status(place.shell, device)


class WakeBoard(Command):
    """Show who is awake now and for how long, who is expected next, and what waits for them."""

    title = "Wake board"
    names: ClassVar[tuple[str, ...]] = ("wake", "awake")

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the board."""
        from tsui.ui.screens.wake_board import WakeBoardScreen

        await place.shell.push_screen(WakeBoardScreen())


class OpenWakeBoard(WakeBoard):
    """Show who is awake now and for how long, who is expected next, and what waits for them."""

    keys = "tab"
    names = ()
    group = "On monitors"
    hint = 12

    def applies(self, place: Place) -> bool:
        """Leave the key to the line that is being typed."""
        return not place.prompt_sign


class LeaveWakeBoard(Command):
    """Go back to the list of monitors."""

    title = "Monitors"
    keys = "tab"
    group = "On the wake board"
    hint = 18

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        await place.shell.go("monitors")


class WhenItWakes(Command):
    """Queue an SMS, or a reminder, for the moment the device can be reached; asks first."""

    title = "When it wakes"
    keys = "W"
    names: ClassVar[tuple[str, ...]] = ("whenawake",)
    group = "On a device"
    hint = 60

    def reason(self, place: Place) -> str:
        """Need a device; what may be sent is asked before it is."""
        if place.device_in_view is not None:
            return ""
        return place.no_device_reason or "Choose one device: what waits is for one at a time."

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask what."""
        from tsui.ui.waking import when_it_wakes

        if (device := place.device_in_view) is not None:
            await when_it_wakes(place.shell, device)


class TakeBack(Command):
    """Take back what waits for the device under the cursor; asks which."""

    title = "Take back"
    keys = "X"
    group = "On the wake board"
    hint = 14

    def reason(self, place: Place) -> str:
        """Need something that waits."""
        from tsui.ui.screens.wake_board import WakeBoardScreen

        current = place.as_a(WakeBoardScreen).current
        return "" if current is not None and current.wakes else "Nothing waits for it."

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask which."""
        from tsui.ui.screens.wake_board import WakeBoardScreen
        from tsui.ui.waking import take_back

        current = place.as_a(WakeBoardScreen).current
        if current is not None:
            await take_back(place.shell, current.wakes)


MONITORS: tuple[type[Command], ...] = (NewMonitor, StopMonitor, OpenWakeBoard)
"""Commands of the list of monitors."""

MEMBERS: tuple[type[Command], ...] = (StopMonitor, AskReach, WhenItWakes, OpenWakeBoard)
"""Commands of one monitor and its devices."""

BOARD: tuple[type[Command], ...] = (WhenItWakes, TakeBack, AskReach, LeaveWakeBoard)
"""Commands of the board of sleepers."""

WATCHING: tuple[type[Command], ...] = (
    NewMonitor, StopMonitor, AskReach, OpenWakeBoard, WhenItWakes, TakeBack, LeaveWakeBoard,
)  # fmt: skip
"""All of them."""
