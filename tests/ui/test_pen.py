"""The pen: colours and moves in the order that takes fewer bytes."""

import re

from rich.color import ColorSystem
from rich.style import Style

from tsui.ui.colours import PLAIN, codes_of
from tsui.ui.pen import Pen, Piece

WIDTH = 40

RED, GREEN = (codes_of(Style.parse(name), ColorSystem.TRUECOLOR) for name in ("#ff1020", "#20ff10"))
DARK, LIGHT = (codes_of(Style.parse(name), ColorSystem.STANDARD) for name in ("red", "green"))


def test_what_has_many_colours_is_written_colour_by_colour() -> None:
    lines = range(6)
    pieces = [
        piece
        for y in lines
        for piece in (Piece(y, 2, 5, RED, "red"), Piece(y, 20, 25, GREEN, "green"))
    ]
    text, pen = Pen(None, PLAIN).written(pieces, WIDTH)
    assert len(re.findall(r"\x1b\[[\d;]*m", text)) == 2
    assert [text.count(word) for word in ("red", "green")] == [6, 6]
    assert pen == Pen((25, 5), GREEN)


def test_the_colour_in_force_is_written_first() -> None:
    pieces = [Piece(0, 0, 3, RED, "red"), Piece(2, 0, 5, GREEN, "green")]
    text, _ = Pen(None, GREEN).written(pieces, WIDTH)
    assert text.index("green") < text.index("red")
    assert text.startswith("\x1b[3;1Hgreen")


def test_neighbours_of_short_colours_are_written_line_by_line() -> None:
    pieces = [
        piece for y in (0, 1) for piece in (Piece(y, 0, 2, DARK, "ab"), Piece(y, 2, 4, LIGHT, "cd"))
    ]
    text, _ = Pen((0, 0), PLAIN).written(pieces, WIDTH)
    assert text == "\x1b[31mab\x1b[32mcd\r\n\x1b[31mab\x1b[32mcd"


def test_the_shortest_way_is_taken() -> None:
    pen = Pen((10, 3))
    assert pen.going((10, 3)) == ""
    assert pen.going((12, 3)) == "\x1b[2C"
    assert pen.going((9, 3)) == "\x1b[4;10H"
    assert pen.going((0, 4)) == "\r\n"
    assert pen.going((7, 4)) == "\r\n\x1b[7C"
    assert Pen().going((7, 4)) == "\x1b[5;8H"


def test_nobody_knows_where_the_cursor_is_behind_the_last_column() -> None:
    text, pen = Pen().written([Piece(1, WIDTH - 2, WIDTH, PLAIN, "xy")], WIDTH)
    assert text == f"\x1b[2;{WIDTH - 1}H\x1b[0mxy"
    assert pen == Pen(None, PLAIN)
