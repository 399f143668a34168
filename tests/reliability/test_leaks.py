"""Nothing is left behind by a screen: neither the screen, nor what it began, nor what it drew."""

import gc
import inspect
import pkgutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.app import dashboard, launch
from tests.support.counting import Held, fill_thread_pool, forget_stopped_timers, objects
from tests.support.tour import TABLE, TOUR, Stop, messages, table_for
from tests.support.waiting import until
from tsui.credentials.callback import made_callback_keys
from tsui.settings import Settings
from tsui.simulator.server import Running
from tsui.ui import screens
from tsui.ui.app import TsuiApp

ROUNDS = 2
"""Times that every stop is opened while it is counted."""

NOISE = 40
"""Objects an opening may leave in bounded memories, e.g. of parsed styles; a screen has 2,000."""

CONNECTIONS = 2 * 4
"""Both ends of what the client may keep open to the simulator."""

BASES = {
    "Place",
    "ListPlace",
    "Filtered",
    "EntriesPlace",
    "AreaScreen",
    "PagedScreen",
    "Dialog",
    "NotedDialog",
}
"""Screens that only others are made of."""

LIKE_OTHERS = {"ConfirmListener", "ConfirmLater"}
"""Screens that add words to one of the tour."""

ONCE = {"NewPassword", "MonitorScreen", "LocationReportScreen", "PagedScreen"}
"""Screens of what only a change or a later answer brings; the tour does not wait for those."""


def screen_names() -> Iterator[str]:
    """Yield the names of all screens there are."""
    for module in pkgutil.iter_modules(screens.__path__):
        for name, kind in vars(import_module(f"{screens.__name__}.{module.name}")).items():
            if inspect.isclass(kind) and issubclass(kind, Screen) and kind.__module__[:4] == "tsui":
                yield name


def test_the_tour_leads_to_every_screen() -> None:
    shown = {step.screen for stop in TOUR for step in stop}
    assert set(screen_names()) - BASES - LIKE_OTHERS - ONCE <= shown


class Tourist:
    """Opens the stops of the tour and comes back."""

    def __init__(self, app: TsuiApp, pilot: Pilot[int]) -> None:
        self._app = app
        self._pilot = pilot

    async def visit(self, stop: Stop) -> None:
        """Open a stop and come back to the list of devices."""
        async for _ in self.stations(stop):
            pass

    async def stations(self, stop: Stop) -> AsyncIterator[TsuiApp]:
        """Open a stop, yield the app at each of its screens, and come back."""
        for step in stop:
            await self._pilot.press(*step.keys)
            await until(lambda step=step: self.screen == step.screen, what=str(step))
            yield self._app
        while len(self._app.screen_stack) > 1 or self._app.place.prompt_sign:
            await self._pilot.press("escape")
        if self._app.current_mode != "devices":
            await self._pilot.press("2")
        assert self.screen == "DevicesScreen"

    @property
    def screen(self) -> str:
        """The name of the screen in front."""
        return type(self._app.screen).__name__


@asynccontextmanager
async def touring(
    simulator: Running, folder: Path, settings: Settings | None = None
) -> AsyncIterator[Tourist]:
    """Run the app with all that the tour needs."""
    begun = launch(simulator, folder, settings=settings)
    name = begun.environment("", begun.profile).folder_name
    made_callback_keys(name, begun.profiles.credentials_folder, {})
    async with dashboard(begun) as (app, pilot):
        rows = app.place.as_list().table.shown
        (folder / TABLE).write_text(table_for(row.iccid for row in rows[5:7]))
        await app.workspace.inbox.keep(messages(rows[0].iccid))
        await pilot.press("S", "y")
        await until(lambda: not app.workspace.is_sending, what="the change sent")
        desk = app.workspace.desks.notices

        async def noticed() -> bool:
            return await desk.count(desk.query()) > 0

        await until(noticed, what="the notice of the message")
        yield Tourist(app, pilot)


@pytest.mark.timeout(400)
async def test_screens_leave_nothing_behind(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with touring(simulator, tmp_path) as tourist:
        for stop in TOUR:
            await tourist.visit(stop)
        await fill_thread_pool()
        held, before = Held.now(), objects()
        for stop in TOUR * ROUNDS:
            await tourist.visit(stop)
        left: Counter[str] = Counter()

        async def as_before() -> bool:
            nonlocal left
            await forget_stopped_timers()
            left = objects()
            left.subtract(before)
            return not any(screens_of(left)) and left.total() < NOISE * ROUNDS * len(TOUR)

        try:
            await until(as_before, limit=20.0, what="the end of what screens made")
        except AssertionError as error:
            raise AssertionError(f"{error}: {left.most_common(12)}") from None
        after = Held.now()
        assert after.tasks <= held.tasks
        assert after.threads <= held.threads
        assert after.files <= held.files + CONNECTIONS


def screens_of(left: Counter[str]) -> Iterator[str]:
    """Yield the screens that are kept each time they were opened.

    A connection keeps the one that was in front when it was made.
    """
    for name, number in left.items():
        if name.startswith(screens.__name__) and number >= ROUNDS:
            yield name


async def test_signing_in_again_freezes_nothing_more(simulator: Running, tmp_path: Path) -> None:
    start = launch(simulator, tmp_path)
    async with dashboard(start) as (app, _):
        assert start.prepare is not None
        frozen = gc.get_freeze_count()
        assert frozen
        await app.connection.sign_in(start.profile, "", (await start.prepare())[1])
        assert gc.get_freeze_count() <= frozen, "a login screen in front would never be freed"
