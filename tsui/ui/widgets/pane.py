"""A pane of text: lines that scroll."""

from collections.abc import Sequence

from tsui.ui.painted import Line, Painted


class Pane(Painted, can_focus=True):
    """Lines of text, of which the screen shows as many as it has room for."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._top = 0

    @property
    def height(self) -> int:
        """Lines on the screen."""
        return max(1, self.size.height)

    @property
    def total(self) -> int:
        """Lines there are."""
        return len(self._lines)

    @property
    def is_cut(self) -> bool:
        """Whether there are lines outside the screen."""
        return self.total > self.height

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines, which nobody changes any more; the place in them stays."""
        self._lines = lines
        self._scroll(self._top)

    async def move_by(self, rows: int) -> None:
        """Scroll down, or up."""
        self._scroll(self._top + rows)

    async def move_to(self, place: int) -> None:
        """Scroll to a line."""
        self._scroll(place)

    def scroll_to_line(self, line: int) -> None:
        """Bring a line into sight."""
        top = min(self._top, line)
        self._scroll(max(top, line - self.height + 1))

    def on_resize(self) -> None:
        """Follow a change of size."""
        self._painted, self._strips = [], []
        self._scroll(self._top)

    async def on_mouse_scroll_down(self) -> None:
        """Scroll by the wheel."""
        await self.move_by(3)

    async def on_mouse_scroll_up(self) -> None:
        """Scroll by the wheel."""
        await self.move_by(-3)

    def _scroll(self, top: int) -> None:
        self._top = max(0, min(top, self.total - self.height))
        lines = self._lines[self._top : self._top + self.height]
        self.paint([*lines, *[()] * (self.height - len(lines))])
