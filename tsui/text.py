r"""The one sanitiser: text from outside becomes text that a terminal can only show.

Whatever comes from the API, a message, a callback or a file may hold escape sequences, characters
that reorder or hide their neighbours, or more combining marks than a screen can draw. Nothing of
that is dropped: it is spelled out, e.g. ``\x1b`` or ``\u202e``, so that it is seen and acts on
nothing. Spelled text is plain ASCII, which makes every function here idempotent.
"""

import unicodedata
from typing import NamedTuple, NewType

Safe = NewType("Safe", str)
"""Text that may be shown on a terminal; only the functions of this module make it."""

FIELD_CELLS = 512
"""A wider value is no label any more, and a list would spend its time drawing it."""

BODY_CELLS = 65_536
"""Enough for any message or answer that people read; more is shown page by page."""

_CUT = "…"
_TAB = " " * 4
_MARKS_PER_BASE = 2
"""Real writing needs no more, and a thousand of them stall the terminal."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_INVISIBLE = frozenset(
    chr(code)
    for low, high in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x3164, 0x3164),  # Hangul filler
        (0xFE00, 0xFE0F),  # variation selectors; terminals disagree on the width they give
        (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
        (0xE0100, 0xE01EF),  # more variation selectors
    )
    for code in range(low, high + 1)
)
"""Letters and marks that draw nothing, so that two different values would look the same."""

_JOINING_JAMO = ((0x1161, 0x11FF), (0xD7B0, 0xD7FF))
"""Hangul vowels and finals: letters by category, drawn into the syllable before them."""

_LATELY_WIDE = ((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D376))
"""Two cells since Unicode 16; the tables of older Pythons say one."""


class _Glyph(NamedTuple):
    shown: str
    """What is put on the screen for the character."""
    cells: int
    """Columns it takes at most: terminals differ, and a limit must hold on all of them."""
    is_mark: bool = False
    """Whether it is drawn onto the character before it."""
    is_spelled: bool = False
    """Whether it is spelled out, so that no mark may join it."""


class _Glyphs(dict[str, _Glyph]):
    """What each character looks like, worked out when it is first met."""

    LARGEST = 4096
    """More than any language uses; hostile text may not grow the table without end."""

    def __missing__(self, char: str) -> _Glyph:
        if len(self) >= self.LARGEST:
            self.clear()
        glyph = self[char] = _glyph(char)
        return glyph


_GLYPHS = _Glyphs()


def sanitize(text: str, limit: int = FIELD_CELLS) -> Safe:
    """Return the text as one line of at most ``limit`` terminal cells, unable to act or to hide."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return Safe(text)
    return Safe(_spell(text, limit))


def plain(text: str, limit: int = BODY_CELLS) -> Safe:
    """Return a body of several lines: as ``sanitize``, but newlines stay and tabs are four spaces.

    A newline counts as one of the ``limit`` cells.
    """
    text = text.replace("\r\n", "\n").replace("\t", _TAB)
    if len(text) <= limit and text.isascii() and text.replace("\n", "").isprintable():
        return Safe(text)
    return Safe(_spell(text, limit, keep="\n"))


def cells(text: str) -> int:
    """Return how many terminal cells one line takes at most, once it is safe."""
    if text.isascii():
        return len(text)
    return sum(_GLYPHS[char].cells for char in text)


def csv_guard(cell: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def csv_unguard(cell: str) -> str:
    """Return a CSV cell as it was before ``csv_guard``."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def _spell(text: str, limit: int, keep: str = "") -> str:
    pieces: list[str] = []
    used = whole = 0
    marks = _MARKS_PER_BASE
    for char in text:
        glyph = _Glyph(char, 1, is_spelled=True) if char in keep else _GLYPHS[char]
        if glyph.is_mark and marks >= _MARKS_PER_BASE:
            glyph = _spelled(char)
        if glyph.is_mark:
            marks += 1
        else:
            marks = _MARKS_PER_BASE if glyph.is_spelled else 0
        used += glyph.cells
        if used > limit:
            return "".join(pieces[:whole]) + _CUT[:limit]
        pieces.append(glyph.shown)
        if used <= limit - len(_CUT):
            whole = len(pieces)
    return "".join(pieces)


def _glyph(char: str) -> _Glyph:
    category = unicodedata.category(char)
    if category == "Zs":
        return _Glyph(" ", 1)
    if char in _INVISIBLE or not char.isprintable():
        return _spelled(char)
    is_wide = unicodedata.east_asian_width(char) in "WF" or _within(char, _LATELY_WIDE)
    is_mark = category.startswith("M") or _within(char, _JOINING_JAMO)
    if category in {"Mn", "Me"}:
        return _Glyph(char, 0, is_mark)
    return _Glyph(char, 2 if is_wide else 1, is_mark)


def _spelled(char: str) -> _Glyph:
    shown = char.encode("unicode_escape").decode("ascii")
    return _Glyph(shown, len(shown), is_spelled=True)


def _within(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(char) <= high for low, high in ranges)
