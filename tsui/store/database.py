"""A database file and the threads that speak to it: one writes, two read, the event loop waits."""

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw

from tsui.store.errors import NewerStore, translated

T = TypeVar("T")

Work = Callable[[apsw.Connection], T]
"""Something to do with a connection, on the connection's own thread."""

Migration = Callable[[apsw.Connection], None]
"""One step from a version of the file to the next."""

BUSY_TIMEOUT = 5000
"""Milliseconds another process may hold the file before we give up."""


class Database:
    """One SQLite file; reads and writes run on threads of its own.

    A cancelled read is interrupted in SQLite, so that a search nobody waits for ends at once.
    """

    READERS = 2
    """So that a long search does not keep the rows on screen waiting."""

    def __init__(self, path: Path, migrations: Sequence[Migration], *, durable: bool) -> None:
        self.path = path
        """The file."""
        self._migrations = migrations
        self._durable = durable
        self._writer = _ConnectionThread(path, durable=durable)
        self._readers = [_ConnectionThread(path, durable=durable) for _ in range(self.READERS)]

    async def open(self) -> None:
        """Create or migrate the file; raises a StoreError that says what to do."""
        await self._writer.run(self._prepare)

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads."""
        reader = min(self._readers, key=lambda each: each.waiting)
        return await reader.run(work, interruptible=True)

    async def write(self, work: Work[T]) -> T:
        """Run work in one transaction: all of it is on disk when this returns, or none."""
        return await self._writer.run(lambda connection: _in_transaction(connection, work))

    async def foreign_version(self) -> int:
        """Return a number that changes when another process has written."""

        def version(connection: apsw.Connection) -> int:
            return int(connection.pragma("data_version"))

        return await self._writer.run(version)

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        for thread in (*self._readers, self._writer):
            await thread.close()

    def _prepare(self, connection: apsw.Connection) -> None:
        connection.pragma("journal_mode", "WAL")
        version = int(connection.pragma("user_version"))
        if version > len(self._migrations):
            raise NewerStore(
                f"{self.path} was written by a newer tsui (format {version}, this one knows "
                f"{len(self._migrations)}). Use that version, or move the file away."
            )
        if self._durable and 0 < version < len(self._migrations):
            self._copy(connection, version)
        for step in range(version, len(self._migrations)):
            _in_transaction(connection, partial(self._migrate, step))

    def _migrate(self, step: int, connection: apsw.Connection) -> None:
        # Another process may have migrated while we waited for the lock.
        if int(connection.pragma("user_version")) == step:
            self._migrations[step](connection)
            connection.pragma("user_version", step + 1)

    def _copy(self, connection: apsw.Connection, version: int) -> None:
        copy = self.path.with_name(f"{self.path.name}.before-format-{version + 1}")
        if not copy.exists():
            _touch(copy)
            connection.execute("VACUUM INTO ?", (str(copy),))


class _ConnectionThread:
    """A connection that lives on a thread of its own."""

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._path = path
        self._durable = durable
        self._connection: apsw.Connection | None = None
        self._current: threading.Event | None = None
        self._guard = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"store-{path.stem}")
        self.waiting = 0
        """Jobs that were handed over and are not done."""

    async def run(self, work: Work[T], *, interruptible: bool = False) -> T:
        """Run the work on the thread and return what it returns."""
        given_up = threading.Event()
        loop = asyncio.get_running_loop()
        self.waiting += 1
        job = loop.run_in_executor(self._executor, self._call, work, given_up)
        try:
            return await (job if interruptible else asyncio.shield(job))
        except asyncio.CancelledError:
            if interruptible:
                self._interrupt(given_up)
            raise
        finally:
            self.waiting -= 1

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._disconnect)
        self._executor.shutdown(wait=True)

    def _call(self, work: Work[T], given_up: threading.Event) -> T:
        with translated(self._path):
            if self._connection is None:
                self._connection = _connect(self._path, durable=self._durable)
            with self._guard:
                self._current = given_up
            if given_up.is_set():
                raise apsw.InterruptError
            try:
                while True:
                    try:
                        return work(self._connection)
                    except apsw.InterruptError:
                        # An interrupt meant for the job before can hit this one: do it again.
                        if given_up.is_set():
                            raise
            finally:
                with self._guard:
                    self._current = None

    def _interrupt(self, given_up: threading.Event) -> None:
        given_up.set()
        with self._guard:
            if self._current is given_up and self._connection is not None:
                self._connection.interrupt()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _in_transaction(connection: apsw.Connection, work: Work[T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _connect(path: Path, *, durable: bool) -> apsw.Connection:
    _touch(path)
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_TIMEOUT)
    connection.pragma("synchronous", "FULL" if durable else "NORMAL")
    connection.pragma("foreign_keys", "ON")
    return connection


def _touch(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its side files the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise apsw.CantOpenError(error.strerror or str(error)) from error
