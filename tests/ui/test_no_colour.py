"""NO_COLOR: nothing but bold, underlined and reversed text."""

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tsui.ui.no_colour import NoColour
from tsui.ui.themes import PAGE


def seen(style: Style) -> Style:
    (segment,) = NoColour(PAGE).apply([Segment("x", style)], Color(0, 0, 0))
    assert segment.style is not None
    return segment.style


def test_colours_go_and_weight_stays() -> None:
    style = seen(Style(color="#ff7b72", bgcolor=PAGE, bold=True, underline=True))
    assert style.color is None
    assert style.bgcolor is None
    assert style.bold
    assert style.underline
    assert not style.reverse


def test_what_stood_out_by_its_background_is_reversed() -> None:
    assert seen(Style(color=PAGE, bgcolor="#6cb6ff")).reverse
    assert not seen(Style(color="#d7dde5", bgcolor="#1f2630")).reverse


def test_what_was_reversed_already_stays_so() -> None:
    assert seen(Style(reverse=True)).reverse
    assert not seen(Style(reverse=True, bgcolor="#6cb6ff")).reverse


def test_a_segment_without_a_style_is_left_alone() -> None:
    segment = Segment("x")
    assert NoColour(PAGE).apply([segment], Color(0, 0, 0)) == [segment]
