"""Charts, exactly: braille and ASCII, and no claim about what is not known."""

import random
from collections.abc import Sequence

import pytest

from tests.service.using import NOW, day, read, record, report, steady
from tsui.service.usage.days import DAY
from tsui.service.usage.group import GroupUsage
from tsui.service.usage.report import report_of
from tsui.ui.charts import GUTTER, Column, draw, merged
from tsui.ui.painted import Line, plain
from tsui.ui.usage.chart import Mode, chart

COLUMNS = (
    Column("11-16", 400, mark=100),
    Column("11-17", 0),
    Column("11-18", None),
    Column("11-19", 100, sign="!"),
    Column("11-20", 1),
    Column("11-21", 300, is_projected=True),
)


def say(value: float) -> str:
    return f"{value:.0f} B"


def texts(lines: Sequence[Line]) -> list[str]:
    return [plain(line)[GUTTER - 6 :].rstrip() for line in lines]


def test_a_small_chart_in_braille() -> None:
    drawn = draw(COLUMNS, GUTTER + 18, 7, say, level=200)
    assert texts(drawn) == [
        "400 B ⣿⣿⡇",
        "      ⣿⣿⡇            ⡂⡂⡂",
        "200 B ⣿⣿⡇╌╌╌╌╌╌╌╌╌╌╌╌⡂⡂⡂",
        "      o⣿⡇      ⣿⣿⡇⣀⣀⡀⡂⡂⡂",
        "  0 B ──────   ──────···",
        "               !",
        "      11-16    11-19",
    ]


def test_a_small_chart_in_ascii() -> None:
    drawn = draw(COLUMNS, GUTTER + 18, 7, say, level=200, ascii_only=True)
    assert texts(drawn) == [
        "400 B ##",
        "      ##             ::",
        "200 B ##-------------::-",
        "      o#       ## ## ::",
        "  0 B ------   ------...",
        "               !",
        "      11-16    11-19",
    ]
    assert all(plain(line).isascii() for line in drawn)


def test_a_line_far_above_all_columns_is_left_out() -> None:
    drawn = texts(draw(COLUMNS, 40, 6, say, level=10_000, ascii_only=True))
    assert drawn[0].startswith("400 B ##")
    assert not any("--" in line for line in drawn[:3])


def test_neighbours_share_a_column_where_there_is_no_room_and_the_highest_stands() -> None:
    many = [Column(str(n), float(n) if n != 4 else None) for n in range(10)]
    shown, size = merged(many, 4)
    assert size == 3
    assert [each.value for each in shown] == [2, 5, 8, 9]
    assert [each.is_partly_known for each in shown] == [False, True, False, False]


def test_a_chart_of_nothing_is_empty_and_does_not_fail() -> None:
    drawn = draw([], 40, 6, say)
    assert len(drawn) == 6
    assert not any(char in plain(line) for line in drawn for char in "#⣿")


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_no_cell_claims_a_day_that_was_not_told(seed: int, ascii_only: bool) -> None:
    print("seed", seed)
    draws = random.Random(seed)
    count, width = draws.randint(1, 120), draws.randint(20, 130)
    columns = [
        Column(
            f"{n:05}",
            draws.choice((None, 0, draws.random() * 10 ** draws.randint(0, 9))),
            mark=draws.choice((None, draws.random() * 1000)),
        )
        for n in range(count)
    ]
    height = draws.randint(4, 20)
    drawn = [plain(line) for line in draw(columns, width, height, say, ascii_only=ascii_only)]
    assert len(drawn) == height
    shown, _ = merged(columns, width - GUTTER)
    cells = min(4, (width - GUTTER) // len(shown))
    plot, axis = drawn[: height - 2], drawn[height - 2]
    for place, column in enumerate(shown):
        span = slice(GUTTER + place * cells, GUTTER + (place + 1) * cells)
        bars = "".join(line[span] for line in plot).replace("o", "").strip()
        if column.value is None:
            assert bars == "", f"column {place} of {count}"
            assert axis[span].strip() == ""
        else:
            assert axis[span].strip() != ""
            assert bool(bars) == (column.value > 0) or column.mark is not None


def test_days_to_come_are_dotted_and_days_not_told_are_gaps() -> None:
    told = [each for each in steady(1000) if each["at"] != day("2026-11-10")]
    drawn = chart(report(told), Mode.DAYS, 80, 10, ascii_only=True)
    axis = plain(drawn[-4])[GUTTER:]
    assert axis == "-" * 19 + " " + "-" * 10 + " " + "." * 9
    assert "axis gap not told" in plain(drawn[-1])
    assert plain(drawn[-3]).index("^") == GUTTER + 30


def test_the_cycle_adds_up_to_its_projection() -> None:
    made = report(steady(200_000), plans=[{"code": "M2M5MB", "name": "", "size_kb": 5120}])
    drawn = [plain(line) for line in chart(made, Mode.CYCLE, 80, 12, ascii_only=True)]
    assert any(line.lstrip().startswith("5.2 MB") and "--" in line for line in drawn)
    assert "-- plan" in drawn[-1]


def test_long_spans_say_what_a_column_stands_for() -> None:
    older = read(steady(500, days=180), since=NOW - 183 * DAY)
    group = GroupUsage("g", 9, 4, {day("2026-11-20"): 2.5})
    known = report([]).known._replace(reads=[older], group=group)
    made = report_of(known, 183 * DAY, NOW)
    drawn = [plain(line) for line in chart(made, Mode.DAYS, 80, 10, ascii_only=False)]
    assert "column most of 3 days" in " ".join(drawn[-2:])
    assert len(drawn) == 10
    assert max(map(len, drawn)) <= 80


def test_signs_tell_spikes_usage_abroad_and_what_is_no_number() -> None:
    told = [
        *steady(100)[:-3],
        record("2026-11-18", 900),
        record("2026-11-19", 100, abroad=True),
        record("2026-11-20", "many"),
    ]
    drawn = [plain(line) for line in chart(report(told), Mode.DAYS, 80, 10, ascii_only=False)]
    assert "!A?^" in [line.strip() for line in drawn]
    for meaning in ("! spike", "A abroad", "? no number", "^ so far"):
        assert meaning in " ".join(drawn[-2:])


def test_a_chart_without_room_is_drawn_all_the_same() -> None:
    assert draw(COLUMNS, 0, 5, say)
