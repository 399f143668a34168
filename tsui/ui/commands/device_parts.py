"""Commands of single parts of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.device_parts.asking import AskingPart
    from tsui.ui.device_parts.raw import Raw
    from tsui.ui.screens.place import Place


class AskNow(Command):
    """Ask ThingSpace for what this part shows; that changes nothing."""

    title = "Ask"
    keys = "a"
    group = "On a part of a device"
    hint = 13

    def reason(self, place: Place) -> str:
        """Need somebody signed in, and a device that can be asked about."""
        return _asking(place).no_ask_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to ask."""
        _asking(place).ask()


class SearchRaw(Command):
    """Search in what is remembered of the device."""

    title = "Search"
    keys = "slash"
    group = "On a part of a device"
    hint = 13

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the prompt."""
        await _raw(place).open_search()


class NextMatch(Command):
    """Go to the next place that holds the words."""

    title = "Next match"
    keys = "enter"
    group = "On a part of a device"
    hint = 14

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        _raw(place).step(1)


class PreviousMatch(Command):
    """Go to the place before that holds the words."""

    title = "Match before"
    keys = "p"
    group = "On a part of a device"
    hint = 15

    async def run(self, place: Place, argument: str = "") -> None:
        """Go there."""
        _raw(place).step(-1)


class ExportRaw(Command):
    """Write all that is remembered of the device to a file, as JSON; again, it stops."""

    title = "Export"
    keys = "x"
    names = ("export",)
    group = "On a part of a device"
    hint = 16

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to write, or stop it."""
        from tsui.ui.export import export_or_stop

        await export_or_stop(place.shell, _raw(place).exports(), "")


def _asking(place: Place) -> AskingPart:
    from tsui.ui.screens.device import DeviceScreen

    return cast("AskingPart", place.as_a(DeviceScreen).part)


def _raw(place: Place) -> Raw:
    from tsui.ui.screens.device import DeviceScreen

    return cast("Raw", place.as_a(DeviceScreen).part)


RAW: tuple[type[Command], ...] = (SearchRaw, NextMatch, PreviousMatch, ExportRaw)
"""Commands of what is remembered as it came."""

DEVICE_PARTS: tuple[type[Command], ...] = (AskNow, *RAW)
"""Commands of single parts of a device."""
