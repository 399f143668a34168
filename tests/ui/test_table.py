"""The list: a window over any number of records, whose cursor belongs to a record."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot

from tests.support.bench import BareApp
from tests.support.waiting import until
from tsui.ui.styles import style
from tsui.ui.widgets.table import WINDOW, Column, Table


class Numbers:
    """Records that are their own keys, in an order of their own."""

    def __init__(self, keys: Iterable[int]) -> None:
        self.keys = list(keys)
        self.read = 0
        """Rows that were handed out."""

    async def count(self) -> int:
        return len(self.keys)

    async def window(self, offset: int, limit: int) -> Sequence[int]:
        rows = self.keys[offset : offset + limit]
        self.read += len(rows)
        return rows

    async def position(self, key: int) -> int | None:
        return self.keys.index(key) if key in self.keys else None


class Endless(Numbers):
    """A hundred million records that nobody holds."""

    TOTAL = 100_000_000

    def __init__(self) -> None:
        super().__init__(())

    async def count(self) -> int:
        return self.TOTAL

    async def window(self, offset: int, limit: int) -> Sequence[int]:
        self.read += limit
        return range(offset, min(self.TOTAL, offset + limit))

    async def position(self, key: int) -> int | None:
        return key if 0 <= key < self.TOTAL else None


COLUMNS: list[Column[int]] = [
    Column("NUMBER", 10, lambda row: (f"n{row}", "text"), 0, order="number"),
    Column("TWICE", 10, lambda row: (f"{2 * row}", "dim"), 2, order="twice"),
    Column("WORDS", 12, lambda row: ("中文字" * (row % 5), "text"), 1, grows=True),
]


class Bench(BareApp):
    """An app that is one table."""

    CSS_PATH = style("app")

    def __init__(self, source: Numbers) -> None:
        super().__init__()
        self.table = Table[int](source, COLUMNS, key=lambda row: row)

    def compose(self) -> ComposeResult:
        yield self.table


@asynccontextmanager
async def bench(
    source: Numbers, size: tuple[int, int] = (60, 11)
) -> AsyncIterator[tuple[Table[int], Pilot[None]]]:
    """Show a table; ten rows of it by default."""
    app = Bench(source)
    async with app.run_test(size=size) as pilot:
        await app.table.reload()
        await pilot.pause()
        yield app.table, pilot


def lines(table: Table[int]) -> list[str]:
    """Return what the table shows, its head first."""
    return [strip.text for strip in table.render_lines(table.size.region)]


def numbers(table: Table[int]) -> list[int]:
    """Return the records that are on the screen."""
    return [int(line[2:].split()[0][1:]) for line in lines(table)[1:] if line.strip()]


def cursor_line(table: Table[int]) -> int:
    """Return the record that the screen shows the cursor on."""
    cursor = table.look("cursor")
    found = [
        strip.text
        for strip in table.render_lines(table.size.region)
        if any(segment.style == cursor for segment in strip)
    ]
    assert len(found) == 1
    return int(found[0][2:].split()[0][1:])


async def test_a_hundred_million_rows_are_held_a_window_at_a_time() -> None:
    source = Endless()
    async with bench(source) as (table, _):
        places = [0, 1, 99_999_999, 50_000_000, 50_000_001, 50_000_009, 7, 99_999_998]
        for place in places:
            await table.move_to(place)
            assert table.cursor_key == cursor_line(table) == place
            assert len(table._rows) <= WINDOW
        assert source.read <= WINDOW * (len(places) + 2)


async def test_a_step_within_the_window_reads_nothing() -> None:
    source = Endless()
    async with bench(source) as (table, _):
        before = source.read
        for _ in range(WINDOW // 3):
            await table.move_by(1)
        assert source.read == before


async def test_the_cursor_stays_on_its_record_when_rows_are_put_before_it() -> None:
    source = Numbers(range(100, 200))
    async with bench(source) as (table, _):
        await table.move_to(4)
        shown = lines(table).index(next(line for line in lines(table) if "n104" in line))
        source.keys[0:0] = range(50)
        await table.reload()
        assert table.cursor_key == cursor_line(table) == 104
        assert table.cursor == 54
        assert "n104" in lines(table)[shown], "the cursor's row stays where it was on the screen"


async def test_the_cursor_stays_on_its_record_when_the_rows_are_turned_round() -> None:
    source = Numbers(range(500))
    async with bench(source) as (table, _):
        await table.move_to(3)
        await table.use(Numbers(reversed(range(500))))
        assert table.cursor_key == cursor_line(table) == 3
        assert table.cursor == 496


async def test_without_its_record_the_cursor_stays_at_its_place() -> None:
    source = Numbers(range(100))
    async with bench(source) as (table, _):
        await table.move_to(40)
        source.keys.remove(40)
        await table.reload()
        assert table.cursor_key == cursor_line(table) == 41


async def test_a_table_that_shrinks_under_the_cursor_ends_at_its_last_row() -> None:
    source = Numbers(range(1000))
    async with bench(source) as (table, _):
        await table.move_to(999)
        del source.keys[5:]
        await table.reload()
        assert table.total == 5
        assert table.cursor_key == cursor_line(table) == 4
        assert numbers(table) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("place", [0, 300, 999])
async def test_moving_over_rows_that_are_gone_finds_those_that_are_left(place: int) -> None:
    source = Numbers(range(1000))
    async with bench(source) as (table, _):
        await table.move_to(500)
        del source.keys[20:]
        await table.move_to(place)
        assert table.cursor_key is not None
        assert table.cursor_key == cursor_line(table) == min(place, 19)


async def test_a_table_that_was_emptied_says_so_and_fills_again() -> None:
    source = Numbers(range(30))
    async with bench(source) as (table, _):
        table.show_empty([[("nothing is here", "text")]])
        assert "nothing is here" not in "".join(lines(table))
        await table.move_to(12)
        source.keys.clear()
        await table.move_by(1)
        await table.reload()
        assert "nothing is here" in "".join(lines(table))
        assert table.current is None
        assert table.cursor_key is None
        for step in (1, -1, 100, -100):
            await table.move_by(step)
        table.toggle_mark()
        assert not table.marks
        source.keys = [7, 8]
        await table.reload()
        assert table.cursor_key == cursor_line(table) == 7


async def test_an_empty_table_with_new_words_shows_them() -> None:
    async with bench(Numbers(())) as (table, _):
        for words in ("reading", "nothing", ""):
            table.show_empty([[(words, "text")]])
            assert lines(table)[2].strip() == words


async def test_pages_stop_at_both_ends() -> None:
    async with bench(Numbers(range(35))) as (table, _):
        await table.move_by(-table.height)
        assert table.cursor_key == 0
        seen: list[int] = []
        for _ in range(6):
            seen += numbers(table)
            await table.move_by(table.height)
            assert table.cursor_key == cursor_line(table)
        assert sorted(set(seen)) == list(range(35)), "paging skips no row"
        assert table.cursor_key == 34
        assert numbers(table)[-1] == 34
        for _ in range(6):
            await table.move_by(-table.height)
        assert table.cursor_key == 0
        assert numbers(table)[0] == 0


async def test_the_screen_is_full_wherever_the_cursor_is() -> None:
    async with bench(Numbers(range(35))) as (table, _):
        for place in [*range(35), *reversed(range(35)), 0, 34, 1, 33]:
            await table.move_to(place)
            assert len(numbers(table)) == table.height
            assert cursor_line(table) == place


async def test_marks_belong_to_records() -> None:
    source = Numbers(range(100))
    async with bench(source) as (table, _):
        for place in (2, 5):
            await table.move_to(place)
            table.toggle_mark()
        await table.use(Numbers(reversed(range(8))))
        marked = {line[2:].split()[0] for line in lines(table)[1:] if line.startswith("*")}
        assert marked == {"n2", "n5"}
        await table.find(5)
        table.toggle_mark()
        assert set(table.marks) == {2}
        table.set_marks(set())
        assert not any(line.startswith("*") for line in lines(table))


async def test_a_mark_outlives_a_view_without_its_record() -> None:
    async with bench(Numbers(range(10))) as (table, _):
        table.toggle_mark()
        await table.use(Numbers([5, 6]))
        assert set(table.marks) == {0}
        await table.use(Numbers(range(10)))
        assert [line[:4].split()[0] for line in lines(table) if line.startswith("*")] == ["*"]


async def test_a_range_may_be_marked_in_both_directions() -> None:
    async with bench(Numbers(range(0, 2000, 2))) as (table, _):
        await table.move_to(10)
        assert await table.span_to(14) == (7, 4)
        assert await table.span_to(24) == (10, 3)
        assert await table.span_to(20) == (10, 1)
        assert await table.span_to(15) is None


async def test_a_record_can_be_found_and_a_strange_one_cannot() -> None:
    async with bench(Numbers(range(1000))) as (table, _):
        assert await table.find(777)
        assert cursor_line(table) == 777
        assert not await table.find(1000)
        assert cursor_line(table) == 777


async def test_another_source_from_its_beginning() -> None:
    async with bench(Numbers(range(1000))) as (table, _):
        await table.move_to(500)
        await table.use(Numbers(range(400, 600)), keep=False)
        assert table.cursor_key == cursor_line(table) == 400


async def test_the_order_is_shown_at_its_column() -> None:
    async with bench(Numbers(range(3))) as (table, _):
        for order, turned, sign in (("number", False, "NUMBER ↑"), ("twice", True, "TWICE ↓")):
            table.sorted_by = (order, turned)
            table.show_columns(COLUMNS)
            assert sign in lines(table)[0]
            assert sum(arrow in lines(table)[0] for arrow in "↑↓") == 1


@pytest.mark.parametrize("squeeze", [False, True])
async def test_no_line_is_wider_or_narrower_than_the_screen(squeeze: bool) -> None:
    async with bench(Numbers(range(50)), size=(60, 8)) as (table, pilot):
        table.squeeze = squeeze
        for width in (1, 2, 3, 5, 13, 14, 26, 27, 41, 200):
            await pilot.resize_terminal(width, 8)
            await until(lambda width=width: table.size.width == width, what="the width")
            table.show_columns(COLUMNS)
            assert [cell_len(line) for line in lines(table)] == [width] * 8


async def test_a_narrow_screen_gives_up_columns_by_rank_and_a_wide_one_gets_them_back() -> None:
    async with bench(Numbers(range(50)), size=(60, 8)) as (table, pilot):
        for width, heads in (
            (60, ["NUMBER", "TWICE", "WORDS"]),
            (28, ["NUMBER", "WORDS"]),
            (16, ["NUMBER"]),
            (60, ["NUMBER", "TWICE", "WORDS"]),
        ):
            await pilot.resize_terminal(width, 8)
            await until(lambda heads=heads: lines(table)[0].split() == heads, what=str(heads))


async def test_a_cut_value_says_so_and_never_splits_a_wide_character() -> None:
    source = Numbers([10_000_000_000, 4])
    async with bench(source, size=(28, 8)) as (table, _):
        assert lines(table)[1].startswith("  n10000000…")
        assert lines(table)[2].endswith("  中文字中文字 …")


async def test_the_cursor_stays_in_sight_when_the_terminal_changes() -> None:
    async with bench(Numbers(range(500)), size=(60, 40)) as (table, pilot):
        await table.move_to(30)
        for rows in (8, 3, 2, 25, 40):
            await pilot.resize_terminal(60, rows)
            await until(lambda rows=rows: table.size.height == rows, what="the size")
            await until(lambda: "n30 " in "\n".join(lines(table)[1:]), what="the cursor")
            assert table.cursor_key == cursor_line(table) == 30


async def test_a_reload_that_is_cancelled_changes_nothing() -> None:
    source = Numbers(range(100))
    async with bench(source) as (table, _):
        await table.move_to(10)
        before = lines(table)
        held = asyncio.Event()
        original = source.window

        async def slow(offset: int, limit: int) -> Sequence[int]:
            await held.wait()
            return await original(offset, limit)

        source.window = slow  # type: ignore[method-assign]
        source.keys = list(range(1000, 1100))
        task = asyncio.create_task(table.reload())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert lines(table) == before
        assert table.cursor_key == 10
        source.window = original  # type: ignore[method-assign]
        await table.reload()
        assert cursor_line(table) == 1010


async def test_only_lines_that_changed_are_painted_again() -> None:
    async with bench(Numbers(range(100))) as (table, _):
        before = list(table._strips)
        await table.reload()
        assert all(a is b for a, b in zip(before, table._strips, strict=True))
        await table.move_by(1)
        changed = [a is not b for a, b in zip(before, table._strips, strict=True)]
        assert sum(changed) == 2, "the cursor's old and new row"


Step = tuple[str, int]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-300, 300)),
        st.tuples(st.just("go"), st.integers(-5, 400)),
        st.tuples(st.just("find"), st.integers(0, 300)),
        st.tuples(st.just("mark"), st.just(0)),
        st.tuples(st.just("insert"), st.integers(0, 300)),
        st.tuples(st.just("remove"), st.integers(0, 300)),
        st.tuples(st.just("cut"), st.integers(0, 300)),
        st.tuples(st.just("turn"), st.just(0)),
    ),
    max_size=30,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.integers(0, 300), unique=True, max_size=300), STEPS)
def test_whatever_happens_the_cursor_is_on_the_record_it_says(
    keys: list[int], steps: list[Step]
) -> None:
    asyncio.run(_walk(keys, steps))


async def _walk(keys: list[int], steps: list[Step]) -> None:
    source = Numbers(keys)
    async with bench(source, size=(40, 9)) as (table, _):
        for name, number in steps:
            before = table.cursor_key
            await _do(source, table, name, number)
            assert table.total == len(source.keys)
            if name in ("insert", "remove", "cut", "turn") and before in source.keys:
                assert table.cursor_key == before
            if source.keys:
                assert source.keys[table.cursor] == table.cursor_key == cursor_line(table)
                assert len(numbers(table)) == min(table.height, table.total)
            else:
                assert table.cursor_key is None


async def _do(source: Numbers, table: Table[int], name: str, number: int) -> None:
    if name == "move":
        await table.move_by(number)
    elif name == "go":
        await table.move_to(number)
    elif name == "find":
        assert await table.find(number) == (number in source.keys)
    elif name == "mark":
        table.toggle_mark()
    else:
        if name == "insert" and number not in source.keys:
            source.keys.insert(number % (len(source.keys) + 1), number)
        elif name == "remove" and number in source.keys:
            source.keys.remove(number)
        elif name == "cut":
            del source.keys[number:]
        elif name == "turn":
            source.keys.reverse()
        await table.reload()
