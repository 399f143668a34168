"""Commands that write up a device or a request for a carrier's ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from collections.abc import Collection

    from tsui.service.views import DeviceChange
    from tsui.ui.screens.place import Place


class DeviceEvidence(Command):
    """Write up the device, or each marked one, for a carrier's ticket; no secrets are in it."""

    title = "Write up"
    keys = "e"
    names = ("evidence",)
    group = "On a device"
    hint = 36

    def reason(self, place: Place) -> str:
        """Need a device; the network is not needed."""
        return "" if place.device_in_view else "There is no device here to write up."

    async def run(self, place: Place, argument: str = "") -> None:
        """Show what will be in it, and ask where to."""
        from tsui.ui.screens.evidence import EvidenceDialog

        if len(marked := place.selected_ids()) > 1:
            await _write_up(place, marked)
        elif (device := place.device_in_view) is not None:
            await place.shell.push_screen(EvidenceDialog(device, None))


async def _write_up(place: Place, marked: Collection[int]) -> None:
    from tsui.ui.screens.evidence_many import MOST, ManyEvidence

    if len(marked) > MOST:
        place.shell.flash(f"At most {MOST} devices are written up at once.", "warn")
        return
    await place.shell.push_screen(ManyEvidence(marked, await place.hidden_marks()))


class ShowsChange(Protocol):
    """A screen on which a change is in view."""

    @property
    def change_in_view(self) -> DeviceChange | None:
        """The change under the cursor, or the one shown; None where there is none."""
        ...


class RequestEvidence(Command):
    """Write up the request and its device for a carrier's ticket, with ThingSpace's own words."""

    title = "Write up"
    keys = "e"
    names = ("evidence",)
    group = "On a request"
    hint = 28

    def reason(self, place: Place) -> str:
        """Need a request; the network is not needed."""
        is_there = cast("ShowsChange", place).change_in_view is not None
        return "" if is_there else "There is no request here to write up."

    async def run(self, place: Place, argument: str = "") -> None:
        """Show what will be in it, and ask where to."""
        from tsui.ui.screens.evidence import EvidenceDialog

        if (change := cast("ShowsChange", place).change_in_view) is not None:
            await place.shell.push_screen(EvidenceDialog(None, change))
