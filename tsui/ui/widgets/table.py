"""The list: a table over a window of something remembered, however long that is.

Only the rows around the cursor are held. The cursor and the marks belong to records, not to places:
a refresh, a sort or a filter never moves them to another record.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.message import Message

from tsui.idset import IdSet
from tsui.service.views import StoreError
from tsui.settings import WIDEST
from tsui.ui.display import ThinApp
from tsui.ui.layout import GAP, Layout, arranged, fitted, squeezed
from tsui.ui.painted import Line, Painted, Run

RowT = TypeVar("RowT")
_RowT_co = TypeVar("_RowT_co", covariant=True)

WINDOW = 128
"""Rows that are read at once; a screen has some forty, so a page down rarely waits."""

MARK_CELLS = 2

SORT_SIGN = 2
"""Cells of the sign of the order behind a head."""


class Source(Protocol[_RowT_co]):
    """Where a table gets its rows from; every answer is a matter of milliseconds."""

    async def count(self) -> int:
        """Count the rows."""
        ...

    async def window(self, offset: int, limit: int) -> Sequence[_RowT_co]:
        """Return the rows from a place on."""
        ...

    async def position(self, key: int) -> int | None:
        """Return the place of a record; None when it is not among the rows."""
        ...


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column: what it shows of a row and how much room it takes."""

    title: str
    """Its head."""
    width: int
    """Cells it takes at least."""
    cell: Callable[[RowT], Run]
    """Its text, sanitised, and look for a row."""
    priority: int = 0
    """Columns of a higher number give way first when the screen is narrow."""
    grows: bool = False
    """Whether it takes room that is left."""
    order: str = ""
    """The order that sorts by it; empty where none does."""
    fitted: bool = False
    """Whether it is as wide as the longest value in hand instead."""

    @property
    def name(self) -> str:
        """What settings and layouts call it."""
        return self.title.lower()


