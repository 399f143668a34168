"""Several processes, processes that are killed, disks without room and files that are held."""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.reliability.cases import FULL, executed, taken
from tests.service.cases import changes, requests_for, rows, submit, until_over, workspace
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.service.failures import ChangeFailed
from tsui.service.rules.request import FRESH
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow

SUSPEND = "/devices/actions/suspend"
ACTION = "suspend"
KILLS = 40 if FULL else 5
IN_A_BATCH = 8

ENDS = frozenset(
    {
        ChangeState.SUCCEEDED,
        ChangeState.INFERRED,
        ChangeState.NOT_SENT,
        ChangeState.UNKNOWN,
    }
)

HOLD = """
import sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""

pytestmark = pytest.mark.timeout(600 if FULL else 120)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=800 if FULL else 120, delay=0.1)


class Batcher:
    """A process that is about to suspend devices."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        """The process."""

    async def line(self) -> str:
        """Return the next line it says; nothing when it is gone."""
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()

    def go(self, room: str = "") -> None:
        """Let it begin, with so much room on the disk."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"go {room}\n".encode())


@asynccontextmanager
async def batcher(
    simulator: Running, folder: Path, devices: Sequence[DeviceRow]
) -> AsyncIterator[Batcher]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.reliability.batcher", str(folder),
        *(row.iccid for row in devices),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(simulator.as_json()).encode() + b"\n")
        made = Batcher(process)
        assert await made.line() == "ready"
        yield made
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process.stdin.close()


