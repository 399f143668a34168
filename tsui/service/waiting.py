"""Waiting for the end of a request: what scripts do that want its outcome."""

import asyncio

from tsui.store.announce import Topic
from tsui.store.changes import OPEN, DeviceChange
from tsui.store.store import Store


async def until_over(store: Store, request_id: str, seconds: float) -> list[DeviceChange]:
    """Wait, at most so many seconds, until a request's devices are over; returns what became."""
    moved = asyncio.Event()
    stop = store.announcer.subscribe(
        lambda news: moved.set() if news.topic is Topic.REQUESTS else None
    )
    try:
        async with asyncio.timeout(seconds):
            while any(
                change.state in OPEN for change in await store.journal.by_request_id(request_id)
            ):
                await moved.wait()
                moved.clear()
    except TimeoutError:
        pass
    finally:
        stop()
    return await store.journal.by_request_id(request_id)
