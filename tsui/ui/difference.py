"""The difference writer: what the terminal shows already is not sent again.

A shadow of the screen is kept. Of what the compositor has drawn anew only the cells that differ are
sent, lines that only moved are moved by the terminal itself, and nothing is sent when nothing
differs. Textual's own writer sends every repainted line as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Offset
from textual.strip import Strip

from tsui.ui.cells import REST, Cells, Coder, Styled
from tsui.ui.colours import PLAIN, RESET, Codes, change

GAP = 4
"""Equal cells between two changed ones that are cheaper to send again than to step over."""

MOVED = 3
"""Lines that have to be where others were until the terminal is asked to move them."""

UNKNOWN = "\0"
"""Stands in cells of which nobody knows what the terminal shows there."""

Place = tuple[int, int]
"""A column and a line."""


class DifferenceWriter:
    """Keeps a shadow of the terminal and says what brings it to what is drawn."""

    def __init__(self, system: ColorSystem | None) -> None:
        self._coder = Coder(system)
        self._shadow: list[Cells | None] = []
        self._size = (0, 0)
        self._place: Place | None = None
        self._style: Codes | None = None
        self._out: list[str] = []

    def forget(self) -> None:
        """Take nothing for granted, e.g. after somebody else wrote to the terminal."""
        self._shadow = [None] * len(self._shadow)
        self._place = self._style = None

    def know(self, lines: Sequence[Iterable[Styled]], size: tuple[int, int]) -> None:
        """Take it that a terminal of some size shows these lines."""
        self._size = size
        self._shadow = [self._coder.line(line) for line in lines]
        self._place = self._style = None

    def write(self, update: CompositorUpdate, size: tuple[int, int], cursor: Offset) -> str:
        """Return what has to be written for an update; nothing if the terminal shows it already.

        Raises TypeError for an update of an unknown kind.
        """
        if size != self._size:
            self._size = size
            self._shadow = [None] * size[1]
            self._place = self._style = None
        drawn = dict(self._drawn(update))
        self._out = []
        for y, line in self._scrolled(drawn).items():
            self._send_line(y, line)
        if cursor:
            # Only where something is typed: input methods of the terminal look for the cursor.
            self._go((cursor.x, cursor.y))
        return "".join(self._out)

    # -- what is drawn ------------------------------------------------------------------------

    def _drawn(self, update: CompositorUpdate) -> Iterator[tuple[int, Cells]]:
        """Yield the lines as they are to be, by their number."""
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                if y < len(self._shadow):
                    yield y, self._laid(y, update.region.x, self._coder.cells(strips))
        elif isinstance(update, ChopsUpdate):
            yield from self._chopped(update)
        else:
            raise TypeError(f"unknown update {type(update).__name__}")

    def _chopped(self, update: ChopsUpdate) -> Iterator[tuple[int, Cells]]:
        lines: dict[int, Cells] = {}
        for y, x1, x2 in update.spans:
            if y >= len(self._shadow):
                continue
            chops: Mapping[int, Strip | None] = update.chops[y]
            for end, (x, strip) in zip(update.chop_ends[y], chops.items(), strict=False):
                if strip is None or x > x2 or end <= x1:
                    continue
                part = self._coder.cells([strip.crop(0, min(end, x2) - x) if end > x2 else strip])
                lines[y] = self._laid(y, x, part, lines.get(y))
        yield from lines.items()

    def _laid(self, y: int, x: int, part: Cells, line: Cells | None = None) -> Cells:
        width = self._size[0]
        if len(part.text) > width - x:
            part = Cells(part.text[: width - x], part.styles[: width - x])
        if x == 0 and len(part.text) == width:
            return part
        below = line or self._shadow[y] or Cells(UNKNOWN * width, UNKNOWN * width)
        return below.with_part(x, part)

    # -- what is sent -------------------------------------------------------------------------

    def _scrolled(self, drawn: Mapping[int, Cells]) -> Mapping[int, Cells]:
        """Let the terminal move lines that are only somewhere else now; returns what is left."""
        were = {
            line: y for y, line in enumerate(self._shadow) if line is not None and line.text.strip()
        }
        votes: Counter[int] = Counter()
        for y, line in drawn.items():
            if line != self._shadow[y] and line in were:
                votes[were[line] - y] += 1
        shift, count = max(votes.items(), key=lambda item: item[1], default=(0, 0))
        if count < MOVED or shift == 0:
            return drawn
        to = [y for y, line in drawn.items() if were.get(line) == y + shift]
        places = [*to, *(y + shift for y in to)]
        top, bottom = min(places), max(places)
        old = self._shadow[:]
        kept = {y: was for y in range(top, bottom + 1) if (was := old[y]) is not None}
        if len(kept) <= bottom - top:
            return drawn
        # The lines that become free take the colour in force: it has to be one that is known.
        # Lines deleted and inserted between margins are known to more terminals than scrolling is.
        self._out.append(f"{RESET}\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H")
        self._out.append(f"\x1b[{abs(shift)}{'M' if shift > 0 else 'L'}\x1b[r")
        self._style, self._place = PLAIN, None
        blank = Cells(" " * self._size[0], "\0" * self._size[0])
        for y in range(top, bottom + 1):
            self._shadow[y] = old[y + shift] if top <= y + shift <= bottom else blank
        return {**kept, **drawn}

    def _send_line(self, y: int, line: Cells) -> None:
        old = self._shadow[y]
        if old == line:
            return
        self._shadow[y] = line
        for start, end in _runs(old, line):
            self._go((start, y))
            for codes, text in self._coder.runs(line, start, end):
                self._dress(codes)
                self._out.append(text)
            # Beyond the last column terminals differ in where the cursor is.
            self._place = (end, y) if end < self._size[0] else None

    def _dress(self, codes: Codes) -> None:
        if self._style is None:
            self._out.append(RESET)
            self._style = PLAIN
        self._out.append(change(self._style, codes))
        self._style = codes

    def _go(self, place: Place) -> None:
        if place == self._place:
            return
        x, y = place
        if self._place is not None and self._place[1] == y and x > self._place[0]:
            self._out.append(f"\x1b[{x - self._place[0]}C")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        self._place = place


def _runs(old: Cells | None, new: Cells) -> Iterator[tuple[int, int]]:
    """Yield where a line differs, small gaps filled, wide characters whole."""
    old = old or Cells(UNKNOWN * len(new.text), UNKNOWN * len(new.text))
    start = end = -1
    for x, (a, b, c, d) in enumerate(zip(old.text, new.text, old.styles, new.styles, strict=True)):
        if a == b and c == d:
            continue
        if start >= 0 and x - end <= GAP:
            end = x + 1
            continue
        if start >= 0:
            yield _whole(old, new, start, end)
        start, end = x, x + 1
    if start >= 0:
        yield _whole(old, new, start, end)


def _whole(old: Cells, new: Cells, start: int, end: int) -> tuple[int, int]:
    """Widen a run so that it cuts no wide character in two, neither an old nor a new one."""
    while start > 0 and REST in (old.text[start], new.text[start]):
        start -= 1
    while end < len(new.text) and REST in (old.text[end], new.text[end]):
        end += 1
    return start, end
