"""Fixtures of the simulator's tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.simulator.texting import Texting
from tests.support.listener import Inbox, listener
from tsui.simulator.server import Running
from tsui.thingspace.client import Client

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


@pytest.fixture
def texting(simulator: Running, client: Client, inbox: Inbox) -> Texting:
    return Texting(simulator, client, inbox)
