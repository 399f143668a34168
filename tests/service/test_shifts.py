"""Shifts by the wall clock: no moment in two of them or in none, also where the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tsui.service.shifts import newest_at, shift_at

USUAL = ("06:00", "14:00", "22:00")
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "begins", "begin", "end"),
    [
        # a plain day, its edges, and the night before
        ("2026-11-20T12:00-05:00", USUAL, "2026-11-20T06:00-05:00", "2026-11-20T14:00-05:00"),
        ("2026-11-20T06:00-05:00", USUAL, "2026-11-20T06:00-05:00", "2026-11-20T14:00-05:00"),
        ("2026-11-20T05:59-05:00", USUAL, "2026-11-19T22:00-05:00", "2026-11-20T06:00-05:00"),
        ("2026-11-20T23:30-05:00", USUAL, "2026-11-20T22:00-05:00", "2026-11-21T06:00-05:00"),
        # clocks go forward on 8 March 2026 at 02:00 and back on 1 November at 02:00
        ("2026-03-08T05:00-04:00", USUAL, "2026-03-07T22:00-05:00", "2026-03-08T06:00-04:00"),
        ("2026-11-01T05:00-05:00", USUAL, "2026-10-31T22:00-04:00", "2026-11-01T06:00-05:00"),
        # a beginning that is left out, and one that comes twice
        ("2026-03-08T12:00-04:00", ("02:30",), "2026-03-08T03:30-04:00", "2026-03-09T02:30-04:00"),
        ("2026-11-01T01:45-05:00", ("01:30",), "2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"),
        ("2026-03-08T12:00-04:00", ("02:30", "03:30"), "2026-03-08T03:30-04:00",
         "2026-03-09T02:30-04:00"),
        # leap days, the end of a year, and shifts that are not in order
        ("2028-02-29T23:59-05:00", ("00:00",), "2028-02-29T00:00-05:00", "2028-03-01T00:00-05:00"),
        ("2027-01-01T01:00-05:00", USUAL, "2026-12-31T22:00-05:00", "2027-01-01T06:00-05:00"),
        ("2026-11-20T12:00-05:00", ("18:00", "6:00"), "2026-11-20T06:00-05:00",
         "2026-11-20T18:00-05:00"),
    ],
)  # fmt: skip
def test_a_moment_is_in_its_shift(
    moment: str, begins: tuple[str, ...], begin: str, end: str
) -> None:
    shift = shift_at(at(moment), begins, NEW_YORK)
    assert (shift.begin, shift.end) == (at(begin), at(end))


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_shifts_of_a_year_follow_each_other_without_a_gap(zone: str) -> None:
    moment, over = at("2026-01-01T00:00+00:00"), at("2027-01-01T00:00+00:00")
    lengths = set()
    while moment < over:
        shift = shift_at(moment, USUAL, ZoneInfo(zone))
        assert shift.begin <= moment < shift.end
        assert shift_at(shift.end - timedelta(seconds=1), USUAL, ZoneInfo(zone)) == shift
        lengths.add(shift.end - shift.begin)
        moment = shift.end
    usual = timedelta(hours=8)
    assert usual in lengths
    assert len(lengths) == 3, "one is shorter in spring, one longer in autumn"


def test_the_machine_has_a_zone_of_its_own() -> None:
    now = datetime.now(UTC)
    begin = newest_at(now, "06:00")
    assert begin <= now < begin + timedelta(hours=26)
    assert begin.astimezone().strftime("%H:%M") == "06:00"


@pytest.mark.parametrize("text", ["", "24:00", "6", "06:60", "6 am", "06:00:00", "\u0660\u0666:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        shift_at(datetime.now(UTC), (text,))
    with pytest.raises(ValueError, match="no shift"):
        shift_at(datetime.now(UTC), ())
