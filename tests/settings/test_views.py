"""Saved views in the settings: what they say, what a mistake says, what an edit leaves alone."""

from pathlib import Path

import pytest

from tsui.settings import SettingsError, View, load, save_view
from tsui.settings.view import COLUMNS, SortName

from .cases import FULL, VIEWS, write

TRUCKS = View("state:suspend group:trucks", ("iccid", "Custom 1:30", "plan:fit"), "last seen", True)


def test_a_view_says_filter_columns_and_order(tmp_path: Path) -> None:
    settings = load(write(tmp_path, FULL + VIEWS))
    assert settings.views == {"Sick trucks": TRUCKS, "all": View()}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[views.a]\nsort = 'plann'", 2, 'did you mean "plan"?'),
        ("[views.a]\nsort = 'eid'", 2, "must be one of"),
        ("[views.a]\n\ncolumns = ['plan', 'stat']", 3, 'did you mean "state"?'),
        ("[views.a]\ncolumns = ['zzz']", 2, "known here: iccid, state"),
        ("[views.a]\ncolumns = ['plan:x']", 2, "a width is fit or a number from 1 to 120"),
        ("[views.a]\ncolumns = 'plan'", 2, "a list of texts"),
        ("[views.a]\nfiltre = ''", 2, 'did you mean "filter"?'),
        ("[views.a]\nfilter = 7", 2, "text in quotes"),
        ("[views.a]\ndescending = 1", 2, "true or false"),
        ("[views.'']\n", 1, "is no name for a view"),
        (f"[views.{'x' * 31}]\n", 1, "is no name for a view"),
        ('[views."a\\u001bb"]\n', 1, "is no name for a view"),
        ("views = 1", 1, "[views.trucks]"),
    ],
)
def test_a_mistake_names_the_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, text))
    assert caught.value.line == line
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["", FULL, VIEWS, FULL + VIEWS, "views = { a = { sort = 'ip' } }"])
def test_a_saved_view_comes_back_and_all_else_stays(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    before = load(path)
    view = View("last>7d", ("plan", "state:12"), "plan")
    save_view(path, "Sick trucks", view)
    after = load(path)
    assert after.views == {**before.views, "Sick trucks": view}
    assert after._replace(views={}) == before._replace(views={})


def test_an_edit_keeps_comments(tmp_path: Path) -> None:
    path = write(tmp_path, VIEWS)
    save_view(path, "Sick trucks", TRUCKS._replace(descending=False))
    assert path.read_text() == VIEWS.replace("descending = true\n", "")


def test_the_names_of_columns_are_those_of_the_list() -> None:
    assert set(SortName.__args__) - {""} <= set(COLUMNS)  # type: ignore[attr-defined]
