"""What the tests of verdicts share: a device in a situation, read over real HTTP."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.service.cases import rows, workspace
from tests.support.clock import HastyClock
from tsui.service.verdict.model import Verdict
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running

KNOWN_BEFORE = frozenset({"blind", "not-listed"})
"""Situations of a device that was known before it came into them."""

LATER = {"stale": timedelta(hours=1)}
"""How much later a situation is looked at."""


class ShiftedClock(HastyClock):
    """The machine's clock whose wall can be put forward."""

    shift = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.shift


async def diagnose(simulator: Running, folder: Path, name: str) -> Verdict:
    """Put a device into a situation, read everything about it, and come to a verdict."""
    clock = ShiftedClock()
    if name not in KNOWN_BEFORE:
        iccid = play_named(simulator.world, name)["iccid"]
    async with workspace(simulator, folder, clock=clock) as made:
        if name in KNOWN_BEFORE:
            iccid = play_named(simulator.world, name)["iccid"]
        device = next(row for row in await rows(made) if row.iccid == iccid)
        clock.shift = LATER.get(name, timedelta(0))
        await made.verdicts.read(device)
        fresh = await made.devices([device.id])
        return await made.verdicts.on(fresh[0] if fresh else device)
