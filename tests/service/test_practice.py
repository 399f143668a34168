"""Scenarios are played by a simulator, and nowhere else."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.service.cases import rows, workspace
from tsui.service.environment import Environment
from tsui.service.practice import Practice, PracticeFailed
from tsui.simulator.scenarios import EVERY_SCENARIO
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


async def test_a_simulator_names_its_scenarios_and_plays_them(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = (await rows(made))[3]
        practice = made.desks.practice
        assert await practice.play("suspended", device) == EVERY_SCENARIO["suspended"].sentence
        assert list(practice.scenarios) == list(EVERY_SCENARIO)
        with pytest.raises(PracticeFailed, match="no scenario 'flu'"):
            await practice.play("flu", device)
        with pytest.raises(PracticeFailed, match="not found"):
            await practice.play("lost", device._replace(key="iccid:89148000000000000000"))


@pytest.mark.parametrize(
    ("kind", "replay"), [("production", ""), ("custom", ""), ("simulator", "2026-03-04 12:00 UTC")]
)
async def test_nothing_is_asked_where_no_simulator_is(
    simulator: Running, tmp_path: Path, kind: str, replay: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        (device, *_) = await rows(made)
        where = Environment(kind, simulator.base_url, replay=replay)
        practice = Practice(SimpleNamespace(account=made.account, environment=where))
        before = len(simulator.world.log)
        with pytest.raises(PracticeFailed, match="for a simulator only"):
            await practice.play("suspended", device)
        assert len(simulator.world.log) == before


async def test_a_simulator_that_is_gone_is_told() -> None:
    where = Environment("simulator", "http://127.0.0.1:9")
    with pytest.raises(PracticeFailed, match="No simulator answers"):
        await Practice(SimpleNamespace(account="1", environment=where)).read()
