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
from typing import NamedTuple

from tests.benchmarks.terminal import percentile
from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings

SUSPEND = "/devices/actions/suspend"

MIDDLE = 8
"""Requests after which the first process is killed while it waits for an answer."""


IDLE = 10.0
"""Seconds for which a dashboard is watched that does nothing."""

AFTERWARDS = 20.0
"""Seconds for which the survivor is watched after all was done, while it looks for outcomes."""


class Result(NamedTuple):
    """What was really done, and how the dashboards fared."""

    executed: int
    """Changes that the simulator made."""
    twice: int
    """Devices that were changed more than once."""
    before_kill: int
    """Requests that the first process had sent."""
    seconds: float
    """Seconds from the second process's first key until all was sent."""
    lags: dict[str, list[float]]
    """Seconds by which the event loops were late, by what was done meanwhile."""


class Dashboard:
    """A dashboard in a process of its own, which tells how it fares."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._listening = asyncio.create_task(self._listen())
        self.lags: list[float] = []
        """Seconds by which its event loop was late."""
        self.seconds: float | None = None
        """Seconds that its sending took; None while it sends."""

    @classmethod
    async def start(cls, simulator: Running, folder: Path, count: int, work: str) -> "Dashboard":
        """Begin to suspend devices, to go on with that, or to do nothing."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.benchmarks.batcher", str(folder), str(count), work),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(simulator.as_json()).encode() + b"\n")
        return cls(process)

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process.returncode is not None

    async def kill(self) -> None:
        """End it so that it notices nothing."""
        self._process.kill()
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            # The last line may have been cut off by the kill.
            if line.endswith(b"\n"):
                told = json.loads(line)
                self.lags += told.get("lags", ())
                self.seconds = told.get("seconds", self.seconds)


async def killed_and_resumed(
    simulator: Running,
    folder: Path,
    count: int,
    *,
    middle: int = MIDDLE,
    afterwards: float = 0.0,
) -> Result:
    """Suspend devices from a process, kill it on its way, and go on from another one."""
    slow = Fault("drip", SUSPEND, after=True, skip=middle - 1, seconds=0.2)
    simulator.world.faults.append(slow)
    first = await Dashboard.start(simulator, folder, count, "suspend")
    await until(
        lambda: requests(simulator) >= middle or first.has_ended, limit=100, what="the middle"
    )
    assert not first.has_ended, "the first process ended before it was killed"
    await first.kill()
    sent = requests(simulator)
    second = await Dashboard.start(simulator, folder, count, "resume")
    await until(
        lambda: second.seconds is not None or second.has_ended,
        limit=300,
        what="the end of sending",
    )
    assert not second.has_ended, "the second process ended before all was sent"
    await until(lambda: len(executions(simulator)) >= count, limit=120, what="all executions")
    sending = len(second.lags)
    await asyncio.sleep(afterwards)
    await second.kill()
    done = Counter(executions(simulator))
    twice = sum(times > 1 for times in done.values())
    assert second.seconds is not None
    lags = {
        "until the kill": first.lags,
        "going on": second.lags[:sending],
        "following": second.lags[sending:],
    }
    return Result(sum(done.values()), twice, sent, second.seconds, lags)


async def idle(simulator: Running, folder: Path) -> list[float]:
    """Return by how many seconds an event loop is late that has nothing to do."""
    dashboard = await Dashboard.start(simulator, folder, 0, "idle")
    await until(lambda: bool(dashboard.lags), limit=100, what="the first look")
    await asyncio.sleep(IDLE)
    await dashboard.kill()
    return dashboard.lags


def requests(simulator: Running) -> int:
    return sum(seen.path.endswith(SUSPEND) for seen in simulator.world.log)


def executions(simulator: Running) -> list[str]:
    return [each.iccid for each in simulator.world.jobs.executions]


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = SimulatorSettings(devices=2 * count, delay=1.0)
        async with running(settings) as simulator:
            rest = await idle(simulator, Path(folder))
            result = await killed_and_resumed(simulator, Path(folder), count, afterwards=AFTERWARDS)
    print(f"devices confirmed           {count:>10,}")
    print(f"requests before kill -9     {result.before_kill:>10,}")
    print(f"executions                  {result.executed:>10,}  aim: {count:,}")
    print(f"devices changed twice       {result.twice:>10,}  aim: 0")
    print(f"sending after resuming      {result.seconds:>10.1f} s")
    print("event loop lag          p99 ms     most ms  aim: < 50, < 250")
    for what, lags in {**result.lags, "doing nothing": rest}.items():
        p99, most = 1000 * percentile(lags, 0.99), 1000 * max(lags)
        print(f"  {what:<20}{p99:>8.1f}{most:>12.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    asyncio.run(main(parser.parse_args().devices))
