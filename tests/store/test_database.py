"""One file, its threads, and everything that can go wrong with them."""

import asyncio
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from tests.support.waiting import until
from tsui.store import connection as connection_module
from tsui.store.database import Database
from tsui.store.errors import (
    BrokenStore,
    DiskFull,
    StoreBusy,
    StoreClosed,
    StoreError,
    StoreUnusable,
)


def _tables(connection: apsw.Connection) -> None:
    connection.execute("CREATE TABLE number (value INTEGER NOT NULL, filling BLOB) STRICT")


def _put(*values: int) -> Callable[[apsw.Connection], int]:
    def work(connection: apsw.Connection) -> int:
        connection.executemany(
            "INSERT INTO number VALUES (?, zeroblob(1000))", [(value,) for value in values]
        )
        return len(values)

    return work


def _all(connection: apsw.Connection) -> list[int]:
    return [int(row[0]) for row in connection.execute("SELECT value FROM number ORDER BY rowid")]


def _endless(connection: apsw.Connection) -> int:
    sql = (
        "WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more) "
        "SELECT count(*) FROM more"
    )
    return int(connection.execute(sql).get)


def _made(path: Path, *, durable: bool = True) -> Database:
    return Database(path, (_tables,), durable=durable)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = _made(tmp_path / "store" / "file.db")
    await made.open()
    yield made
    await made.close()


# -- reading and writing ------------------------------------------------------------------------


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(_put(1, 2, 3)) == 3
    assert await database.read(_all) == [1, 2, 3]


async def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    await database.write(_put(1))

    def half(connection: apsw.Connection) -> None:
        _put(2, 3)(connection)
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        await database.write(half)
    assert await database.read(_all) == [1]
    await database.write(_put(4))
    assert await database.read(_all) == [1, 4]


async def test_a_constraint_that_fails_in_the_middle_leaves_nothing_behind(
    database: Database,
) -> None:
    def half(connection: apsw.Connection) -> None:
        _put(2, 3)(connection)
        connection.execute("INSERT INTO number VALUES (NULL, NULL)")

    with pytest.raises(apsw.ConstraintError):
        await database.write(half)
    assert await database.read(_all) == []


async def test_reading_cannot_change_anything(database: Database) -> None:
    with pytest.raises(StoreUnusable):
        await database.read(_put(1))
    assert await database.read(_all) == []


async def test_a_long_read_does_not_keep_others_waiting(database: Database) -> None:
    long = asyncio.create_task(database.read(_endless))
    await asyncio.sleep(0)
    await database.write(_put(1))
    async with asyncio.timeout(5):
        for _ in range(20):
            assert await database.read(_all) == [1]
    long.cancel()
    with suppress(asyncio.CancelledError):
        await long


async def test_the_result_is_told_before_the_writer_goes_on(database: Database) -> None:
    order: list[str] = []
    await database.write(_put(1, 2), lambda number: order.append(f"told {number}"))
    order.append("returned")
    assert order == ["told 2", "returned"]


async def test_a_write_that_fails_tells_nothing(database: Database) -> None:
    order: list[int] = []

    def fail(_: apsw.Connection) -> int:
        raise LookupError("no")

    with pytest.raises(LookupError):
        await database.write(fail, order.append)
    assert order == []


