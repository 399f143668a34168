"""The trace: the recent calls of a client, in memory, bounded, without secrets."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, as it may be shown."""

    at: datetime
    """When it began, UTC."""
    operation: str
    """The operation's name."""
    method: str
    """The HTTP method."""
    path: str
    """Path and query, redacted."""
    attempt: int
    """Which attempt of the call it was, from 1."""
    seconds: float
    """How long it took."""
    status: int | None
    """The HTTP status; None if no answer came."""
    sent: str
    """The request's body, redacted and cut."""
    received: str
    """The answer's body, redacted and cut."""
    size: int
    """Bytes of the decoded answer."""
    error: str = ""
    """What went wrong, in a sentence."""


class Trace:
    """The last calls; old ones fall out by number and by size."""

    def __init__(self, calls: int = 500, characters: int = 4_000_000) -> None:
        self._calls: deque[Call] = deque()
        self._most_calls = calls
        self._most_characters = characters
        self._characters = 0

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._calls.append(call)
        self._characters += _weight(call)
        while len(self._calls) > self._most_calls or self._characters > self._most_characters:
            self._characters -= _weight(self._calls.popleft())

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))


def _weight(call: Call) -> int:
    return len(call.sent) + len(call.received) + len(call.path) + 200
