"""Many devices suspended in one batch, killed in the middle and gone on with.

``python -m tests.benchmarks.batch [--devices N]`` counts what a simulator has really done, and
tells how the dashboard's event loop fared meanwhile.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings

SUSPEND = "/devices/actions/suspend"

MIDDLE = 8
"""Requests after which the first process is killed while it waits for an answer."""


class Result(NamedTuple):
    """What was really done, and how the survivor fared."""

    executed: int
    """Changes that the simulator made."""
    twice: int
    """Devices that were changed more than once."""
    before_kill: int
    """Requests that the first process had sent."""
    survivor: dict[str, Any]
    """What the second process tells: seconds."""


async def killed_and_resumed(
    simulator: Running, folder: Path, count: int, *, middle: int = MIDDLE
) -> Result:
    """Suspend devices from a process, kill it on its way, and go on from another one."""
    slow = Fault("drip", SUSPEND, after=True, skip=middle - 1, seconds=0.2)
    simulator.world.faults.append(slow)
    first = await start(simulator, folder, count)
    await until(
        lambda: requests(simulator) >= middle or first.returncode is not None,
        limit=100,
        what="the middle",
    )
    assert first.returncode is None, "the first process ended before it was killed"
    first.kill()
    await first.wait()
    sent = requests(simulator)
    second = await start(simulator, folder, count, "resume")
    assert second.stdout is not None
    told = await second.stdout.readline()
    await until(lambda: len(executions(simulator)) >= count, limit=120, what="all executions")
    second.kill()
    await second.wait()
    done = Counter(executions(simulator))
    twice = sum(times > 1 for times in done.values())
    return Result(sum(done.values()), twice, sent, json.loads(told))


async def start(simulator: Running, *arguments: object) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.batcher",
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(simulator.as_json()).encode() + b"\n")
    return process


def requests(simulator: Running) -> int:
    return sum(seen.path.endswith(SUSPEND) for seen in simulator.world.log)


def executions(simulator: Running) -> list[str]:
    return [each.iccid for each in simulator.world.jobs.executions]


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = SimulatorSettings(devices=2 * count, delay=1.0)
        async with running(settings) as simulator:
            result = await killed_and_resumed(simulator, Path(folder), count)
    survivor = result.survivor
    print(f"devices confirmed           {count:>10,}")
    print(f"requests before kill -9     {result.before_kill:>10,}")
    print(f"executions                  {result.executed:>10,}  aim: {count:,}")
    print(f"devices changed twice       {result.twice:>10,}  aim: 0")
    print(f"sending after resuming      {survivor['seconds']:>10.1f} s")
    print(f"event loop lag, p99         {1000 * survivor['p99']:>10.1f} ms  aim: < 50 ms")
    print(f"event loop lag, most        {1000 * survivor['max']:>10.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    asyncio.run(main(parser.parse_args().devices))
