"""Fixtures of the simulator's tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.listener import Inbox, listener
from tsui.simulator.server import Running

from .cases import Api


@pytest.fixture
async def stranger(simulator: Running) -> AsyncIterator[Api]:
    """Somebody who is not signed in."""
    async with httpx.AsyncClient(base_url=simulator.base_url, trust_env=False) as http:
        yield Api(simulator, http)


@pytest.fixture
async def api(stranger: Api) -> Api:
    await stranger.sign_in()
    return stranger


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    """A callback listener that is not registered yet."""
    async with listener() as listening:
        yield listening
