"""Commands of the timeline of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.device_parts.timeline import TimelinePart
    from tsui.ui.screens.place import Place


class TimelineCommand(Command):
    """Something one can do on a timeline."""

    group = "On a timeline"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it on the timeline in view."""
        await self.run_on(_timeline_in(place), argument)

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Do it on this timeline."""
        raise NotImplementedError


def _timeline_in(place: Place) -> TimelinePart:
    from tsui.ui.screens.device import DeviceScreen

    return cast("TimelinePart", place.as_a(DeviceScreen).part)


class ZoomCommand(TimelineCommand):
    """Look at more or less time around the cursor."""

    steps: ClassVar[int]
    """How much longer the stretch is, in steps."""

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Zoom."""
        await part.zoom(self.steps)


class ZoomIn(ZoomCommand):
    """Look at less time around the cursor: a year, 31 days, 7 days, a day, 6 hours, an hour."""

    title = "Zoom in"
    keys = "plus"
    shown = "+"
    hint = 1
    steps = -1


class ZoomOut(ZoomCommand):
    """Look at more time around the cursor."""

    title = "Zoom out"
    keys = "minus"
    shown = "-"
    hint = 2
    steps = 1


class PanCommand(TimelineCommand):
    """Look at another stretch, half as far away as it is long."""

    steps: ClassVar[int]
    """How far it is moved, in halves of its length."""

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Move the stretch."""
        await part.pan(self.steps)


class Earlier(PanCommand):
    """Look at an earlier stretch of time."""

    title = "Earlier"
    keys = "comma,less_than_sign"
    shown = ", <"
    hint = 14
    steps = -1


class Later(PanCommand):
    """Look at a later stretch of time."""

    title = "Later"
    keys = "full_stop,greater_than_sign"
    shown = ". >"
    hint = 15
    steps = 1


class JumpCommand(TimelineCommand):
    """Go to another anomaly."""

    steps: ClassVar[int]
    """-1 for the one before, 1 for the next."""

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Go there."""
        await part.jump(self.steps)


class AnomalyBefore(JumpCommand):
    """Go back in time to the anomaly before, wherever that is."""

    title = "Anomaly before"
    keys = "left_square_bracket"
    hint = 3
    steps = -1


class AnomalyAfter(JumpCommand):
    """Go on in time to the next anomaly, wherever that is."""

    title = "Anomaly after"
    keys = "right_square_bracket"
    hint = 13
    steps = 1


class OpenMoment(TimelineCommand):
    """Open what was told of the moment, as it came."""

    title = "Evidence"
    keys = "enter"
    hint = 6

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Open it."""
        await part.open_moment()


class FilterTimeline(TimelineCommand):
    """Show what holds these words; lane:sms chooses a lane, is:anomaly anomalies, -word omits."""

    title = "Filter"
    keys = "slash"
    hint = 5

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Let type the filter."""
        await part.ask_filter()


class ExportTimeline(TimelineCommand):
    """Write the moments in view to a file, CSV or JSON lines; again, while it is written, stops."""

    title = "Export"
    keys = "x"
    argument = "[csv|jsonl]"
    names = ("export",)

    async def run_on(self, part: TimelinePart, argument: str) -> None:
        """Begin to write, or stop it."""
        from tsui.ui.export import export_or_stop

        await export_or_stop(part.shell, part.exports(), argument)


TIMELINE: tuple[type[Command], ...] = (
    ZoomIn, ZoomOut, AnomalyBefore, AnomalyAfter, FilterTimeline, OpenMoment, Earlier, Later,
    ExportTimeline,
)  # fmt: skip
"""Commands of a timeline."""
