"""Killed at any moment of a change: nothing is done twice, nothing is forgotten."""

import asyncio
import json
import random
import sys
from pathlib import Path

import pytest

from tests.service.cases import changes, environment, executions, rows, workspace
from tests.support.waiting import until
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow

KILLS = 20
AT_ONCE = 4
LONGEST = 0.45
"""Seconds after which the change is usually over."""

SETTLED = (
    ChangeState.SUCCEEDED,
    ChangeState.INFERRED,
    ChangeState.NOT_SENT,
    ChangeState.UNKNOWN,
)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.2)


async def change_and_kill(simulator: Running, folder: Path, device: DeviceRow, after: float) -> int:
    """Start a process that makes a change, kill it after a while, return its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journeys.changer",
        str(folder),
        device.iccid,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(simulator.as_json()).encode() + b"\n")
    assert await process.stdout.readline() == b"ready\n"
    try:
        await asyncio.wait_for(process.wait(), after)
    except TimeoutError:
        process.kill()
    code = await process.wait()
    process.stdin.close()
    return code


async def test_a_change_is_done_at_most_once_and_never_forgotten(
    simulator: Running, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    draw = random.Random(seed)
    print(f"seed {seed}")
    async with workspace(simulator, tmp_path) as made:
        devices = [row for row in await rows(made) if row.state == "active"][:KILLS]
        folder = made._store.folder
    assert len(devices) == KILLS
    codes: list[int] = []
    for start in range(0, KILLS, AT_ONCE):
        batch = devices[start : start + AT_ONCE]
        codes += await asyncio.gather(
            *(
                change_and_kill(simulator, tmp_path, device, draw.random() * LONGEST)
                for device in batch
            )
        )
    assert codes.count(-9) >= KILLS // 2
    assert folder.name == environment(simulator).folder_name
    sent = [seen.body for seen in simulator.world.log if seen.path.endswith("/suspend")]
    async with workspace(simulator, tmp_path) as made:

        async def settled() -> bool:
            return all(each.state in SETTLED for each in await changes(made))

        await until(settled, limit=20, what="the end of all changes")
        journal = {change.identifier: change for change in await changes(made)}
        for device in devices:
            requests = sum(device.iccid in body for body in sent)
            assert requests <= 1
            assert executions(simulator, device) == requests
            assert (device.iccid in journal) >= bool(requests)
        for change in journal.values():
            done = any(change.identifier in body for body in sent)
            if change.state in (ChangeState.SUCCEEDED, ChangeState.INFERRED):
                assert done
            if change.state is ChangeState.NOT_SENT:
                assert not done
        integrity = await made._store._journal.read(
            lambda connection: connection.pragma("integrity_check")
        )
        assert integrity == "ok"
