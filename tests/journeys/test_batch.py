"""A batch of many devices through the dashboard, killed in the middle and gone on with."""

from pathlib import Path

import pytest

from tests.benchmarks.batch import killed_and_resumed, requests
from tsui.service.drafts import BATCH, SINGLY
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

COUNT = 2 * BATCH + SINGLY + 1
"""Devices of three requests, the last of them as short as a request of several devices is."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=2 * COUNT, delay=0.2)


async def test_a_killed_batch_is_gone_on_with_and_nothing_is_done_twice(
    simulator: Running, tmp_path: Path
) -> None:
    result = await killed_and_resumed(simulator, tmp_path, COUNT, middle=2)
    assert result.before_kill == 2
    assert (result.executed, result.twice) == (COUNT, 0)
    assert requests(simulator) == 3
