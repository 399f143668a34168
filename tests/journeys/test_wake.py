"""Asleep, watched, awake: a queued text leaves in the window once, whatever is killed."""

import asyncio
import json
import random
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.receiving import Receiver, listen
from tests.service.cases import requests_for, row_in, rows, workspace
from tests.service.monitors.sleepers import entry, queue, until_in, wake_up
from tests.support.waiting import until
from tsui.ident import Kind
from tsui.service.monitors.asking import DATA, to_set, to_stop
from tsui.service.monitors.model import MonitorState
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.wakes import WakeState

DEVICES = 6
KILLS = 8
LONGEST = 0.6
"""Seconds after signing in within which everything that waits usually leaves."""

OVER = (WakeState.SENT, WakeState.UNKNOWN)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.05, latency=0.1)


async def serve_and_kill(simulator: Running, folder: Path, after: float) -> int:
    """Start a process that serves, kill it after a while, return its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.server_of_sleepers", str(folder),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
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


async def test_a_queued_text_leaves_at_most_once_and_is_never_forgotten(
    simulator: Running, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    draw = random.Random(seed)
    print(f"seed {seed}")
    async with workspace(simulator, tmp_path) as made:
        devices = [row for row in await rows(made) if row.state == "active"][:DEVICES]
        numbers = {await queue(made, each, f"text {each.iccid}"): each for each in devices}
        await made.online.close() if made.online else None
        made.online = None
        for device in devices:
            await wake_up(made, device)
    codes = [
        await serve_and_kill(simulator, tmp_path, draw.random() * LONGEST) for _ in range(KILLS)
    ]
    async with workspace(simulator, tmp_path) as made:

        async def over() -> bool:
            return all([(await entry(made, number)).state in OVER for number in numbers])

        await until(over, limit=30, what="the end of all that waits")
        sent = [seen.body for seen in simulator.world.log if seen.path.endswith("/sms")]
        for number, device in numbers.items():
            times = sum(f"text {device.iccid}" in body for body in sent)
            state = (await entry(made, number)).state
            assert times <= 1
            assert times == 1 or state is WakeState.UNKNOWN
    assert -9 in codes


async def test_a_monitor_tells_that_a_device_woke_and_the_text_leaves_in_its_window(
    simulator: Running, receiver: Receiver
) -> None:
    async with workspace(simulator, receiver.data_folder) as made:
        await listen(made, receiver, "DiagnosticsService")
        device = await row_in(made, "active")
        watched = to_set(
            made.account, [device], Kind.ICCID, {DATA}, timedelta(days=1), made.clock.now()
        )
        assert (await made.perform(watched)).state is ChangeState.ACCEPTED
        desk = made.desks.monitors

        async def stands() -> bool:
            return [each.state for each in await desk.newest()] == [MonitorState.ACTIVE]

        await until(stands, limit=20, what="the monitor")
        number = await queue(made, device)
        fleet = simulator.world.fleets[made.account]
        found = fleet.find("iccid", device.iccid)
        assert found is not None
        if not await desk.windows():
            assert simulator.world.monitors.wake(made.account, found)
        await until_in(made, number, WakeState.SENT)
        (window,) = await desk.windows()
        assert window.device == device.key
        (monitor,) = await desk.newest()
        await made.perform(to_stop(made.account, await desk.ids(monitor)))

        async def stopped() -> bool:
            return [each.state for each in await desk.newest()] == [MonitorState.STOPPED]

        await until(stopped, limit=20, what="the end of the monitor")
        assert requests_for(simulator, "/sms") == 1
