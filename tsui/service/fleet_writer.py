"""Writing a fleet that is being read: a small one here, a large one by a process of its own."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import Any, Self, cast

from tsui.clock import Clock
from tsui.service.fleet_page import NotAPage, Page, flatten, split
from tsui.store.bulk import FleetRun, Told
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.store.sync import SyncState
from tsui.thingspace.errors import Unreadable

log = logging.getLogger(__name__)

AHEAD = 2
"""Pages that are handed over before the first of them is written."""

LINE = 2**20
"""Bytes of the longest message of the process: the numbers of a page's devices take 20 kB."""

Written = Callable[[list[int], int], None]
"""Is told of each page once it is on disk: which devices differ, and how many the run has met."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page turned out to hold."""

    count: int
    """Devices on it."""
    listed: bool
    """Whether it has a list at all."""
    more: bool
    """Whether another page follows."""
    largest: int | None
    """The largest platform id on it; None when it tells none."""


class FleetWriter:
    """Reads and writes the pages of one run; raises StoreErrors and Unreadable."""

    def __init__(
        self, store: Store, account: str, state: SyncState, clock: Clock, written: Written
    ) -> None:
        self._store = store
        self._account = account
        self._state = state
        self._clock = clock
        self._written = written
        self._here = FleetRun(account, state, flatten)
        self._process: _WritingProcess | None = None

    async def read(self, body: bytes) -> PageRead:
        """Read a page and see to it that it is written."""
        if self._process is None:
            page = await asyncio.to_thread(_split, body)
            if not page.more or page.largest is None:
                if page.largest is not None:
                    await self._write_here(page.devices, page.largest)
                return PageRead(len(page.devices), page.listed, page.more, page.largest)
            self._process = await _WritingProcess.start(
                self._store, self._account, self._state, self._written
            )
        return await self._process.read(body, self._now())

    async def put(self, devices: Sequence[Mapping[str, Any]]) -> None:
        """Write devices that were read already."""
        told = [Told(json.dumps(each, separators=(",", ":")).encode(), None) for each in devices]
        await self._write_here(told, None)

    async def finish(self, at: float, *, complete: bool) -> None:
        """Make the list quick to search; a complete run forgets devices that it has not met."""
        if self._process is not None:
            await self._process.finish(at, complete=complete)
        else:
            await self._store.devices.finish_run(self._here if complete else None, at)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            await self._process.aclose()

    async def _write_here(self, devices: Sequence[Told], largest: int | None) -> None:
        changed = await self._store.devices.put_page(
            self._here, devices, largest, read_at=self._now()
        )
        self._written(changed, self._here.state.seen)

    def _now(self) -> float:
        return self._clock.now().timestamp()


class _WritingProcess:
    """The other end of ``fleet_process``."""

    def __init__(self, process: Process, written: Written) -> None:
        self._process = process
        self._orders = cast("asyncio.StreamWriter", process.stdin)
        self._written = written
        self._room = asyncio.Semaphore(AHEAD)
        self._awaited: deque[asyncio.Future[dict[str, Any]]] = deque()
        self._trouble: StoreError | None = None
        self._finished = False
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, store: Store, account: str, state: SyncState, written: Written
    ) -> "_WritingProcess":
        """Start it; it begins to write at once."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tsui.service.fleet_process",
            str(store.devices.path), account, json.dumps(astuple(state)),
            stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=LINE,
        )  # fmt: skip
        return cls(process, written)

    async def read(self, body: bytes, at: float) -> PageRead:
        """Hand a page over and return what it holds."""
        await self._room.acquire()
        news = await self._ask({"page": len(body), "at": at}, body)
        if "unreadable" in news:
            raise _unreadable()
        return PageRead(**news)

    async def finish(self, at: float, *, complete: bool) -> None:
        """Finish the run."""
        await self._ask({"at": at, "complete": complete})
        self._finished = True

    async def aclose(self) -> None:
        """End it, in the middle of a page if need be: what is not written is read again."""
        self._orders.close()
        if self._process.returncode is None and not self._finished:
            self._process.kill()
        await asyncio.shield(self._listening)

    async def _ask(self, order: dict[str, Any], body: bytes = b"") -> dict[str, Any]:
        if self._trouble is not None:
            raise self._trouble
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._awaited.append(answer)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._orders.write(json.dumps(order).encode() + b"\n" + body)
            await self._orders.drain()
        return await answer

    async def _listen(self) -> None:
        news_of = cast("asyncio.StreamReader", self._process.stdout)
        errors_of = cast("asyncio.StreamReader", self._process.stderr)
        errors = asyncio.create_task(errors_of.read())
        why = ""
        while line := await news_of.readline():
            news = json.loads(line)
            if "changed" in news:
                self._room.release()
                self._written(news["changed"], news["seen"])
            elif "trouble" in news:
                why = news["trouble"]
            elif not (answer := self._awaited.popleft()).done():
                answer.set_result(news)
        await self._process.wait()
        if told := await errors:
            log.error("writing the fleet failed: %s", told[-4000:].decode("utf-8", "replace"))
        self._trouble = StoreError(why or "Writing the fleet ended before its end; r goes on.")
        self._room.release()
        for answer in self._awaited:
            if not answer.done():
                answer.set_exception(self._trouble)


def _split(body: bytes) -> Page:
    try:
        return split(body)
    except NotAPage:
        raise _unreadable() from None


def _unreadable() -> Unreadable:
    return Unreadable("The answer is not a page of the device list.")
