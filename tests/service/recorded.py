"""Recordings for tests: made by a real client of a real simulator."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.service.cases import workspace
from tests.support.waiting import until
from tsui.replay import replayed
from tsui.service.recording.reader import Recording, open_recording
from tsui.service.workspace import Workspace
from tsui.settings import Settings
from tsui.simulator.server import Running


@asynccontextmanager
async def recorded(
    simulator: Running, folder: Path, file: Path, *, masked: bool = False
) -> AsyncIterator[Workspace]:
    """Record what is done in a workspace, from the sign-in on, into a file."""
    async with workspace(simulator, folder, signed_in=False, synced=False) as made:
        await made.desks.calls.record(file, masked=masked)
        try:
            yield made
        finally:
            await made.desks.close()


def opened(file: Path) -> Recording:
    """Open a recording."""
    return open_recording(file, file.with_suffix(".unpacked"))


@asynccontextmanager
async def replaying(
    recording: Recording, folder: Path, *, at: datetime | None = None
) -> AsyncIterator[Workspace]:
    """Open a workspace on a recording, as the dashboard does; by default the fleet is read."""
    folder.mkdir()
    launch = replayed(recording, folder, Settings(), at, thin=False)
    assert launch.prepare is not None
    profile, attempt = await launch.prepare()
    place = launch.environment("", profile)
    made = Workspace(folder, place, profile.account, launch.clock, refresh_seconds=3600.0)
    await made.open()
    try:
        await made.sign_in(attempt, place)
        if at is None:
            await until(lambda: bool(made.progress and made.progress.finished_at), what="the fleet")
        yield made
    finally:
        await made.close()


_TOUCHED: list[str] = []
_WATCHING: list[bool] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _WATCHING and event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        _TOUCHED.append(f"{event} {arguments[1:]}")


sys.addaudithook(_watch)  # cannot be taken away again, so it is told when to look


@contextmanager
def network() -> Iterator[list[str]]:
    """Watch this process's sockets; the list holds every use of the network."""
    _TOUCHED.clear()
    _WATCHING.append(True)
    try:
        yield _TOUCHED
    finally:
        _WATCHING.clear()
