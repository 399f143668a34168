"""The verdict: from the key to what is remembered, and to all that a slow platform knows."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.report import ms, row
from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import running
from tsui.simulator.settings import SimulatorSettings

LATENCY = 0.15
"""Seconds of every answer."""

CAUSE = "The line is suspended, by portal.jwhitfield"
"""What the verdict says, which takes two answers."""


class Took(NamedTuple):
    """How long one verdict took, in seconds, and what it asked for."""

    painted: float
    complete: float
    calls: int


def verdicts(times: int) -> None:
    """Measure verdicts on a cached device; a peer would make the same calls one by one."""
    took = [asyncio.run(_one()) for _ in range(times)]
    painted, complete = (statistics.median(each[place] for each in took) for place in range(2))
    calls = max(each.calls for each in took)
    row("verdict: key to paint, from the cache", ms(painted), aim="<= 100 ms")
    alone = calls * LATENCY
    ratio = f"{complete / alone:.3g} x"
    row("verdict: complete, against call by call", ms(complete), ms(alone), ratio, "<= 1 s")


async def _one() -> Took:
    with tempfile.TemporaryDirectory() as folder:
        async with running(SimulatorSettings(devices=200)) as simulator:
            world = simulator.world
            iccid = play_named(world, "suspended")["iccid"]
            async with dashboard(launch(simulator, Path(folder))) as (app, _):
                (device,) = await app.workspace.find_devices(iccid)
                world.settings.latency, before = LATENCY, len(world.log)
                began = time.perf_counter()
                await app.workspace.desks.verdicts.read(device)
                complete, calls = time.perf_counter() - began, world.log[before:]
                began = time.perf_counter()
                await app.open_device(device, "diagnose")
                await until(lambda: CAUSE in shown(app), limit=30.0, what="the verdict")
                painted = time.perf_counter() - began
                return Took(painted, complete, len(calls))
