"""What is said of usage: known, inferred, and not known, each in its own words."""

from typing import Any

import pytest

from tests.service.using import NOW, day, read, record, report, steady
from tsui.service.usage.days import DAY
from tsui.service.usage.desk import UnderWay
from tsui.service.usage.group import GroupUsage
from tsui.ui.painted import plain
from tsui.ui.usage.sentences import basis, head
from tsui.ui.usage.table import table

PLANS = [{"code": "M2M5MB", "name": "M2M 5MB", "size_kb": 5120}]
MEDIANS = {NOW // DAY * DAY - n * DAY: 500.0 for n in range(1, 20)}


def said(told: list[dict[str, Any]], **more: Any) -> str:
    lines = head(report(told, **more), None, 200, NOW + 3 * 3600)
    return "\n".join(plain(line) for line in lines)


@pytest.mark.parametrize(
    ("told", "more", "expected"),
    [
        (steady(1000), {}, "Read 3 h ago. Late: data 15 min, SMS 3 days, rated 2 days. UTC."),
        (steady(1000), {}, "Month 11-01 to 11-30: 20.0 kB in 20 days, no cycle end is told"),
        (steady(1000), {"cycle_end": day("2026-12-03")}, "Cycle 11-03 to 12-02: 18.0 kB in 18"),
        (steady(1000)[:-2], {}, "18.0 kB in 18 days, 2 days not told: at least that"),
        ([], {}, "ThingSpace told of none of 20 days"),
        ([], {"plans": PLANS}, "5.2 MB a cycle; how much of it is used is not told"),
        ([], {}, "Projection: none, too few whole days are told"),
        (steady(1000), {}, "By 11-30: about 29.5 kB, 29.5 kB to 29.5 kB (inferred)"),
        (steady(1000), {}, "Plan M2M5MB: allowance not known: the account's plans were not read"),
        (steady(1000), {"plan": ""}, "Plan none: allowance not known: the line has no plan"),
        (steady(1000), {"plans": PLANS}, "0 % of 5.2 MB a cycle, not used up in this cycle"),
        (steady(900_000), {"plans": PLANS}, "343 % of 5.2 MB a cycle, used up on 11-06"),
        (steady(200_000), {"plans": PLANS}, "likely used up on 11-27, 11-27 at the soonest"),
        (steady(1), {"group": GroupUsage("", 0, 0, {})}, "Group: the device is in none"),
        (steady(1), {"group": GroupUsage("g", 0, 0, {})}, "g: no other device is known in this"),
        (steady(1), {"group": GroupUsage("g", 9, 2, {})}, "g: 2 of 9 others read, too few for a"),
        (
            steady(1000),
            {"group": GroupUsage("4G West", 229, 14, MEDIANS)},
            "4G West: median of the 14 read of 229 others: 500 B a day, this 1.0 kB",
        ),
        ([*steady(1), record("2026-11-21", 5, sms=3, sent=2)], {}, "3 SMS (2 sent)"),
        ([record("2026-11-20", 9, abroad=True)], {}, "Abroad: amount not told, on 1 day of this"),
        (
            [record("2026-11-20", 9, abroad=True, abroad_bytes=4, home_bytes=5)],
            {},
            "Abroad: 4 B on 1 day of this cycle, 5 B at home",
        ),
        (steady(1000), {"trouble": "No \x1b[31mroute."}, "No \\x1b[31mroute."),
    ],
)
def test_sentences(told: list[dict[str, Any]], more: dict[str, Any], expected: str) -> None:
    assert expected in said(told, **more)


def test_what_is_being_read_is_told_with_how_to_stop_it() -> None:
    lines = head(report(steady(1)), UnderWay(1, "usage of 6 months", 1, 2), 80, NOW)
    assert plain(lines[-1]) == " Reading usage of 6 months: 1 of 2; c stops"


@pytest.mark.parametrize("width", [40, 66, 80])
def test_what_figures_rest_on_fits_a_width(width: int) -> None:
    made = report(steady(1000)[:-5], plans=PLANS, group=GroupUsage("g", 9, 4, MEDIANS))
    lines = [plain(line) for line in basis(made, width)]
    assert max(len(line.rstrip()) for line in lines) <= width
    text = " ".join(" ".join(lines).split())
    for part in ("calendar month, not a bill", "used + 9.5 days times", "untold days as 0",
                 "M2M 5MB, its sizeKb is taken", "3 at least"):  # fmt: skip
        assert part in text


def test_the_table_says_what_is_known_of_each_day_newest_first() -> None:
    told = [
        *steady(1000)[:-4],
        record("2026-11-17", 9000, abroad=True, abroad_bytes=2),
        record("2026-11-18", 0),
        record("2026-11-19", "\x1b[2J many", plan="OTHER"),
        record("2026-11-21", 7, sms=2),
    ]
    made = report([], reads=[read(told)], group=GroupUsage("g", 9, 4, MEDIANS))
    lines = [plain(line).rstrip() for line in table(made)[:5]]
    assert lines == [
        " 2026-11-21        7 B               2  so far",
        " 2026-11-20   not told      500 B",
        " 2026-11-19  no number      500 B       told: \\x1b[2J many, plan OTHER",
        " 2026-11-18        0 B      500 B       nothing",
        " 2026-11-17     9.0 kB      500 B       spike, abroad 2 B",
    ]
