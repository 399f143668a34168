"""The connection history as it was read: in windows, some of which may be missing."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Connection(NamedTuple):
    """The start or the end of a data session."""

    at: float
    is_start: bool
    bytes: int
    """Bytes of the session that ended; 0 for a start."""


class Window(NamedTuple):
    """A span of the history."""

    since: float
    until: float
    events: Sequence[Connection]
    """What happened in it, oldest first."""
    is_whole: bool
    """Whether nothing in it was left out; what is left out comes last."""
    trouble: str = ""
    """Why it could not be read; empty when it was."""
    is_too_long: bool = False
    """Whether it failed in the way a query does that takes the platform over 30 seconds."""


class Connections(NamedTuple):
    """The windows that were asked for, newest first; each begins where the next one ends."""

    windows: Sequence[Window]

    @property
    def is_current(self) -> bool:
        """Whether the newest events are known: every window up to them is whole."""
        for window in self.windows:
            if window.trouble or not window.is_whole:
                return False
            if window.events:
                return True
        return bool(self.windows)

    @property
    def trouble(self) -> str:
        """Why a window could not be read; empty when all could."""
        return next((each.trouble for each in self.windows if each.trouble), "")

    @property
    def newest(self) -> Connection | None:
        """The newest event; None where nothing happened in any window."""
        return next((window.events[-1] for window in self.windows if window.events), None)

    @property
    def runs(self) -> Sequence[Sequence[Connection]]:
        """Events without a hole between them, each run oldest first, the newest run first."""
        runs: list[list[Connection]] = [[]]
        for window in self.windows:
            if window.trouble or not window.is_whole:
                runs.append([])
            runs[-1] = [*window.events, *runs[-1]]
            if window.trouble:
                runs.append([])
        return [run for run in runs if run]

    @property
    def since(self) -> float:
        """Unix time from which on the history is known without a hole."""
        since = self.windows[0].until if self.windows else 0.0
        for window in self.windows:
            if window.trouble or not window.is_whole:
                return since
            since = window.since
        return since

    def between(self, start: float, end: float) -> Sequence[Connection]:
        """Return what happened in a span, newest window first."""
        return [
            event for window in self.windows for event in window.events if start <= event.at <= end
        ]


def connections_of(body: Any) -> Connections:
    """Return the history that was remembered as JSON."""
    return Connections(
        tuple(
            Window(
                each["since"],
                each["until"],
                tuple(_event(event) for event in each["events"] if event["at"]),
                each["whole"],
                each["trouble"],
                each["too_long"],
            )
            for each in body
        )
    )


def _event(event: Any) -> Connection:
    used = str(event["bytes"])
    size = int(used) if used.isascii() and used.isdecimal() else 0
    return Connection(float(event["at"]), str(event["event"]).lower() == "start", size)
