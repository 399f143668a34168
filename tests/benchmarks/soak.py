"""Days of use in minutes: ``python -m tests.benchmarks.soak [--hours 24] [--openings 2000]``.

The real program on a real terminal, on a clock that runs fast, next to a simulator: its fleet is
read again and again, devices change elsewhere, callbacks come, every screen is opened, filters are
typed, rows are sorted and marked, and the terminal is resized. At the end the program must hold no
more than at the beginning. Before, another one is left alone for two minutes of real time.
"""

import argparse
import fcntl
import json
import os
import random
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.report import head, row
from tests.benchmarks.soaked import COUNTS
from tests.benchmarks.surroundings import Surroundings, simulated
from tests.benchmarks.terminal import Program
from tests.support.tour import HOME, TOUR

CODES = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "down": "\x1b[B", "end": "\x1b[F",
    "home": "\x1b[H", "pagedown": "\x1b[6~", "ctrl+p": "\x10", "ctrl+l": "\x0c",
}  # fmt: skip
"""What a terminal sends for a key."""

WARM_UP = 10
"""Times that every stop is opened before it counts: memories that are bounded fill up."""

SIZES = ((60, 12), (80, 24), (120, 40), (200, 60))

OPENING = 1.2
"""Seconds that an opening takes about, with all that is done in between."""

STEP = 0.15
"""Seconds of silence after which a screen is there from which another one is opened."""

ANSWER = 0.3
"""Seconds in which a key is answered, if it is at all."""

SETTLED = 12.0
"""Seconds after which nothing of the start is left, not even the line that tells of it."""

READ = r"read under|read \d+"
"""The list says when the fleet was read."""

CHANGE = ("S", "y")
"""Makes a change, so that there is one to look at."""

BETWEEN = (
    ("/", "1", "escape", "escape"), ("/", *"active", "enter", "escape"), ("o", "down", "enter"),
    ("*", "0"), ("space", "down", "space", "0"), ("w", "w"), ("z", "z"), ("f", "f"),
    ("pagedown", "end", "home"),
)  # fmt: skip
"""What is done in the list between two screens."""


