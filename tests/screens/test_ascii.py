"""In ASCII mode every screen is drawn in ASCII, and says the same in the same cells."""

from collections import Counter
from pathlib import Path

import pytest
from textual.strip import Strip
from textual.widget import Widget

from tests.reliability.test_leaks import touring
from tests.support.frames import strips
from tests.support.tour import TOUR
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.ui.app import TsuiApp
from tsui.ui.painted import Painted


def drawn(app: TsuiApp, *, only_ascii: bool) -> list[Strip]:
    """Return the lines of the screen in front, drawn anew."""
    app.only_ascii.enabled = only_ascii
    for widget in app.screen.query(Widget):
        if isinstance(widget, Painted):
            widget.repaint()
        widget._styles_cache.clear()
    app.screen._styles_cache.clear()
    return strips(app)


def question_marks(lines: list[Strip]) -> int:
    return Counter("".join(each.text for each in lines))["?"]


@pytest.mark.timeout(180)
async def test_every_screen_of_the_tour_is_drawn_in_ascii(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong: list[tuple[str, str]] = []
    async with touring(simulator, tmp_path, Settings(ascii=True)) as tourist:
        for stop in TOUR:
            async for app in tourist.stations(stop):
                as_it_is = strips(app)
                free, plain = drawn(app, only_ascii=False), drawn(app, only_ascii=True)
                name = type(app.screen).__name__
                wrong += [
                    (name, each.text) for each in (*as_it_is, *plain) if not each.text.isascii()
                ]
                if [each.cell_length for each in free] != [each.cell_length for each in plain]:
                    wrong.append((name, "other widths"))
                if question_marks(plain) > question_marks(free):
                    wrong += [(name, each.text) for each in plain if "?" in each.text]
    assert wrong == []
