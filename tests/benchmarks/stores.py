"""Stores with a given number of devices, made once and kept for later runs."""

import asyncio
import gc
import inspect
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import apsw
from platformdirs import user_cache_path

from tsui.clock import SystemClock
from tsui.service.environment import Environment
from tsui.service.fleet_page import Page, flatten, split
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.views import device_view
from tsui.simulator.world import World
from tsui.store import fleet, schema
from tsui.store.bulk import FleetRun
from tsui.store.connection import in_transaction, open_for_bulk
from tsui.store.store import Store
from tsui.store.sync import SyncState
from tsui.store.trigrams import index_texts

NOBODY = "http://127.0.0.1:9"
"""An address at which nobody listens."""

PAGE = 2000


def home_with(devices: int) -> Path:
    """Return a home folder whose store knows so many devices of the simulator."""
    code = "".join(map(inspect.getsource, schema.CACHE)) + repr(fleet.FORM)
    form = blake2b(code.encode(), digest_size=4).hexdigest()
    folder = user_cache_path("tsui-benchmarks")
    home = folder / f"{devices}-{form}"
    if not (home / "address").exists():
        shutil.rmtree(home, ignore_errors=True)
        print(f"Making a store of {devices:,} devices in {home} …", flush=True)
        asyncio.run(_make(home, devices))
    return home


def forget(home: Path) -> None:
    """Forget what a store remembers of the last time: where one was, and what was shown."""
    for path in home.glob("XDG_DATA_HOME/tsui/*/cache.db"):
        with closing(apsw.Connection(str(path))) as connection:
            connection.execute("DELETE FROM memory")


def pages(devices: int) -> Iterator[bytes]:
    """Yield the pages of a fleet as the simulator would tell them."""
    world = World(SimulatorSettings(devices=devices))
    devices_of = next(iter(world.fleets.values()))
    every = devices_of.numbers()
    while numbers := list(islice(every, PAGE)):
        views = [device_view(world, devices_of.get(number)) for number in numbers]
        more = numbers[-1] < devices - 1
        yield json.dumps({"hasMoreData": more, "devices": views}, separators=(",", ":")).encode()


def _put(run: FleetRun, page: Page, at: float, connection: apsw.Connection) -> None:
    run.put(connection, page.devices, page.largest, at)


async def _make(home: Path, devices: int) -> None:
    environment = Environment("simulator", NOBODY)
    store = Store(home / "XDG_DATA_HOME" / "tsui" / environment.folder_name)
    await store.open()
    await store.close()
    account = next(iter(World(SimulatorSettings(devices=1)).fleets))
    now = SystemClock().now().timestamp()
    run = FleetRun(account, SyncState(1, now, 0, 0, None, None), flatten)
    gc.disable()
    with open_for_bulk(store.devices.path) as connection:
        in_transaction(connection, run.begin)
        for body in pages(devices):
            in_transaction(connection, partial(_put, run, split(body), now))
        in_transaction(connection, lambda each: run.finish(each, now))
        in_transaction(connection, schema.create_indexes)
        while in_transaction(connection, index_texts):
            pass
    gc.enable()
    (home / "address").write_text(f"{NOBODY} {account}")
