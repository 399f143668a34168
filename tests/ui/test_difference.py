"""The difference writer: less is sent, and the terminal shows the same."""

import io
from collections.abc import Sequence
from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Offset, Region
from textual.strip import Strip

from tsui.ui.colours import PLAIN, change, codes_of
from tsui.ui.difference import DifferenceWriter

WIDTH, HEIGHT = 24, 10

STYLES = [
    None,
    Style.parse("bold #ff0000 on #101010"),
    Style.parse("#00ff00 on #101010"),
    Style.parse("#00ff00 on #202020"),
    Style.parse("reverse"),
    Style.parse("italic underline blue"),
    Style.parse("default on green"),
]

CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)

Line = list[tuple[str, int]]


def strip(line: Line) -> Strip:
    """Return a line of texts and numbers of styles, filled up to the width."""
    made = Strip([Segment(text, STYLES[style]) for text, style in line])
    return made.adjust_cell_length(WIDTH)


class Two:
    """A terminal behind the difference writer, and one behind Textual's own."""

    def __init__(self) -> None:
        self.writer = DifferenceWriter(ColorSystem.TRUECOLOR)
        self.screens = [pyte.Screen(WIDTH, HEIGHT) for _ in range(2)]
        self.sent = [0, 0]

    def draw(self, strips: Sequence[Strip], y: int = 0, x: int = 0) -> str:
        """Draw lines on both from a place on; returns what the difference writer sent."""
        region = Region(x, y, strips[0].cell_length, len(strips))
        update = LayoutUpdate([[each] for each in strips], region)
        ours = self.writer.write(update, (WIDTH, HEIGHT), Offset(0, 0))
        for place, text in enumerate((ours, update.render_segments(CONSOLE))):
            # A real terminal is told to leave the last column alone; pyte would go on below.
            pyte.Stream(self.screens[place]).feed(f"\x1b[?7l{text}".replace("\n", "\r\n"))
            self.sent[place] += len(text)
        return ours

    def check(self) -> None:
        """Compare every cell of both."""
        for y in range(HEIGHT):
            rows = [[screen.buffer[y][x] for x in range(WIDTH)] for screen in self.screens]
            assert rows[0] == rows[1], f"line {y}"


texts = st.text(st.sampled_from("abc 0189●─漢字é"), max_size=8)
lines = st.lists(st.tuples(texts, st.integers(0, len(STYLES) - 1)), max_size=4)
frames = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)
steps = st.one_of(
    st.tuples(st.just("line"), st.integers(0, HEIGHT - 1), lines),
    st.tuples(st.just("scroll"), st.integers(-4, 4), st.integers(0, 3)),
    st.tuples(st.just("frame"), frames, st.none()),
    st.tuples(st.just("part"), st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 6)),
    st.tuples(st.just("forget"), st.none(), st.none()),
)


@given(frames, st.lists(steps, max_size=12))
@settings(deadline=None, max_examples=150)
def test_both_writers_leave_the_same_cells(first: list[Line], following: list[Any]) -> None:
    two = Two()
    shown = [strip(line) for line in first]
    two.draw(shown)
    for what, one, other in following:
        match what:
            case "line":
                shown[one] = strip(other)
                two.draw([shown[one]], one)
            case "scroll":
                body = shown[other:]
                shown = shown[:other] + body[one:] + body[:one]
                two.draw(shown)
            case "frame":
                shown = [strip(line) for line in one]
                two.draw(shown)
            case "part":
                part = Strip([Segment("<part>", STYLES[1])])
                shown[one] = Strip.join(
                    [shown[one].crop(0, other), part, shown[one].crop(other + 6, WIDTH)]
                )
                two.draw([shown[one]], one)
            case _:
                two.writer.forget()
                two.draw(shown)
        two.check()


def rows(first: int, cursor: int = -1) -> list[Strip]:
    return [
        strip([(f"device {first + y:<15}", 3 if first + y == cursor else 2)]) for y in range(HEIGHT)
    ]


def test_what_is_shown_already_is_not_sent() -> None:
    two = Two()
    two.draw(rows(0))
    assert two.draw(rows(0)) == ""


def test_a_cursor_that_moves_costs_its_two_lines() -> None:
    two = Two()
    two.draw(rows(0, cursor=3))
    sent = two.draw(rows(0, cursor=4))
    assert sent.count("device") == 2
    two.check()


def test_lines_that_moved_are_moved_by_the_terminal() -> None:
    two = Two()
    two.draw(rows(0))
    before = two.sent[1]
    sent = two.draw(rows(3))
    assert "\x1b[3M" in sent
    assert len(sent) < (two.sent[1] - before) / 3
    two.check()
    assert "\x1b[2L" in two.draw(rows(1))
    two.check()


def test_lines_that_were_not_drawn_stay_when_others_are_moved_across_them() -> None:
    two = Two()
    shown = rows(0)
    two.draw(shown)
    assert "\x1b[3M" in two.draw(shown[5:9], y=2)
    two.check()


def test_a_part_of_a_line_nobody_knows_leaves_the_rest_alone() -> None:
    writer = DifferenceWriter(ColorSystem.TRUECOLOR)
    update = LayoutUpdate([[Strip([Segment("here")])]], Region(5, 2, 4, 1))
    assert writer.write(update, (WIDTH, HEIGHT), Offset(0, 0)) == "\x1b[3;6H\x1b[0mhere"


def test_what_takes_several_characters_is_one_cell() -> None:
    two = Two()
    two.draw([strip([("e\u0301 漢\u0301 x", 1)])])
    two.check()
    sent = two.draw([strip([("e\u0301 漢\u0301 y", 1)])])
    assert sent.startswith("\x1b[1;6H")
    assert sent.endswith("my")
    two.check()


def test_another_size_begins_anew() -> None:
    two = Two()
    two.draw(rows(0))
    update = LayoutUpdate([[each] for each in rows(0)], Region(0, 0, WIDTH, HEIGHT))
    assert two.writer.write(update, (WIDTH, HEIGHT + 1), Offset(0, 0)).count("device") == HEIGHT


def test_the_cursor_goes_where_something_is_typed() -> None:
    writer = DifferenceWriter(ColorSystem.TRUECOLOR)
    update = LayoutUpdate([[Strip([Segment("x" * WIDTH)])]], Region(0, 0, WIDTH, 1))
    assert writer.write(update, (WIDTH, HEIGHT), Offset(3, 4)).endswith("\x1b[5;4H")


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        ("bold red", "bold red", ""),
        ("red", "blue", "\x1b[34m"),
        ("red", "bold red", "\x1b[1m"),
        ("bold red", "red", "\x1b[0;31m"),
        ("red on blue", "red", "\x1b[0;31m"),
        ("red", "red on blue", "\x1b[44m"),
        ("#010203", "#010204", "\x1b[38;2;1;2;4m"),
    ],
)
def test_colours_change_by_the_shortest_way(old: str, new: str, sent: str) -> None:
    before, after = (codes_of(Style.parse(each), ColorSystem.TRUECOLOR) for each in (old, new))
    assert change(before, after) == sent


def test_a_terminal_without_colours_gets_none() -> None:
    assert codes_of(Style.parse("red on blue"), None) == PLAIN


def test_few_colours_are_asked_of_a_terminal_with_few() -> None:
    codes = codes_of(Style.parse("#ff0000"), ColorSystem.STANDARD)
    assert change(PLAIN, codes) in ("\x1b[31m", "\x1b[91m")
