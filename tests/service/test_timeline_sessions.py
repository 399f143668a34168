"""Sessions on a timeline: what is out of the ordinary, and what is not known."""

import time

import pytest

from tests.service.timelines import (
    NOW,
    event,
    is_known,
    lane,
    odd,
    sessions,
    timeline,
    window,
)
from tsui.service.timeline.model import DAY, HOUR, Lane
from tsui.store.readings import Reading


def test_a_start_and_its_stop_are_one_session() -> None:
    made = timeline([window((0, 31), [event(NOW - HOUR, "Start"), event(NOW - 1800, "Stop", 42)])])
    (session,) = lane(made, Lane.SESSIONS)
    assert session.sentence == "Session of 30 min, 42 B"
    assert (session.at, session.ends) == (NOW - HOUR, NOW - 1800)
    assert [each["event"] for each in session.raw] == ["Start", "Stop"]
    assert session.raw[0]["more"] == {"Msisdn": "1555"}


def test_what_is_told_in_part_is_said_in_part() -> None:
    events = [
        event(NOW - 9 * HOUR, "Stop", 5), event(NOW - 8 * HOUR, "Start"),
        event(NOW - 7 * HOUR, "Start"), event(NOW - 6 * HOUR, "Stop", "many"),
        event(NOW - HOUR, "Start"),
    ]  # fmt: skip
    said = [each.sentence for each in lane(timeline([window((0, 1), events)]), Lane.SESSIONS)]
    assert said == [
        "Session ended, 5 B; its start is not known",
        "Session began; its end was not told",
        "Session of 60 min, bytes not told",
        "Session began",
    ]


def test_a_silence_of_more_than_three_times_the_usual_one_is_an_anomaly() -> None:
    events = [*sessions(NOW - DAY, HOUR, 10), *sessions(NOW - 5 * HOUR, HOUR, 5)]
    made = timeline([window((0, 2), events)])
    assert odd(made) == [("Silent for 10 h", "10 times its usual 59 min")]
    silence = next(each for each in made.moments if each.is_anomaly)
    assert silence.at == NOW - DAY + 9 * HOUR + 60
    assert silence.ends == NOW - 5 * HOUR


def test_a_silence_that_lasts_counts_as_far_as_it_was_read() -> None:
    read_at = NOW - 2 * DAY
    events = sessions(read_at - 30 * HOUR, HOUR, 10)
    since = {**window((2, 31)), "events": events}
    made = timeline([since], read_at=read_at)
    assert odd(made) == [("Silent for 21 h so far",
                          "21 times its usual 59 min")]  # fmt: skip
    assert is_known(made, Lane.SESSIONS, read_at - 1)
    assert not is_known(made, Lane.SESSIONS, read_at + 1)


@pytest.mark.parametrize(("trouble", "whole"), [("It took over 30 s.", True), ("", False)])
def test_a_hole_is_not_known_and_no_silence(trouble: str, whole: bool) -> None:
    made = timeline(
        [
            window((0, 1), sessions(NOW - 12 * HOUR, HOUR, 12)),
            window((1, 7), trouble=trouble, whole=whole),
            window((7, 31), sessions(NOW - 9 * DAY, HOUR, 24)),
        ]
    )
    holes = [each for each in made.moments if each.name == "hole"]
    assert [(each.at, each.ends) for each in holes] == [(NOW - 7 * DAY, NOW - DAY)]
    assert holes[0].sentence == "Not known for 6 days"
    assert (trouble or "more than is read at once") in holes[0].reason
    silences = [each for each in made.moments if each.name == "silence"]
    assert not [each for each in silences if each.ends > NOW - 7 * DAY]
    assert not is_known(made, Lane.SESSIONS, NOW - 3 * DAY)
    assert is_known(made, Lane.SESSIONS, NOW - 8 * DAY)
    assert not is_known(made, Lane.SESSIONS, NOW - 40 * DAY)


def test_a_window_that_broke_off_is_known_up_to_its_last_event() -> None:
    events = sessions(NOW - 20 * HOUR, HOUR, 5)
    made = timeline([window((0, 1), events, trouble="It broke off.")])
    assert is_known(made, Lane.SESSIONS, NOW - 18 * HOUR)
    assert not is_known(made, Lane.SESSIONS, NOW - 8 * HOUR)
    assert len([each for each in made.moments if each.name == "session"]) == 5