class SlowClock(HastyClock):
    """A clock that is behind: what is read by it is old for everybody else."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._behind = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() - self._behind


async def active(simulator: Running, folder: Path, age: float = 0.0) -> list[DeviceRow]:
    """Read the fleet so many seconds ago and return its active lines."""
    async with workspace(simulator, folder, clock=SlowClock(age)) as made:
        return [row for row in await rows(made) if row.state == "active"]


async def all_over(made: Workspace) -> None:
    """Wait until everything has an end, or has none that a read could show."""

    async def ended() -> bool:
        return all(each.state in ENDS for each in await changes(made))

    await until(ended, limit=30, what="the end of all changes")


async def check_books(simulator: Running, made: Workspace) -> None:
    """Compare the journal with what the platform did."""
    done = taken(simulator, ACTION)
    await until(lambda: executed(simulator, ACTION) == done, what="the executions")
    assert max(done.values(), default=0) <= 1
    journal = await changes(made)
    assert set(done) <= {each.identifier for each in journal if each.sending_at}
    for each in journal:
        if each.state in (ChangeState.SUCCEEDED, ChangeState.INFERRED):
            assert done[each.identifier] == 1
    not_sent = {each.request for each in journal if each.state is ChangeState.NOT_SENT}
    assert sum(done.values()) <= len({each.request for each in journal} - not_sent)


@pytest.mark.parametrize("age", [0.0, 2 * FRESH])
async def test_two_processes_that_change_the_same_devices_never_both_do(
    simulator: Running, tmp_path: Path, age: float
) -> None:
    # Of old devices each process reads the line again, and one may see what the other has begun.
    devices = await active(simulator, tmp_path, age)
    for start in range(0, 4 * IN_A_BATCH, IN_A_BATCH):
        chosen = devices[start : start + IN_A_BATCH]
        async with (
            batcher(simulator, tmp_path, chosen) as one,
            batcher(simulator, tmp_path, chosen[:: 1 if start % 2 else -1]) as two,
        ):
            one.go()
            two.go()
            said = [await one.line(), await two.line()]
            assert sum(each.startswith("sent") for each in said) <= 1, said
            assert all(each.startswith(("sent", "refused Nothing was sent")) for each in said)
            assert [await one.process.wait(), await two.process.wait()] == [0, 0]
    async with workspace(simulator, tmp_path) as made:
        await all_over(made)
        await check_books(simulator, made)


async def test_a_batch_that_is_killed_in_the_middle_is_neither_doubled_nor_forgotten(
    simulator: Running, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    draw = random.Random(seed)
    print(f"seed {seed}")
    simulator.world.settings.latency = 0.05
    devices = await active(simulator, tmp_path)
    codes = []
    async with batcher(simulator, tmp_path, devices[:IN_A_BATCH]) as whole:
        began = time.monotonic()
        whole.go()
        assert await whole.process.wait() == 0
    lasted = time.monotonic() - began
    for start in range(IN_A_BATCH, (KILLS + 1) * IN_A_BATCH, IN_A_BATCH):
        async with batcher(simulator, tmp_path, devices[start : start + IN_A_BATCH]) as one:
            one.go()
            try:
                await asyncio.wait_for(one.process.wait(), draw.random() * 0.8 * lasted)
            except TimeoutError:
                one.process.kill()
            codes.append(await one.process.wait())
    assert codes.count(-9) >= KILLS // 2
    async with workspace(simulator, tmp_path) as made:
        await all_over(made)
        await check_books(simulator, made)
        print(Counter(str(each.state) for each in await changes(made)))
        integrity = await made._store._journal.read(
            lambda connection: connection.pragma("integrity_check")
        )
        assert integrity == "ok"


# -- no room --------------------------------------------------------------------------------------


async def test_a_disk_without_room_blocks_changes_before_anything_is_sent(
    simulator: Running, tmp_path: Path
) -> None:
    devices = (await active(simulator, tmp_path))[:IN_A_BATCH]
    async with batcher(simulator, tmp_path, devices) as one:
        (log,) = tmp_path.glob("**/journal.db-wal")
        one.go(str(log.stat().st_size))
        said = await one.line()
        assert said.startswith("refused Nothing was sent. No room left"), said
        assert requests_for(simulator, SUSPEND) == 0
    async with workspace(simulator, tmp_path) as made:
        await submit(made, devices)
        assert {each.state for each in (await until_over(made))[:IN_A_BATCH]} == {
            ChangeState.SUCCEEDED
        }


async def test_a_journal_that_may_not_grow_blocks_changes_and_takes_them_again_later(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        devices = [row for row in await rows(made) if row.state == "active"][:20]
        journal = made._store._journal
        await journal.write(
            lambda connection: connection.pragma("max_page_count", connection.pragma("page_count"))
        )
        with pytest.raises(ChangeFailed, match="No room left"):
            await submit(made, devices)
        await made.finish_sending()
        assert requests_for(simulator, SUSPEND) == 0
        await journal.write(lambda connection: connection.pragma("max_page_count", 10**9))
        assert await submit(made, devices) == 20
        await until_over(made)
        await check_books(simulator, made)


# -- files that others hold -----------------------------------------------------------------------


@contextmanager
def held(made: Workspace) -> Iterator[None]:
    """Let another process hold the journal for as long as the block lasts."""
    file = str(made._store.folder / "journal.db")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.stdin.write(b"\n")
            process.stdin.flush()


async def test_a_change_waits_for_a_journal_that_is_held_and_is_then_made_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = next(row for row in await rows(made) if row.state == "active")
        with held(made):
            submitting = asyncio.ensure_future(submit(made, [device]))
            await asyncio.wait([submitting], timeout=1.0)
            assert not submitting.done()
            assert requests_for(simulator, SUSPEND) == 0
        assert await submitting == 1
        (done,) = await until_over(made)
        assert done.state is ChangeState.SUCCEEDED
        await check_books(simulator, made)


async def test_a_change_is_refused_when_the_journal_is_held_for_too_long(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsui.store.connection.BUSY_TIMEOUT", 200)
    async with workspace(simulator, tmp_path) as made:
        device = next(row for row in await rows(made) if row.state == "active")
        with held(made), pytest.raises(ChangeFailed, match="Another process"):
            await submit(made, [device])
        assert requests_for(simulator, SUSPEND) == 0
        assert await submit(made, [device]) == 1
        (done,) = await until_over(made)
        assert done.state is ChangeState.SUCCEEDED


async def test_an_answer_is_written_down_when_the_journal_is_free_again(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsui.store.connection.BUSY_TIMEOUT", 200)
    simulator.world.settings.latency = 0.5
    async with workspace(simulator, tmp_path) as made:
        device = next(row for row in await rows(made) if row.state == "active")
        await submit(made, [device])
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")
        with held(made):
            await until(lambda: bool(executed(simulator, ACTION)), what="the execution")
            assert made.is_sending
        (done,) = await until_over(made)
        assert done.state is ChangeState.SUCCEEDED
        await check_books(simulator, made)
