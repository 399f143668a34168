"""A run and its steps, by the names the screens know them by, and what a look at a step finds."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tsui.service.verdict.evidence import Evidence, Line, Missing, Source, Standing
from tsui.store.changes import OPEN, DeviceChange
from tsui.store.commissionings import Run, RunOutcome, Step, StepName, StepState

__all__ = ["TITLES", "USUAL", "Case", "Look", "Run", "RunOutcome", "Step", "StepName", "StepState"]

TITLES = {
    StepName.LINE: "Line known",
    StepName.ACTIVATION: "Activation",
    StepName.APN: "APN delivered",
    StepName.CONNECTION: "First connection",
    StepName.BYTES: "First bytes",
    StepName.ECHO: "SMS echo",
}
"""How steps are called."""

USUAL = {
    StepName.LINE: 60.0,
    StepName.CONNECTION: 1800.0,
    StepName.BYTES: 1200.0,
}
"""Seconds after which a step is late, counted from its beginning; usage is told a quarter of an
hour after a session (documented), the others are our own patience."""


class Look(NamedTuple):
    """What a look at a step finds."""

    state: StepState
    said: str
    """What was seen, or is awaited; may hold words from outside."""
    evidence: str = ""
    """What that rests on."""
    at: float | None = None
    """Unix time at which it happened; None where nobody tells."""
    due_at: float | None = None
    """Unix time from which on it is late; None where that is the usual one."""


@dataclass(frozen=True, slots=True)
class Case:
    """A run, what is known of its device, and since when its step is waited for."""

    run: Run
    evidence: Evidence
    since: float
    """Unix time."""

    @property
    def now(self) -> float:
        """Unix time of the look."""
        return self.evidence.now

    @property
    def line(self) -> Line:
        """The line as it was read since the run began; raises Missing."""
        line: Line = self.fresh(Source.LINE)
        return line

    def fresh(self, source: Source) -> Any:
        """Return what a source told since the run began; raises Missing.

        What is remembered from before would turn a step green for what happened last week.
        """
        piece = self.evidence.piece(source)
        if piece.standing is Standing.KNOWN and (piece.read_at or 0.0) < self.run.began_at:
            standing = Standing.FAILED if piece.trouble else Standing.UNREAD
            raise Missing(replace(piece, standing=standing))
        return self.evidence.known(source)

    def read_at(self, source: Source) -> float | None:
        """Return the Unix time at which a source told something last."""
        return self.evidence.piece(source).read_at

    def newest_request(self, operation: str) -> DeviceChange | None:
        """Return the newest request of an operation, if it is of this run or not over."""
        for each in self.evidence.requests:
            if each.operation == operation:
                is_ours = each.created_at >= self.run.began_at
                return each if is_ours or each.state in OPEN else None
        return None
