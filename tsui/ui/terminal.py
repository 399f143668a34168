"""The terminal: a driver that never waits for it.

Textual hands its output to a thread through a short queue and waits when that is full. A terminal
that stopped reading (Ctrl-S, a dead SSH link) would stop the whole program with it, and one that is
gone would keep it from ending. This driver drops what cannot be written and, once the terminal
reads again, has everything painted anew.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import IO, TYPE_CHECKING, Protocol, cast

from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

from tsui.first_frame import ENTER, FIRST_FRAME
from tsui.ui.colours import Codes

if TYPE_CHECKING:
    from tsui.ui.display import ThinApp

QUEUED = 30
"""Writes that wait for the terminal before further ones are dropped; Textual's own number."""

LAST_WORDS = 0.5
"""Seconds that the sequences which restore the terminal may take at the end."""


class Sink(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object:
        """Write all of it; may block."""

    def flush(self) -> object:
        """Hold nothing back."""


class Unshared:
    """A terminal without the buffer of standard error.

    That buffer has a lock. A thread that waits for a stalled terminal would hold it, and Python,
    which flushes standard error at its end, would wait for that thread.
    """

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno

    def write(self, text: str) -> None:
        """Write all of it; blocks while the terminal is stalled."""
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._fileno, data) :]

    def flush(self) -> None:
        """Nothing is held back."""


class PatientWriter(WriterThread):
    """Writes in the background, and drops what a terminal that does not read has no room for."""

    def __init__(self, file: IO[str], sink: Sink, on_caught_up: Callable[[], None]) -> None:
        super().__init__(file)
        self._waiting: Queue[str | None] = Queue(QUEUED)
        self._sink = sink
        self._on_caught_up = on_caught_up
        self._dropped = threading.Event()
        self._gone = False

    def write(self, text: str) -> None:
        """Queue a text, or drop it while the terminal is behind."""
        if self._gone or self._dropped.is_set():
            return
        try:
            self._waiting.put_nowait(text)
        except Full:
            self._dropped.set()
            # Everything may have been written just before the flag was up: wake the writer once
            # more, or it would never look at it and everything from now on would be dropped.
            with suppress(Full):
                self._waiting.put_nowait("")

    def run(self) -> None:
        """Write what is queued until told to stop."""
        while (text := self._waiting.get()) is not None:
            try:
                self._sink.write(text)
                if self._waiting.empty():
                    self._sink.flush()
            except (OSError, ValueError):
                # The terminal is gone; the signal that says so is on its way.
                self._gone = True
            if self._dropped.is_set() and self._waiting.empty():
                self._dropped.clear()
                self._on_caught_up()

    def stop(self) -> None:
        """Stop after what is queued is written, or after a moment if it cannot be."""
        try:
            self._waiting.put(None, timeout=LAST_WORDS)
        except Full:
            with suppress(Empty):
                self._waiting.get_nowait()
            with suppress(Full):
                self._waiting.put_nowait(None)
        self.join(LAST_WORDS)


class PatientDriver(LinuxDriver):
    """Textual's driver with a writer that never makes the event loop wait."""

    _shows_picture = False

    def _sigcont_application(self, *_: object) -> None:
        # Not in the handler: the next signal may come before it has done its work.
        with suppress(RuntimeError):
            asyncio.get_running_loop().call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        # Whoever was stopped by SIGSTOP never left the terminal. Textual would begin to read keys a
        # second time, and wait at the end for a reader that nobody tells to stop.
        if self._key_thread is not None and self._key_thread.is_alive():
            self.suspend_application_mode()
        super()._sigcont_application()
        cast("ThinApp[object]", self._app).repaint()

    def _get_terminal_size(self) -> tuple[int, int]:
        # COLUMNS and LINES, which Textual believes first, are a copy that a shell or a library
        # once exported; only the terminal knows its size after it was resized.
        if self._file is not None:
            with suppress(OSError, ValueError):
                width, height = os.get_terminal_size(self._file.fileno())
                if width and height:
                    return width, height
        return super()._get_terminal_size()

    def write(self, data: str) -> None:
        """Write to the terminal; the alternate screen is not taken twice, which may clear it."""
        if not (self._shows_picture and data == ENTER):
            super().write(data)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        early = FIRST_FRAME.hand_over()
        self._shows_picture = early is not None
        take_over: Callable[[], None] = super().start_application_mode
        take_over()
        self._shows_picture = False
        if early is not None:
            self.attrs_before = early.attributes
        first, file = self._writer_thread, self._file
        if first is None or file is None:
            return
        first.stop()
        loop = asyncio.get_running_loop()

        app = cast("ThinApp[object]", self._app)
        if early is None:
            app.forget_terminal()
        else:
            lines = [[(Codes.told(*codes), text) for *codes, text in line] for line in early.lines]
            app.know_terminal(lines, early.size)

        def repaint() -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(app.repaint)

        self._writer_thread = PatientWriter(file, Unshared(file.fileno()), repaint)
        self._writer_thread.start()