async def test_a_write_goes_on_and_is_told_of_when_its_caller_is_cancelled(
    database: Database,
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[int] = []

    def slow(connection: apsw.Connection) -> int:
        begun.set()
        go_on.wait(10)
        return _put(1, 2)(connection)

    writing = asyncio.create_task(database.write(slow, told.append))
    await asyncio.to_thread(begun.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    await until(lambda: told == [2])
    assert await database.read(_all) == [1, 2]


# -- cancelled reads ----------------------------------------------------------------------------


async def test_a_cancelled_read_ends_and_the_next_one_works(database: Database) -> None:
    await database.write(_put(1))
    for _ in range(10):
        # One on each of the reading threads, so that the next read has to wait for one of them.
        endless = [asyncio.create_task(database.read(_endless)) for _ in range(Database.READERS)]
        await asyncio.sleep(0.01)
        for task in endless:
            task.cancel()
        results = await asyncio.gather(*endless, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in results)
        async with asyncio.timeout(5):
            assert await database.read(_all) == [1]


async def test_a_read_that_is_cancelled_between_two_statements_ends_too(
    database: Database,
) -> None:
    between, go_on = threading.Event(), threading.Event()

    def two(connection: apsw.Connection) -> int:
        _all(connection)
        between.set()
        go_on.wait(10)
        return _endless(connection)

    reading = asyncio.create_task(database.read(two))
    await asyncio.to_thread(between.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    go_on.set()
    async with asyncio.timeout(5):
        # As many as there are threads, so that the one that was busy has its turn.
        reads = [database.read(_all) for _ in range(Database.READERS)]
        assert await asyncio.gather(*reads) == [[]] * Database.READERS


async def test_a_cancelled_read_that_had_not_begun_never_begins(database: Database) -> None:
    go_on = threading.Event()
    begun: list[int] = []

    def wait(_: apsw.Connection) -> None:
        go_on.wait(10)

    def begin(_: apsw.Connection) -> None:
        begun.append(1)

    busy = [asyncio.create_task(database.read(wait)) for _ in range(Database.READERS)]
    await asyncio.sleep(0)
    queued = asyncio.create_task(database.read(begin))
    await asyncio.sleep(0)
    queued.cancel()
    with pytest.raises(asyncio.CancelledError):
        await queued
    go_on.set()
    await asyncio.gather(*busy)
    await asyncio.gather(*(database.read(_all) for _ in range(Database.READERS)))
    assert begun == []


# -- closing ------------------------------------------------------------------------------------


async def test_closing_does_what_is_queued_first(tmp_path: Path) -> None:
    database = _made(tmp_path / "file.db")
    await database.open()
    tasks = [asyncio.create_task(database.write(_put(number))) for number in range(50)]
    reads = [asyncio.create_task(database.read(_all)) for _ in range(10)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*tasks) == [1] * 50
    assert all(isinstance(seen, list) for seen in await asyncio.gather(*reads))
    again = _made(tmp_path / "file.db")
    assert await again.read(_all) == list(range(50))
    await again.close()


async def test_a_closed_file_says_so_and_opens_nothing_again(tmp_path: Path) -> None:
    database = _made(tmp_path / "file.db")
    await database.open()
    await database.read(_all)
    await database.close()
    await database.close()
    for ask in (database.read(_all), database.write(_put(1)), database.foreign_version()):
        with pytest.raises(StoreClosed, match="was closed"):
            await ask
    assert [path.name for path in tmp_path.iterdir()] == ["file.db"]


async def test_closing_ends_the_threads(tmp_path: Path) -> None:
    database = _made(tmp_path / "ends.db")
    await database.open()
    await asyncio.gather(database.read(_all), database.read(_all))
    assert any(each.name.startswith("store-ends") for each in threading.enumerate())
    await database.close()
    assert not any(each.name.startswith("store-ends") for each in threading.enumerate())


async def test_a_young_write_leaves_no_mark_that_the_next_one_could_leave_too(
    tmp_path: Path,
) -> None:
    database, other = _made(tmp_path / "file.db"), _made(tmp_path / "file.db")
    await database.open()
    await other.open()
    await other.write(_put(1))
    assert database.mark() == ()
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    mark = database.mark()
    assert mark
    assert database.mark() == mark
    await other.write(_put(2))
    assert database.mark() == ()
    await database.close()
    await other.close()


# -- files --------------------------------------------------------------------------------------


async def test_files_are_for_their_owner_alone(database: Database) -> None:
    await database.write(_put(1))
    await database.read(_all)
    folder = database.path.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"file.db": 0o600, "file.db-shm": 0o600, "file.db-wal": 0o600}


async def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    path.touch(0o644)
    path.chmod(0o664)
    database = _made(path)
    await database.open()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await database.close()


_LOCKS = """
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
try:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000000 + 2)
except OSError:
    print("in use")
else:
    print("free")
"""
"""Looks as SQLite does whether another process has the file open."""


async def test_another_process_sees_that_the_file_is_in_use(database: Database) -> None:
    await database.write(_put(1))
    await asyncio.gather(*(database.read(_all) for _ in range(Database.READERS)))
    seen = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", _LOCKS, str(database.path)],
        capture_output=True,
        check=True,
    )
    assert seen.stdout.strip() == b"in use"


async def test_the_disk_is_waited_for_only_where_it_matters(tmp_path: Path) -> None:
    for durable, synchronous in ((True, 2), (False, 1)):
        database = _made(tmp_path / f"{durable}.db", durable=durable)
        await database.open()
        assert await database.write(lambda each: each.pragma("synchronous")) == synchronous
        assert await database.read(lambda each: each.pragma("journal_mode")) == "wal"
        await database.close()


# -- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"no database at all, " * 60, b"SQLite format 3\0" + b"x" * 999]
)
async def test_a_broken_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.db"
    path.write_bytes(content)
    database = _made(path)
    with pytest.raises(BrokenStore) as caught:
        await database.open()
    assert str(caught.value) == f"{path} is damaged or no database. Move it away to start anew."
    await database.close()
    assert path.read_bytes() == content


