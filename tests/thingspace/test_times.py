"""Times in every form that somebody has seen, read as UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.thingspace.times import format_time, parse_time

KNOWN = {
    "2020-05-01T15:00:00Z": "2020-05-01T15:00:00",
    "2020-05-01T15:00:00+05:30": "2020-05-01T09:30:00",
    "2020-05-01T15:00:00-0400": "2020-05-01T19:00:00",
    "2020-05-01T15:00:00-04": "2020-05-01T19:00:00",
    "2020-05-01T15:00:00-08:00Z": "2020-05-01T23:00:00",
    "2021-10-21T23:57:03.397.0000Z": "2021-10-21T23:57:03.397000",
    "2021-06-03 00:03:56.079 +0000 UTC": "2021-06-03T00:03:56.079000",
    "2021-06-03 00:03:56.079 -0500 UTC": "2021-06-03T05:03:56.079000",
    "20170520004421": "2017-05-20T00:44:21",
    "05-20-2017": "2017-05-20T00:00:00",
    "3/15/2017 12:00:00 AM": "2017-03-15T00:00:00",
    "3/15/2017 12:30:05 PM": "2017-03-15T12:30:05",
    "12/31/2017 11:59:59 PM": "2017-12-31T23:59:59",
    "2020-05-01T15:00:00.123456789Z": "2020-05-01T15:00:00.123456",
    "2020-05-01T15:00:00,5Z": "2020-05-01T15:00:00.500000",
    "2020-05-01T15:00:00": "2020-05-01T15:00:00",
    "2020-05-01T15:00Z": "2020-05-01T15:00:00",
    "2020-05-01": "2020-05-01T00:00:00",
    "  2020-05-01T15:00:00Z\n": "2020-05-01T15:00:00",
}

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SECONDS = st.integers(100_000, 4_000_000_000).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)


@pytest.mark.parametrize(("text", "expected"), KNOWN.items())
def test_a_known_form_is_read_as_utc(text: str, expected: str) -> None:
    moment = parse_time(text)
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert moment is not None
    assert moment.utcoffset() == timedelta()


@pytest.mark.parametrize("text", ["", "  ", "N/A", "n/a", "NA", "null", "None"])
def test_no_time_is_none(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2020-13-01T00:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-05-01T24:00:00Z",
        "2020-05-01T15:00:00+99:00",
        "2020-05-01T15:00:00+05:60",
        "2020-05-01T15:00:00Z and more",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "3/15/2017 13:00:00 AM",
        "15/3/2017 12:00:00 AM",
        "20171320004421",
        "13-20-2017",
        "2017",
        "1589040000000",
        "2020-05-01T15:00:00." + "0" * 5000,
    ],
)
def test_what_is_no_time_is_said_to_be_none_and_no_guess_is_made(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_time(text)
    assert len(str(raised.value)) < 200


@given(SECONDS, OFFSETS)
def test_a_time_keeps_its_moment_whatever_its_zone(moment: datetime, zone: timezone) -> None:
    there = moment.astimezone(zone)
    assert parse_time(there.isoformat()) == there
    assert parse_time(there.isoformat() + "Z") == there
    assert parse_time(format_time(there)) == there


def test_requests_carry_whole_seconds_in_utc() -> None:
    moment = datetime(2025, 3, 1, 8, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=-5)))
    assert format_time(moment) == "2025-03-01T13:00:00Z"


@given(st.text(max_size=80))
def test_any_text_is_a_time_or_none_or_refused(text: str) -> None:
    try:
        moment = parse_time(text)
    except ValueError:
        return
    assert moment is None or moment.tzinfo is UTC
