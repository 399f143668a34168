"""Zooming, panning, filtering and jumping: the cursor belongs to a moment."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.service.timelines import NOW
from tsui.service.timeline.model import DAY, HOUR, Lane, Moment, Timeline, in_order
from tsui.service.timeline.view import LIVE, SPANS, View
from tsui.service.timeline.wanted import Wanted, wanted
from tsui.service.verdict.evidence import Source

TEXTS = ("", "a", "-a", "lane:sms", "lane:s,u", "-lane:usage", "is:anomaly", "zzz", "b lane:line")


def moment(ago: float, lane: Lane = Lane.SESSIONS, text: str = "a", **more: Any) -> Moment:
    made = Moment(NOW - ago, lane, Source.CONNECTIONS, text, {}, name=f"{ago}")
    return replace(made, **more)


moments = st.builds(
    moment,
    st.one_of(st.floats(0, 400 * DAY), st.sampled_from([0.0, HOUR, DAY, 7 * DAY, 31 * DAY])),
    st.sampled_from(list(Lane)),
    st.sampled_from(["a", "b", "a b"]),
    lasts=st.sampled_from([0.0, 60.0, 40 * DAY]),
    reason=st.sampled_from(["", "odd"]),
)
timelines = st.lists(moments, min_size=1, max_size=30).map(
    lambda made: Timeline(NOW, in_order(made, NOW))
)
steps = st.one_of(
    st.tuples(st.just("zoom"), st.sampled_from([-1, 1])),
    st.tuples(st.just("narrow"), st.sampled_from(TEXTS)),
)


def done(view: View, step: tuple[str, int | str]) -> View:
    name, value = step
    if name == "zoom":
        return view.zoom(int(value))
    return view.narrow(wanted(str(value)))


@given(timelines, st.data(), st.lists(steps, max_size=12))
def test_zooming_and_filtering_never_move_the_cursor_to_another_moment(
    timeline: Timeline, data: st.DataObject, done_then: list[tuple[str, int | str]]
) -> None:
    view = View(timeline, span=data.draw(st.sampled_from(list(SPANS))))
    if view.shown:
        view = view.choose(data.draw(st.sampled_from([each.key for each in view.shown])))
    chosen = view.cursor
    for step in done_then:
        view = done(view, step)
        if chosen is None:
            continue
        assert view.chosen == chosen
        assert view.holds(chosen), (view.since, view.until)
        if view.wanted.fits(chosen):
            assert view.cursor == chosen
        elif view.shown:
            assert view.cursor in view.shown
        else:
            assert view.cursor is None
    if chosen is not None:
        assert view.narrow(Wanted()).cursor == chosen


@given(timelines, st.lists(st.tuples(st.sampled_from(["pan", "jump", "zoom"]), st.sampled_from(
    [-1, 1])), max_size=15))  # fmt: skip
def test_whatever_is_done_the_cursor_is_on_something_shown(
    timeline: Timeline, done_then: list[tuple[str, int]]
) -> None:
    view = View(timeline)
    for name, value in done_then:
        view = getattr(view, name)(value) or view
        assert view.until <= timeline.latest
        assert view.until >= min(timeline.earliest, timeline.latest)
        assert (view.cursor is None) == (not view.shown)
        if view.cursor is not None:
            assert view.cursor in view.shown


@given(timelines)
def test_jumping_visits_every_anomaly_once_and_back(timeline: Timeline) -> None:
    odd = [each for each in timeline.moments if each.is_anomaly]
    view = View(timeline, span="1 h")
    while (following := view.jump(1)) is not None:
        view = following
    found: list[Moment] = []
    if view.cursor is not None and view.cursor.is_anomaly:
        found.append(view.cursor)
    while (following := view.jump(-1)) is not None:
        view = following
        assert view.cursor is not None
        found.append(view.cursor)
        assert len(found) <= len(odd)
    assert [each.key for each in reversed(found)] == [each.key for each in odd]
    for each in odd[1:]:
        view = view.jump(1) or view
        assert view.cursor == each


@given(timelines, timelines, st.data())
def test_what_comes_meanwhile_leaves_the_cursor_where_it_is(
    before: Timeline, more: Timeline, data: st.DataObject
) -> None:
    view = View(before, span=data.draw(st.sampled_from(list(SPANS))))
    if not view.shown:
        return
    view = view.choose(data.draw(st.sampled_from([each.key for each in view.shown])))
    chosen = view.cursor
    later = data.draw(st.sampled_from([0.0, 30.0, 90 * DAY]))
    both = replace(
        before,
        now=NOW + later,
        moments=in_order([*before.moments, *more.moments], NOW + later),
    )
    after = view.choose(chosen.key if chosen else 0).follow(both)
    assert chosen is not None
    assert after.cursor is not None
    assert after.cursor.at == chosen.at
    assert after.cursor.sentence == chosen.sentence


def test_a_view_follows_time_until_it_would_leave_the_chosen_moment_behind() -> None:
    first = Timeline(NOW, in_order([moment(HOUR / 2), moment(60)], NOW))
    view = View(first, span="1 h")
    assert view.end == LIVE
    later = replace(first, now=NOW + 600)
    assert view.follow(later).until == NOW + 600
    chosen = view.choose(first.moments[0].key)
    assert chosen.follow(later).end == LIVE
    much_later = replace(first, now=NOW + HOUR)
    held = chosen.follow(much_later)
    assert held.cursor == first.moments[0]
    assert held.until == NOW


def test_zooming_keeps_the_place_of_the_cursor_in_the_strip() -> None:
    made = Timeline(NOW, in_order([moment(10 * DAY), moment(20 * DAY), moment(0)], NOW))
    view = View(made, span="31 d").choose(made.moments[1].key)
    share = (view.until - made.moments[1].at) / view.seconds
    near = view.zoom(-1)
    assert near.span == "7 d"
    assert (near.until - made.moments[1].at) / near.seconds == pytest.approx(share)
    assert near.zoom(1).end == LIVE
    newest = View(made, span="31 d").choose(made.moments[2].key)
    assert newest.zoom(-1).zoom(-1).end == LIVE


@pytest.mark.parametrize(
    ("text", "lanes"),
    [
        ("lane:sms", {Lane.SMS}), ("lane:s", {Lane.SESSIONS, Lane.SMS}),
        ("LANE:reach,usage", {Lane.REACH, Lane.USAGE}), ("lane:", set(Lane)),
        ("-lane:usage", set(Lane) - {Lane.USAGE}), ("lane:sms lane:line", {Lane.SMS, Lane.LINE}),
        ("-", set(Lane)),
    ],
)  # fmt: skip
def test_lanes_are_chosen_by_their_beginnings(text: str, lanes: set[Lane]) -> None:
    assert {lane for lane in Lane if wanted(text).fits(moment(0, lane, text="- a"))} == lanes


def test_words_narrow_and_a_lane_that_does_not_exist_is_told() -> None:
    made = replace(moment(0, text="Silent for 9 h"), reason="9 times its usual 1 h")
    for text in ("silent", "TIMES", "silent usual", "is:anomaly", "connection", "-zzz"):
        assert wanted(text).fits(made), text
    for text in ("zzz", "-silent", "silent zzz", "-sessions"):
        assert not wanted(text).fits(made), text
    assert not wanted("is:anomaly").fits(moment(0))
    with pytest.raises(ValueError, match="There is no lane nonsense; there are: sessions, usage"):
        wanted("lane:nonsense")