class Soaked(Program):
    """The program, its terminal and what it says of itself."""

    def __init__(self, folder: Path, factor: float, simulator: dict[str, Any]) -> None:
        told = json.dumps(simulator)
        argv = [sys.executable, "-m", "tests.benchmarks.soaked", str(folder), str(factor), told]
        root = Path(__file__).parents[2]
        super().__init__(argv, {"PYTHONPATH": str(root), "ESCDELAY": "10"}, folder=folder)
        self._folder = folder

    def keys(self, keys: Sequence[str]) -> None:
        """Press keys, each after the answer to the one before."""
        for key in keys:
            self.press(CODES.get(key, key).encode(), ANSWER)

    def resize(self, columns: int, rows: int) -> None:
        """Have another size."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self._process.pid, signal.SIGWINCH)
        self.settle(0.1)

    def counts(self) -> dict[str, Any]:
        """Let it count what it holds."""
        file = self._folder / COUNTS
        file.unlink(missing_ok=True)
        os.kill(self._process.pid, signal.SIGUSR1)
        while not file.exists():
            self.settle(0.1)
            if self._process.poll() is not None:
                raise RuntimeError("it ended:\n" + "\n".join(self._screen.display))
        counts: dict[str, Any] = json.loads(file.read_text())
        return counts


class Soak:
    """Days of use of one program."""

    def __init__(self, program: Soaked, surroundings: Surroundings, chance: random.Random) -> None:
        self._program = program
        self._surroundings = surroundings
        self._chance = chance
        self.opened = 0
        """Screens that were opened."""
        self.resizes = 0
        """Times that the terminal changed its size."""

    def round(self) -> None:
        """Open every screen, in any order, and do everything else in between."""
        for stop in self._chance.sample(TOUR, len(TOUR)):
            for step in stop:
                self._program.keys(step.keys)
                self._program.settle(STEP)
            self.opened += len(stop)
            self._program.keys(HOME)
            self._program.keys(self._chance.choice(BETWEEN))
            self._surroundings.change()
        for size in (*self._chance.choices(SIZES, k=4), (120, 40)):
            self._program.resize(*size)
            self.resizes += 1
        self._surroundings.call_back()


def soak(hours: float, openings: int, devices: int, seed: int) -> None:
    """Use the program for days, and print what it holds at the beginning and at the end."""
    chance = random.Random(seed)
    steps = sum(len(stop) for stop in TOUR)
    factor = hours * 3600 / (openings * OPENING)
    with tempfile.TemporaryDirectory() as name, simulated(devices) as simulator:
        folder = Path(name)
        surroundings = Surroundings(folder, simulator, chance)
        with Soaked(folder, factor, simulator) as program:
            program.wait_for(READ)
            program.keys(CHANGE)
            soaking = Soak(program, surroundings, chance)
            began = time.monotonic()
            while soaking.opened < min(WARM_UP * steps, openings / 4):
                soaking.round()
            before = program.counts()
            while soaking.opened < openings or passed(began, factor) < hours:
                soaking.round()
            after = program.counts()
    row("simulated time", f"{passed(began, factor):.1f} h")
    row("screens opened; resizes", f"{soaking.opened:,}; {soaking.resizes}")
    compare_counts(before, after)


def passed(began: float, factor: float) -> float:
    """Return the hours that passed for the program."""
    return (time.monotonic() - began) * factor / 3600


def compare_counts(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Print what a program holds after long use, and what it held after short use."""
    missed = {step.screen for stop in TOUR for step in stop} - set(after["seen"])
    row("screens that were never seen", ", ".join(missed) or "none", aim="none")
    for what in ("tasks", "threads", "files"):
        row(f"{what} at the end, at the start", f"{after[what]:,}", f"{before[what]:,}", aim="same")
    row("objects at the end", f"{after['objects']:,}", f"{before['objects']:,}")
    grown = after["rss"] - before["rss"]
    row("memory grown by", f"{grown:.1f} MiB", f"{before['rss']:.0f} MiB", aim="< 5 MB")
    more = {name: number - before["types"].get(name, 0) for name, number in after["types"].items()}
    most = sorted(more.items(), key=lambda item: -item[1])[:8]
    print("grown most:", ", ".join(f"{name} {number:+,}" for name, number in most))


def wall(seconds: float, devices: int, seed: int) -> None:
    """Leave the program alone while devices in view change, and count what it sends."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name, simulated(devices) as simulator:
        folder = Path(name)
        surroundings = Surroundings(folder, simulator, chance)
        with Soaked(folder, 1.0, simulator) as program:
            program.wait_for(READ)
            program.settle(SETTLED)
            before, changed, frames = program.received, 0, 0
            began = time.monotonic()
            shown = program.lines()
            while time.monotonic() - began < seconds:
                in_view = [line.split()[0] for line in shown if line[2:6] == "8914"]
                surroundings.change(chance.choice(in_view))
                end = time.monotonic() + 2.0
                while (left := end - time.monotonic()) > 0:
                    received = program.received
                    program.take(left)
                    frames += program.received > received
                    now = program.lines()
                    changed += sum(a != b for a, b in zip(shown, now, strict=True))
                    shown = now
            size = program.received - before
    row("a wall, bytes a changed line", f"{size / max(1, changed):.0f} B", aim="<= 150 B")
    row("a wall, frames a second", f"{frames / seconds:.2f}", aim="<= 1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--openings", type=int, default=2000)
    parser.add_argument("--devices", type=int, default=500)
    parser.add_argument("--wall", type=float, default=120.0, help="seconds of it; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{options.hours:g} h, {options.devices:,} devices, seed {options.seed}\n")
    head()
    if options.wall:
        wall(options.wall, options.devices, options.seed)
    if options.openings:
        soak(options.hours, options.openings, options.devices, options.seed)


if __name__ == "__main__":
    main()