async def test_a_damaged_page_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    database = _made(path)
    await database.open()
    await database.write(_put(*range(100)))
    await database.close()
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    again = _made(path)
    with pytest.raises(BrokenStore, match="damaged"):
        await again.read(_all)
    await again.close()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    database = _made(tmp_path / "store" / "file.db")
    with pytest.raises(StoreUnusable, match=r"file\.db cannot be used .* permissions and the disk"):
        await database.open()
    await database.close()


async def test_a_file_that_another_process_holds_is_told_after_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT", 50)
    hasty = _made(database.path)
    await hasty.read(_all)
    held, let_go = threading.Event(), threading.Event()

    def hold(_: apsw.Connection) -> None:
        held.set()
        let_go.wait(10)

    holding = asyncio.create_task(database.write(hold))
    await asyncio.to_thread(held.wait, 10)
    with pytest.raises(StoreBusy, match="Another process holds"):
        await hasty.write(_put(1))
    let_go.set()
    await holding
    assert await hasty.write(_put(2)) == 1
    assert await hasty.read(_all) == [2]
    await hasty.close()


async def test_a_write_waits_for_another_process_that_takes_a_moment(database: Database) -> None:
    other = _made(database.path)
    held = threading.Event()

    def hold(connection: apsw.Connection) -> None:
        held.set()
        time.sleep(0.2)
        _put(1)(connection)

    holding = asyncio.create_task(other.write(hold))
    await asyncio.to_thread(held.wait, 10)
    await database.write(_put(2))
    await holding
    assert await database.read(_all) == [1, 2]
    await other.close()


async def test_a_full_file_loses_nothing_and_works_again_when_there_is_room(
    database: Database,
) -> None:
    kept: list[int] = []

    def pages(most: int) -> Callable[[apsw.Connection], None]:
        return lambda connection: connection.pragma("max_page_count", most) and None

    async def fill() -> None:
        for number in range(1000):
            await database.write(_put(number, number))
            kept.extend([number, number])

    await database._writer.start(pages(40))
    with pytest.raises(DiskFull) as caught:
        await fill()
    assert str(caught.value) == (
        f"No room left for {database.path}. Free some space and try again."
    )
    assert kept
    assert await database.read(_all) == kept
    await database._writer.start(pages(1000))
    await database.write(_put(-1))
    assert await database.read(_all) == [*kept, -1]


_LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from tests.store.test_database import _all, _made, _put
from tsui.store.errors import DiskFull

async def main():
    database = _made(Path(sys.argv[1]))
    await database.open()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    kept = 0
    try:
        while True:
            await database.write(_put(*range(10)))
            kept += 10
    except DiskFull as error:
        print(kept, len(await database.read(_all)), error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await database.write(_put(1))
    await database.close()

asyncio.run(main())
"""


async def test_a_limit_of_the_system_is_told_like_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", _LIMITED, str(path)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    kept, found, sentence = done.stdout.strip().split(" ", 2)
    assert int(kept) == int(found) > 0
    assert sentence == f"No room left for {path}. Free some space and try again."
    database = _made(path)
    assert len(await database.read(_all)) == int(kept) + 1
    assert await database.read(lambda each: each.pragma("integrity_check")) == "ok"
    await database.close()


def test_every_error_is_one_that_a_screen_can_show() -> None:
    kinds = (BrokenStore, DiskFull, StoreBusy, StoreClosed, StoreUnusable)
    assert all(issubclass(kind, StoreError) for kind in kinds)
