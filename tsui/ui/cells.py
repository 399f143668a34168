"""Cells: what a line of the terminal holds, as strings that are quick to compare.

A line is two strings of one character a cell: what stands there, and the number of its colours.
What needs more than one character, or two cells, is stood for by a character of a private plane.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from tsui.ui.colours import PLAIN, Codes, codes_of

REST = "\U0010ffff"
"""Stands in the second cell of a wide character."""

_PLANE = 0xF0000
_MOST = 0xFFFD


Styled = tuple[Codes, str]
"""A text and its colours."""


class Cells(NamedTuple):
    """A line, or a part of one."""

    text: str
    """What stands in each cell."""
    styles: str
    """The number of each cell's colours, as a character."""

    def with_part(self, x: int, part: "Cells") -> "Cells":
        """Return the line with a part laid over it from a column on."""
        end = x + len(part.text)
        return Cells(
            self.text[:x] + part.text + self.text[end:],
            self.styles[:x] + part.styles + self.styles[end:],
        )


class Coder:
    """Turns strips into cells and cells into text again."""

    def __init__(self, system: ColorSystem | None) -> None:
        self._system = system
        self._known: list[Codes] = [PLAIN]
        self._numbers: dict[Codes, str] = {PLAIN: "\0"}
        self._by_style: dict[Style | None, str] = {}
        self._codes: dict[str, str] = {}
        self._texts: list[str] = []
        self._single: set[str] = set()

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
                number = self._by_style.get(style)
                if number is None:
                    number = self._number(codes_of(style, self._system))
                    self._by_style[style] = number
                styles.append(number * len(coded))
        return Cells("".join(texts), "".join(styles))

    def line(self, runs: Iterable[Styled]) -> Cells:
        """Return texts that stand side by side, each in its colours, as cells."""
        coded = [(self._number(codes), self._coded(text)) for codes, text in runs]
        return Cells(
            "".join(text for _, text in coded),
            "".join(number * len(text) for number, text in coded),
        )

    def runs(self, cells: Cells) -> Iterator[Styled]:
        """Yield the texts of a line and their colours, the longest of one kind each."""
        for _, codes, text in self.spans(cells, 0, len(cells.text)):
            yield codes, text

    def spans(self, cells: Cells, start: int, end: int) -> Iterator[tuple[int, Codes, str]]:
        """Yield where the texts of some cells end, their colours, and the texts."""
        at = start
        while at < end:
            number = cells.styles[at]
            stop = end - len(cells.styles[at:end].lstrip(number))
            yield stop, self._known[ord(number)], self.text(cells.text[at:stop])
            at = stop

    def text(self, coded: str) -> str:
        """Return what has to be written for some cells."""
        if coded.isascii():
            return coded
        return "".join(
            "" if each == REST else self._texts[ord(each) - _PLANE] if ord(each) >= _PLANE else each
            for each in coded
        )

    def _number(self, codes: Codes) -> str:
        number = self._numbers.get(codes)
        if number is None:
            number = self._numbers[codes] = chr(len(self._known))
            self._known.append(codes)
        return number

    def _coded(self, text: str) -> str:
        if self._single.issuperset(text):
            return text
        cells: list[str] = []
        for each in text:
            size = get_character_cell_size(each)
            if size == 1 and ord(each) < _PLANE:
                self._single.add(each)
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
