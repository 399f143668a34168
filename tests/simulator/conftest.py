"""Fixtures of the simulator's tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

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
