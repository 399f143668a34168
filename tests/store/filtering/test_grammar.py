"""What is typed is read as it is meant, printed as it is read, and corrected where it is wrong."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.store.filtering.strategies import filters
from tsui.store.filtering import EVERYTHING, Filter, FilterError, parse
from tsui.store.filtering.fields import BY_NAME, FIELDS
from tsui.store.filtering.grammar import DEEPEST, LONGEST_WILD, MOST_TERMS
from tsui.store.filtering.tree import written

_SIGNS = ["state", "last", "has", "is", ":", ">", "<=", "=", ",", "(", ")", "|", "or", "not", "-"]
_SIGNS += [" ", '"', "\\", "*", "?", "7d", "2026-01-31", "active", "unknown", "\ud800", "\0"]


@given(filters)
@settings(max_examples=500, deadline=None)
def test_a_printed_filter_is_read_as_the_same_filter(tree: Filter) -> None:
    assert parse(written(tree)) == tree


@given(st.text(max_size=40) | st.lists(st.sampled_from(_SIGNS), max_size=30).map("".join))
@settings(max_examples=1000, deadline=None)
@example("(" * 5000)
@example("-" * 5000)
@example("not " * 5000)
@example("state:" + "a," * 5000)
@example("x " * 5000)
def test_any_text_is_a_filter_or_wrong_at_a_place_inside_it(text: str) -> None:
    try:
        tree = parse(text)
    except FilterError as raised:
        error = raised
    else:
        assert parse(written(tree)) == tree
        return
    assert 0 <= error.position <= error.position + error.length <= len(text)
    assert error.length or error.position == len(text) or text[error.position] in ",)|( \t\n"
    assert error.sentence


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("  ", ""),
        ("truck  WEST", "truck WEST"),
        ('"4G West', '"4G West"'),
        ("!truck", "-truck"),
        ("not truck", "-truck"),
        ("--truck", "truck"),
        ("a or b AND c", "a | b c"),
        ("(a|b) c", "(a | b) c"),
        ("-(a b)", "-(a b)"),
        ("notable android orange", "notable android orange"),
        ('"or"', '"or"'),
        ("State:Suspended", "state:suspend"),
        ("state:active,suspend", "state:active | state:suspend"),
        ("-state:active,suspend", "-(state:active | state:suspend)"),
        ("state:unknown", "-has:state"),
        ("is:unknown", "-has:state"),
        ("is:offline", "connected:no"),
        ("is:pending", "state:pending*"),
        ("online:unknown", "-has:connected"),
        ("last:never", None),
        ("last:unknown", "-has:last"),
        ("last:TODAY", "last:today"),
        ("seen>=7D", "last>=7d"),
        ('cf1:""', "-has:cf1"),
        ("cf1:*", "has:cf1"),
        ("customfield1=pump-*", "cf1:pump-*"),
        ('cf2:"a,b",c', 'cf2:"a,b" | cf2:c'),
        ('cf2:"4G "*', 'cf2:"4G "*'),
        ("fe80::1", '"fe80::1"'),
        ("00:1b:44:11:3a:b7", '"00:1b:44:11:3a:b7"'),
        ("5>3", '"5>3"'),
        ("usage>5mb", "usage>5MB"),
        ("data<=1.5GB", "usage<=1500MB"),
        ("usage:0", "usage:0B"),
        ("usage>2KiB", "usage>2048B"),
        ("usage:unknown", "-has:usage"),
        ("*1234", "*1234"),
        ("last4:1234", "last4:1234"),
        (r'cf1:"say \"hi\" \\ \n"', r'cf1:"say \"hi\" \\ \\n"'),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(FilterError):
            parse(typed)
    else:
        assert written(parse(typed)) == meant
        assert (parse(typed) == EVERYTHING) is (not meant)


@pytest.mark.parametrize(
    ("typed", "wrong", "right"),
    [
        ("stat:active", "stat", "did you mean state?"),
        ("http://x", "http", "needs quotes"),
        ("a state:", "", "state:suspend"),
        ("state:active,", "", "state:suspend"),
        ("plan>5", "plan>", "plan:87641"),
        ("has>ip", "has>", "has:ip"),
        ("is:onlin", "onlin", "online"),
        ("has:colour", "colour", "no field colour"),
        ("has:last4", "last4", "has:iccid"),
        ("last>7x", "7x", "7d"),
        ("usage>5XB", "5XB", "5MB"),
        ("usage>", "", "usage>5MB"),
        ("last>2026-02-30", "2026-02-30", "2026-01-31"),
        ("last>99999d x", None, ""),
        ("last:7d", "7d", "last<7d"),
        ("created>7*", "7*", "created<30d"),
        ("connected:maybe", "maybe", "yes, no or unknown"),
        ("last4:*", "*", "last4:1234"),
        ("a (b", "", "closing bracket"),
        ("a) b", ")", "closes nothing"),
        ("a or", "", "missing"),
        ("or a", "or", "missing"),
        ("a ()", ")", "missing"),
        ("a - b", " ", "missing"),
        ("a *", "*", "letters or digits"),
        ('a ""', '""', "letters or digits"),
        ("x" * (LONGEST_WILD + 1) + "*", "x" * (LONGEST_WILD + 1) + "*", "too long"),
        ("(" * (DEEPEST + 1) + "a", "(", "too many brackets"),
    ],
)
def test_a_bad_filter_says_where_and_what_would_be_right(
    typed: str, wrong: str | None, right: str
) -> None:
    if wrong is None:
        parse(typed)
        return
    with pytest.raises(FilterError) as caught:
        parse(typed)
    error = caught.value
    assert typed[error.position : error.position + error.length] == wrong
    assert right in error.sentence


def test_a_filter_has_so_many_terms_and_no_more() -> None:
    parse("x " * MOST_TERMS)
    with pytest.raises(FilterError) as caught:
        parse("x " * (MOST_TERMS + 1))
    assert caught.value.position == 2 * MOST_TERMS


def test_every_field_says_by_an_example_how_it_is_asked_for() -> None:
    for field in FIELDS:
        assert parse(field.example) != EVERYTHING
        assert field.example.startswith(field.name)
    assert len(BY_NAME) == sum(1 + len(field.aliases) for field in FIELDS)
