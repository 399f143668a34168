"""A program on a pseudo-terminal, measured the way its user feels it.

Bytes are stamped when they are read; the emulator works only while nothing waits to be read, so
its cost is outside of every figure.
"""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import termios
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyte

PACKET = 96
"""Bytes read at once from a slow link, so that it never runs ahead of its rate."""

QUIET = 0.05
"""Seconds of silence that end the answer to a key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key brought: seconds to the first and the last byte, and their number."""

    first: float
    last: float
    size: int


class Program:
    """A program on a terminal of its own."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
        rate: int = 0,
        folder: Path | None = None,
    ) -> None:
        columns, rows = size
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.began = time.perf_counter()
        self.received = 0
        self._rate = rate
        self._file, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            argv,
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, **_TERMINAL, **env},
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._file)

    def wait_for(self, pattern: str, limit: float = 60.0) -> float:
        """Wait until a pattern is on the screen; returns the seconds since the start."""
        wanted = re.compile(pattern)
        end = time.perf_counter() + limit
        stamp = time.perf_counter()
        while not wanted.search("\n".join(self._screen.display)):
            if time.perf_counter() > end:
                shown = "\n".join(self._screen.display)
                raise TimeoutError(f"{pattern!r} did not show:\n{shown}")
            if data := self._read(0.02):
                stamp = time.perf_counter()
                self._stream.feed(data)
        return stamp - self.began

    def settle(self, seconds: float = 0.5) -> None:
        """Wait for silence."""
        while data := self._read(seconds):
            self._stream.feed(data)

    def take(self, limit: float) -> float:
        """Take what the program writes next, if it does in so many seconds; returns when it did."""
        data = self._read(limit)
        stamp = time.perf_counter()
        self._stream.feed(data)
        return stamp

    def lines(self) -> list[str]:
        """Return what is on the screen."""
        return list(self._screen.display)

    def lit(self, lines: Iterable[int]) -> list[int]:
        """Return which of these lines have another background than the first of the screen."""
        buffer = self._screen.buffer
        return [y for y in lines if buffer[y][2].bg != buffer[1][2].bg]

    def write(self, key: bytes) -> None:
        """Press a key without waiting for anything."""
        os.write(self._file, key)

    def press(self, key: bytes, limit: float = 2.0) -> Answer:
        """Press a key and wait for the end of its answer."""
        start = time.perf_counter()
        os.write(self._file, key)
        first = last = 0.0
        received = bytearray()
        while data := self._read(QUIET if received else limit):
            last = time.perf_counter() - start
            first = first or last
            received += data
        self._stream.feed(bytes(received))
        return Answer(first, last, len(received))

    def idle(self, seconds: float) -> int:
        """Return the bytes a program writes while nobody does anything."""
        end, size = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            size += len(self._read(left))
        return size

    def wakeups(self) -> int:
        """Return how often any of its threads was woken until now."""
        statuses = Path(f"/proc/{self._process.pid}/task").glob("*/status")
        texts = [each.read_text() for each in statuses]
        return sum(int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0]) for text in texts)

    def memory(self) -> float:
        """Return the resident memory in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def _read(self, timeout: float) -> bytes:
        ready, _, _ = select.select([self._file], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self._file, PACKET if self._rate else 65536)
        except OSError:
            return b""
        if self._rate:
            time.sleep(len(data) / self._rate)
        self.received += len(data)
        return data


_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
