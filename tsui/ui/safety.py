"""The last line of defence: no control character in any text reaches the terminal.

Text from outside is sanitised where it enters a line; this filter stands behind that, for every
widget there is, so that one forgotten place cannot rewrite the clipboard or the window's title.
"""

import re

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_ACTING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_STAND_IN = "\N{REPLACEMENT CHARACTER}"

_DENSITIES = " ..::||##"
"""What stands for a cell of braille, by the number of its dots."""

_SIGNS = dict(
    zip(
        "…—·•●▲■○◌✓✗→←↑↓▶◀▼│┃└─━█▌▐▏▔▁▎▕░°",
        "~--*+!xo~vx><^v><v||`--#[]|__||/'",
        strict=True,
    )
)
"""What stands for each sign of ours."""

_BOXES = (
    dict.fromkeys(range(0x2500, 0x2580), "+")
    | dict.fromkeys(map(ord, "╌╍┄┅┈┉═╴╶╸╺╼╾"), "-")
    | dict.fromkeys(map(ord, "┆┇┊┋╎╏║╵╷╹╻╽╿"), "|")
    | dict.fromkeys(range(0x2580, 0x25A0), "#")
)
"""What stands for lines, their corners and crossings, and blocks."""

_ASCII: dict[int, str] = (
    _BOXES
    | {0x2800 + dots: _DENSITIES[dots.bit_count()] for dots in range(0x100)}
    | {ord(sign): plain for sign, plain in _SIGNS.items()}
)


class NoControlCharacters(LineFilter):
    """Replaces what would act on the terminal or turn the direction of text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with every acting character replaced by a visible one."""
        del background
        return [
            segment
            if segment.control or _ACTING.search(segment.text) is None
            else Segment(_harmless(segment.text), segment.style)
            for segment in segments
        ]


class OnlyAscii(LineFilter):
    """Says everything in ASCII, for terminals and fonts that know nothing else."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with our signs in ASCII and every other character as ``?``."""
        del background
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(_to_ascii(segment.text), segment.style)
            for segment in segments
        ]


def _harmless(text: str) -> str:
    # What acts takes no cells and its stand-in takes one: a line may not outgrow its place by it.
    return set_cell_size(_ACTING.sub(_STAND_IN, text), cell_len(text))


def _to_ascii(text: str) -> str:
    return "".join(
        char if char.isascii() else "?" * cell_len(char) for char in text.translate(_ASCII)
    )
