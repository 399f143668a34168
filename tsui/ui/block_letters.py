"""Letters that can be read from a ladder: five rows high, as large as there is room for."""

from collections.abc import Sequence

HEIGHT = 5
"""Rows of the larger letters."""

_FONT = {
    "A": " ## |#  #|####|#  #|#  #",
    "B": "### |#  #|### |#  #|### ",
    "C": " ###|#   |#   |#   | ###",
    "D": "### |#  #|#  #|#  #|### ",
    "E": "####|#   |### |#   |####",
    "F": "####|#   |### |#   |#   ",
    "G": " ###|#   |# ##|#  #| ###",
    "H": "#  #|#  #|####|#  #|#  #",
    "I": "###| # | # | # |###",
    "J": "  ##|   #|   #|#  #| ## ",
    "K": "#  #|# # |##  |# # |#  #",
    "L": "#   |#   |#   |#   |####",
    "M": "#   #|## ##|# # #|#   #|#   #",
    "N": "#   #|##  #|# # #|#  ##|#   #",
    "O": " ## |#  #|#  #|#  #| ## ",
    "P": "### |#  #|### |#   |#   ",
    "Q": " ## |#  #|#  #|# ##| ###",
    "R": "### |#  #|### |# # |#  #",
    "S": " ###|#   | ## |   #|### ",
    "T": "###| # | # | # | # ",
    "U": "#  #|#  #|#  #|#  #| ## ",
    "V": "#   #|#   #|#   #| # # |  #  ",
    "W": "#   #|#   #|# # #|## ##|#   #",
    "X": "#   #| # # |  #  | # # |#   #",
    "Y": "#   #| # # |  #  |  #  |  #  ",
    "Z": "####|  # | #  |#   |####",
    "0": " ## |# ##|## #|#  #| ## ",
    "1": " # |## | # | # |###",
    "2": "### |   #| ## |#   |####",
    "3": "### |   #| ## |   #|### ",
    "4": "#  #|#  #|####|   #|   #",
    "5": "####|#   |### |   #|### ",
    "6": " ## |#   |### |#  #| ## ",
    "7": "####|   #|  # | #  | #  ",
    "8": " ## |#  #| ## |#  #| ## ",
    "9": " ## |#  #| ###|   #| ## ",
    " ": "  |  |  |  |  ",
    "!": "#|#|#| |#",
    ":": " |#| |#| ",
    ".": " | | | |#",
}
"""Rows of each letter from top to bottom; what is not here is left out."""

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def block_letters(text: str, width: int, height: int, *, only_ascii: bool) -> list[str]:
    """Return a text in the largest letters that fit so many cells and rows; else as it is."""
    rows = _rows(text.upper())
    if height >= HEIGHT:
        for wide in (2, 1):
            if len(rows[0]) * wide <= width:
                ink = "#" if only_ascii else "█"
                return ["".join((ink if dot else " ") * wide for dot in row) for row in rows]
    if not only_ascii and height >= (HEIGHT + 1) // 2 and len(rows[0]) <= width:
        return _halved(rows)
    return [text[:width]]


def _rows(text: str) -> list[list[bool]]:
    """Return the dots of a text, with a column between two letters."""
    glyphs = [_FONT[char].split("|") for char in text if char in _FONT]
    return [[dot == "#" for dot in " ".join(glyph[y] for glyph in glyphs)] for y in range(HEIGHT)]


def _halved(rows: Sequence[Sequence[bool]]) -> list[str]:
    """Return two rows of dots in each row of cells."""
    even = [*rows, [False] * len(rows[0])]
    return [
        "".join(_HALVES[pair] for pair in zip(even[y], even[y + 1], strict=True))
        for y in range(0, len(even), 2)
    ]
