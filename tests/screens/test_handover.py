"""The handover on the screen: told, copied, written into a file, and of the shift before."""

import stat
from pathlib import Path

import pytest

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.screens.handover import HandoverScreen


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_is_told_copied_and_written(
    simulator: Running, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        sent: list[str] = []
        monkeypatch.setattr(app, "tell_terminal", sent.append)
        await pilot.press("9")
        await until(lambda: "NOT SEEN" in shown(app), what="the handover")
        assert "ThingSpace was not read" in shown(app), "nobody was there before"
        await pilot.press("y")
        await until(lambda: "Copied the handover" in flash(app), what="the copy")
        assert sent
        await pilot.press("x")
        await until(lambda: "Wrote the handover" in flash(app), what="the file")
        (file,) = tmp_path.glob("tsui-handover-*.txt")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text()
        assert text.startswith("HANDOVER since ")
        assert max(map(len, text.splitlines())) <= 72


async def test_shifts_before_and_after_are_told(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("colon", *"handover 0900", "enter")
        await until(lambda: "no time" in flash(app), what="why it is not shown")
        await pilot.press("9")
        await until(lambda: "NOT SEEN" in shown(app), what="the handover")
        screen = app.place.as_a(HandoverScreen)
        now = screen._since
        await pilot.press("left_square_bracket")
        await until(lambda: screen._since < now, what="the shift before")
        before = screen._since
        await pilot.press("right_square_bracket")
        await until(lambda: screen._since > before, what="the shift after")
        assert screen._since == now
        for _ in range(3):
            await pilot.press("right_square_bracket")
        await until(lambda: "has not begun" in flash(app), what="the end")
