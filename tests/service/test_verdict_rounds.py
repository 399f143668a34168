"""No call of a verdict waits for the answer of another, only for its turn."""

from pathlib import Path

import pytest

from tests.service.cases import rows, workspace
from tests.support.rounds import rounds
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import Seen
from tsui.thingspace.policy import Policy

LATENCY = 1.0
"""Seconds of an answer: so many that no call of a round is late for it on a busy machine."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


@pytest.mark.parametrize("scenario", ["suspended", "lost", "half-open"])
async def test_everything_is_read_at_once(
    simulator: Running, tmp_path: Path, scenario: str
) -> None:
    iccid = play_named(simulator.world, scenario)["iccid"]
    async with workspace(simulator, tmp_path) as made:
        (device,) = [row for row in await rows(made) if row.iccid == iccid]
        before = len(simulator.world.log)
        simulator.world.settings.latency = LATENCY
        await made.desks.verdicts.read(device)
        calls = simulator.world.log[before:]
        simulator.world.settings.latency = 0.0
        assert len(calls) >= 9
        turns = -(-len(calls) // Policy().concurrent_reads)
        assert rounds(calls, LATENCY) == turns, [(each.at, each.path) for each in calls]


def test_what_is_asked_after_an_answer_is_another_round() -> None:
    calls = [Seen(at, "GET", "/", "") for at in (0.0, 0.2, 0.9, 1.0, 1.1, 2.5)]
    assert rounds(calls, 1.0) == 3
    assert rounds([], 1.0) == 0
