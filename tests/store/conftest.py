"""Fixtures of the store's tests."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.store.cases import Bench
from tsui.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    yield made
    await made.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A store for many examples, each with an account of its own, and a loop to run them on."""
    with asyncio.Runner() as runner:
        made = Store(tmp_path_factory.mktemp("bench") / "store")
        runner.run(made.open())
        yield Bench(made, runner)
        runner.run(made.close())
