"""Commands of the screen of one device, and of one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.device_parts.verdict import Diagnosis
    from tsui.ui.screens.place import Place


class TabCommand(Command):
    """Show a part of what is known of the device."""

    group = "On a device"
    tab: ClassVar[str]
    """The part."""

    async def run(self, place: Place, argument: str = "") -> None:
        """Show it; from a list, open the device first."""
        await place.show_tab(self.tab)


class Diagnose(TabCommand):
    """Say why the device is offline: a verdict, what it rests on, and what to do next."""

    title = "Why offline?"
    keys = "d"
    names = ("diagnose",)
    tab = "diagnose"
    hint = 14


class ShowTimeline(TabCommand):
    """Show all that happened in one line of time: sessions, changes, usage, SMS, callbacks."""

    title = "Timeline"
    keys = "t"
    names = ("timeline",)
    tab = "timeline"
    hint = 28


class OpenEvidence(Command):
    """Open what ThingSpace said that a line of the verdict rests on."""

    title = "Evidence"
    keys = "enter"
    group = "On a device"
    hint = 16

    def reason(self, place: Place) -> str:
        """Need a line that rests on something."""
        return _verdict_in(place).no_evidence_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Open it."""
        await _verdict_in(place).open_evidence()


def _verdict_in(place: Place) -> Diagnosis:
    from tsui.ui.screens.device import DeviceScreen

    return cast("Diagnosis", place.as_a(DeviceScreen).part)


class ShowUsage(TabCommand):
    """Show usage by day."""

    title = "Usage"
    keys = "u"
    tab = "usage"
    hint = 30


class ShowProvisioning(TabCommand):
    """Show the provisioning history: what was done to the line, and by whom."""

    title = "History"
    keys = "h"
    tab = "provisioning"
    hint = 32


class NextTab(Command):
    """Show the next part."""

    title = "Next part"
    keys = "tab,right"
    shown = "tab →"
    group = "On a device"
    hint = 15

    async def run(self, place: Place, argument: str = "") -> None:
        """Go one part on."""
        await place.step_tab(1)


class PreviousTab(Command):
    """Show the part before."""

    title = "Part before"
    keys = "shift+tab,left"
    shown = "shift+tab ←"
    group = "On a device"

    async def run(self, place: Place, argument: str = "") -> None:
        """Go one part back."""
        await place.step_tab(-1)


class Decide(Command):
    """Close a change of unknown fate by your own judgement; it is written to the audit."""

    title = "Decide"
    keys = "O"
    group = "On a request"
    hint = 20

    def reason(self, place: Place) -> str:
        """Need a change that is not over."""
        return place.no_decision_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask for the judgement."""
        await place.ask_decision()


class Undo(Command):
    """Show what can be brought back of a finished change and of its batch; asks before it sends."""

    title = "Undo"
    keys = "U"
    names = ("undo",)
    group = "On a request"
    hint = 25

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change, and a change that has an undo."""
        return place.no_undo_reason or place.shell.connection.no_change_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Show the card."""
        await place.offer_undo()


class OpenItsDevice(Command):
    """Open the device of this change."""

    title = "Its device"
    keys = "i"
    group = "On a request"
    hint = 30

    async def run(self, place: Place, argument: str = "") -> None:
        """Open it."""
        await place.open_its_device()


TABS: tuple[type[Command], ...] = (
    Diagnose, ShowTimeline, ShowUsage, ShowProvisioning, NextTab, PreviousTab,
)  # fmt: skip
"""Commands that show a part of a device."""

VERDICT: tuple[type[Command], ...] = (OpenEvidence,)
"""Commands of a verdict."""

REQUEST: tuple[type[Command], ...] = (Decide, Undo, OpenItsDevice)
"""Commands of a request."""
