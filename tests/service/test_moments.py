"""Times as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.service.forms import FormInvalid, build
from tsui.service.moments import moment_of

NOW = datetime(2026, 3, 1, 15, 30, 45, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        ("Today", MIDNIGHT),
        ("yesterday", MIDNIGHT - timedelta(days=1)),
        ("7d", NOW - timedelta(days=7)),
        ("7 d ago", NOW - timedelta(days=7)),
        ("-90m", NOW - timedelta(minutes=90)),
        ("2w", NOW - timedelta(weeks=2)),
        ("+2h", NOW + timedelta(hours=2)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 12:05", datetime(2026, 1, 31, 12, 5, tzinfo=UTC)),
        ("2026-01-31T12:05:06Z", datetime(2026, 1, 31, 12, 5, 6, tzinfo=UTC)),
        ("2026-01-31T12:05:06-05:00", datetime(2026, 1, 31, 17, 5, 6, tzinfo=UTC)),
    ],
)
def test_what_people_write_is_a_moment(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize(
    "text",
    ["soon", "7", "d", "7y", "2026-13-01", "31.01.2026", "9999999d", "0001-01-01T00:00+23:00"],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="write a time"):
        moment_of(text, NOW)


@given(st.text(max_size=24) | st.from_regex(r"[+-]?\d{1,5} ?[mhdw]( ago)?", fullmatch=True))
def test_any_text_is_a_moment_in_utc_or_refused(text: str) -> None:
    try:
        moment = moment_of(text, NOW)
    except ValueError:
        return
    assert moment.utcoffset() == timedelta(0)


def test_a_form_takes_them() -> None:
    texts = {"earliest": "7d", "latest": "now", "deviceId": "iccid:89148000009001002015"}
    body = build("GetUsageHistory", texts, now=NOW).body()
    assert body is not None
    assert (body["earliest"], body["latest"]) == ("2026-02-22T15:30:45Z", "2026-03-01T15:30:45Z")
    with pytest.raises(FormInvalid) as refused:
        build("GetUsageHistory", {**texts, "earliest": "once"}, now=NOW)
    assert [each.path for each in refused.value.problems] == ["earliest"]
