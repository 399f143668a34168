"""No text from outside acts on the terminal: not through the sanitiser, not past the filter."""

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.widgets import Input, Label, Static

from tests.support.bench import BareApp
from tsui.text import sanitize
from tsui.ui.painted import Line, Painted, plain, wrap
from tsui.ui.safety import _ASCII, NoControlCharacters, OnlyAscii
from tsui.ui.styles import style

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Directions that Unicode gives to characters which turn those around them."""

BLACK = Color(0, 0, 0)

ANYTHING = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
        st.sampled_from("a中é\x1b\x9b\x07\r\n\u202e\u2066[]/\\…●"),
    ),
    max_size=60,
)
"""Every code point of Unicode, those that act more often than by chance."""

PAYLOADS = (
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1b]0;owned\x07",
    "\x1b]8;;https://example.com\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[1;1H",
    "\x9b31m",
    "\x90q\x9c",
    "\x0e\x0f\x00\x7f\x85",
    "live\u202emoc.\u202c",
    "\u2066a\u2069\u061c\u200e\u200f",
    "a\u2028b\u2029c",
    "half \ud800 pair",
    "[bold red]markup[/] [@click=app.quit]here[/] [link=https://example.com]x[/link]",
)


def acts(char: str) -> bool:
    """Tell whether a terminal would do anything else with a character than to draw it."""
    return (
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(char) in TURNING
    )


def through(text: str, *filters: LineFilter) -> Segment:
    """Return what the filters let through."""
    segments = [Segment(text, Style(bold=True))]
    for each in filters:
        segments = each.apply(segments, BLACK)
    (segment,) = segments
    return segment


@given(ANYTHING)
@example("".join(PAYLOADS))
def test_the_filter_lets_nothing_through_that_acts(text: str) -> None:
    assert not any(map(acts, through(text, NoControlCharacters()).text))


@given(ANYTHING)
def test_the_filter_never_makes_a_line_longer_or_shorter(text: str) -> None:
    assert cell_len(through(text, NoControlCharacters()).text) == cell_len(text)
    ascii_only = through(text, NoControlCharacters(), OnlyAscii()).text
    assert cell_len(ascii_only) == cell_len(text)


@given(ANYTHING)
def test_sanitised_text_passes_the_filter_as_it_is(text: str) -> None:
    safe = sanitize(text)
    assert through(safe, NoControlCharacters()).text == safe


@given(ANYTHING)
def test_in_ascii_mode_nothing_else_is_drawn(text: str) -> None:
    shown = through(text, NoControlCharacters(), OnlyAscii()).text
    assert shown.isascii()
    assert not any(map(acts, shown))


def test_plain_text_is_handed_on_untouched_and_keeps_its_style() -> None:
    text = "plain 中文 ● …"
    segment = through(text, NoControlCharacters())
    assert segment == Segment(text, Style(bold=True))


def test_what_textual_itself_tells_the_terminal_is_left_alone() -> None:
    control = Segment("\x1b[2J", None, [(2,)])  # type: ignore[list-item]
    assert NoControlCharacters().apply([control], BLACK) == [control]
    assert OnlyAscii().apply([control], BLACK) == [control]


def test_the_frame_of_a_dialog_is_a_frame_in_ascii() -> None:
    assert through("╭─╮│ │╰─╯", OnlyAscii()).text == "+-+| |+-+"


def test_our_own_signs_have_a_sign_in_ascii_each() -> None:
    for code, sign in _ASCII.items():
        assert through(chr(code), OnlyAscii()).text == (
            sign if isinstance(sign, str) else chr(sign)
        )
    assert "?" not in through("●▲■○◌✓✗↑↓…—", OnlyAscii()).text


class Board(BareApp):
    """One hostile text in every kind of widget that tsui uses, behind its filters."""

    CSS_PATH = style("app")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.painted = Painted()
        self.painted.styles.height = 2

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), NoControlCharacters()]

    def compose(self) -> ComposeResult:
        yield self.painted
        yield Label(self.text, markup=False)
        yield Static(self.text, markup=False)
        yield Input(self.text, compact=True)

    def segments(self) -> Iterator[Segment]:
        for strip in self.screen._compositor.render_strips():
            yield from strip


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_a_forgotten_place_is_caught_in_front_of_the_terminal(payload: str) -> None:
    app = Board(payload)
    async with app.run_test(size=(60, 8)) as pilot:
        app.painted.paint([[(payload, "text")], [("before ", "dim"), (payload, "cursor")]])
        await pilot.pause()
        segments = list(app.segments())
        assert not any(acts(char) for each in segments for char in each.text)
        assert not any(each.style and each.style.link for each in segments)
        assert not any(each.style and "@click" in each.style.meta for each in segments)
        for strip in app.screen._compositor.render_strips():
            assert cell_len(strip.text) == 60


async def test_any_text_on_the_whole_screen_is_caught() -> None:
    app = Board("")
    async with app.run_test(size=(60, 8)) as pilot:

        @settings(max_examples=60, deadline=None)
        @given(ANYTHING)
        def nothing_acts(text: str) -> None:
            app.painted.paint([[(text, "text")], [("before ", "dim"), (text, "cursor")]])
            lines = app.painted.render_lines(Region(0, 0, 60, 2))
            assert not any(acts(char) for line in lines for char in line.text)
            assert [cell_len(line.text) for line in lines] == [60, 60]
            assert [line.cell_length for line in lines] == [60, 60]

        nothing_acts()
        await pilot.pause()


async def test_markup_in_a_text_is_shown_as_it_is() -> None:
    app = Board("[b]x[/b]")
    async with app.run_test(size=(60, 8)) as pilot:
        app.painted.paint([[("[red]y[/]", "text")]])
        await pilot.pause()
        shown = "".join(each.text for each in app.segments())
        assert "[red]y[/]" in shown
        assert shown.count("[b]x[/b]") == 3


RUNS = st.lists(
    st.tuples(
        ANYTHING.map(lambda text: str(sanitize(text, 40))), st.sampled_from(["text", "bad", "dim"])
    ),
    max_size=6,
)


@given(RUNS, st.integers(1, 40), st.integers(0, 8))
def test_wrapping_loses_no_word_and_no_look(line: Line, width: int, indent: int) -> None:
    wrapped = wrap(line, max(width, indent + 1), indent)
    words = [char for char in plain(line) if char != " "]
    assert [char for each in wrapped for char in plain(each) if char != " "] == words
    assert {look for text, look in line if text.strip()} <= {
        look for each in wrapped for _, look in each
    }


@given(st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=20))
def test_wrapped_lines_fit_when_every_word_does(words: list[str]) -> None:
    wrapped = wrap([(" ".join(words), "text")], 12, 3)
    assert all(cell_len(plain(each).rstrip()) <= 12 for each in wrapped)
    assert all(plain(each).startswith("   ") for each in wrapped[1:])
