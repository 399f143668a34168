"""The calls of the program: what can be asked about them, and the recording of them.

They belong to the program and not to an account: whoever signs in elsewhere still sees what went
wrong before.
"""

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tsui.service.calls.listing import Attempted, attempts
from tsui.service.calls.narrowing import Test
from tsui.service.calls.summary import Summary, summed_up
from tsui.thingspace.trace import Trace

if TYPE_CHECKING:
    from tsui.clock import Clock
    from tsui.service.environment import Environment
    from tsui.service.recording.writer import RecordingWriter


class Calls:
    """The calls that are remembered, newest first."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._where: tuple[Environment, str] | None = None
        self.recording: RecordingWriter | None = None
        """The recording that is being written, or ended by itself."""
        self.show(Trace())

    def show(self, trace: Trace) -> None:
        """Show the calls of another trace from now on, e.g. of a recording."""
        self.trace = trace
        trace.on_change = self._tell

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener whenever there is something new; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def attempts(self, wanted: Test | None = None) -> list[Attempted]:
        """Return all attempts, or those that are wanted."""
        return [each for each in attempts(self.trace) if wanted is None or wanted(each)]

    def summary(self) -> Summary:
        """Sum up all attempts."""
        return summed_up(self.attempts(), self._clock.now().timestamp())

    def signed_in(self, environment: "Environment", account: str) -> None:
        """Hear where calls go from now on."""
        self._where = environment, account
        if self.recording is not None and self.recording.is_on:
            self.recording.signed_in(
                self._clock.now(), environment.kind, environment.base_url, account
            )

    async def record(
        self, path: Path, *, masked: bool, on_end: Callable[[], None] | None = None
    ) -> None:
        """Begin to record into a new file; raises RecordingFailed.

        ``on_end`` is called when the recording ends by itself; it says why.
        """
        await self.end_recording()
        module = await asyncio.to_thread(importlib.import_module, "tsui.service.recording.writer")
        loop = asyncio.get_running_loop()
        recording: RecordingWriter = await asyncio.to_thread(
            module.RecordingWriter,
            path,
            self._clock.now(),
            masked=masked,
            on_end=lambda: loop.call_soon_threadsafe(self._ended, on_end),
        )
        self.recording = self.trace.tape = recording
        if self._where is not None:
            self.signed_in(*self._where)
        self._tell()

    async def end_recording(self) -> "RecordingWriter | None":
        """End the recording and return it; None where there is none."""
        recording, self.recording = self.recording, None
        self.trace.tape = None
        if recording is not None:
            await asyncio.to_thread(recording.close)
            self._tell()
        return recording

    def _ended(self, on_end: Callable[[], None] | None) -> None:
        self._tell()
        if on_end is not None:
            on_end()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
