"""The order of an agenda: by the calendar of whoever looks, and without floods."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tsui.service.agenda.model import (
    ONE_BY_ONE,
    Agenda,
    Certainty,
    Group,
    Kind,
    Obligation,
    group_of,
    in_order,
)

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


NOW = at("2026-11-20T10:00-05:00")


def resume(number: int, due: float, kind: Kind = Kind.RESUME) -> Obligation:
    return Obligation(due, kind, f"{number:04}", "It ends.", Certainty.TOLD, "request 1",
                      (f"iccid:{number}",))  # fmt: skip


@pytest.mark.parametrize(
    ("now", "due", "group"),
    [
        ("2026-11-20T10:00-05:00", "2026-11-20T10:00-05:00", Group.OVERDUE),
        ("2026-11-20T10:00-05:00", "2026-11-20T23:59-05:00", Group.TODAY),
        ("2026-11-20T23:59-05:00", "2026-11-21T00:00-05:00", Group.WEEK),
        ("2026-11-20T10:00-05:00", "2026-11-26T23:59-05:00", Group.WEEK),
        ("2026-11-20T10:00-05:00", "2026-11-27T00:00-05:00", Group.LATER),
        # days on which the clocks are changed have 25 and 23 hours
        ("2026-11-01T00:30-04:00", "2026-11-01T23:30-05:00", Group.TODAY),
        ("2026-03-07T23:30-05:00", "2026-03-08T23:30-04:00", Group.WEEK),
        ("2026-03-01T12:00-05:00", "2026-03-08T00:30-05:00", Group.LATER),
        ("2028-02-28T12:00-05:00", "2028-02-29T12:00-05:00", Group.WEEK),
        ("2026-12-31T22:00-05:00", "2027-01-01T00:00-05:00", Group.WEEK),
    ],
)
def test_days_are_those_of_the_calendar(now: str, due: str, group: Group) -> None:
    assert group_of(at(due), at(now), NEW_YORK) is group


def test_the_first_comes_first_and_what_lapsed_is_gone() -> None:
    past = NOW - 60
    found = [resume(3, NOW + 9), resume(1, past), resume(2, past, Kind.SMS), resume(4, NOW + 5)]
    ordered = in_order(found, NOW, NEW_YORK)
    assert [each.subject for each in ordered] == ["0001", "0004", "0003"]
    agenda = Agenda(NOW, ordered, ())
    assert [each.subject for each in agenda.overdue()] == ["0001"]
    assert [each.subject for each in agenda.until(NOW + 5)] == ["0004"]


def test_many_of_a_kind_on_a_day_are_one_line() -> None:
    flood = [resume(number, NOW + 3600 + number) for number in range(ONE_BY_ONE + 5)]
    other = replace(resume(99, NOW + 3600), certainty=Certainty.GUESS)
    lines = in_order([*flood, other], NOW, NEW_YORK)
    assert [each.subject for each in lines] == ["0099", f"{ONE_BY_ONE + 5} lines"]
    assert len(lines[1].devices) == ONE_BY_ONE + 5
    assert lines[1].due == NOW + 3600
    assert lines[1].source == "request 1"
    mixed = in_order([*flood, replace(flood[0], source="request 2")], NOW, NEW_YORK)
    assert [each.source for each in mixed] == ["several sources"]
    few = in_order(flood[:ONE_BY_ONE], NOW, NEW_YORK)
    assert len(few) == ONE_BY_ONE
