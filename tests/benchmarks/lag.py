"""Moving the cursor while a fleet is read, against moving it when it was."""

import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.report import compare
from tests.benchmarks.terminal import Program, percentile
from tests.support.terminal import environment

DEVICES = 100_000
"""Devices that are read; it takes half a minute."""

LINES = range(3, 38)
"""Lines of the screen that may show devices."""

DOWN, UP = b"\x1b[B", b"\x1b[A"

PAUSE = 0.02
"""Seconds between two keys: somebody holds one down."""


def while_reading() -> None:
    """Compare the time from a key to the lit row while the demo reads its fleet, and after."""
    argv = [sys.executable, "-m", "tsui", "demo", "--devices", str(DEVICES), "--no-thin"]
    with tempfile.TemporaryDirectory() as home, Program(argv, environment(Path(home))) as program:
        program.wait_for(r"8914\d{16}")
        program.settle(0.2)
        reading: list[float] = []
        while "reading the fleet" in "\n".join(program.lines()):
            reading += steps(program)
        program.settle(3.0)
        idle = [each for _ in range(4) for each in steps(program)]
    for what, share in (("p50", 0.5), ("p95", 0.95)):
        one, other = percentile(reading, share), percentile(idle, share)
        compare(f"a row down while the fleet is read, {what}", one, other, aim="<= 2")


def steps(program: Program) -> list[float]:
    """Go some rows down and up again; returns the seconds of each."""
    return [step(program, key) for key in (*[DOWN] * 30, *[UP] * 30)]


def step(program: Program, key: bytes) -> float:
    """Press a key and return the seconds until another row is lit; news may come in between."""
    time.sleep(PAUSE)
    before = program.lit(LINES)
    began = stamp = time.perf_counter()
    program.write(key)
    while program.lit(LINES) == before and stamp - began < 1.0:
        stamp = program.take(1.0)
    return stamp - began
