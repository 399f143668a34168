"""What tests of the service share."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.clock import Clock
from tsui.credentials import Credentials
from tsui.service.environment import Environment
from tsui.service.guards import Guards
from tsui.service.kinds import SUSPEND, ChangeKind
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace
from tsui.simulator.device import SimDevice
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.query import DeviceQuery


def credentials(simulator: Running) -> Credentials:
    mine = simulator.world.access.credentials
    return Credentials(mine.key, mine.secret, mine.username, mine.password)


def environment(
    simulator: Running,
    *,
    read_only: bool = False,
    guards: Guards | None = None,
    watch: tuple[str, ...] = (),
) -> Environment:
    return Environment(
        "simulator", simulator.base_url, "test", read_only, guards=guards or Guards(), watch=watch
    )


def attempt(simulator: Running, *, by_operator: bool = True, **changes: Any) -> Attempt:
    made = Attempt(credentials(simulator), simulator.accounts[0], by_operator)
    return replace(made, **changes)


@asynccontextmanager
async def workspace(
    simulator: Running,
    folder: Path,
    *,
    clock: Clock | None = None,
    read_only: bool = False,
    signed_in: bool = True,
    synced: bool = True,
    guards: Guards | None = None,
) -> AsyncIterator[Workspace]:
    """Open a workspace on a simulator, signed in and with the fleet read."""
    made = Workspace(
        folder,
        environment(simulator, read_only=read_only, guards=guards),
        simulator.accounts[0],
        clock or HastyClock(),
        refresh_seconds=3600.0,
    )
    await made.open()
    try:
        if signed_in:
            await made.sign_in(attempt(simulator), made.environment)
        if signed_in and synced:
            await until(
                lambda: bool(made.progress and made.progress.finished_at), limit=60, what="the sync"
            )
        yield made
    finally:
        await made.close()


async def rows(made: Workspace) -> list[DeviceRow]:
    return await made.device_list(DeviceQuery(made.account)).window(0, 10_000)


async def row_in(made: Workspace, state: str) -> DeviceRow:
    return next(row for row in await rows(made) if row.state == state)


async def submit(
    made: Workspace, devices: Sequence[DeviceRow], kind: ChangeKind = SUSPEND, **values: str
) -> int:
    report = await made.preflight(kind, [row.id for row in devices], values)
    return await made.submit(report)


async def changes(made: Workspace) -> list[DeviceChange]:
    return await made.change_window(0, 100_000)


async def until_over(made: Workspace, limit: float = 10.0) -> list[DeviceChange]:
    """Wait until no change waits for anything and return all of them, newest first."""

    async def over() -> bool:
        await made.opened.refresh(made.account)
        return not made.opened.parts

    await until(over, limit=limit, what="the end of all changes")
    return await changes(made)


async def until_state(made: Workspace, state: ChangeState, limit: float = 10.0) -> DeviceChange:
    """Wait until the newest change is in a state."""

    async def there() -> bool:
        newest = await changes(made)
        return bool(newest) and newest[0].state is state

    await until(there, limit=limit, what=f"the state {state}")
    return (await changes(made))[0]


def sim_device(simulator: Running, row: DeviceRow) -> SimDevice:
    found = simulator.world.fleets[simulator.accounts[0]].find("iccid", row.iccid)
    assert found is not None
    return found


def touched(simulator: Running, row: DeviceRow) -> SimDevice:
    """Return a device of the simulator that stays as a test makes it."""
    return simulator.world.fleets[simulator.accounts[0]].touch(sim_device(simulator, row))


def executions(simulator: Running, row: DeviceRow) -> int:
    """Count how often something was really done to a device."""
    return sum(1 for each in simulator.world.engine.executions if each.iccid == row.iccid)


def requests_for(simulator: Running, path: str) -> int:
    return sum(1 for seen in simulator.world.log if seen.path.endswith(path))


def now() -> float:
    return time.time()
