"""The trace: the recent calls of a client, in memory, bounded, without secrets."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsui.thingspace.tape import Tape


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, as it may be shown."""

    at: datetime
    """When it began, UTC."""
    operation: str
    """The operation's name in the reference."""
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
    name: str = ""
    """The operation's class name."""
    call: int = 0
    """Which call it belongs to; attempts of one call share it."""
    why: str = ""
    """What was decided after it failed, in a sentence."""


class Trace:
    """The last calls; old ones fall out by number and by size."""

    def __init__(self, calls: int = 500, characters: int = 4_000_000) -> None:
        self._calls: deque[Call] = deque()
        self._most_calls = calls
        self._most_characters = characters
        self._characters = 0
        self._begun = 0
        self.tape: Tape | None = None
        """Where whole exchanges are written beside; None while nobody records."""
        self.on_change: Callable[[], None] | None = None
        """Told whenever there is something new to see."""

    def begin_call(self) -> int:
        """Return a number for a call that begins."""
        self._begun += 1
        return self._begun

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._calls.append(call)
        self._characters += _weight(call)
        while len(self._calls) > self._most_calls or self._characters > self._most_characters:
            self._characters -= _weight(self._calls.popleft())
        self._tell()

    def decide(self, call: int, attempt: int, why: str) -> None:
        """Remember what was decided after an attempt; one that fell out needs no reason."""
        for place in range(len(self._calls) - 1, -1, -1):
            known = self._calls[place]
            if (known.call, known.attempt) == (call, attempt):
                self._calls[place] = replace(known, why=why)
                self._tell()
                return

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def _tell(self) -> None:
        if self.on_change is not None:
            self.on_change()


def _weight(call: Call) -> int:
    return len(call.sent) + len(call.received) + len(call.path) + 200
