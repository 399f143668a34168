"""What journeys share."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.receiving import Receiver
from tests.journeys.scripts import Done, Script
from tests.support.terminal import command, environment
from tsui.simulator.server import Running


@pytest.fixture
def tsui(simulator: Running, tmp_path: Path) -> Script:
    """Run the program on the simulator, with an empty home folder."""
    mine = simulator.world.access.credentials

    async def run(*arguments: str, stdin: str = "", password: str = "") -> Done:
        process = await asyncio.create_subprocess_exec(
            *command("--url", simulator.base_url, "--account", simulator.accounts[0], *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                **environment(tmp_path),
                "TSUI_KEY": mine.key,
                "TSUI_SECRET": mine.secret,
                "TSUI_USERNAME": mine.username,
                "TSUI_PASSWORD": password or mine.password,
            },
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate(stdin.encode())
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    return run


@pytest.fixture
async def receiver(simulator: Running, tmp_path: Path) -> AsyncIterator[Receiver]:
    started = await create_subprocess_exec(
        *command("--url", simulator.base_url, "receiver", "--port", "0"),
        stdin=DEVNULL,
        stdout=PIPE,
        env={**os.environ, **environment(tmp_path)},
    )
    assert started.stdout is not None
    line = (await started.stdout.readline()).decode()
    (inbox,) = tmp_path.rglob("inbox.db")
    (keys,) = tmp_path.rglob("*.callbacks.json")
    yield Receiver(line.split()[3].rstrip(";"), inbox.parent.parent, keys.parent)
    started.terminate()
    await started.communicate()
    assert started.returncode == 0
