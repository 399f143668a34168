"""A connection to a database file that lives on a thread of its own."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import apsw

from tsui.store.errors import DiskFull, StoreClosed, no_room, translated
from tsui.store.text import searchable

T = TypeVar("T")

Work = Callable[[apsw.Connection], T]
"""Something to do with a connection, on the connection's own thread."""

BUSY_TIMEOUT = 5000
"""Milliseconds another process may hold the file before we give up."""

BULK_MEMORY = 64 * 1024
"""KiB for pages when much is written: the indexes are written all over."""

BULK_LOG = 10_000
"""Pages of the log before it is written back when much is written: many are written twice."""

LOOK_UP = 50_000
"""Steps of SQLite's machine between two looks whether anybody still waits: a few milliseconds."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a disk, a quota or a limit is used up; SQLite knows only the first."""


class ConnectionThread:
    """A connection and its thread; work is done in the order it was handed in."""

    def __init__(self, path: Path, *, durable: bool, reads_only: bool = False) -> None:
        self._path = path
        self._durable = durable
        self._reads_only = reads_only
        self._connection: apsw.Connection | None = None
        self._given_up = threading.Event()
        self._closed = False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"store-{path.stem}")
        self.waiting = 0
        """Jobs that were handed in and that somebody waits for."""

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads; when the caller is cancelled it ends at once."""
        given_up = threading.Event()
        self.waiting += 1
        try:
            return await self.start(work, given_up)
        except asyncio.CancelledError:
            given_up.set()
            raise
        finally:
            self.waiting -= 1

    def start(self, work: Work[T], given_up: threading.Event | None = None) -> "asyncio.Future[T]":
        """Hand work in; raises StoreClosed once the thread has been told to end."""
        if self._closed:
            raise StoreClosed(f"{self._path} was closed meanwhile. Open the view again.")
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._executor, self._call, work, given_up or threading.Event())

    async def close(self) -> None:
        """Do what was handed in, close the connection and end the thread."""
        if not self._closed:
            self._closed = True
            loop = asyncio.get_running_loop()
            await asyncio.shield(loop.run_in_executor(self._executor, self._disconnect))
            self._executor.shutdown()

    def _call(self, work: Work[T], given_up: threading.Event) -> T:
        self._given_up = given_up
        with translated(self._path):
            connection = self._connection = self._connection or self._connect()
            with no_room_is_no_room(connection, self._path):
                return work(connection)

    def _connect(self) -> apsw.Connection:
        touch(self._path)
        connection = apsw.Connection(str(self._path))
        connection.set_busy_timeout(BUSY_TIMEOUT)
        connection.pragma("synchronous", "FULL" if self._durable else "NORMAL")
        connection.pragma("foreign_keys", "ON")
        connection.pragma("query_only", self._reads_only)
        connection.create_scalar_function("fold", _fold, 1, deterministic=True)
        # SQLite asks between its steps. An interrupt from outside would be lost when it comes
        # between two statements, and would hit the next job when it comes too late.
        connection.set_progress_handler(self._is_given_up, LOOK_UP)
        return connection

    def _is_given_up(self) -> bool:
        return self._given_up.is_set()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _fold(*text: object) -> str:
    """Return the one text given without its case, for conditions in SQL."""
    return searchable(str(*text))


@contextmanager
def open_for_bulk(path: Path) -> Iterator[apsw.Connection]:
    """Open a file to write much of it; raises SQLite's own errors."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.set_busy_timeout(BUSY_TIMEOUT)
        connection.pragma("synchronous", "NORMAL")
        connection.pragma("foreign_keys", "ON")
        connection.pragma("cache_size", -BULK_MEMORY)
        connection.pragma("wal_autocheckpoint", BULK_LOG)
        yield connection


def in_transaction(connection: apsw.Connection, work: Work[T]) -> T:
    """Do all of the work, or, when it raises, nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def touch(path: Path) -> None:
    """Make sure that the file is there for its owner alone; side files get the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            # It is not opened here: closing it would take away the locks that SQLite holds on it
            # in this process, and another process would think that nobody uses it.
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
    except OSError as error:
        raise apsw.CantOpenError(error.strerror or str(error)) from error


@contextmanager
def no_room_is_no_room(connection: apsw.Connection, path: Path) -> Iterator[None]:
    """Tell a full disk from one that fails, whichever way the system says so."""
    try:
        yield
    except apsw.IOError as error:
        if connection.system_errno in _NO_ROOM:
            raise DiskFull(no_room(path)) from error
        raise
