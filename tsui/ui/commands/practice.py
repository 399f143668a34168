"""The command that makes a simulated device sick, to see how its cause is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.text import sanitize
from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.service.practice import Practice
    from tsui.service.views import DeviceRow
    from tsui.ui.screens.place import Place


class PlayScenario(Command):
    """Put a simulated device into a situation, e.g. :scenario lost; then d finds the cause."""

    title = "Scenario"
    names = ("scenario",)
    argument = "NAME [ICCID]"

    def reason(self, place: Place) -> str:
        """Need a simulator, and leave to change something."""
        return _practice(place).reason or place.shell.connection.no_change_reason

    def completions(self, place: Place) -> list[str]:
        """Return the names of the situations, once the simulator has told them."""
        practice = _practice(place)
        if not practice.scenarios and not practice.reason:
            place.shell.background(_read(place), name="read the scenarios", group="scenarios")
        return list(practice.scenarios)

    async def run(self, place: Place, argument: str = "") -> None:
        """Begin to put the device in view into it, or the one with the identifier."""
        name, _, number = argument.partition(" ")
        device = place.device_in_view
        if number.strip():
            found = await place.shell.workspace.find_devices(number.strip())
            device = found[0] if len(found) == 1 else None
        if not name:
            place.shell.flash("Which situation? e.g. :scenario lost; tab completes names.", "warn")
        elif device is None:
            place.shell.flash("Which device? Put the cursor on one, or give its ICCID.", "warn")
        else:
            work = _play(place, name, device)
            place.shell.background(work, name="play a scenario")


def _practice(place: Place) -> Practice:
    return place.shell.workspace.desks.practice


async def _read(place: Place) -> None:
    from tsui.service.practice import PracticeFailed

    try:
        await _practice(place).read()
    except PracticeFailed as failed:
        place.shell.flash(sanitize(str(failed), 300), "warn")


async def _play(place: Place, name: str, device: DeviceRow) -> None:
    from tsui.service.practice import PracticeFailed

    shell = place.shell
    try:
        sentence = await _practice(place).play(name, device)
    except PracticeFailed as failed:
        shell.flash(sanitize(str(failed), 600), "warn")
        return
    shell.workspace.refresh_device(device)
    shell.workspace.desks.verdicts.refresh(device)
    end = sanitize(device.key.partition(":")[2][-6:])
    shell.flash(f"…{end} is now {name}: {sanitize(sentence, 200)} d finds the cause.", "info")
