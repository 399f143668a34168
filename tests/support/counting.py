"""Counting what a process holds, to see what it never lets go."""

import asyncio
import gc
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

POOL = (os.cpu_count() or 1) + 4
"""Threads that the event loop works with at most; Python's own number."""


class Held(NamedTuple):
    """What a process holds that it has to give back one day."""

    tasks: int
    """Tasks of the event loop."""
    threads: int
    """Threads."""
    files: int
    """Open files, sockets and pipes."""

    @classmethod
    def now(cls) -> "Held":
        """Count what this process holds; inside its event loop."""
        files = sum(1 for _ in Path("/proc/self/fd").iterdir()) - 1  # the listing is one itself
        return cls(len(asyncio.all_tasks()), threading.active_count(), files)


def objects() -> Counter[str]:
    """Count the objects that are alive by the full names of their types.

    Those that are left out of the search for garbage are counted, too, and are part of it from
    then on.
    """
    gc.unfreeze()
    gc.collect()
    names: Counter[str] = Counter()
    for each in gc.get_objects():
        kind = type(each)
        names[f"{kind.__module__}.{kind.__qualname__}"] += 1
    return names


async def fill_thread_pool() -> None:
    """Let the event loop begin all the threads that it works with, which it does one by one."""
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.1) for _ in range(POOL)))


async def forget_stopped_timers() -> None:
    """Let the event loop drop the timers that were stopped.

    It keeps each until it would have fired, with the context and so with the screen it was begun
    on, unless most of very many were stopped.
    """
    loop = asyncio.get_running_loop()
    for _ in range(10_000):
        loop.call_later(60.0, lambda: None).cancel()
    await asyncio.sleep(0)
