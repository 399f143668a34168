"""A real pseudo-terminal with an emulator behind it."""

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyte

from tests.support.waiting import until

KEYS = {"enter": "\r", "escape": "\x1b", "down": "\x1b[B", "tab": "\t"}


@dataclass
class Terminal:
    """A program on a terminal."""

    process: asyncio.subprocess.Process
    master: int
    screen: pyte.Screen
    stream: pyte.ByteStream
    received: bytearray = field(default_factory=bytearray)
    """Every byte the program wrote."""
    reading: bool = True
    """Whether the terminal takes what the program writes."""

    def type(self, *keys: str) -> None:
        """Type keys or text."""
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())

    def text(self) -> str:
        """Return what is on the screen."""
        return "\n".join(self.screen.display)

    async def shows(self, text: str, limit: float = 15.0) -> None:
        """Wait until a text is on the screen."""
        try:
            await until(lambda: text in self.text(), limit=limit, what=f"{text!r} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text()}") from None

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self.master)
        os.close(nothing)

    def take(self) -> None:
        """Take what the program wrote."""
        if not self.reading:
            return
        with contextlib.suppress(BlockingIOError, OSError):
            while data := os.read(self.master, 65536):
                self.received += data
                self.stream.feed(data)


@asynccontextmanager
async def terminal(
    *argv: str,
    size: tuple[int, int] = (80, 24),
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> AsyncIterator[Terminal]:
    """Run a program on a terminal of its own until the block ends."""
    master, slave = pty.openpty()
    columns, rows = size
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.set_blocking(master, False)
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=cwd,
        env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(slave)
    screen = pyte.Screen(columns, rows)
    made = Terminal(process, master, screen, pyte.ByteStream(screen))
    loop = asyncio.get_running_loop()
    pump = loop.create_task(_pump(made))
    try:
        yield made
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
        os.close(master)


async def ended(made: Terminal, limit: float = 5.0) -> int:
    """Wait until the program has ended and return its exit code."""
    await until(lambda: made.process.returncode is not None, limit=limit, what="the end")
    made.take()
    code = made.process.returncode
    assert code is not None
    return code


def environment(home: Path, **more: str) -> Mapping[str, str]:
    """Return variables under which a program finds an empty home folder."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {"HOME": str(home), **{name: str(home / name) for name in names}, **more}


def echoes(made: Terminal) -> bool:
    """Tell whether the terminal echoes, as it does for a shell."""
    return bool(termios.tcgetattr(made.master)[3] & termios.ECHO)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


async def _pump(made: Terminal) -> None:
    while True:
        made.take()
        await asyncio.sleep(0.005)


def command(*arguments: str) -> Sequence[str]:
    """Return the argv of the program with arguments."""
    import sys

    return (sys.executable, "-m", "tsui", *arguments)
