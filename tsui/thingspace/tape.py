"""A tape: where whole exchanges are written while somebody records."""

from typing import Protocol

from tsui.thingspace.exchange import Attempt
from tsui.thingspace.redact import Redactor


class Tape(Protocol):
    """Takes exchanges at once and writes them in its own time."""

    def put(self, attempt: Attempt, redactor: Redactor, seconds: float) -> None:
        """Take an attempt that is over; its secrets have to come out before it is written."""
        ...

    def decided(self, call: int, attempt: int, why: str) -> None:
        """Take what was decided after an attempt that failed."""
        ...
