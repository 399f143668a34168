"""Whatever happens to the fleet, cursor and marks stay with their devices."""

import asyncio
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.store.cases import record
from tests.support.app import dashboard, shown
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles
from tsui.service.signin import Attempt
from tsui.service.views import DeviceQuery, DeviceRow
from tsui.settings import Profile, Settings
from tsui.store.device import DeviceRecord
from tsui.store.store import Store
from tsui.ui.app import TsuiApp
from tsui.ui.screens.devices import DevicesScreen

ACCOUNT = "0742000123-00001"
STATES = ("active", "suspend", "deactive")
FILTERS = ("", "active", "suspend", "00003", "nothing has this")


def offline(folder: Path) -> Launch:
    """Return a launch that shows what is remembered and waits for an answer."""

    async def prepare() -> tuple[Profile, Attempt]:
        await asyncio.Event().wait()
        raise AssertionError

    return Launch(
        profiles=Profiles(Settings(), folder / "settings.toml", folder / "credentials"),
        profile_name="",
        profile=Profile(environment="simulator", url="http://127.0.0.1:1", account=ACCOUNT),
        data_folder=folder,
        clock=SystemClock(),
        log_file=folder / "tsui.log",
        prepare=prepare,
    )


class Fleet:
    """The fleet as it ought to be, and the dashboard that shows it."""

    def __init__(self, app: TsuiApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot
        self.states: dict[int, str] = {}
        self.marks: set[str] = set()
        """Keys of the devices that were marked and are still there."""
        self._run = 0

    @property
    def store(self) -> Store:
        return self.app.workspace._store

    @property
    def screen(self) -> DevicesScreen:
        place = self.app.place
        assert isinstance(place, DevicesScreen)
        return place

    @property
    def cursor(self) -> str | None:
        row = self.screen.table.current
        assert row is None or isinstance(row, DeviceRow)
        return None if row is None else row.key

    async def read(self, states: dict[int, str]) -> None:
        """Let a sync read this fleet, and wait until the list shows it."""
        self.states, self._run = states, self._run + 1
        records = self.records(states)
        devices = self.store.devices
        await devices.put(ACCOUNT, records, read_at=1.0, run=self._run)
        await devices.drop_unseen(ACCOUNT, self._run)
        self.marks &= {each.key for each in records}
        await until(lambda: self.screen.catching_up.is_done, what="quiet")

    @staticmethod
    def records(states: dict[int, str]) -> list[DeviceRecord]:
        """Return devices as a sync hands them in."""
        return [record(number, state=state) for number, state in states.items()]

    async def rows(self) -> list[DeviceRow]:
        return await self.store.devices.window(self.screen._query, 0, 1000)

    async def do(self, name: str, number: int) -> None:
        before, screen = self.cursor, self.screen
        if name == "read":
            await self.read(changed(self.states, number))
        elif name == "sort":
            await screen._sort_chosen(list(ORDERS)[number % len(ORDERS)])
        elif name == "filter":
            await screen.set_filter(FILTERS[number % len(FILTERS)])
        elif name == "move":
            await screen.table.move_by(number % 40 - 20)
        elif name == "mark":
            await self.pilot.press("space")
            self.marks ^= {before} if before else set()
        elif name == "mark all":
            await self.pilot.press("asterisk")
            self.marks |= {row.key for row in await self.rows()}
        else:
            await self.pilot.press("0")
            self.marks = set()
        if name in ("read", "sort") and before in {row.key for row in await self.rows()}:
            assert self.cursor == before
        await self.check()

    async def check(self) -> None:
        """Compare what is shown with what ought to be."""
        table, rows = self.screen.table, await self.rows()
        every = await self.store.devices.window(DeviceQuery(ACCOUNT), 0, 1000)
        assert {row.key for row in every if row.id in table.marks} == self.marks
        assert len(table.marks) == len(self.marks), "no mark of a device that is gone"
        assert table.total == len(rows)
        if rows:
            assert rows[table.cursor].key == self.cursor
        hidden = self.marks - {row.key for row in rows}
        assert await self.screen.hidden_marks() == len(hidden)
        painted = [strip.text for strip in table.render_lines(table.size.region)][1:]
        starred = {line[2:22] for line in painted if line.startswith("*")}
        seen = {line[2:22] for line in painted if line[2:6] == "8914"}
        assert starred == {each for each in seen if f"iccid:{each}" in self.marks}


ORDERS = ("iccid", "state", "created", "imei")

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "read", "sort", "filter", "move", "mark", "mark all", "clear"]),
        st.integers(0, 10_000),
    ),
    min_size=10,
    max_size=30,
)


def changed(states: dict[int, str], number: int) -> dict[int, str]:
    """Return a fleet some of whose devices are gone, new or in another state."""
    fleet = dict(states)
    for each in range(number % 7):
        fleet.pop((number * 31 + each * 17) % 60, None)
        fleet[(number * 13 + each * 29) % 60] = STATES[(number + each) % len(STATES)]
    return fleet


@settings(
    max_examples=5,
    deadline=None,
    # An example takes seconds, and so would each of the hundreds that shrinking tries.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(STEPS)
def test_cursor_and_marks_stay_with_their_devices(steps: list[tuple[str, int]]) -> None:
    async def walk() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with alone(Path(folder)) as (app, pilot):
                fleet = Fleet(app, pilot)
                await fleet.read({number: STATES[number % 3] for number in range(0, 60, 2)})
                for name, number in steps:
                    await fleet.do(name, number)

    asyncio.run(walk())


def alone(folder: Path) -> AbstractAsyncContextManager[tuple[TsuiApp, Pilot[int]]]:
    """Show what is remembered, with nobody at the other end."""
    return dashboard(offline(folder), size=(80, 24), synced=False)


async def test_a_device_that_comes_later_is_not_marked(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        fleet = Fleet(app, pilot)
        await fleet.read(dict.fromkeys(range(20), "active"))
        await fleet.do("mark all", 0)
        await fleet.read(dict.fromkeys(range(40), "active"))
        assert len(fleet.marks) == 20
        await fleet.check()


async def test_a_mark_leaves_with_its_device_and_is_told(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        fleet = Fleet(app, pilot)
        await fleet.read(dict.fromkeys(range(20), "active"))
        await fleet.do("mark all", 0)
        await fleet.read(dict.fromkeys(range(5, 20), "active"))
        assert "5 marked devices left the account" in shown(app)
        assert "15 marked" in shown(app)


async def test_marks_survive_the_sign_in(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        fleet = Fleet(app, pilot)
        await fleet.read(dict.fromkeys(range(20), "active"))
        await fleet.do("mark", 0)
        await fleet.do("filter", 3)
        await app.workspace_changed()
        await fleet.check()
        assert f"/{FILTERS[3]}" in shown(app)
