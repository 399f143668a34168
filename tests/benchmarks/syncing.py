"""Reading a fleet: our design against the straightforward one, and the whole way over HTTP."""

import asyncio
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import apsw

from tests.benchmarks import straightforward
from tests.benchmarks.report import row
from tests.benchmarks.stores import pages
from tsui.clock import SystemClock
from tsui.demo import Simulator
from tsui.service.environment import Environment
from tsui.service.fleet_page import flatten, split
from tsui.service.workspace import Workspace
from tsui.store import schema
from tsui.store.bulk import FleetRun
from tsui.store.connection import in_transaction, open_for_bulk
from tsui.store.database import Database
from tsui.store.sync import SyncState
from tsui.store.trigrams import index_texts

DEVICES = 40_000
"""Devices that both designs read; the straightforward one takes a while."""

CHANGED = 50
"""Each so many-th device is told otherwise the second time: two of a hundred."""

WHOLE_WAY = 100_000
"""Devices read over HTTP; most of the time goes to the simulator's making of them."""


def designs(folder: Path, rounds: int) -> None:
    """Compare the processor time that a fleet takes at first and with few changes."""
    first = list(pages(DEVICES))
    second = [_changed(body) for body in first]
    ours: list[list[float]] = [[], []]
    theirs: list[list[float]] = [[], []]
    for number in range(max(2, rounds // 2)):
        for figures, read in ((ours, _ours), (theirs, _straightforward)):
            path = folder / f"{read.__name__}-{number}.db"
            for place, bodies in enumerate((first, second)):
                figures[place].append(_seconds(partial(read, path, bodies, place + 1)))
    for place, name, aim in ((0, "first sync", ">= 5"), (1, "sync, 2 % changed", ">= 15")):
        mine, other = (DEVICES / statistics.median(each[place]) for each in (ours, theirs))
        row(f"{name}, CPU", f"{mine:,.0f} dev/s", f"{other:,.0f}", f"{mine / other:.1f} x", aim)


def _changed(body: bytes) -> bytes:
    parts = body.split(b'"connected":')
    for place in range(1, len(parts), CHANGED):
        parts[place] = b"true" + parts[place][parts[place].index(b",") :]
    return b'"connected":'.join(parts)


def _seconds(work: Callable[[], None]) -> float:
    gc.collect()
    gc.disable()
    began = time.process_time()
    work()
    gc.enable()
    return time.process_time() - began


def _ours(path: Path, bodies: Sequence[bytes], number: int) -> None:
    if number == 1:
        asyncio.run(_created(path))
    run = FleetRun("account", SyncState(number, 0.0, 0, 0, None, None), flatten)
    with open_for_bulk(path) as connection:
        in_transaction(connection, run.begin)
        for body in bodies:
            page = split(body)
            put = partial(run.put, devices=page.devices, largest=page.largest, read_at=0.0)
            in_transaction(connection, put)
        in_transaction(connection, schema.create_indexes)
        while in_transaction(connection, index_texts):
            pass


async def _created(path: Path) -> None:
    database = Database(path, schema.CACHE, durable=False)
    await database.open()
    await database.close()


def _straightforward(path: Path, bodies: Sequence[bytes], number: int) -> None:
    gc.enable()
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "WAL")
    connection.pragma("synchronous", "NORMAL")
    if number == 1:
        straightforward.create(connection)
    for body in bodies:
        in_transaction(connection, partial(straightforward.put, body=body))
    connection.close()


def whole_way(folder: Path) -> None:
    """Read a fleet from a simulator process into an empty store, then again unchanged."""
    asyncio.run(_whole_way(folder))


async def _whole_way(folder: Path) -> None:
    simulator = Simulator("--devices", str(WHOLE_WAY))
    try:
        profile, attempt = await simulator.prepare()
        made = Workspace(
            folder,
            Environment("simulator", profile.base_url),
            profile.account,
            SystemClock(),
            refresh_seconds=float("inf"),
        )
        await made.open()
        await made.try_sign_in(attempt, made.environment)
        for name in ("first sync", "sync again, nothing changed"):
            began = time.perf_counter()
            trouble = await made.sync_once()
            assert not trouble, trouble
            row(f"{name}, over HTTP", f"{WHOLE_WAY / (time.perf_counter() - began):,.0f} dev/s")
        await made.close()
    finally:
        simulator.stop()
