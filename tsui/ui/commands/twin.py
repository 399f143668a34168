"""Commands that hold one device against another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from tsui.text import sanitize
from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.service.views import DeviceRow
    from tsui.ui.screens.place import Place
    from tsui.ui.screens.twin import TwinScreen


class CompareTwin(Command):
    """Compare the device with one like it, or the two that are marked, differences first."""

    title = "Twin"
    keys = "equals_sign"
    shown = "="
    names = ("twin",)
    argument = "[IDENTIFIER]"
    group = "On a device"
    hint = 38

    def reason(self, place: Place) -> str:
        """Need a device."""
        return "" if place.device_in_view else "There is no device here to compare."

    async def run(self, place: Place, argument: str = "") -> None:
        """Compare with the one that is named or marked; otherwise offer some."""
        device = place.device_in_view
        if device is None:
            return
        if argument:
            await _named(place, device, argument)
            return
        marked = place.selected_ids()
        if len(marked) == 2:
            rows = await place.shell.workspace.devices(marked)
            await _show(place, *sorted(rows, key=lambda row: row.id != device.id))
        elif len(marked) > 2:
            place.shell.flash("Mark exactly two devices to compare them; 0 clears marks.", "warn")
        else:
            await _offer(place, device)


async def _named(place: Place, device: DeviceRow, identifier: str) -> None:
    from tsui.service.verdict.desk import NotOneDevice

    try:
        other = await place.shell.workspace.desks.verdicts.known(identifier)
    except NotOneDevice as error:
        place.shell.flash(str(error), "warn")
        return
    if other is None:
        place.shell.flash(f"No device known here ends with {sanitize(identifier, 40)}.", "warn")
    elif other.id == device.id:
        place.shell.flash("That is the same device.", "warn")
    else:
        await _show(place, device, other)


async def _offer(place: Place, device: DeviceRow) -> None:
    from tsui.ui.screens.choose import Choice, Choose

    found = await place.shell.workspace.desks.twins.candidates(device)
    if not found:
        said = "No other active device is of its model or of its plan; :twin IDENTIFIER names one."
        place.shell.flash(said, "warn")
        return
    choices = [
        Choice(str(each.device.id), f"{each.device.key.partition(':')[2]:<20}  {each.basis}")
        for each in found
    ]
    rows = {str(each.device.id): each.device for each in found}
    lines = [[("What they share is said, and how they were when last read; no more.", "dim")]]
    title = f"Compare {sanitize(device.key.partition(':')[2], 24)} with"
    dialog = Choose(title, choices, lines=lines)
    await place.shell.push_screen(dialog, partial(_chosen, place, device, rows))


async def _chosen(
    place: Place, device: DeviceRow, rows: dict[str, DeviceRow], answer: str | None
) -> None:
    if answer is not None:
        await _show(place, device, rows[answer])


async def _show(place: Place, a: DeviceRow, b: DeviceRow) -> None:
    from tsui.ui.screens.twin import TwinScreen

    if isinstance(place, TwinScreen):
        await place.shell.switch_screen(TwinScreen(a, b))
    else:
        await place.shell.push_screen(TwinScreen(a, b))


class TwinCommand(Command):
    """Something one can do with a comparison."""

    group = "On a comparison"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it with the one in view."""
        await self.run_on(cast("TwinScreen", place))

    async def run_on(self, screen: TwinScreen) -> None:
        """Do it on this screen."""
        raise NotImplementedError


class Unfold(TwinCommand):
    """Show what is alike as well, and what has to differ; again, only count it."""

    title = "All fields"
    keys = "tab"
    hint = 12

    async def run_on(self, screen: TwinScreen) -> None:
        """Switch."""
        screen.unfold()


class TurnRound(TwinCommand):
    """Let the two devices change sides."""

    title = "Turn round"
    keys = "o"
    hint = 50

    async def run_on(self, screen: TwinScreen) -> None:
        """Turn."""
        screen.turn_round()


class ExportTwin(TwinCommand):
    """Write the comparison to a Markdown and a JSON file, for your eyes only, and tell the path."""

    title = "Export"
    keys = "x"
    names = ("export",)
    hint = 40

    async def run_on(self, screen: TwinScreen) -> None:
        """Write."""
        await screen.export()


TWIN: tuple[type[Command], ...] = (CompareTwin, Unfold, TurnRound, ExportTwin)
"""Commands of a comparison."""
