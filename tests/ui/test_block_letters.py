"""Large letters: as large as fits, one cell a sign, in ASCII too."""

import string

import pytest
from rich.cells import cell_len

from tsui.ui.block_letters import block_letters


@pytest.mark.parametrize(
    ("width", "height", "rows", "widest"), [(80, 5, 5, 80), (40, 5, 5, 40), (40, 3, 3, 40)]
)
def test_the_largest_form_that_fits_is_taken(
    width: int, height: int, rows: int, widest: int
) -> None:
    drawn = block_letters("ACTIVATE", width, height, only_ascii=False)
    assert len(drawn) == rows
    assert len({cell_len(row) for row in drawn}) == 1
    assert cell_len(drawn[0]) <= widest


def test_where_nothing_fits_the_word_itself_is_shown() -> None:
    assert block_letters("ACTIVATE", 20, 5, only_ascii=False) == ["ACTIVATE"]
    assert block_letters("ACTIVATE", 80, 2, only_ascii=False) == ["ACTIVATE"]
    assert block_letters("ACTIVATE", 80, 3, only_ascii=True) == ["ACTIVATE"]


@pytest.mark.parametrize("only_ascii", [True, False])
def test_every_letter_and_figure_is_drawn(only_ascii: bool) -> None:
    for char in string.ascii_letters + string.digits:
        drawn = block_letters(char, 80, 5, only_ascii=only_ascii)
        assert len(drawn) == 5
        assert any(row.strip() for row in drawn)
        assert all(row.isascii() for row in drawn) is only_ascii
