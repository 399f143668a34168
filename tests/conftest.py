"""Fixtures of the whole suite: a real simulator on a real socket, and a client of it."""

from collections.abc import AsyncIterator

import pytest

from tests.support.clock import RushingClock
from tsui.credentials import Credentials
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.client import Client


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    """Override to simulate something else."""
    return SimulatorSettings(devices=60, delay=0.05)


@pytest.fixture
async def simulator(simulator_settings: SimulatorSettings) -> AsyncIterator[Running]:
    async with running(simulator_settings) as started:
        yield started


@pytest.fixture
def keys(simulator: Running) -> Credentials:
    mine = simulator.world.access.credentials
    return Credentials(mine.key, mine.secret, mine.username, mine.password)


@pytest.fixture
def clock() -> RushingClock:
    return RushingClock()


@pytest.fixture
async def client(
    simulator: Running, keys: Credentials, clock: RushingClock
) -> AsyncIterator[Client]:
    made = Client(simulator.base_url, keys, clock=clock)
    yield made
    await made.aclose()


@pytest.fixture
def account(simulator: Running) -> str:
    return simulator.accounts[0]
