"""Devices and filters at random, near enough to each other that some match."""

from hypothesis import strategies as st

from tests.store.cases import record
from tsui.store.filtering.fields import FIELDS, Field, Kind
from tsui.store.filtering.tree import (
    EVERYTHING,
    Compare,
    Filter,
    Flag,
    Has,
    Match,
    Pattern,
    Wild,
    Word,
    all_of,
    any_of,
    negated,
    pattern,
)
from tsui.store.filtering.values import Age, Comparison, Day, Size, Times

NOW = 1_770_000_000.0
"""2026-02-02, 02:40 UTC."""

_CHARACTERS = st.sampled_from(
    [*"aAbBäÄßẞİςΣ*?[]^-\\'\"%_ \n\0,:|()19", "\u0131", "\u0301", "\ud800", "\U0001f600"]
)
texts = st.text(_CHARACTERS, max_size=4)
_telling = st.text(_CHARACTERS, min_size=1, max_size=3) | st.sampled_from(
    ["1", "12", "34", "pump", "Pump", "west", "4G West", "active", "or", "-", "10.0", "89"]
)
_times = st.sampled_from([0.0, 1.0, NOW, NOW + 5, NOW - 7 * 86400, NOW - 86400]) | st.floats(
    NOW - 50 * 86400, NOW
)
devices = st.lists(
    st.builds(
        record,
        st.integers(0, 15),
        mdn=st.sampled_from(["", "5551234", "555ab34"]),
        eid=st.sampled_from(["", "89ab12", "12"]),
        state=st.sampled_from(["active", "suspend", "pre-active", "pending suspend", ""]),
        plan=st.sampled_from(["", "12", "123", "4G West"]),
        groups=st.lists(texts | st.sampled_from(["4g west", "pump"]), max_size=2).map(", ".join),
        ip=st.sampled_from(["", "10.0.0.1", "10.0.0.12"]),
        custom=st.tuples(*[texts | st.sampled_from(["pump-1", "Pump", "12"])] * 5),
        connected=st.sampled_from([None, True, False]),
        last_connection=_times,
        created=_times,
        more=st.lists(texts, max_size=2).map(tuple),
    ),
    max_size=10,
    unique_by=lambda each: each.key,
)

usages = st.tuples(
    st.sampled_from([0.0, NOW - 40 * 86400, NOW - 86400, NOW]),
    st.sampled_from([None, 0, 999, 5_000_000, 5_000_001]),
)
"""When the usage of a device was read, 0 for never, and what it was."""

silences = st.none() | st.tuples(
    st.sampled_from([60, 3600, 86_400, 10 * 86_400]), st.sampled_from([60, 3600, 86_400, 28_801])
)
"""For how long a device is silent, and which gap is usual, where both are known."""

_comparisons = st.sampled_from(Comparison)
_patterns = st.lists(_telling | st.sampled_from(Wild), min_size=1, max_size=4).map(pattern)
_ages = st.builds(Age, st.integers(0, 60), st.sampled_from("smhdw"))
_days = st.sampled_from(
    ["today", "yesterday", "2026-02-02", "2026-01-26", "2026-01", "2026-02-02T02:40"]
).map(Day)
_times_over = st.builds(Times, st.sampled_from([0, 500, 1000, 1001, 3000, 24000, 999_999_999]))
_sizes = st.builds(Size, st.sampled_from([0, 1, 999, 1000, 5_000_000, 1024]))


def _of(field: Field) -> st.SearchStrategy[Filter]:
    has = st.just(Has(field))
    match field.kind:
        case Kind.FLAG:
            return has | st.builds(Flag, st.just(field), st.booleans())
        case Kind.TIME:
            ages = _comparisons.filter(lambda each: each is not Comparison.EQUAL)
            return (
                has
                | st.builds(Compare, st.just(field), ages, _ages)
                | st.builds(Compare, st.just(field), _comparisons, _days)
            )
        case Kind.SIZE:
            return has | st.builds(Compare, st.just(field), _comparisons, _sizes)
        case Kind.TIMES:
            unequal = _comparisons.filter(lambda each: each is not Comparison.EQUAL)
            return has | st.builds(Compare, st.just(field), unequal, _times_over)
        case Kind.ENDING:
            return st.builds(Match, st.just(field), _telling.map(lambda text: Pattern((text,))))
        case _:
            fitting = _patterns.filter(lambda each: each.pieces != (Wild.RUN,))
            return has | st.builds(Match, st.just(field), fitting.map(_in_our_spelling))


def _in_our_spelling(found: Pattern) -> Pattern:
    return found if found.literal is None else pattern([found.literal.casefold()])


_words = st.builds(Word, _patterns.filter(lambda each: bool(each.literals)))
_leaves: st.SearchStrategy[Filter] = _words | st.sampled_from(FIELDS).flatmap(_of)

filters: st.SearchStrategy[Filter] = st.just(EVERYTHING) | st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(all_of)
        | st.lists(inner, min_size=1, max_size=3).map(any_of)
        | inner.map(negated)
    ),
    max_leaves=6,
)
