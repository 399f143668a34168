"""Killed at any moment of draining the queue: what is not there any more is here."""

import asyncio
import json
import random
import sys
from pathlib import Path

import pytest

from tests.service.cases import workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.store import Store

KILLS = 5
MESSAGES = 400


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.02, sms_every=0.0, sms_backlog=0, sms_block=4)


async def drain_and_kill(simulator: Running, folder: Path, after: float) -> int:
    """Start a process that drains, kill it after a while, return its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.drainer", str(folder),
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
    process.stdin.close()
    return await process.wait()


async def kept_in(folder: Path) -> set[str]:
    """Return the texts that are on the disk."""
    store = Store(folder)
    await store.open()
    messages = await store.inbox.newest(2 * MESSAGES)
    await store.close()
    return {str(json.loads(each.body)["message"]) for each in messages}


async def test_a_kill_while_draining_loses_no_message(simulator: Running, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**9)
    draw = random.Random(seed)
    print(f"seed {seed}")
    account = simulator.accounts[0]
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        folder = made._store.folder
    texts = {f"message {number}" for number in range(MESSAGES)}
    _send(simulator, sorted(texts))
    assert len(simulator.world.texts.queue(account)) == MESSAGES
    waited = [{each.text for each in simulator.world.texts.queue(account)}]
    codes = []
    for _ in range(KILLS):
        codes.append(await drain_and_kill(simulator, tmp_path, 0.05 + draw.random() * 0.4))
        left = {each.text for each in simulator.world.texts.queue(account)}
        assert texts - left <= await kept_in(folder)
        waited.append(left)
    assert -9 in codes
    assert len(waited[-1]) < len(waited[0])


def _send(simulator: Running, texts: list[str]) -> None:
    world, account = simulator.world, simulator.accounts[0]
    fleet = world.fleets[account]
    for number, text in enumerate(texts):
        device = fleet.get(number % fleet.size)
        world.texts.receive(account, device, text, world.clock.timestamp())
