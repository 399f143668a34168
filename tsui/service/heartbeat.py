"""The heartbeat of whoever reads an account: it stops where ThingSpace cannot be reached."""

from collections.abc import Callable
from contextlib import suppress

from tsui.clock import Clock
from tsui.store.errors import StoreError
from tsui.store.heartbeats import EVERY, Program
from tsui.store.store import Store


async def beat(store: Store, account: str, clock: Clock, trouble: Callable[[], str]) -> None:
    """Beat until cancelled, but not while there is trouble: nothing is learned then."""
    while True:
        if not trouble():
            with suppress(StoreError):
                now = clock.now().timestamp()
                await store.heartbeats.beat(Program.READER, account, store.owner.name, now)
        await clock.sleep(EVERY)