def test_another_reading_closes_the_hole() -> None:
    events = sessions(NOW - 5 * DAY, 6 * HOUR, 20)
    failed = [window((0, 1), trouble="x"), window((1, 7), trouble="x"), window((7, 31))]
    week = Reading(events, NOW - HOUR, NOW - HOUR, "")
    made = timeline(failed, week=week)
    assert not [each for each in made.moments if each.name == "hole" and each.lasts > 2 * HOUR]
    assert is_known(made, Lane.SESSIONS, NOW - 3 * DAY)
    assert len([each for each in made.moments if each.name == "session"]) == 20
    both = timeline([window((0, 31), events)], week=week)
    assert len([each for each in both.moments if each.name == "session"]) == 20


def test_what_was_never_read_is_not_known() -> None:
    made = timeline()
    assert made.moments == ()
    for each in (Lane.SESSIONS, Lane.USAGE, Lane.LINE, Lane.IDENTITY, Lane.SMS, Lane.CALLBACKS):
        assert not is_known(made, each, NOW - HOUR), each
    assert is_known(made, Lane.REQUESTS, NOW - HOUR)


def test_a_pause_made_every_night_is_a_habit() -> None:
    nights = [each for ago in range(20, 0, -1) for each in sessions(NOW - ago * DAY, HOUR / 4, 40)]
    assert odd(timeline([window((0.5, 31), nights)])) == []
    rare = [each for ago in (20, 15, 10, 5) for each in sessions(NOW - ago * DAY, HOUR / 4, 200)]
    silences = [each for each in odd(timeline([window((0, 31), rare)])) if "Silent" in each[0]]
    assert len(silences) == 4


def test_many_connections_within_an_hour_are_one_burst_each() -> None:
    calm = sessions(NOW - 4 * DAY, 6 * HOUR, 4)
    first = sessions(NOW - 2 * DAY, 300, 30)
    second = sessions(NOW - DAY, 300, 7)
    made = timeline([window((0, 7), [*calm, *first, *second])])
    found = [each for each in made.moments if each.name == "burst"]
    assert [each.sentence for each in found] == [
        "Burst of 30 connections within 2 h", "Burst of 7 connections within 30 min",
    ]  # fmt: skip
    assert [each.at for each in found] == [NOW - 2 * DAY, NOW - DAY]
    usual = timeline([window((0, 1), sessions(NOW - DAY, HOUR / 4, 96))])
    assert not odd(usual)


def test_sessions_in_a_row_without_a_byte_are_told_once() -> None:
    events = [
        *sessions(NOW - 40 * HOUR, HOUR, 10), *sessions(NOW - 30 * HOUR, HOUR, 12, used=0),
        *sessions(NOW - 18 * HOUR, HOUR, 4, used=0)[:8], *sessions(NOW - 14 * HOUR, HOUR, 10),
        *sessions(NOW - 4 * HOUR, HOUR, 4, used=0),
    ]  # fmt: skip
    made = timeline([window((0, 7), events)])
    assert [each for each in odd(made) if "row" in each[0]] == [
        ("16 sessions in a row without a byte", "it attaches in vain")
    ]


def test_ten_thousand_sessions_are_put_together_without_a_wait() -> None:
    events = sessions(NOW - 31 * DAY, 31 * DAY / 10_000, 10_000)
    began = time.perf_counter()
    made = timeline([window((0, 31), events)])
    took = time.perf_counter() - began
    assert len([each for each in made.moments if each.name == "session"]) == 10_000
    assert took < 8, f"{took:.1f} s; it was 40 when each silence was compared with all others"


def test_what_is_read_again_keeps_its_number() -> None:
    events = sessions(NOW - 20 * HOUR, HOUR, 19)
    early = timeline([window((0, 1), events[:30])])
    late = timeline([window((0, 1), [*events, events[-1]])])
    numbers = {each.key for each in late.moments}
    assert {each.key for each in early.moments if each.name == "session"} <= numbers
    assert len(numbers) == len(late.moments)
