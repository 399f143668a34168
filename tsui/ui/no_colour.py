"""NO_COLOR: nothing but what every terminal has, bold, underlined and reversed text."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

STANDS_OUT = 0.2
"""Difference in brightness from which a background means something, e.g. the cursor; 0 to 1."""


class NoColour(LineFilter):
    """Takes every colour out; Textual's own filter leaves shades of grey, which are colours too."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = Color.parse(page)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in the terminal's own colours, reversed where they stood out."""
        del background
        return [
            segment
            if segment.control or segment.style is None
            else Segment(segment.text, _plain(segment.style, self._page))
            for segment in segments
        ]


@lru_cache(1024)
def _plain(style: Style, page: Color) -> Style:
    behind = style.bgcolor
    stands_out = (
        behind is not None
        and not behind.is_default
        and abs(Color.from_rich_color(behind).brightness - page.brightness) >= STANDS_OUT
    )
    return Style(
        bold=style.bold,
        underline=style.underline,
        reverse=bool(style.reverse) is not stands_out,
        meta=style.meta,
    )
