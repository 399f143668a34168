"""A pane whose lines may stand for something that can be opened, with a cursor on one of them."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from tsui.ui.painted import Line
from tsui.ui.widgets.pane import Pane

T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """A line, and what it stands for."""

    line: Line
    opens: T | None = None
    """What it stands for; None for a line that is only read."""


class EntryPane(Pane, Generic[T]):
    """Lines of text; the cursor stops at those that can be opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: Sequence[Entry[T]] = ()
        self._cursor = 0
        self._is_moved = False

    @property
    def current(self) -> T | None:
        """What the line under the cursor stands for."""
        return self._entries[self._cursor].opens if self._cursor < len(self._entries) else None

    def show_entries(self, entries: Sequence[Entry[T]]) -> None:
        """Show these lines; a cursor that was moved stays, or as near as it can."""
        self._entries = entries
        self._cursor = self._nearest(self._cursor if self._is_moved else 0)
        self._draw()

    async def move_by(self, rows: int) -> None:
        """Move the cursor from stop to stop, or by pages."""
        stops = self._stops()
        self._is_moved = True
        if not stops:
            await super().move_by(rows)
        elif abs(rows) > 1:
            await self.move_to(self._cursor + rows)
        else:
            place = stops.index(self._cursor) + rows
            self._cursor = stops[max(0, min(place, len(stops) - 1))]
            self._draw()
            # The first stop is below lines that explain it, which are worth seeing again.
            self.scroll_to_line(0 if self._cursor == stops[0] else self._cursor)

    async def move_to(self, place: int) -> None:
        """Move the cursor to the stop that is nearest to a line."""
        self._is_moved = True
        self._cursor = self._nearest(place)
        self._draw()
        self.scroll_to_line(max(0, min(place, len(self._entries) - 1)))

    def _stops(self) -> list[int]:
        return [place for place, entry in enumerate(self._entries) if entry.opens is not None]

    def _nearest(self, place: int) -> int:
        return min(self._stops(), key=lambda stop: abs(stop - place), default=0)

    def _draw(self) -> None:
        self.show(
            [
                [(text, "cursor") for text, _ in entry.line]
                if place == self._cursor and entry.opens is not None
                else entry.line
                for place, entry in enumerate(self._entries)
            ]
        )
