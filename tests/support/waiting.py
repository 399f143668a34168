"""Waiting for conditions, never for luck."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]],
    *,
    limit: float = 10.0,
    what: str = "the condition",
) -> None:
    """Wait until a condition holds; fails after a limit in seconds."""
    end = time.monotonic() + limit
    while True:
        holds = condition()
        if not isinstance(holds, bool):
            holds = await holds
        if holds:
            return
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {limit:g} s")
        await asyncio.sleep(0.01)
