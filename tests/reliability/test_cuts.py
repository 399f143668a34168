"""Connections that break at every byte of a change: never twice, never lost, never a guess.

The gate breaks at every 16th byte, with ``TSUI_FULL=1`` it is every one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.reliability.cases import FULL, being_sent, executed, taken
from tests.service.cases import changes, rows, submit, until_over, workspace
from tests.service.operators import perform
from tests.support.proxy import End, Exchange, Proxy, Trouble, proxy
from tests.support.waiting import until
from tsui.service.kinds import CHANGE_PLAN
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.thingspace.provisioning import SuspendDevices

STEP = 1 if FULL else 16

PROVEN = (ChangeState.SUCCEEDED, ChangeState.INFERRED)

pytestmark = pytest.mark.timeout(3600 if FULL else 120)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=4000 if FULL else 400, delay=0.05)


async def suspend(made: Workspace, device: DeviceRow) -> None:
    await submit(made, [device])
    await made.finish_sending()


async def change_plan(made: Workspace, device: DeviceRow) -> None:
    await submit(made, [device], CHANGE_PLAN, service_plan="M2M5MB")
    await made.finish_sending()


async def send_text(made: Workspace, device: DeviceRow) -> None:
    to = [{"id": device.iccid, "kind": "iccid"}]
    await perform(made, "SendSms", deviceIds=to, smsMessage="reboot")


@dataclass(frozen=True)
class Kind:
    """A change and what shows it."""

    path: str
    action: str
    do: Callable[[Workspace, DeviceRow], Awaitable[None]]
    read_back: bool = True
    """Whether a read can show what became of it."""


SUSPENDING = Kind("/devices/actions/suspend", "suspend", suspend)
PLANNING = Kind("/devices/actions/plan", "changeServicePlan", change_plan)
TEXTING = Kind("/sms", "sendSms", send_text, read_back=False)
KINDS = [
    pytest.param(SUSPENDING, id="suspend"),
    pytest.param(PLANNING, id="plan"),
    pytest.param(TEXTING, id="sms"),
]


class Cuts:
    """One kind of change, made to device after device, each time broken elsewhere."""

    def __init__(self, kind: Kind, simulator: Running, between: Proxy, made: Workspace) -> None:
        self._kind = kind
        self._simulator = simulator
        self._proxy = between
        self._made = made
        self._devices: list[DeviceRow] = []
        self.troubles: dict[str, Trouble] = {}
        """What each change met, by ICCID."""

    async def prepare(self) -> Exchange:
        """Choose the devices; make one change that nothing happens to, to know its length."""
        self._devices = [
            row for row in await rows(self._made) if row.state == "active" and row.plan != "M2M5MB"
        ]
        await self.make(Trouble())
        await until(lambda: self._proxy.sent(self._kind.path)[0].answered > 0, what="the answer")
        return self._proxy.sent(self._kind.path)[0]

    async def make(self, trouble: Trouble) -> None:
        """Make the change to the next device while a connection breaks."""
        device = self._devices.pop()
        assert self._made.online is not None
        # The answer to it closes the circuit, and the connections that are left are good ones.
        await self._made.online.reader.read_line(device.key)
        self.troubles[device.iccid] = trouble
        before = len(self._proxy.sent(self._kind.path))
        written: list[list[str]] = []

        def look(line: str) -> None:
            if self._kind.path in line:
                written.append(being_sent(self._made._store.folder))

        self._proxy.on_request = look
        self._proxy.arm(self._kind.path, trouble)
        await self._kind.do(self._made, device)
        assert len(self._proxy.sent(self._kind.path)) == before + 1, trouble
        assert written == [[device.iccid]], trouble

    async def settled(self) -> list[DeviceChange]:
        """Wait until everything that can be known of the changes is known."""

        async def known() -> bool:
            done = taken(self._simulator, self._kind.action)
            if done != executed(self._simulator, self._kind.action):
                return False
            return all([await self._is_known(each, done) for each in await changes(self._made)])

        await until(known, limit=600 if FULL else 60, what="the end of all that can end")
        return await changes(self._made)

    async def _is_known(self, change: DeviceChange, done: Counter[str]) -> bool:
        if change.state in PROVEN:
            return True
        if not self._kind.read_back:
            return change.state is not ChangeState.SENDING
        if change.state is not ChangeState.UNKNOWN or done[change.identifier]:
            return False
        (row,) = await self._made.find_devices(change.identifier)
        return change.sending_at is not None and row.read_at > change.sending_at

    def check(self, change: DeviceChange) -> None:
        """Compare what the journal says with what the platform did."""
        trouble = self.troubles[change.identifier]
        done = taken(self._simulator, self._kind.action)[change.identifier]
        assert done <= 1, trouble
        assert executed(self._simulator, self._kind.action)[change.identifier] == done, trouble
        assert bool(done) or change.state is ChangeState.UNKNOWN, (change.state, trouble)
        if done and self._kind.read_back:
            assert change.state in PROVEN, trouble
        if change.state in PROVEN:
            assert change.evidence, trouble
        if trouble.answered is not None:
            assert done == 1, trouble


@asynccontextmanager
async def cutting(kind: Kind, simulator: Running, folder: Path) -> AsyncIterator[Cuts]:
    async with (
        proxy(simulator.base_url) as between,
        workspace(replace(simulator, base_url=between.url), folder) as made,
    ):
        yield Cuts(kind, simulator, between, made)


def places(length: int) -> Sequence[int]:
    return sorted({*range(0, length, STEP), length})


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_breaks_at_any_byte_neither_doubles_nor_loses_a_change(
    kind: Kind, simulator: Running, tmp_path: Path
) -> None:
    async with cutting(kind, simulator, tmp_path) as cuts:
        exchange = await cuts.prepare()
        ends = (End.CLOSE, End.RESET)
        for number, place in enumerate(places(exchange.asked)):
            await cuts.make(Trouble(asked=place, end=ends[number % 2]))
        for number, place in enumerate(places(exchange.answered)):
            await cuts.make(Trouble(answered=place, end=ends[number % 2]))
        settled = await cuts.settled()
        assert len(settled) == len(cuts.troubles)
        for change in settled:
            cuts.check(change)
        unknown = [each for each in settled if each.state is ChangeState.UNKNOWN]
        print(f"{len(settled)} changes, {len(unknown)} of them stay unknown")
        assert unknown


# -- slow and silent networks ---------------------------------------------------------------------


async def test_a_change_that_disappears_is_unknown_until_the_device_shows_it(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SuspendDevices, "read_timeout", 0.2)
    async with cutting(SUSPENDING, simulator, tmp_path) as cuts:
        await cuts.prepare()
        await cuts.make(Trouble(answered=0, end=End.SILENCE))
        await cuts.make(Trouble(asked=40, end=End.SILENCE))
        states = [each.state for each in await cuts.settled()]
        assert states[:2] == [ChangeState.UNKNOWN, ChangeState.INFERRED]
        for change in await changes(cuts._made):
            cuts.check(change)


async def test_a_slow_network_costs_time_and_nothing_else(
    simulator: Running, tmp_path: Path
) -> None:
    async with cutting(SUSPENDING, simulator, tmp_path) as cuts:
        await cuts.prepare()
        await cuts.make(Trouble(delay=0.2, drip=0.001))
        for change in await until_over(cuts._made):
            assert change.state is ChangeState.SUCCEEDED
            cuts.check(change)
