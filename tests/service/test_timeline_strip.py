"""The strip: slices of time by how much happened, and whether that is known."""

from tests.service.test_timeline_view import moment
from tests.service.timelines import NOW
from tsui.service.timeline.model import (
    ALWAYS,
    DAY,
    FOREVER,
    HOUR,
    Lane,
    Moment,
    Timeline,
    Unknown,
    in_order,
)
from tsui.service.timeline.strip import HIGHEST, Slice, odd_slices, slices
from tsui.service.timeline.usage import usage
from tsui.service.timeline.view import View
from tsui.service.usage.days import Read


def cut(timeline: Timeline, lane: Lane, hours: int = 10) -> list[Slice]:
    """Return slices of an hour each up to now."""
    return slices(timeline, View(timeline).by_lane, (lane,), NOW - hours * HOUR, NOW, hours)


def made_of(*moments: Moment, **unknown: list[Unknown]) -> Timeline:
    lanes = {Lane[name.upper()]: holes for name, holes in unknown.items()}
    return Timeline(NOW, in_order(moments, NOW), lanes)


def test_more_is_higher() -> None:
    many = [moment((1.5 + n / 100) * HOUR, name=f"{n}") for n in range(20)]
    timeline = made_of(moment(8.5 * HOUR), *many)
    levels = [each.level for each in cut(timeline, Lane.SESSIONS)]
    assert levels == [0, 1, 0, 0, 0, 0, 0, 0, HIGHEST, 0]
    assert not any(each.level for each in cut(timeline, Lane.USAGE))


def test_what_lasts_fills_the_time_it_lasts() -> None:
    timeline = made_of(moment(8 * HOUR, lasts=4 * HOUR), moment(30 * HOUR, lasts=20.5 * HOUR))
    levels = [each.level for each in cut(timeline, Lane.SESSIONS)]
    assert levels == [2, 0, 4, 4, 4, 4, 0, 0, 0, 0]


def test_a_silence_is_empty_and_a_hole_is_not_known() -> None:
    timeline = made_of(
        moment(8 * HOUR, lasts=4 * HOUR, name="silence", reason="long"),
        sessions=[Unknown(NOW - 3 * HOUR, NOW - HOUR, "it broke")],
    )
    found = cut(timeline, Lane.SESSIONS)
    assert [each.level for each in found] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [each.is_odd for each in found].index(True) == 2
    assert [each.is_known for each in found] == [True] * 7 + [False] * 2 + [True]


def test_usage_is_as_high_as_it_is_beside_the_most() -> None:
    midnight = NOW // DAY * DAY
    records = [
        {"at": midnight - n * DAY, "bytes": used, "bytes_raw": "", "sms": 0, "plan": ""}
        for n, used in ((3, 1000), (2, 500), (1, 0))
    ]
    timeline = made_of(*usage([Read(midnight - 9 * DAY, NOW, records, NOW)], NOW))
    found = slices(timeline, View(timeline).by_lane, (Lane.USAGE,), midnight - 3 * DAY, midnight, 6)
    assert [each.level for each in found] == [4, 4, 2, 2, 0, 0]


def test_anomalies_are_marked_where_they_begin_or_reach_into_the_stretch() -> None:
    odd = [
        moment(25 * HOUR, lasts=20 * HOUR, reason="long"), moment(2.5 * HOUR, reason="x"),
        moment(4 * HOUR), moment(30 * HOUR, reason="over"),
    ]  # fmt: skip
    found = odd_slices(made_of(*odd).moments, NOW - 10 * HOUR, NOW, 10)
    assert [place for place, each in enumerate(found) if each] == [0, 7]


def test_a_year_of_a_device_that_flaps_is_cut_in_no_time() -> None:
    many = [moment(n * 600, lasts=300) for n in range(20_000)]
    view = View(made_of(*many, usage=[Unknown(ALWAYS, FOREVER, "x")]), span="1 y")
    found = slices(view.timeline, view.by_lane, (Lane.SESSIONS,), view.since, view.until, 200)
    assert sum(1 for each in found if each.level) >= 70
