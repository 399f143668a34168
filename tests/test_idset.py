"""Sets of ids do what sets do, in an eighth of a byte for each."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from tsui.idset import IdSet

_ids = st.sets(st.integers(0, 300))


@given(_ids, _ids)
def test_it_agrees_with_a_set(one: set[int], other: set[int]) -> None:
    mine, theirs = IdSet(one), IdSet(other)
    assert list(mine) == sorted(one)
    assert len(mine) == len(one)
    assert bool(mine) == bool(one)
    assert {each for each in range(310) if each in mine} == one
    assert set(mine.union(theirs)) == one | other
    assert set(mine.common(theirs)) == one & other
    assert set(mine.without(theirs)) == one - other
    assert set(mine ^ theirs) == one ^ other
    assert mine == IdSet(sorted(one, reverse=True))


@given(_ids, st.lists(st.tuples(st.booleans(), st.integers(0, 300))))
def test_a_copy_goes_its_own_way(ids: set[int], steps: list[tuple[bool, int]]) -> None:
    original, model = IdSet(ids), set(ids)
    copy = IdSet(original)
    for put_in, each in steps:
        (copy.add if put_in else copy.discard)(each)
        (model.add if put_in else model.discard)(each)
    assert set(copy) == model
    assert set(original) == ids


@given(st.sets(st.integers(0, 5000)))
def test_words_of_32_make_the_same_set(ids: set[int]) -> None:
    words: dict[int, int] = {}
    for each in ids:
        words[each >> 5] = words.get(each >> 5, 0) | 1 << (each & 31)
    assert set(IdSet.of_words(words.items())) == ids


def test_strangers_are_not_in_it() -> None:
    ids = IdSet([0, 7])
    assert -1 not in ids
    assert 10**9 not in ids


def test_a_million_take_little_room() -> None:
    ids = IdSet.of_words((place, 0xFFFFFFFF) for place in range(1_000_000 // 32))
    assert len(ids) == 1_000_000
    assert sys.getsizeof(ids.bits) < 200_000
