"""Columns are chosen by the one who looks, and remembered."""

from pathlib import Path

import pytest

from tests.screens.test_keeping import Fleet, alone
from tests.support.app import shown
from tests.support.waiting import until
from tsui.ui.app import TsuiApp
from tsui.ui.commands.catalog import commands_of
from tsui.ui.screens.columns import ChooseColumns


def head(app: TsuiApp) -> list[str]:
    """Return the heads of the columns that are shown."""
    return [column.title for column, _ in app.place.as_list().table._shown]


async def test_columns_are_hidden_moved_and_remembered(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        assert head(app)[:3] == ["ICCID", "STATE", "LAST SEEN"]
        await pilot.press("c", "j", "d", "j", "j", "space", "enter")
        await until(lambda: head(app)[:2] == ["ICCID", "LAST SEEN"], what="the new order")
        assert "CUSTOM 1" not in head(app)
    async with alone(tmp_path) as (app, pilot):
        await until(lambda: head(app)[:2] == ["ICCID", "LAST SEEN"], what="what was remembered")
        await pilot.press("c", "r", "enter")
        await until(lambda: head(app)[1] == "STATE", what="the columns as they come")


async def test_escape_leaves_the_columns_as_they_were(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        before = head(app)
        await pilot.press("c", "space", "j", "space", "escape")
        assert head(app) == before
        assert not isinstance(app.screen, ChooseColumns)


async def test_a_list_keeps_at_least_one_column(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        await pilot.press("c")
        assert isinstance(app.screen, ChooseColumns)
        shown_ones = len(app.screen._order) - len(app.screen._hidden)
        await pilot.press(*["space", "j"] * shown_ones, "enter")
        assert "A list needs a column" in shown(app)


async def test_columns_that_are_not_shown_by_themselves_can_be(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        await pilot.press("c")
        assert isinstance(app.screen, ChooseColumns)
        place = [each.name for each in app.screen._order].index("added")
        await pilot.press(*["j"] * place, "space", *["u"] * place, "enter")
        await until(lambda: head(app)[0] == "ADDED", what="the column")


@pytest.mark.parametrize(("key", "width"), [("f", 20), ("right", 21), ("left", 19)])
async def test_a_width_is_fixed_or_fits_what_is_shown(tmp_path: Path, key: str, width: int) -> None:
    async with alone(tmp_path) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        table = app.place.as_list().table
        table._shown = [(column, 5) for column, _ in table._shown]
        await pilot.press("c", key, "enter")
        await until(lambda: table._shown[0][1] == width, what="the width")


async def test_wide_mode_squeezes_the_chosen_columns(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        await Fleet(app, pilot).read(dict.fromkeys(range(20), "active"))
        await pilot.press("c", "j", "space", "enter", "w")
        assert "STATE" not in head(app)
        assert "MDN" not in head(app), "chosen columns stay the chosen ones"
        await pilot.press("w")
        assert "STATE" not in head(app)


async def test_every_list_with_several_columns_lets_choose_them(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        for key in "234567bl":
            await pilot.press(key)
            names = {type(each).__name__ for each in commands_of(app.place)}
            assert {"Columns", "Wide"} <= names, key
