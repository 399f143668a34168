"""Long work in small pieces, so that other requests get their turn meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

PIECE = 100
"""Devices that are looked at in a row; some 10 ms."""


async def gently(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items, and let others work after every piece."""
    for count, item in enumerate(items, 1):
        yield item
        if count % PIECE == 0:
            await asyncio.sleep(0)
