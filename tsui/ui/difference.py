"""The difference writer: what the terminal shows already is not sent again.

A shadow of the screen is kept. Of what the compositor has drawn anew only the cells that differ are
sent, lines that only moved are moved by the terminal itself, and nothing is sent when nothing
differs. Textual's own writer sends every repainted line as a whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, count
from operator import ne, or_

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Offset
from textual.strip import Strip

from tsui.ui.cells import REST, Cells, Coder, Styled
from tsui.ui.colours import PLAIN, RESET
from tsui.ui.pen import Pen, Piece

GAP = 4
"""Equal cells between two changed ones that are cheaper to send again than to step over."""

MOVED = 3
"""Lines that have to be where others were until the terminal is asked to move them."""

UNKNOWN = "\0"
"""Stands in cells of which nobody knows what the terminal shows there."""


class DifferenceWriter:
    """Keeps a shadow of the terminal and says what brings it to what is drawn."""

    def __init__(self, system: ColorSystem | None) -> None:
        self._coder = Coder(system)
        self._shadow: list[Cells | None] = []
        self._size = (0, 0)
        self._pen = Pen()

    def forget(self) -> None:
        """Take nothing for granted, e.g. after somebody else wrote to the terminal."""
        self._shadow = [None] * len(self._shadow)
        self._pen = Pen()

    def know(self, lines: Sequence[Iterable[Styled]], size: tuple[int, int]) -> None:
        """Take it that a terminal of some size shows these lines."""
        self._size = size
        self._shadow = [self._coder.line(line) for line in lines]
        self._pen = Pen()

    def write(self, update: CompositorUpdate, size: tuple[int, int], cursor: Offset) -> str:
        """Return what has to be written for an update; nothing if the terminal shows it already.

        Raises TypeError for an update of an unknown kind.
        """
        if size != self._size:
            self._size = size
            self._shadow = [None] * size[1]
            self._pen = Pen()
        drawn = dict(self._drawn(update))
        moved, left = self._scrolled(drawn)
        pieces = [piece for y, line in left.items() for piece in self._pieces(y, line)]
        written, self._pen = self._pen.written(pieces, self._size[0])
        if cursor:
            # Only where something is typed: input methods of the terminal look for the cursor.
            written += self._pen.going((cursor.x, cursor.y))
            self._pen = self._pen._replace(place=(cursor.x, cursor.y))
        return moved + written

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

    def _scrolled(self, drawn: Mapping[int, Cells]) -> tuple[str, Mapping[int, Cells]]:
        """Let the terminal move lines that are only somewhere else; returns how, and the rest."""
        were = {
            line: y for y, line in enumerate(self._shadow) if line is not None and line.text.strip()
        }
        votes: Counter[int] = Counter()
        for y, line in drawn.items():
            if line != self._shadow[y] and line in were:
                votes[were[line] - y] += 1
        shift, number = max(votes.items(), key=lambda item: item[1], default=(0, 0))
        if number < MOVED or shift == 0:
            return "", drawn
        to = [y for y, line in drawn.items() if were.get(line) == y + shift]
        places = [*to, *(y + shift for y in to)]
        top, bottom = min(places), max(places)
        old = self._shadow[:]
        kept = {y: was for y in range(top, bottom + 1) if (was := old[y]) is not None}
        if len(kept) <= bottom - top:
            return "", drawn
        # The lines that become free take the colour in force: it has to be one that is known.
        # Lines deleted and inserted between margins are known to more terminals than scrolling is.
        moved = f"{RESET}\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H"
        moved += f"\x1b[{abs(shift)}{'M' if shift > 0 else 'L'}\x1b[r"
        self._pen = Pen(None, PLAIN)
        blank = Cells(" " * self._size[0], "\0" * self._size[0])
        for y in range(top, bottom + 1):
            self._shadow[y] = old[y + shift] if top <= y + shift <= bottom else blank
        return moved, {**kept, **drawn}

    def _pieces(self, y: int, line: Cells) -> Iterator[Piece]:
        """Yield what differs of a line, and take it that it is shown now."""
        old = self._shadow[y]
        if old == line:
            return
        self._shadow[y] = line
        for start, end in _changed(old, line):
            at = start
            for stop, codes, text in self._coder.spans(line, start, end):
                yield Piece(y, at, stop, codes, text)
                at = stop


def _changed(old: Cells | None, new: Cells) -> Iterator[tuple[int, int]]:
    """Yield where a line differs, wide characters whole, and small gaps of one style filled."""
    old = old or Cells(UNKNOWN * len(new.text), UNKNOWN * len(new.text))
    styles = new.styles
    differs = map(or_, map(ne, old.text, new.text), map(ne, old.styles, styles))
    start = end = 0
    for x in compress(count(), differs):
        gap = x - end
        if gap == 0 or (gap <= GAP and end and styles.count(styles[x], end - 1, x) == gap + 1):
            end = x + 1
            continue
        if end:
            yield _whole(old, new, start, end)
        start, end = x, x + 1
    if end:
        yield _whole(old, new, start, end)


def _whole(old: Cells, new: Cells, start: int, end: int) -> tuple[int, int]:
    """Widen a run so that it cuts no wide character in two, neither an old nor a new one."""
    while start > 0 and REST in (old.text[start], new.text[start]):
        start -= 1
    while end < len(new.text) and REST in (old.text[end], new.text[end]):
        end += 1
    return start, end
