"""Asleep, watched, awake: a queued text leaves in the window once, whatever is killed."""

import asyncio
import json
import random
import sys
from pathlib import Path

import pytest

from tests.service.cases import rows, workspace
from tests.service.monitors.sleepers import entry, queue, wake_up
from tests.support.waiting import until
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
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
