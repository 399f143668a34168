"""The driver: a terminal that stops reading, or is gone, never stops the program."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from tests.support.terminal import Terminal, ended, environment, terminal
from tests.support.waiting import until
from tsui.ui.terminal import LAST_WORDS, QUEUED, PatientWriter

PROGRAM = """
import sys
from pathlib import Path
from tests.support.bench import BareApp
from tsui.ui.painted import Painted
from tsui.ui.styles import style
from tsui.ui.terminal import PatientDriver

class Ticker(BareApp):
    CSS_PATH = style("app")

    def __init__(self):
        super().__init__(driver_class=PatientDriver)
        self.lines = Painted()
        self.count = 0

    def compose(self):
        yield self.lines

    def on_mount(self):
        self.set_interval(0.01, self.tick)

    def tick(self):
        self.count += 1
        Path(sys.argv[1]).write_text(str(self.count))
        self.lines.paint([[(f"tick {self.count} " * 6, "bad")]] * 20)

    def on_key(self, event):
        if event.key == "q":
            self.exit()
        self.set_interval(0.01, lambda: None)

Ticker().run()
"""
"""A program that counts on the screen and, to see that it lives, in a file."""


class Stalled(io.StringIO):
    """A terminal that takes nothing until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.taken: list[str] = []

    def write(self, text: str) -> int:
        self.free.wait(20)
        self.taken.append(text)
        return len(text)


class Gone(io.StringIO):
    """A terminal that is gone."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.tries = 0

    def write(self, text: str) -> int:
        self.tries += 1
        raise self.error


def nothing() -> None:
    """Do nothing when the terminal has caught up."""


def writer(file: io.StringIO, on_caught_up: Callable[[], None] = nothing) -> PatientWriter:
    made = PatientWriter(file, file, on_caught_up)
    made.start()
    return made


def within(seconds: float, work: Callable[[], object]) -> None:
    """Do work that has to be done within a time."""
    begin = time.monotonic()
    work()
    assert time.monotonic() - begin < seconds


def test_everything_is_written_in_order_before_it_stops() -> None:
    file = Stalled()
    file.free.set()
    made = writer(file)
    for number in range(QUEUED // 2):
        made.write(str(number))
    made.stop()
    assert not made.is_alive()
    assert file.taken == [str(number) for number in range(QUEUED // 2)]


def test_a_stalled_terminal_takes_no_time_of_whoever_writes() -> None:
    file = Stalled()
    made = writer(file)
    within(1.0, lambda: list(map(made.write, map(str, range(10_000)))))
    file.free.set()
    made.stop()
    assert len(file.taken) <= QUEUED + 2


async def test_after_a_stall_everything_is_painted_anew_once() -> None:
    file, repaints = Stalled(), []
    made = writer(file, lambda: repaints.append(len(file.taken)))
    for _ in range(QUEUED * 3):
        made.write("old")
    assert not repaints
    file.free.set()
    await until(lambda: bool(repaints), what="the repaint")
    made.write("new")
    await until(lambda: file.taken[-1] == "new", what="what came after it")
    made.stop()
    assert len(repaints) == 1


async def test_a_terminal_that_catches_up_as_the_queue_overflows_is_not_left_dark() -> None:
    file, repaints = Stalled(), []
    made = PatientWriter(file, file, lambda: repaints.append(1))
    for _ in range(QUEUED):
        made.write("old")
    original = made._dropped.set

    def late() -> None:
        # The writer empties the whole queue between the overflow and the note of it.
        file.free.set()
        made.start()
        end = time.monotonic() + 10
        while len(file.taken) < QUEUED and time.monotonic() < end:
            time.sleep(0.001)
        original()

    made._dropped.set = late  # type: ignore[method-assign]
    made.write("too much")
    await until(lambda: bool(repaints), what="the repaint")
    made.write("new")
    await until(lambda: file.taken[-1] == "new", what="what came after it")
    made.stop()


@pytest.mark.parametrize("error", [OSError(5, "gone"), ValueError("closed"), BrokenPipeError()])
def test_a_terminal_that_is_gone_is_no_error(error: Exception) -> None:
    file = Gone(error)
    made = writer(file)
    made.write("x")
    end = time.monotonic() + 10
    while not file.tries and time.monotonic() < end:
        time.sleep(0.001)
    within(1.0, lambda: list(map(made.write, ["y"] * 10_000)))
    made.stop()
    assert not made.is_alive()


def test_the_end_waits_a_moment_for_a_stalled_terminal_and_no_longer() -> None:
    file = Stalled()
    made = writer(file)
    for _ in range(QUEUED * 2):
        made.write("x")
    within(3 * LAST_WORDS + 0.5, made.stop)
    file.free.set()


def ticks(file: Path) -> int:
    return int(file.read_text() or 0) if file.exists() else 0


def program(file: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", PROGRAM, str(file))


async def test_the_program_goes_on_while_its_terminal_does_not_read(tmp_path: Path) -> None:
    count = tmp_path / "count"
    async with terminal(*program(count), env=environment(tmp_path)) as made:
        await made.shows("tick")
        made.reading = False
        reached = ticks(count)
        await until(lambda: ticks(count) > reached + 300, limit=30, what="300 ticks")
        made.reading = True
        reached = ticks(count)
        await until(lambda: _last(made) > reached, what="news after the stall")
        whole = f"tick {_last(made)} "
        assert made.text().count("tick ") >= 100, "every line is there again"
        assert whole in made.text()
        made.type("q")
        assert await ended(made) == 0
        assert b"\x1b[?1049l" in made.received


def _last(made: Terminal) -> int:
    words = made.screen.display[0].split()
    return int(words[1]) if len(words) > 2 and words[1].isdecimal() else 0


async def test_a_stalled_terminal_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    count = tmp_path / "count"
    async with terminal(*program(count), env=environment(tmp_path)) as made:
        await made.shows("tick")
        made.reading = False
        reached = ticks(count)
        await until(lambda: ticks(count) > reached + 300, limit=30, what="300 ticks")
        made.type("q")
        await until(lambda: made.process.returncode is not None, limit=10, what="the end")
        assert made.process.returncode == 0


async def test_a_program_that_was_stopped_from_outside_goes_on_and_ends(tmp_path: Path) -> None:
    count = tmp_path / "count"
    async with terminal(*program(count), env=environment(tmp_path)) as made:
        await made.shows("tick")
        for _ in range(3):
            os.kill(made.process.pid, signal.SIGSTOP)
            os.kill(made.process.pid, signal.SIGCONT)
            reached = ticks(count)
            await until(lambda before=reached: ticks(count) > before, what="a tick")
        made.type("q")
        assert await ended(made) == 0


async def test_a_terminal_that_does_not_read_any_more_ends_the_program_in_peace(
    tmp_path: Path,
) -> None:
    count = tmp_path / "count"
    async with terminal(*program(count), env=environment(tmp_path)) as made:
        await made.shows("tick")
        made.reading = False
        made.type("q")
        await until(lambda: made.process.returncode is not None, limit=10, what="the end")


def test_pyte_reads_what_the_tests_believe() -> None:
    screen = pyte.Screen(10, 1)
    pyte.ByteStream(screen).feed(b"\x1b[1;1Htick 5 ")
    assert screen.display[0].split()[1] == "5"
