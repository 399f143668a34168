"""The pen: brings texts to the terminal in the order that takes fewer bytes."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from tsui.ui.colours import PLAIN, RESET, Codes, change

Place = tuple[int, int]
"""A column and a line."""


class Piece(NamedTuple):
    """A text of one style, and the cells it takes."""

    line: int
    """The line."""
    start: int
    """The first column."""
    end: int
    """The column behind the last one."""
    codes: Codes
    """The style."""
    text: str
    """What is written."""


class Pen(NamedTuple):
    """Where the terminal's cursor is, and the style in force; None where nobody knows."""

    place: Place | None = None
    """The cursor's place."""
    style: Codes | None = None
    """The style."""

    def written(self, pieces: Sequence[Piece], width: int) -> tuple[str, "Pen"]:
        """Return what writes some pieces on a terminal so wide, none across another, and the pen.

        Another colour costs some twenty bytes on a terminal with millions of them, and another
        place eight: there it is cheaper to write all of one colour before the next.
        """
        orders = (pieces, _by_style(pieces, self.style))
        return min((self._written(each, width) for each in orders), key=lambda each: len(each[0]))

    def going(self, place: Place) -> str:
        """Return what leads to a place."""
        return _way(self.place, place)

    def _written(self, pieces: Iterable[Piece], width: int) -> tuple[str, "Pen"]:
        out: list[str] = []
        place, style = self
        for line, start, end, codes, text in pieces:
            if place != (start, line):
                out.append(_way(place, (start, line)))
            if style is None:
                out.append(RESET)
                style = PLAIN
            if style is not codes:
                out.append(change(style, codes))
                style = codes
            out.append(text)
            # Beyond the last column terminals differ in where the cursor is.
            place = (end, line) if end < width else None
        return "".join(out), Pen(place, style)


def _way(old: Place | None, new: Place) -> str:
    """Return the shortest way to a place; nothing where the cursor is there."""
    if old == new:
        return ""
    x, y = new
    if old is not None and old[1] == y and x > old[0]:
        return f"\x1b[{x - old[0]}C"
    if old is not None and old[1] == y - 1:
        return f"\r\n\x1b[{x}C" if x else "\r\n"
    return f"\x1b[{y + 1};{x + 1}H"


def _by_style(pieces: Collection[Piece], first: Codes | None) -> list[Piece]:
    """Return pieces of one style together, first those in the style in force."""
    groups: dict[Codes, list[Piece]] = {} if first is None else {first: []}
    for piece in pieces:
        groups.setdefault(piece.codes, []).append(piece)
    return [piece for group in groups.values() for piece in group]
