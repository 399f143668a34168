"""The pane of the wall: it moves from number to number."""

from collections.abc import Callable, Sequence

from tsui.ui.painted import Line, Painted


class WallPane(Painted, can_focus=True):
    """Lines without a scroll, and a cursor that goes from column to column."""

    def __init__(self, on_move: Callable[[], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._on_move = on_move
        self._columns: Sequence[Sequence[str]] = ()
        self.at = ""
        """Key of the number the cursor is on."""

    @property
    def height(self) -> int:
        """Numbers that a page down goes."""
        return max(map(len, self._columns), default=1)

    @property
    def total(self) -> int:
        """Numbers there are."""
        return len(self._keys)

    def hold(self, columns: Sequence[Sequence[str]]) -> bool:
        """Know which numbers are shown; tells whether the cursor had to go to another one."""
        self._columns = [column for column in columns if column]
        if self.at in self._keys:
            return False
        self.at = next(iter(self._keys), "")
        return bool(self.at)

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.paint([*lines, *[()] * (self.size.height - len(lines))])

    async def move_by(self, rows: int) -> None:
        """Go so many numbers on, or back."""
        await self.move_to(self._place + rows)

    async def move_to(self, place: int) -> None:
        """Go to a number by its place."""
        if keys := self._keys:
            self._go(keys[min(max(0, place), len(keys) - 1)])

    def step_column(self, step: int) -> None:
        """Go to the number beside."""
        for number, column in enumerate(self._columns):
            if self.at in column:
                beside = self._columns[(number + step) % len(self._columns)]
                self._go(beside[min(column.index(self.at), len(beside) - 1)])
                return

    @property
    def _keys(self) -> list[str]:
        return [key for column in self._columns for key in column]

    @property
    def _place(self) -> int:
        return self._keys.index(self.at) if self.at in self._keys else 0

    def _go(self, key: str) -> None:
        if key != self.at:
            self.at = key
            self._on_move()
