"""A pane of which a part stays where it is: above the lines that scroll, or to their left."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from tsui.ui.painted import Line, Run
from tsui.ui.widgets.pane import Pane


class FixedPane(Pane):
    """Lines that scroll under a heading, and others that stay."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._fixed: Sequence[Line] = ()
        self._heading: Sequence[Line] = ()
        self._left = 0

    @property
    def height(self) -> int:
        """Lines of those that scroll on the screen."""
        above = len(self._heading) + (0 if self._left else len(self._fixed))
        return max(1, self.size.height - above)

    def show_with(
        self,
        fixed: Sequence[Line],
        heading: Sequence[Line],
        lines: Sequence[Line],
        *,
        left: int = 0,
    ) -> None:
        """Show lines that scroll, and what stays: above them, or to their left in so many cells."""
        self._fixed, self._heading, self._left = fixed, heading, left
        self.show(lines)

    def _scroll(self, top: int) -> None:
        self._top = max(0, min(top, self.total - self.height))
        rows: list[Line] = [*self._heading, *self._lines[self._top : self._top + self.height]]
        if not self._left:
            lines = [*self._fixed, *rows]
        else:
            beside = [*self._fixed, *[()] * (len(rows) - len(self._fixed))]
            rows += [()] * (len(beside) - len(rows))
            lines = [
                [*filled(each, self._left), *row] for each, row in zip(beside, rows, strict=True)
            ]
        self.paint([*lines, *[()] * (self.size.height - len(lines))])


def filled(line: Line, width: int) -> list[Run]:
    """Return a line in exactly so many cells."""
    runs: list[Run] = []
    left = width
    for text, look in line:
        cells = cell_len(text)
        if cells >= left:
            return [*runs, (set_cell_size(text, left), look)]
        runs.append((text, look))
        left -= cells
    return [*runs, (" " * left, "text")]
