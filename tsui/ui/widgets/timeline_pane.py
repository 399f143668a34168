"""The timeline on the screen: a strip of what happened when, over the list of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from tsui.service.timeline.model import Moment
from tsui.service.timeline.view import View
from tsui.ui import words
from tsui.ui.painted import Line, Painted, Run
from tsui.ui.timeline_text import ODD, Strip, head_line, sentence, strip_lines, strip_of
from tsui.ui.widgets.table import Column, Table

Nothing = Callable[[View], Sequence[Line]]
"""Says why there is nothing to be seen."""


class Moments:
    """The moments that are looked at, newest first, for the table."""

    def __init__(self, rows: Sequence[Moment] = ()) -> None:
        self._rows = rows
        self._places = {each.key: place for place, each in enumerate(rows)}

    async def count(self) -> int:
        """Count the rows."""
        return len(self._rows)

    async def window(self, offset: int, limit: int) -> Sequence[Moment]:
        """Return rows from a place on."""
        return self._rows[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a moment."""
        return self._places.get(key)


class TimelinePane(Vertical):
    """A strip and a list that show the same stretch of time."""

    def __init__(self, *, id: str, in_utc: Callable[[], bool], nothing: Nothing) -> None:
        super().__init__(id=id)
        self._in_utc = in_utc
        self._nothing = nothing
        self._strip = Painted(id="strip")
        self.table: Table[Moment] = Table(
            Moments(), self._columns(), key=lambda each: each.key, id="moments"
        )
        """The list."""
        self._view = View()
        self._turning = asyncio.Lock()
        self._made: Strip | None = None
        self._made_of: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the strip over the list."""
        yield self._strip
        yield self.table

    @property
    def view(self) -> View:
        """What is looked at, with the cursor where it is by now."""
        key, cursor = self.table.cursor_key, self._view.cursor
        if not self._turning.locked() and key is not None and cursor and key != cursor.key:
            self._view = self._view.choose(key)
        return self._view

    async def turn(self, change: Callable[[View], View]) -> None:
        """Look at something else; the cursor is where that has it."""
        view = change(self.view)
        async with self._turning:
            self._view = view
            self.table.cursor_key = view.cursor.key if view.cursor else None
            await self.table.use(Moments(view.shown))
        self.draw()

    def draw(self) -> None:
        """Show the strip with the cursor on it; the list shows itself."""
        if not self.size.width:
            return
        view = self.view
        lines = [head_line(view, utc=self._in_utc()), *strip_lines(self._strip_of(view), view)]
        self._strip.styles.height = len(lines)
        self._strip.paint(lines)
        self.table.show_empty(self._nothing(view))

    def on_resize(self) -> None:
        """Make another strip for another size."""
        self.call_after_refresh(self.draw)

    def on_table_moved(self) -> None:
        """Let the strip follow the cursor."""
        if not self._turning.locked():
            self.draw()

    def _strip_of(self, view: View) -> Strip:
        size, utc = (self.size.width, self.app.size.height), self._in_utc()
        known = (id(view.timeline), view.span, view.until, view.wanted, size, utc)
        if self._made is None or known != self._made_of:
            self._made = strip_of(view, *size, utc=utc)
            self._made_of = known
        return self._made

    def _columns(self) -> list[Column[Moment]]:
        return [
            Column("!", 1, lambda each: (ODD if each.is_anomaly else "", "warn"), 0),
            Column("WHEN", 11, self._when, 1),
            Column("LANE", 9, lambda each: (each.lane.value, "dim"), 2),
            Column("WHAT", 44, _what, 0, grows=True),
            Column("SOURCE", 20, lambda each: (each.source.value, "dim"), 5),
        ]

    def _when(self, moment: Moment) -> Run:
        now = self._view.timeline.now
        return words.short_moment(moment.at, now, utc=self._in_utc()), "dim"


def _what(moment: Moment) -> Run:
    return sentence(moment), "warn" if moment.is_anomaly else "text"
