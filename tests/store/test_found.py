"""What every device holds that a filter lets through."""

import pytest

from tsui.store.filtering import parse
from tsui.store.found import MOST_WORDS, needed


@pytest.mark.parametrize(
    ("typed", "words", "enough"),
    [
        ("", (), True),
        ("Truck west", ("truck", "west"), True),
        ("x", ("x",), True),
        ("*1234", ("1234",), False),
        ("truck -west", ("truck",), False),
        ("truck or west", (), False),
        ("cf1:PUMP-7", ("pump-7",), False),
        ('state:"pending "* last4:1234', ("pending ", "1234"), False),
        ("plan:7", (), False),
        ('plan:"7" a', ("a",), False),
        ("last>7d", (), False),
        ("overdue>3", (), True),
        ("has:overdue", (), True),
        ("west overdue>3", ("west",), False),
    ],
)
def test_the_words_of_a_filter_are_those_every_device_of_it_holds(
    typed: str, words: tuple[str, ...], enough: bool
) -> None:
    found = needed(parse(typed))
    assert (found.words, found.enough) == (words, enough)


@pytest.mark.parametrize("typed", ["overdue>3", "west overdue<=0.5", "has:overdue -west"])
def test_how_long_every_device_of_a_filter_is_silent(typed: str) -> None:
    assert needed(parse(typed)).silence is not None
    assert needed(parse(f"x or {typed}")).silence is None


def test_only_the_longest_of_many_words_are_looked_for() -> None:
    found = needed(parse("a bb ccc dddd eeeee ffffff"))
    assert found.words == ("ffffff", "eeeee", "dddd", "ccc")
    assert len(found.words) == MOST_WORDS
    assert not found.enough
