"""The receiver under load: ``python -m tests.benchmarks.receiver [--rounds N] [--messages N]``.

A real process is sent a thousand callbacks within a second while two hundred senders hold half-open
connections, and is killed with -9 right after the last answer. Delays are counted from the moment a
message was due, so that a receiver that lags behind cannot hide it.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.receiver.cases import PATH, answer, body, kept, request
from tests.receiver.test_process import inbox_folder, process

HALF_OPEN = 200
SENDERS = 64
"""Connections over which the messages come; the platform's number is not known."""

AIM = 0.25
"""Seconds within which 99 of 100 answers have to come."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.messages} callbacks in 1 s, {HALF_OPEN} half-open connections, then kill -9")
    names = ("took s", "p50 ms", "p99 ms", "max ms")
    print(f"{'round':>5}{''.join(f'{name:>9}' for name in names)}{'answered':>10}{'lost':>6}")
    for number in range(1, options.rounds + 1):
        with tempfile.TemporaryDirectory() as home:
            asyncio.run(one_round(number, Path(home), options.messages))
    print(f"aim: p99 below {AIM * 1000:.0f} ms, nothing lost")


async def one_round(number: int, home: Path, messages: int) -> None:
    """Send all messages, kill the receiver, and count what is missing."""
    async with process(home) as (started, port):
        idle = [asyncio.create_task(half_open(port)) for _ in range(HALF_OPEN)]
        waiting: asyncio.Queue[int] = asyncio.Queue()
        began = time.perf_counter() + 0.2
        delays: dict[int, float] = {}
        senders = [
            asyncio.create_task(sender(port, waiting, began, messages, delays))
            for _ in range(SENDERS)
        ]
        await asyncio.sleep(max(0.0, began - time.perf_counter()))
        for each in range(messages):
            due = began + each / messages
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            waiting.put_nowait(each)
        await waiting.join()
        took = time.perf_counter() - began
        started.kill()
        await started.wait()
        for task in (*idle, *senders):
            task.cancel()
        await asyncio.gather(*idle, *senders, return_exceptions=True)
    there = {each.request_id for each in await kept(inbox_folder(home))}
    lost = [each for each in delays if f"r-{each}" not in there]
    ranked = sorted(delays.values())
    figures = "".join(f"{at(ranked, share) * 1000:9.1f}" for share in (0.5, 0.99, 1.0))
    print(f"{number:>5}{took:9.2f}{figures}{len(delays):>10}{len(lost):>6}")


async def half_open(port: int) -> None:
    """Hold a connection with half a head, and open the next one when it is cut."""
    while True:
        with suppress(ConnectionError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"POST /half HTTP/1.1\r\nHost: h\r\n")
                await reader.read()
            finally:
                writer.close()


async def sender(
    port: int, waiting: "asyncio.Queue[int]", began: float, messages: int, delays: dict[int, float]
) -> None:
    """Send messages over one connection and note how late each answer came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            number = await waiting.get()
            writer.write(request(json.dumps(body(number)).encode(), PATH))
            status, _ = await answer(reader)
            if status == 200:
                delays[number] = time.perf_counter() - began - number / messages
            waiting.task_done()
    finally:
        writer.close()


def at(ranked: Sequence[float], share: float) -> float:
    """Return the value that a share of all values stays below."""
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


if __name__ == "__main__":
    main()
