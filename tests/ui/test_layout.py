"""Layouts: which columns a list shows, in which order and how wide."""

import pytest

from tsui.settings import FIT, Chosen, understood
from tsui.ui.layout import CHOSEN, GAP, WIDE, arranged, fitted, remembered
from tsui.ui.widgets.table import Column


def column(title: str, width: int = 10, priority: int = 0, *, grows: bool = False) -> Column[str]:
    return Column(title, width, lambda row: (row, "text"), priority, grows=grows)


COLUMNS = [
    column("ONE", priority=1),
    column("TWO", priority=0, grows=True),
    column("THREE", priority=WIDE),
    column("FOUR", priority=CHOSEN),
]


def names(columns: list[Column[str]]) -> list[str]:
    return [each.name for each in columns]


@pytest.mark.parametrize("text", ["plan", "plan:20", "plan:fit", "custom 1:1"])
def test_what_is_written_is_understood_again(text: str) -> None:
    assert str(understood(text)) == text


def test_case_and_blanks_do_not_matter() -> None:
    assert understood(" Custom 1 : FIT") == Chosen("custom 1", FIT)


@pytest.mark.parametrize("text", ["plan:", "plan:0", "plan:-1", "plan:wide", "plan:9999", "a:²"])
def test_a_width_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a width is"):
        understood(text)


def test_what_cannot_be_read_of_a_remembered_layout_is_left_out() -> None:
    assert remembered(["plan", "state:x", 7]) == (Chosen("plan"), Chosen("7"))
    assert remembered({"no": "list"}) == ()


def test_without_a_choice_the_list_decides() -> None:
    assert names(arranged(COLUMNS, (), wide=False)) == ["one", "two"]
    assert names(arranged(COLUMNS, (), wide=True)) == ["one", "two", "three"]
    assert names(arranged(COLUMNS, [Chosen("gone")], wide=False)) == ["one", "two"]


def test_chosen_columns_come_in_their_order_in_wide_mode_too() -> None:
    chosen = [Chosen("four"), Chosen("gone"), Chosen("one", 30)]
    for wide in (False, True):
        shown = arranged(COLUMNS, chosen, wide=wide)
        assert names(shown) == ["four", "one"]
        assert shown[1].width == 30


def test_a_fixed_column_does_not_grow_and_one_of_its_own_width_does() -> None:
    fixed = fitted(arranged(COLUMNS, [Chosen("one"), Chosen("two", 12)], wide=False), 80)
    assert [width for _, width in fixed] == [10, 12]
    own = fitted(arranged(COLUMNS, [Chosen("one"), Chosen("two")], wide=False), 80)
    assert sum(width + GAP for _, width in own) == 80 + GAP


def test_of_chosen_columns_the_leftmost_stay_longest() -> None:
    chosen = [Chosen("four"), Chosen("one"), Chosen("two")]
    for room, expected in ((40, ["four", "one", "two"]), (25, ["four", "one"]), (3, ["four"])):
        shown = [each.name for each, _ in fitted(arranged(COLUMNS, chosen, wide=False), room)]
        assert shown == expected