class Table(Painted, Generic[RowT], can_focus=True):
    """A list of records with a cursor and marks."""

    @dataclass
    class Moved(Message):
        """The cursor is on another record, or the record under it changed."""

        table: "Table[Any]"

    @dataclass
    class Stuck(Message):
        """The rows that were wanted could not be read."""

        why: str

    def __init__(
        self,
        source: Source[RowT],
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], int],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._source = source
        self._columns = list(columns)
        self._key = key
        self._busy = asyncio.Lock()
        self._rows: list[RowT] = []
        self._first = 0
        self._top = 0
        self._shown: list[tuple[Column[RowT], int]] = []
        self._unmeasured = False
        self.total = 0
        """Rows there are."""
        self.cursor = 0
        """Place of the cursor among the rows."""
        self.cursor_key: int | None = None
        """The record the cursor is on."""
        self.whole_row = True
        """Whether all of the cursor's row is highlighted, or only its beginning."""
        self.marks = IdSet()
        """Marked records; a mark survives a filter that hides its record."""
        self.chosen: Layout = ()
        """Columns that somebody chose; empty shows those that fit."""
        self.squeeze = False
        """Whether all columns are shown, each with as little room as that takes."""
        self.sorted_by = ("", False)
        """The order of the rows, and whether it is turned round."""
        self.is_filled = False
        """Whether the rows were ever read."""
        self.why_stuck = ""
        """Why the rows could not be read last; empty when they could."""
        self.empty: Sequence[Line] = ()
        """What stands in place of rows when there are none."""

    @property
    def height(self) -> int:
        """Rows on the screen."""
        return max(1, self.size.height - 1)

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        return self._row(self.cursor)

    @property
    def columns(self) -> Sequence[Column[RowT]]:
        """All columns there are, shown or not."""
        return self._columns

    @property
    def shown(self) -> list[RowT]:
        """The rows on the screen."""
        places = range(self._top, min(self._top + self.height, self.total))
        return [row for place in places if (row := self._row(place)) is not None]

    def show_columns(self, columns: Sequence[Column[RowT]]) -> None:
        """Have other columns, or the same ones with other heads or another layout."""
        self._columns = list(columns)
        self._fit()
        self._paint()

    def show_empty(self, lines: Sequence[Line]) -> None:
        """Say why there are no rows."""
        if list(lines) != list(self.empty):
            self.empty = lines
            if not self.total:
                self._paint()

    async def use(self, source: Source[RowT], *, keep: bool = True) -> None:
        """Show the rows of another source; the cursor stays on its record if it is there."""
        async with self._busy:
            self._source = source
        await self.reload(keep=keep)

    async def reload(self, *, keep: bool = True) -> None:
        """Read the rows again: the cursor stays on its record, and only what changed repaints."""
        async with self._busy:
            try:
                await self._reload(keep=keep)
            except StoreError as error:
                self.why_stuck = str(error)
                raise
            self.is_filled, self.why_stuck = True, ""

    async def _reload(self, *, keep: bool) -> None:
        offset_on_screen = self.cursor - self._top
        total = await self._source.count()
        place = None
        if keep and self.cursor_key is not None:
            place = await self._source.position(self.cursor_key)
        if place is None:
            place = min(self.cursor, total - 1) if keep else 0
        # A source that counts as far as is quick may know less than where the cursor is.
        total = max(total, place + 1) if total else total
        cursor = max(0, place)
        top = self._clamp_top(cursor - offset_on_screen, cursor, total)
        first, rows = await self._read(top)
        # Nothing is changed before everything is read: a reload may be cancelled on its way.
        self.total, self.cursor, self._top = total, cursor, top
        self._first, self._rows = first, rows
        self._settle()

    async def move_to(self, place: int) -> None:
        """Put the cursor on a row."""
        async with self._busy:
            await self._go(place)

    async def move_by(self, rows: int) -> None:
        """Move the cursor down, or up."""
        async with self._busy:
            await self._go(self.cursor + rows)

    async def find(self, key: int) -> bool:
        """Put the cursor on a record; False if it is not among the rows."""
        async with self._busy:
            place = await self._source.position(key)
            if place is None:
                return False
            await self._go(place)
            return True

    def toggle_mark(self) -> None:
        """Mark the record under the cursor, or take its mark away."""
        if self.cursor_key is not None:
            self.marks ^= {self.cursor_key}
            self._paint()

    def set_marks(self, keys: Iterable[int]) -> None:
        """Mark exactly these records."""
        self.marks = IdSet(keys)
        self._paint()

    async def span_to(self, key: int) -> tuple[int, int] | None:
        """Return place and number of the rows from a record to the cursor, both included."""
        place = await self._source.position(key)
        if place is None:
            return None
        first, last = sorted((place, self.cursor))
        return first, last - first + 1

    def on_resize(self) -> None:
        """Fit the columns and keep the cursor in sight."""
        self._fit()
        self._painted, self._strips = [], []
        self.run_worker(self._try(self.reload()), exclusive=True, group="resize")

    async def on_click(self, event: events.Click) -> None:
        """Put the cursor where somebody clicked."""
        if event.y > 0:
            await self._try(self.move_to(self._top + event.y - 1))

    async def on_mouse_scroll_down(self) -> None:
        """Scroll by the wheel."""
        await self._try(self.move_by(3))

    async def on_mouse_scroll_up(self) -> None:
        """Scroll by the wheel."""
        await self._try(self.move_by(-3))

    def repaint(self) -> None:
        """Make every line anew after the colours changed."""
        self._painted = []
        super().repaint()
        self._paint()

    async def _try(self, work: Awaitable[None]) -> None:
        """Do what no command does: where the rows cannot be read, those in view stay."""
        try:
            await work
        except StoreError as error:
            self.post_message(self.Stuck(str(error)))

    async def _go(self, place: int) -> None:
        cursor = max(0, min(place, self.total - 1))
        top = self._scrolled(cursor)
        last = min(self.total, top + self.height)
        if not (self._first <= top and last <= self._first + len(self._rows)):
            first, rows = await self._read(top)
            if first + len(rows) < last and (total := await self._source.count()) < self.total:
                # Rows are gone since they were counted: go to where there are some.
                self.total, self._first, self._rows = total, 0, []
                await self._go(place)
                return
            self._first, self._rows = first, rows
        self.cursor, self._top = cursor, top
        self._settle()

    def _settle(self) -> None:
        if self._unmeasured and self._rows:
            self._fit()
        row = self.current
        self.cursor_key = None if row is None else self._key(row)
        self._paint()
        self.post_message(self.Moved(self))

    def _scrolled(self, cursor: int) -> int:
        """Return the row at the top once the cursor is in sight.

        A terminal moves whole lines by itself, so that a step over the edge costs a row. Where it
        cannot, every step would cost a thin line the whole table, which is better paid seldom.
        """
        more = 0 if self._moved_by_terminal else self.height // 2
        if cursor < self._top:
            return self._clamp_top(min(self._top - more, cursor), cursor, self.total)
        if cursor >= self._top + self.height:
            lowest = cursor - self.height + 1
            return self._clamp_top(max(self._top + more, lowest), cursor, self.total)
        return self._clamp_top(self._top, cursor, self.total)

    @property
    def _moved_by_terminal(self) -> bool:
        app = self.app
        whole = self.size.width == app.size.width
        return whole and isinstance(app, ThinApp) and app.sends_differences

    def _clamp_top(self, top: int, cursor: int, total: int) -> int:
        top = max(min(top, cursor), cursor - self.height + 1)
        return max(0, min(top, total - self.height))

    async def _read(self, top: int) -> tuple[int, list[RowT]]:
        """Read a window of rows around what the screen would show from a place on."""
        first = max(0, top - (WINDOW - self.height) // 2)
        limit = max(WINDOW, top + self.height - first)
        return first, list(await self._source.window(first, limit))

    def _row(self, place: int) -> RowT | None:
        index = place - self._first
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _fit(self) -> None:
        wanted = [
            replace(column, width=self._longest(column)) if column.fitted else column
            for column in arranged(self._columns, self.chosen, wide=self.squeeze)
        ]
        self._unmeasured = not self._rows and any(column.fitted for column in wanted)
        room = self.size.width - MARK_CELLS
        self._shown = squeezed(wanted, room) if self.squeeze else fitted(wanted, room)

    def _longest(self, column: Column[RowT]) -> int:
        """Measure the rows in hand; further ones do not move the columns under the reader."""
        longest = max((cell_len(column.cell(row)[0]) for row in self._rows), default=0)
        return min(WIDEST, max(longest, len(column.title) + SORT_SIGN))

    def _paint(self) -> None:
        if not self.size.width:
            return
        if not self._shown:
            self._fit()
        lines: list[Line] = [self._head()]
        if not self.total:
            lines += [((" ", "text"),), *self.empty]
        else:
            lines += [
                self._body(place)
                for place in range(self._top, min(self._top + self.height, self.total))
            ]
        lines += [()] * (self.size.height - len(lines))
        self.paint(lines)

    def _head(self) -> Line:
        runs: list[Run] = [(" " * MARK_CELLS, "head")]
        for column, width in self._shown:
            title = column.title
            if column.order and column.order == self.sorted_by[0]:
                title += " ↓" if self.sorted_by[1] else " ↑"
            runs.append((_fitted(title, width) + " " * GAP, "head"))
        return runs

    def _body(self, place: int) -> Line:
        row = self._row(place)
        if row is None:
            return ()
        marked = self._key(row) in self.marks
        here = place == self.cursor
        runs: list[Run] = [("* " if marked else "  ", "mark" if marked else "text")]
        for column, width in self._shown:
            text, look = column.cell(row)
            runs.append((_fitted(text, width) + " " * GAP, look))
        if not here:
            return runs
        end = len(runs) if self.whole_row else 2
        return [(text, "cursor" if at < end else look) for at, (text, look) in enumerate(runs)]


def _fitted(text: str, width: int) -> str:
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
