"""The pane: lines that scroll, and never out of sight."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot

from tests.support.bench import BareApp
from tests.support.waiting import until
from tsui.ui.painted import Line
from tsui.ui.styles import style
from tsui.ui.widgets.pane import Pane


class Bench(BareApp):
    """An app that is one pane."""

    CSS_PATH = style("app")

    def __init__(self) -> None:
        super().__init__()
        self.pane = Pane()

    def compose(self) -> ComposeResult:
        yield self.pane


@asynccontextmanager
async def bench() -> AsyncIterator[tuple[Pane, Pilot[None]]]:
    app = Bench()
    async with app.run_test(size=(20, 5)) as pilot:
        yield app.pane, pilot


def numbered(count: int) -> Sequence[Line]:
    return [[(f"line {number}", "text")] for number in range(count)]


def shown(pane: Pane) -> list[str]:
    return [strip.text.strip() for strip in pane.render_lines(pane.size.region)]


async def test_it_shows_as_many_lines_as_it_has_room_for() -> None:
    async with bench() as (pane, _):
        pane.show(numbered(3))
        assert shown(pane) == ["line 0", "line 1", "line 2", "", ""]
        assert not pane.is_cut
        pane.show(numbered(30))
        assert shown(pane) == [f"line {number}" for number in range(5)]
        assert pane.is_cut


async def test_it_scrolls_to_both_ends_and_no_further() -> None:
    async with bench() as (pane, _):
        pane.show(numbered(12))
        await pane.move_by(pane.height)
        assert shown(pane)[0] == "line 5"
        for _ in range(3):
            await pane.move_by(pane.height)
        assert shown(pane) == [f"line {number}" for number in range(7, 12)]
        await pane.move_by(-100)
        assert shown(pane)[0] == "line 0"
        await pane.move_to(pane.total - 1)
        assert shown(pane)[-1] == "line 11"
        await pane.move_to(0)
        assert shown(pane)[0] == "line 0"


async def test_new_lines_leave_the_place_where_it_is() -> None:
    async with bench() as (pane, _):
        pane.show(numbered(20))
        await pane.move_to(8)
        pane.show(numbered(40))
        assert shown(pane)[0] == "line 8"


async def test_fewer_lines_are_shown_from_where_there_are_some() -> None:
    async with bench() as (pane, _):
        pane.show(numbered(40))
        await pane.move_to(30)
        pane.show(numbered(7))
        assert shown(pane) == [f"line {number}" for number in range(2, 7)]
        pane.show([])
        assert shown(pane) == [""] * 5
        await pane.move_by(3)
        assert shown(pane) == [""] * 5


async def test_a_line_is_brought_into_sight_with_as_little_scrolling_as_it_takes() -> None:
    async with bench() as (pane, _):
        pane.show(numbered(40))
        pane.scroll_to_line(3)
        assert shown(pane)[0] == "line 0"
        pane.scroll_to_line(10)
        assert shown(pane)[-1] == "line 10"
        pane.scroll_to_line(8)
        assert shown(pane)[-1] == "line 10"
        pane.scroll_to_line(2)
        assert shown(pane)[0] == "line 2"


async def test_a_larger_terminal_shows_more_and_a_smaller_one_less() -> None:
    async with bench() as (pane, pilot):
        pane.show(numbered(12))
        await pane.move_to(11)
        for rows in (9, 3, 20):
            await pilot.resize_terminal(20, rows)
            await until(lambda rows=rows: len(shown(pane)) == rows, what="the size")
            lines = [line for line in shown(pane) if line]
            assert lines[-1] == "line 11" or len(lines) == rows
            assert len(lines) == min(rows, 12)


async def test_a_line_that_is_too_long_is_cut_at_the_edge() -> None:
    async with bench() as (pane, _):
        pane.show([[("0123456789" * 3, "text")], [("中文字" * 6 + "x", "text")]])
        strips = pane.render_lines(pane.size.region)
        assert strips[0].text == "0123456789" * 2
        assert all(cell_len(strip.text) == 20 for strip in strips)
