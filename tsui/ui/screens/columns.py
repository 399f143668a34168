"""The column chooser: which columns a list shows, in which order and how wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tsui.settings import FIT, OWN, WIDEST, Chosen
from tsui.text import sanitize
from tsui.ui.layout import Layout, arranged
from tsui.ui.painted import Line, Run
from tsui.ui.screens.dialog import Dialog, Text
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column

TALLEST = 14
"""Rows of columns that are in sight at once."""

_KEYS: tuple[tuple[str, str], ...] = (
    ("space", "show/hide"),
    ("u d", "up, down"),
    ("← →", "width"),
    ("f", "fit"),
    ("0", "as it comes"),
    ("r", "reset all"),
    ("enter", "take"),
    ("esc", "cancel"),
)


class ChooseColumns(Dialog[Layout]):
    """Lets choose columns; an empty layout leaves the choice to the list again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", priority=True),
        Binding("up,k", "move(-1)", priority=True),
        Binding("space", "switch", priority=True),
        Binding("u,shift+up", "shift(-1)", priority=True),
        Binding("d,shift+down", "shift(1)", priority=True),
        Binding("left,minus", "widen(-1)", priority=True),
        Binding("right,plus", "widen(1)", priority=True),
        Binding("f", "width(-1)", priority=True),
        Binding("0", "width(0)", priority=True),
        Binding("r", "reset", priority=True),
        Binding("enter", "take", priority=True),
    ]

    def __init__(self, columns: Sequence[Column[Any]], layout: Layout) -> None:
        super().__init__()
        self._columns = {column.name: column for column in columns}
        self._cursor = 0
        self._complaint = ""
        self._heading = Text(id="heading")
        self._list = Pane(id="choices")
        self._keys = Text(id="keys")
        self._begin(layout)

    def content(self) -> Sequence[Widget]:
        """Show a heading, the columns and the keys."""
        self._list.styles.height = min(len(self._columns), TALLEST)
        return (self._heading, self._list, self._keys)

    def on_mount(self) -> None:
        """Show the columns."""
        self.call_after_refresh(self._show)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._cursor = max(0, min(len(self._order) - 1, self._cursor + rows))
        self._show()

    def action_switch(self) -> None:
        """Show the column, or hide it."""
        self._hidden ^= {self._order[self._cursor].name}
        self._edited()

    def action_shift(self, rows: int) -> None:
        """Move the column one place up or down."""
        place = self._cursor + rows
        if 0 <= place < len(self._order):
            self._order.insert(place, self._order.pop(self._cursor))
            self._cursor = place
            self._edited()

    def action_widen(self, cells: int) -> None:
        """Give the column a width of its own, a cell more or less than before."""
        chosen = self._order[self._cursor]
        width = chosen.width if chosen.width > 0 else self._columns[chosen.name].width
        self.action_width(max(1, min(WIDEST, width + cells)))

    def action_width(self, width: int) -> None:
        """Give the column a width."""
        self._order[self._cursor] = self._order[self._cursor]._replace(width=width)
        self._edited()

    def action_reset(self) -> None:
        """Leave everything to the list again."""
        self._begin(())
        self._show()

    def action_take(self) -> None:
        """Take the columns as they are here."""
        if not self._is_edited:
            self.dismiss(())
        elif shown := tuple(each for each in self._order if each.name not in self._hidden):
            self.dismiss(shown)
        else:
            self._complaint = "A list needs a column; space shows the one under the cursor."
            self._show()

    def _begin(self, layout: Layout) -> None:
        columns = list(self._columns.values())
        shown = [each for each in layout if each.name in self._columns]
        self._is_edited = bool(shown)
        shown = shown or [Chosen(each.name) for each in arranged(columns, (), wide=False)]
        names = {each.name for each in shown}
        others = [Chosen(name) for name in self._columns if name not in names]
        self._order = [*shown, *others]
        self._hidden = {each.name for each in others}

    def _edited(self) -> None:
        self._is_edited = True
        self._complaint = ""
        self._show()

    def _show(self) -> None:
        self._heading.show([[("Columns", "title"), ("  from left to right", "dim")], []])
        self._list.show([self._line(place) for place in range(len(self._order))])
        self._list.scroll_to_line(self._cursor)
        self._keys.show([[(self._complaint, "bad")], _keys(_KEYS[:5]), _keys(_KEYS[5:])])

    def _line(self, place: int) -> Line:
        chosen = self._order[place]
        is_shown = chosen.name not in self._hidden
        title = sanitize(self._columns[chosen.name].title, 30)
        text = f" {'[x]' if is_shown else '[ ]'} {title:<30}  {self._width(chosen)} "
        return [(text, "cursor" if place == self._cursor else "text" if is_shown else "dim")]

    def _width(self, chosen: Chosen) -> str:
        column = self._columns[chosen.name]
        if chosen.width == FIT:
            return "as wide as its values"
        if chosen.width == OWN:
            return f"{column.width} cells{' or more' if column.grows else ''}"
        return f"{chosen.width} cells, fixed"


def _keys(keys: Sequence[tuple[str, str]]) -> Line:
    runs: list[Run] = []
    for key, does in keys:
        runs += [(key, "key"), (f" {does}   ", "dim")]
    return runs
