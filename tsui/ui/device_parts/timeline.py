"""The timeline: the part of a device that shows all that is remembered in one line of time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tsui.service.parts import Part
from tsui.service.timeline.export import COLUMNS, request_id, row_text
from tsui.service.timeline.view import SPANS, WEEK, View
from tsui.service.timeline.wanted import Wanted, wanted
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui.commands.timeline import TIMELINE
from tsui.ui.device_parts.base import DevicePart
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line
from tsui.ui.widgets.timeline_pane import TimelinePane

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.service.timeline.model import Moment
    from tsui.ui.screens.device import DeviceScreen
    from tsui.ui.widgets.table import Table

MEMORY = "timeline"
"""Name under which the last stretch and filter are remembered."""

_READ = (Part.DIAGNOSTICS, Part.USAGE, Part.PROVISIONING)
"""What is read for it that other parts show too."""

SEEN = 500
"""Parts of the stretch after which it is seen that time goes on."""


class TimelinePart(DevicePart):
    """All that is remembered of a device in one line of time."""

    name = "timeline"
    title = "Timeline"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS, Topic.INBOX})
    COMMANDS = TIMELINE
    is_wide = True

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._pane = TimelinePane(
            id=f"part-{self.name}", in_utc=lambda: self.shell.use_utc, nothing=self._nothing
        )
        self._pane.table.whole_row = not self.shell.launch.thin
        self._before = Wanted()
        self._is_begun = False

    @property
    def widget(self) -> TimelinePane:
        """The strip and the list."""
        return self._pane

    @property
    def scrolled(self) -> Table[Moment]:
        """The list."""
        return self._pane.table

    async def load(self, device: DeviceRow) -> None:
        """Take up what is remembered of a device."""
        timeline = await self.shell.workspace.desks.timelines.of(device)
        if not self._is_begun:
            await self._resume()
        await self._pane.turn(lambda view: view.follow(timeline))

    def show_part(self) -> None:
        """Show it as it was taken up, with the time that went by since."""
        view, now = self._pane.view, self.view.now
        if not self.shell.frozen and now - view.timeline.now > view.seconds / SEEN:
            later = replace(view.timeline, now=now)
            work = self._pane.turn(lambda view: view.follow(later))
            self.place.run_worker(self.place.told(work), exclusive=True, group="timeline")
        self._pane.draw()

    async def from_the_start(self) -> None:
        """Stay where one was: the cursor belongs to a moment."""

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read everything about the device."""
        if self.shell.workspace.online is not None:
            self.place.asked.note(_READ)
            self.shell.workspace.desks.timelines.refresh(device)

    # -- what commands ask for ----------------------------------------------------------------

    async def zoom(self, steps: int) -> None:
        """Look at more time around the cursor, or less."""
        before = self._pane.view.span
        await self._pane.turn(lambda view: view.zoom(steps))
        if self._pane.view.span == before:
            self.shell.flash(f"{before} is as far as it goes.", "warn")
        else:
            await self._remember()

    async def pan(self, steps: int) -> None:
        """Look at a later stretch, or at an earlier one."""
        before = self._pane.view.until
        await self._pane.turn(lambda view: view.pan(steps))
        if self._pane.view.until == before:
            end = "ends" if steps > 0 else "begins"
            self.shell.flash(f"What is remembered {end} here.", "warn")

    async def jump(self, steps: int) -> None:
        """Go to the next anomaly, or to the one before."""
        found = self._pane.view.jump(steps)
        if found is None:
            way = "later" if steps > 0 else "earlier"
            more = " that fits the filter" if self._pane.view.wanted.text else ""
            self.shell.flash(f"No {way} anomaly{more} is known.", "warn")
        else:
            await self._pane.turn(lambda _: found)

    async def open_moment(self) -> None:
        """Open what was told of the moment under the cursor."""
        if (moment := self._pane.view.cursor) is None:
            self.shell.flash("There is no moment under the cursor.", "warn")
            return
        from tsui.ui.screens.answer import AnswerScreen

        title = f"{moment.lane}, {moment.source}: {moment.sentence}"
        await self.shell.push_screen(AnswerScreen(title, moment.raw, at=moment.at))

    def exports(self) -> Exports:
        """Return what the moments in view can be exported as, oldest first."""
        from tsui.service.export_formats import exports_of_rows

        rows = list(reversed(self._pane.view.shown))
        return exports_of_rows("timeline", "moment", rows, COLUMNS)

    @property
    def copied(self) -> str:
        """The moment under the cursor in a line."""
        cursor = self._pane.view.cursor
        cells = row_text(cursor).split("\t") if cursor else ()
        return "\t".join(sanitize(cell) for cell in cells)

    @property
    def copied_name(self) -> str:
        """The id of the request in question, or else the time."""
        cursor = self._pane.view.cursor
        if cursor is None:
            return ""
        return sanitize(request_id(cursor) or str(COLUMNS["time_utc"](cursor)))

    # -- the filter ---------------------------------------------------------------------------

    async def ask_filter(self) -> None:
        """Let type words and lanes."""
        self._before = self._pane.view.wanted
        await self.place.open_prompt("/", self._before.text, on_change=self._typing)

    async def prompt_closed(self, sign: str, text: str | None) -> None:
        """Keep the filter, or go back to the one there was.

        One that makes no sense is told, and the last good one stays.
        """
        try:
            found = self._before if text is None else wanted(text)
        except ValueError as error:
            found = self._before
            self.shell.flash(str(error), "bad")
        await self._narrow(found)
        await self._remember()

    async def clear(self) -> bool:
        """Clear the filter; False when there is none."""
        if not self._pane.view.wanted.text:
            return False
        await self._narrow(Wanted())
        await self._remember()
        return True

    def _typing(self, text: str) -> None:
        with suppress(ValueError):  # it may still become a filter; enter tells if it is none
            work = self.place.told(self._narrow(wanted(text)))
            self.place.run_worker(work, exclusive=True, group="find")

    async def _narrow(self, found: Wanted) -> None:
        await self._pane.turn(lambda view: view.narrow(found))

    def _nothing(self, view: View) -> Sequence[Line]:
        if not view.timeline.moments:
            offline = self.shell.connection.offline_reason
            return Nothing(
                "Nothing is remembered of this device.", ("r", "reads it"), offline=offline
            ).lines()
        empty = "Nothing is known of this stretch of time; ░ in the strip is not known."
        step = ("-", "looks at more time; [ goes to the anomaly before")
        return Nothing(empty, step, filter=view.wanted.text).lines()

    async def _resume(self) -> None:
        """Look at it as it was looked at the last time."""
        self._is_begun = True
        kept: Any = await self.shell.workspace.recall(MEMORY, {})
        span, text = str(kept.get("span", "")), str(kept.get("filter", ""))
        try:
            found = wanted(text)
        except ValueError:
            found = Wanted()
        span = span if span in SPANS else WEEK
        await self._pane.turn(lambda view: replace(view, span=span, wanted=found))

    async def _remember(self) -> None:
        view = self._pane.view
        kept = {"span": view.span, "filter": view.wanted.text}
        await self.shell.workspace.remember(MEMORY, kept)
