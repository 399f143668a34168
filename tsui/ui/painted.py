"""Painted lines: the base of all that only shows text, and repaints just what changed.

A line is a sequence of runs, each a text and the name of a look. Finished lines are kept, compared
with the new ones, and handed to the terminal as they are: an idle widget costs nothing and a
changed line costs that line.
"""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Run = tuple[str, str]
"""A text, sanitised, and the look it has."""

Line = Sequence[Run]
"""Runs from left to right."""

LOOKS = (
    "text", "dim", "strong", "head", "title", "key", "good", "warn", "bad", "info", "mark",
    "cursor", "live", "practice", "quiet",
)  # fmt: skip
"""Names of looks; their colours are in the style sheets, as ``look--NAME``."""

LOOK_CLASSES: set[str] = {f"look--{name}" for name in LOOKS}
"""What a screen with painted widgets declares: styles are worked out once for all that is on it."""


MOST_KEPT = 512
"""Strips that a widget keeps: a list that is scrolled shows most of its lines again elsewhere."""


class Painted(Widget):
    """A widget made of painted lines, on a screen that declares the looks."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painted: list[Line] = []
        self._strips: list[Strip] = []
        self._styles_by_look: dict[str, Style] = {}
        self._kept: dict[tuple[object, ...], Strip] = {}
        self._background: Color | None = None

    def paint(self, lines: Sequence[Line]) -> None:
        """Show these lines from the top; only those that differ are sent to the terminal."""
        width = self.size.width
        fresh = [tuple(line) for line in lines]
        changed: list[Region] = []
        for y in range(max(len(fresh), len(self._painted))):
            old = self._painted[y] if y < len(self._painted) else None
            new = fresh[y] if y < len(fresh) else None
            if old == new and y < len(self._strips):
                continue
            strip = self._kept_strip(new or (), width)
            if y < len(self._strips):
                self._strips[y] = strip
            else:
                self._strips.append(strip)
            changed.append(Region(0, y, width, 1))
        self._painted = list(fresh)
        if changed:
            self.refresh(*changed)

    def drawn(self, line: Line) -> Strip:
        """Return a line as it would be shown, without showing it."""
        return self._strip(line, self.size.width)

    def repaint(self) -> None:
        """Make every line anew, e.g. after the size or the colours changed."""
        self._styles_by_look.clear()
        self._kept.clear()
        self._background = None
        self._strips = [self._strip(line, self.size.width) for line in self._painted]
        self.refresh()

    def look(self, name: str) -> Style:
        """Return the style of a look."""
        if name not in self._styles_by_look:
            self._styles_by_look[name] = self.screen.get_component_rich_style(f"look--{name}")
        return self._styles_by_look[name]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Hand out finished lines; no border or padding is drawn around them."""
        lines = self._strips[crop.y : crop.y + crop.height]
        if missing := crop.height - len(lines):
            lines += [self._kept_strip((), self.size.width)] * missing
        if crop.x or crop.width != self.size.width:
            lines = [line.crop(crop.x, crop.x + crop.width) for line in lines]
        return lines

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        if self.is_mounted:
            self.repaint()

    def on_resize(self) -> None:
        """Follow a change of size."""
        self.repaint()

    def _kept_strip(self, line: Line, width: int) -> Strip:
        """Return the strip of a line, as it was made when the line was somewhere else."""
        key = (width, *line)
        if key not in self._kept:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._strip(line, width)
        return self._kept[key]

    def _strip(self, line: Line, width: int) -> Strip:
        segments: list[Segment] = []
        left = width
        for text, look in _joined(line):
            if left <= 0:
                break
            is_plain = text.isascii() and text.isprintable()
            cells = len(text) if is_plain else cell_len(text)
            if cells > left:
                text, cells = set_cell_size(text, left), left
            segments.append(Segment(text, self.look(look)))
            left -= cells
        if left > 0:
            segments.append(Segment(" " * left, self.look(line[-1][1] if line else "text")))
        if self._background is None:
            # It is worked out from all that the widget is in, which takes longer than the strip.
            self._background = self.background_colors[1]
        for each in self.app.get_line_filters():
            segments = each.apply(segments, self._background)
        return Strip(segments, width)


def _joined(line: Line) -> Line:
    """Join neighbours of one look: every segment costs the terminal some forty bytes of colours."""
    joined: list[Run] = []
    for text, look in line:
        if joined and joined[-1][1] == look:
            joined[-1] = (joined[-1][0] + text, look)
        else:
            joined.append((text, look))
    return joined


def plain(line: Line) -> str:
    """Return the text of a line without its looks."""
    return "".join(text for text, _ in line)


def wrap(line: Line, width: int, indent: int = 0) -> list[Line]:
    """Break a line between words so that it fits a width; later lines begin further in."""
    lines: list[list[Run]] = [[]]
    left = width
    for text, look in line:
        for word in re.findall(r" *[^ ]+ *| +", text):
            if cell_len(word.rstrip()) > left and left < width - indent:
                lines.append([(" " * indent, look)] if indent else [])
                left = width - indent
                word = word.lstrip()
            lines[-1].append((word, look))
            left -= cell_len(word)
    return [tuple(each) for each in lines]
