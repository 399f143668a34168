"""Times as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import START
from tsui.service.moments import moment_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", START),
        ("Today", datetime(2026, 11, 20, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 19, tzinfo=UTC)),
        ("7d", START - timedelta(days=7)),
        ("7 d ago", START - timedelta(days=7)),
        ("-90m", START - timedelta(minutes=90)),
        ("+2h", START + timedelta(hours=2)),
        ("1W", START - timedelta(weeks=1)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (" 2026-01-31T12:00Z ", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00-05:00", datetime(2026, 1, 31, 17, tzinfo=UTC)),
    ],
)
def test_a_moment_is_what_was_meant(typed: str, meant: datetime) -> None:
    assert moment_of(typed, START) == meant


@pytest.mark.parametrize(
    "typed", ["", "soon", "7", "d7", "7y", "2026-02-30", "0001-01-01T00:00+23:00", "999999d"]
)
def test_what_is_no_time_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(ValueError, match="is no time; write"):
        moment_of(typed, START)


@given(st.text(max_size=24) | st.from_regex(r"[+-]?\d{1,5} ?[mhdw]( ago)?", fullmatch=True))
def test_any_text_is_a_moment_in_utc_or_refused(typed: str) -> None:
    try:
        moment = moment_of(typed, START)
    except ValueError:
        return
    assert moment.utcoffset() == timedelta(0)
