"""Whatever happened before, the terminal shows what a fresh frame would show, colours and all.

The gate walks some ways of chance, with ``TSUI_FULL=1`` it is many and long ones. A failure prints
the seed and the steps.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.reliability.cases import FULL
from tests.support.app import launch
from tests.support.tour import TABLE, TOUR, messages, table_for
from tests.support.waiting import until
from tsui.simulator.rules import RESTORE, SUSPENDING
from tsui.simulator.server import Running
from tsui.ui.app import TsuiApp

SEEDS = range(40 if FULL else 3)
STEPS = 150 if FULL else 25

KEYS = (
    *("down", "up", "pagedown", "pageup", "end", "home", "j", "k", "space", "v", "asterisk", "0"),
    *("w", "z", "f", "r", "tab", "shift+tab", "enter", "a", "n", "t"),
    *["escape"] * 12,
)
"""Keys that are pressed at any time; none of them leaves the program."""

SIZES = ((60, 12), (80, 24), (81, 25), (100, 30), (119, 40), (120, 40), (200, 60), (40, 8))

GARBAGE = "#"
"""What a terminal may show after it was resized, until it is told better."""


class Emulator:
    """A terminal."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        """Take what a program writes; the last column is left alone, as the driver asks."""
        self._stream.feed(f"\x1b[?7l{text}")

    def resize(self, width: int, height: int) -> None:
        """Have another size, and nothing on the screen that could be relied on."""
        self.screen.resize(height, width)
        for y in range(height):
            self.feed(f"\x1b[{y + 1};1H\x1b[0;41m{GARBAGE * width}")

    def cells(self) -> list[list[Any]]:
        """Return every character with its colours."""
        screen = self.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


class EmulatorDriver(HeadlessDriver):
    """A driver whose terminal is in this process."""

    emulator: Emulator

    @property
    def is_headless(self) -> bool:
        """Be taken for a real terminal, for which differences are sent."""
        return False

    def write(self, data: str) -> None:
        """Show it at once."""
        self.emulator.feed(data)


class EmulatedApp(TsuiApp):
    """The real app on a terminal in this process."""

    emulator: Emulator

    def _build_driver(
        self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None
    ) -> Driver:
        self._driver = driver = EmulatorDriver(self, mouse=mouse, size=size)
        driver.emulator = self.emulator
        return driver

    def fresh(self) -> list[list[Any]]:
        """Return the cells of a terminal that gets the whole picture, in Textual's own way."""
        compositor = self.screen._compositor
        waiting = set(compositor._dirty_regions)
        update = compositor.render_update(full=True, screen_stack=self._background_screens)
        compositor._dirty_regions.update(waiting)
        assert isinstance(update, LayoutUpdate | ChopsUpdate)
        emulator = Emulator(self.size)
        emulator.feed(update.render_segments(self.console).replace("\n", "\r\n"))
        return emulator.cells()


def difference(ours: list[list[Any]], fresh: list[list[Any]]) -> str:
    """Say where two screens differ; empty where they do not."""
    if [len(line) for line in ours] != [len(line) for line in fresh]:
        return f"{len(ours)} lines against {len(fresh)}"
    return "\n".join(
        f"line {y}:\n  {''.join(cell.data for cell in a)}\n  {''.join(cell.data for cell in b)}"
        for y, (a, b) in enumerate(zip(ours, fresh, strict=True))
        if a != b
    )


class Walk:
    """A way of chance through the program."""

    def __init__(self, app: EmulatedApp, pilot: Pilot[int], simulator: Running, seed: int) -> None:
        self._app = app
        self._pilot = pilot
        self._simulator = simulator
        self._chance = random.Random(seed)
        self.steps: list[str] = []
        """What was done."""

    async def step(self) -> None:
        """Do something and wait until the terminal shows what it should."""
        what = self._chance.choice((self._keys, self._keys, self._keys, self._visit, self._resize,
                                    self._news, self._hurry))  # fmt: skip
        await what()
        await until(self._as_fresh, limit=5.0, what="a screen like a fresh one")

    def _as_fresh(self) -> bool:
        return not self.difference()

    def difference(self) -> str:
        """Say where the terminal differs from a fresh one."""
        return difference(self._app.emulator.cells(), self._app.fresh())

    async def _press(self, *keys: str) -> None:
        self.steps.append(" ".join(keys))
        await self._pilot.press(*keys)

    async def _keys(self) -> None:
        await self._press(*self._chance.choices(KEYS, k=self._chance.randrange(1, 6)))

    async def _visit(self) -> None:
        """Open a screen, but only begin to, if it takes several steps."""
        await self._press("escape", "escape", *self._chance.choice(TOUR)[0].keys)

    async def _resize(self) -> None:
        width, height = self._chance.choice(SIZES)
        self.steps.append(f"{width}x{height}")
        self._app.emulator.resize(width, height)
        await self._pilot.resize_terminal(width, height)

    async def _news(self) -> None:
        """Let devices change at the other end, and look."""
        account = self._simulator.accounts[0]
        fleet = self._simulator.world.fleets[account]
        device = fleet.get(self._chance.randrange(20))
        change = SUSPENDING if device.state == "active" else RESTORE
        self._simulator.world.engine.change_elsewhere(fleet, account, change, device)
        self.steps.append("news")
        self._app.workspace.refresh_fleet()

    async def _hurry(self) -> None:
        """Type on while a screen is being opened, and be resized on the way."""
        await self._resize()
        await self._press("2", "enter", "?", "escape", "o", "escape", "end")


@asynccontextmanager
async def emulated(simulator: Running, folder: Path) -> AsyncIterator[tuple[EmulatedApp, Any]]:
    """Run the app on an emulated terminal, with something on every screen."""
    app = EmulatedApp(launch(simulator, folder))
    app.emulator = Emulator((120, 40))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: app.workspace.read_at is not None, limit=60.0, what="a reading")
        await until(lambda: app.place.as_list().table.total > 0, what="the first rows")
        rows = app.place.as_list().table.shown
        (folder / TABLE).write_text(table_for(row.iccid for row in rows[5:7]))
        await app.workspace.inbox.keep(messages(rows[0].iccid))
        try:
            yield app, pilot
        finally:
            if not app.is_leaving:
                await app.leave()


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all colours: a style remembers its codes, also for a terminal that knows fewer."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_terminal_shows_what_a_fresh_one_would(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.chdir(tmp_path)
    async with emulated(simulator, tmp_path) as (app, pilot):
        walk = Walk(app, pilot, simulator, seed)
        for _ in range(STEPS):
            try:
                await walk.step()
            except AssertionError as error:
                steps = ", ".join(walk.steps[-8:])
                pytest.fail(f"seed {seed}: {error} after {steps}\n{walk.difference()}")


async def test_a_terminal_that_was_small_for_a_moment_is_painted_anew(
    simulator: Running, tmp_path: Path
) -> None:
    async with emulated(simulator, tmp_path) as (app, pilot):
        app.emulator.resize(120, 40)
        await pilot.resize_terminal(120, 40)
        await until(lambda: not difference(app.emulator.cells(), app.fresh()), what="all of it")
