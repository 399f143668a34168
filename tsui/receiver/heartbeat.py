"""The heartbeat of the receiver, so that it is known when no message could come."""

import asyncio
import time
import uuid
from contextlib import suppress

from tsui.store.database import Database
from tsui.store.errors import StoreError
from tsui.store.heartbeats import EVERY, Heartbeats, Program


async def beat(database: Database) -> None:
    """Beat until cancelled."""
    heartbeats, owner = Heartbeats(database), uuid.uuid4().hex
    while True:
        with suppress(StoreError):
            await heartbeats.beat(Program.RECEIVER, "", owner, time.time())
        await asyncio.sleep(EVERY)
