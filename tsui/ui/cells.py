"""Cells: what a line of the terminal holds, as strings that are quick to compare.

A line is two strings of one character a cell: what stands there, and the number of its style. What
needs more than one character, or two cells, is stood for by a character of a private plane.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.strip import Strip

REST = "\U0010ffff"
"""Stands in the second cell of a wide character."""

_PLANE = 0xF0000
_MOST = 0xFFFD


class Cells(NamedTuple):
    """A line, or a part of one."""

    text: str
    """What stands in each cell."""
    styles: str
    """The number of each cell's style, as a character."""

    def with_part(self, x: int, part: "Cells") -> "Cells":
        """Return the line with a part laid over it from a column on."""
        end = x + len(part.text)
        return Cells(
            self.text[:x] + part.text + self.text[end:],
            self.styles[:x] + part.styles + self.styles[end:],
        )


class Coder:
    """Turns strips into cells and cells into text again."""

    def __init__(self) -> None:
        self.styles: list[Style | None] = [None]
        """Styles by their number; number 0 is the terminal's own."""
        self._numbers: dict[Style | None, str] = {None: "\0", Style.null(): "\0"}
        self._codes: dict[str, str] = {}
        self._texts: list[str] = []

    def cells(self, strips: Iterable[Strip]) -> Cells:
        """Return strips that stand side by side as cells."""
        texts: list[str] = []
        styles: list[str] = []
        for strip in strips:
            for text, style, control in strip:
                if control:
                    continue
                coded = text if text.isascii() else self._coded(text)
                texts.append(coded)
                styles.append(self._number(style) * len(coded))
        return Cells("".join(texts), "".join(styles))

    def text(self, coded: str) -> str:
        """Return what has to be written for some cells."""
        if coded.isascii():
            return coded
        return "".join(
            "" if each == REST else self._texts[ord(each) - _PLANE] if ord(each) >= _PLANE else each
            for each in coded
        )

    def _number(self, style: Style | None) -> str:
        number = self._numbers.get(style)
        if number is None:
            number = self._numbers[style] = chr(len(self.styles))
            self.styles.append(style)
        return number

    def _coded(self, text: str) -> str:
        cells: list[str] = []
        for each in text:
            size = get_character_cell_size(each)
            if size == 1 and ord(each) < _PLANE:
                cells.append(each)
            elif size == 2:
                cells += [self._code(each), REST]
            elif size == 0 and cells:
                place = -2 if cells[-1] == REST else -1
                cells[place] = self._code(self.text(cells[place]) + each)
            elif size == 1:
                cells.append("?")
        return "".join(cells)

    def _code(self, text: str) -> str:
        code = self._codes.get(text)
        if code is None:
            if len(self._texts) > _MOST:
                return "?"
            code = self._codes[text] = chr(_PLANE + len(self._texts))
            self._texts.append(text)
        return code
