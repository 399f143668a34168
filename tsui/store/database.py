"""A database file and the threads that speak to it: one writes, two read, the event loop waits."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import apsw

from tsui.store.connection import (
    BUSY_TIMEOUT,
    ConnectionThread,
    Work,
    in_transaction,
    touch,
)
from tsui.store.errors import NewerStore

T = TypeVar("T")

Value = str | int | float
"""What is bound to a query."""

Migration = Callable[[apsw.Connection], None]
"""One step from a version of the file to the next."""

SAME_TIME = 2_000_000_000
"""Nanoseconds in which two writes may get the same time: the coarsest file system counts in 2 s."""

PAUSE = 0.01
"""Seconds between two tries at what SQLite does not wait for by itself."""


class Database:
    """One SQLite file; reads and writes run on threads of its own.

    A cancelled read ends in SQLite as well, so that a search nobody waits for costs nothing.
    """

    READERS = 2
    """So that a long search does not keep the rows on screen waiting."""

    def __init__(self, path: Path, migrations: Sequence[Migration], *, durable: bool) -> None:
        self.path = path
        """The file."""
        self._migrations = migrations
        self._durable = durable
        self._writer = ConnectionThread(path, durable=durable)
        self._readers = [
            ConnectionThread(path, durable=durable, reads_only=True) for _ in range(self.READERS)
        ]

    async def open(self) -> None:
        """Create or migrate the file; raises a StoreError that says what to do."""
        await asyncio.shield(self._writer.start(self._prepare))

    async def read(self, work: Work[T]) -> T:
        """Run work that only reads."""
        reader = min(self._readers, key=lambda each: each.waiting)
        return await reader.read(work)

    async def write(self, work: Work[T], told: Callable[[T], object] | None = None) -> T:
        """Run work in one transaction: all of it is on disk when this returns, or none.

        A caller that is cancelled does not stop it. ``told`` is called with the result on the event
        loop once it is on disk, before this returns and also when nobody waits any more.
        """
        job = self._writer.start(lambda connection: in_transaction(connection, work))
        if told is not None:
            job.add_done_callback(lambda done: None if done.exception() else told(done.result()))
        return await asyncio.shield(job)

    async def stream(
        self, sql: str, values: Sequence[Value], at_once: int
    ) -> AsyncGenerator[list[tuple[Any, ...]], None]:
        """Yield the rows of one query a few at a time, all as they were when it began.

        It has a connection of its own: whoever else reads must not see what is old by then.
        """
        thread = ConnectionThread(self.path, durable=self._durable, reads_only=True)
        try:
            cursor = await thread.read(lambda connection: connection.execute(sql, values))
            while rows := await thread.read(lambda _: list(islice(cursor, at_once))):
                yield rows
        finally:
            await thread.close()

    def mark(self) -> tuple[int, ...]:
        """Return what tells whether anybody may have written; it costs no more than a look.

        Nothing after a write that is so young that the next one could leave the same mark.
        """
        found: list[int] = []
        settled = time.time_ns() - SAME_TIME
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(OSError):
                status = path.stat()
                if status.st_mtime_ns > settled:
                    return ()
                found += (status.st_mtime_ns, status.st_size)
        return tuple(found)

    async def foreign_version(self) -> int:
        """Return a number that changes when another process has written."""

        def version(connection: apsw.Connection) -> int:
            return int(connection.pragma("data_version"))

        return await asyncio.shield(self._writer.start(version))

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        for thread in (*self._readers, self._writer):
            await thread.close()

    def _prepare(self, connection: apsw.Connection) -> None:
        _log_ahead(connection)
        version = int(connection.pragma("user_version"))
        if version > len(self._migrations):
            raise NewerStore(
                f"{self.path} was written by a newer tsui (format {version}, this one knows "
                f"{len(self._migrations)}). Use that version, or move the file away."
            )
        for step in range(version, len(self._migrations)):
            in_transaction(connection, partial(self._migrate, step, copies=version > 0))

    def _migrate(self, step: int, connection: apsw.Connection, *, copies: bool) -> None:
        # Another process may have migrated while we waited for the lock.
        if int(connection.pragma("user_version")) != step:
            return
        if self._durable and copies:
            self._copy(step + 1)
        self._migrations[step](connection)
        connection.pragma("user_version", step + 1)

    def _copy(self, version: int) -> None:
        """Copy the file as it is, while the lock of the migration keeps others from changing it."""
        copy = self.path.with_name(f"{self.path.name}.before-format-{version}")
        begun = copy.with_name(f"{copy.name}.begun")
        begun.unlink(missing_ok=True)
        touch(begun)
        with (
            closing(apsw.Connection(str(self.path))) as source,
            closing(apsw.Connection(str(begun))) as target,
            target.backup("main", source, "main") as backup,
        ):
            backup.step()
        begun.replace(copy)


def _log_ahead(connection: apsw.Connection) -> None:
    """Switch to write-ahead logging; two processes may do so at the same time."""
    give_up = time.monotonic() + BUSY_TIMEOUT / 1000
    while connection.pragma("journal_mode") != "wal":
        try:
            connection.pragma("journal_mode", "WAL")
        except apsw.BusyError:
            if time.monotonic() > give_up:
                raise
            time.sleep(PAUSE)
