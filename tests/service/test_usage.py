"""Usage worked out by hand: days, cycles, projections, plans and groups."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.service.using import NOW, day, read, record, records, report, steady
from tsui.service.export import rows_csv
from tsui.service.flatten import usage_record
from tsui.service.usage.allowance import allowance_of
from tsui.service.usage.cycle import Basis, cycle_of
from tsui.service.usage.days import DAY, Read, Standing, days_of
from tsui.service.usage.export import COLUMNS, rows_of
from tsui.service.usage.group import GroupUsage, medians_of
from tsui.thingspace.history import UsageRecord

PLANS = [
    {"code": "M2M5MB", "name": "M2M 5MB", "size_kb": 5120},
    {"code": "UNL", "name": "Unlimited", "size_kb": 0},
    {"code": "ODD", "name": "", "size_kb": None},
]


def standings(reads: list[Read]) -> dict[str, Standing]:
    return {
        datetime.fromtimestamp(each.start, UTC).strftime("%m-%d"): each.standing
        for each in days_of(reads, NOW)
    }


def test_a_day_without_a_record_is_not_told_and_not_nothing() -> None:
    told = records({"2026-11-17": 500, "2026-11-18": 0, "2026-11-20": "lots", "2026-11-21": 7})
    assert standings([read(told, since=day("2026-11-17"))]) == {
        "11-17": Standing.TOLD,
        "11-18": Standing.TOLD,
        "11-19": Standing.NOT_TOLD,
        "11-20": Standing.UNREADABLE,
        "11-21": Standing.TOLD,
    }


def test_days_since_a_stale_reading_and_between_windows_are_not_read() -> None:
    stale = Read(day("2026-11-17"), day("2026-11-18"), records({"2026-11-18": 5}), NOW)
    older = Read(day("2026-11-12"), day("2026-11-13"), records({"2026-11-12": 5}), NOW)
    found = standings([older, stale])
    assert found["11-13"] is Standing.NOT_TOLD
    assert found["11-15"] is Standing.NOT_READ
    assert found["11-17"] is Standing.NOT_TOLD
    assert found["11-20"] is found["11-21"] is Standing.NOT_READ


def test_a_span_that_begins_at_noon_asks_only_from_the_next_midnight_on() -> None:
    first = days_of([read([], since=day("2026-11-17") + DAY / 2)], NOW)[0]
    assert first.start == day("2026-11-18")


def test_only_days_that_were_over_when_they_were_read_are_whole() -> None:
    told = records({"2026-11-19": 1, "2026-11-20": 1, "2026-11-21": 1})
    at = day("2026-11-21") + 600
    just_over = Read(day("2026-11-19"), at, told, at)
    assert [each.is_whole for each in days_of([just_over], NOW)] == [True, False, False]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([record("2026-11-20", 5), record("2026-11-20", 6)], 11),
        ([record("2026-11-20", 5), record("2026-11-20", 6, source="Rated")], 5),
        ([record("2026-11-20", "1200")], 1200),
        ([record("2026-11-20", "12.5 MB")], None),
        ([record("2026-11-20", 5), record("2026-11-20", None)], None),
    ],
)
def test_records_of_one_day(told: list[dict[str, Any]], expected: int | None) -> None:
    found = next(each for each in days_of([read(told)], NOW) if each.start == day("2026-11-20"))
    assert found.bytes == expected
    assert (found.standing is Standing.TOLD) == (expected is not None)


@pytest.mark.parametrize("odd", ["0001-01-01", "1969-12-31", "2026-10-01", "9999-12-31"])
def test_days_that_nobody_asked_for_do_not_count(odd: str) -> None:
    told = [record(odd, 7), record("2026-11-20", 5)]
    made = days_of([read(told, since=day("2026-11-19"))], NOW)
    assert [each.bytes for each in made] == [None, 5, None]


@pytest.mark.parametrize("odd", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_an_end_of_a_cycle_from_another_age_breaks_nothing(odd: str) -> None:
    found = cycle_of(day(odd), NOW)
    assert found.holds(NOW)
    assert found.basis is not Basis.TOLD


def test_of_a_day_that_two_answers_tell_the_last_counts() -> None:
    at = day("2026-11-20") + 60
    old = Read(day("2026-11-20"), at, records({"2026-11-20": 5}), at)
    assert days_of([old, read(records({"2026-11-20": 9}))], NOW)[-2].bytes == 9


@pytest.mark.parametrize(
    ("told", "now", "begin", "end", "basis"),
    [
        ("2026-12-03", "2026-11-21", "2026-11-03", "2026-12-03", Basis.TOLD),
        ("2026-03-31", "2026-03-15", "2026-02-28", "2026-03-31", Basis.TOLD),
        ("2028-03-31", "2028-03-15", "2028-02-29", "2028-03-31", Basis.TOLD),
        ("2026-01-31", "2026-02-10", "2026-01-31", "2026-02-28", Basis.MOVED),
        ("2026-01-31", "2026-03-10", "2026-02-28", "2026-03-31", Basis.MOVED),
        ("2026-11-21", "2026-11-21", "2026-11-21", "2026-12-21", Basis.MOVED),
        ("2025-06-15", "2026-01-10", "2025-12-15", "2026-01-15", Basis.MOVED),
        ("2027-06-15", "2026-11-21", "2026-11-15", "2026-12-15", Basis.MOVED),
        ("", "2028-02-29", "2028-02-01", "2028-03-01", Basis.CALENDAR),
        ("", "2026-12-31", "2026-12-01", "2027-01-01", Basis.CALENDAR),
    ],
)
def test_cycles(told: str, now: str, begin: str, end: str, basis: Basis) -> None:
    found = cycle_of(day(told) if told else 0.0, day(now))
    assert found == (day(begin), day(end), basis)


@pytest.mark.parametrize("end", [f"2028-01-{number:02}" for number in range(1, 32)])
def test_every_moment_is_in_its_cycle(end: str) -> None:
    for number in range(-400, 400):
        now = day("2028-02-29") + number * DAY + 3600
        assert cycle_of(day(end), now).holds(now), f"{end}, {number} days on"


def test_what_was_used_says_how_many_days_are_missing() -> None:
    amounts = {f"2026-11-{n:02}": 100 for n in range(1, 22) if n not in (4, 9)}
    found = report(records(amounts)).used
    assert (found.bytes, found.told, found.missing) == (1900, 19, 2)
    assert found.abroad is None


def test_days_of_the_cycle_that_were_not_read_are_missing_too() -> None:
    since = day("2026-11-11")
    found = report([], reads=[read(steady(100, days=10), since=since)]).used
    assert (found.told, found.missing) == (10, 10)


def test_a_steady_device_is_projected_without_a_range() -> None:
    found = report(steady(1000)).outlook
    assert found is not None
    assert found.days_left == 9.5
    assert found.low == found.likely == found.high == 20 * 1000 + 9500


def test_a_projection_is_a_range_over_rates_that_are_told() -> None:
    amounts: dict[str, int | str | None] = {f"2026-11-{n:02}": 100 for n in range(1, 14)}
    amounts |= {f"2026-11-{n:02}": 300 for n in range(14, 21)}
    found = report(records(amounts)).outlook
    assert found is not None
    told = {each.method: each.per_day for each in found.rates}
    assert told["median day"] == 100
    assert told["last 7 days"] == 300
    assert told["8 untold days as 0"] == pytest.approx(3400 / 28)
    assert found.low < found.likely < found.high
    assert found.high == 3400 + int(9.5 * 300)


def test_days_that_were_never_read_lower_no_rate() -> None:
    found = report([], reads=[read(steady(100, days=5), since=day("2026-11-16"))]).outlook
    assert found is not None
    assert {each.per_day for each in found.rates} == {100}


def test_two_days_are_too_few_to_project() -> None:
    assert report(steady(1000, days=2)).outlook is None


@pytest.mark.parametrize(
    ("plan", "plans", "size", "why"),
    [
        ("M2M5MB", PLANS, 5120 * 1024, ""),
        ("UNL", PLANS, 0, "does not tell its size"),
        ("ODD", PLANS, 0, "does not tell its size"),
        ("GONE", PLANS, 0, "none of the account's plans"),
        ("M2M5MB", None, 0, "were not read"),
        ("", PLANS, 0, "no plan"),
    ],
)
def test_allowances(plan: str, plans: Any, size: int, why: str) -> None:
    found = allowance_of(plan, plans)
    assert found.bytes == size
    assert why in found.why
    assert bool(found.why) == (size == 0)


def test_the_day_on_which_the_plan_is_used_up() -> None:
    def reached(used: int) -> Any:
        return report(steady(used), plans=PLANS).reached

    assert reached(1_000_000).on == day("2026-11-06")
    found = reached(200_000)
    assert found.on is None
    assert found.likely == found.soonest == pytest.approx(NOW + 6.2144 * DAY)
    assert reached(1000) == (None, None, None)
    assert report(steady(1_000_000)).reached == (None, None, None)


def test_spikes_need_a_usual_day_to_stand_out_from() -> None:
    told = [*steady(100, days=10)[:-1], record("2026-11-20", 900)]
    assert report(told).spikes == {day("2026-11-20")}
    assert not report(told[-4:]).spikes
    assert not report([*steady(0, days=10)[:-1], record("2026-11-20", 900)]).spikes


def test_a_median_needs_three_members_that_told_the_whole_day() -> None:
    members = [read(steady(used, days=3)) for used in (10, 30, 500)]
    members[0] = read([*members[0].records[1:], record("2026-11-21", 5)])
    assert medians_of(members) == {day("2026-11-19"): 30, day("2026-11-20"): 30}


def test_plans_of_the_cycle_before_this_one_are_told() -> None:
    told = [
        record("2026-11-02", 1, plan="OLD"),
        record("2026-11-03", 1, plan="M2M5MB"),
        record("2026-10-30", 1, plan="LAST CYCLE"),
    ]
    assert report(told).plans_before == ["OLD"]


@pytest.mark.parametrize(
    ("told", "is_abroad", "amount"),
    [
        (None, False, None),
        (0, False, 0),
        ("2048", True, 2048),
        ({"bytesUsed": 7}, True, 7),
        ({"bytesUsed": 0}, False, 0),
        ({"what": "ever"}, True, None),
        ([{"bytes": 1}], True, None),
    ],
)
def test_usage_abroad_in_any_form(told: Any, is_abroad: bool, amount: int | None) -> None:
    wire = UsageRecord.model_validate(
        {
            "bytesUsed": "9000",
            "timestamp": "2026-11-20T00:00:00Z",
            "internationalUsage": told,
            "extendedAttributes": [{"key": "MoSms", "value": "3"}, {"key": "MtSms", "value": "x"}],
        }
    )
    flat = usage_record(wire)
    assert (flat["abroad"], flat["abroad_bytes"]) == (is_abroad, amount)
    assert (flat["bytes"], flat["sent"], flat["received"]) == (9000, 3, None)


def test_an_export_tells_what_is_not_known_and_computes_nothing() -> None:
    told = [record("2026-11-19", "=1+1", plan="=cmd()"), record("2026-11-20", 5)]
    group = GroupUsage("g", 9, 3, {day("2026-11-20"): 2.5})
    lines = rows_csv(rows_of(report(told, group=group)), COLUMNS).splitlines()
    assert lines[0] == "2026-11-21,not told,no,,,,,no,,,,,,,no"
    assert lines[1] == "2026-11-20,told,yes,5,,,,no,,,,Raw Usage,,2,no"
    assert lines[2] == "2026-11-19,no number,yes,,,,,no,,,'=cmd(),Raw Usage,'=1+1,,no"
