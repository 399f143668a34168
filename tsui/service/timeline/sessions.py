"""Sessions of a device, from all that was read of its connection history."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.parts import MOST_RECORDS, SPANS, Part
from tsui.service.timeline.model import ALWAYS, FOREVER, Unknown
from tsui.service.timeline.stretches import Stretch, between, covers, united
from tsui.store.readings import Reading

Event = Mapping[str, Any]
"""A record of the history, as the store has it."""

CUT = "there was more than is read at once"
"""Why a window is not known to its end."""


_WEEK = SPANS[Part.SESSIONS].total_seconds()


class Log(NamedTuple):
    """The connection history as far as it is known, from all that was read of it."""

    events: Sequence[Event]
    """Starts and stops, oldest first, each once."""
    known: Sequence[Stretch]
    """The stretches that are known, oldest first."""
    failed: Sequence[Unknown] = ()
    """Windows that were asked for and did not come, or not to their end."""

    @property
    def unknown(self) -> list[Unknown]:
        """Return what is not known, oldest first; nothing where it was never asked for."""
        if not self.known and not self.failed:
            return []
        asked = min([each.since for each in self.known] + [each.since for each in self.failed])
        holes = between(self.known, Stretch(asked, FOREVER))
        before = Unknown(ALWAYS, asked, "it was not asked for")
        return [before, *(Unknown(*hole, self._why(hole)) for hole in holes)]

    @property
    def holes(self) -> list[Unknown]:
        """Return what was asked for in vain and is not known from another reading, oldest first."""
        return [
            Unknown(*left, failed.why)
            for failed in sorted(self.failed)
            for left in between(self.known, Stretch(failed.since, failed.until))
        ]

    def _why(self, hole: Stretch) -> str:
        why = (
            each.why for each in self.failed if each.since < hole.until and hole.since < each.until
        )
        return next(why, "it was not read since")


class Session(NamedTuple):
    """A data session, or as much of it as is known."""

    start: float | None
    end: float | None
    bytes: int | None
    """None where it was not told."""
    events: Sequence[Event]

    @property
    def at(self) -> float:
        """Unix time of the first that is known of it."""
        return self.start if self.start is not None else self.end or 0.0


def log_of(windows: Sequence[Mapping[str, Any]], week: Reading | None) -> Log:
    """Join the windows that a verdict reads and the last week that the device's screen reads."""
    known: list[Stretch] = []
    failed: list[Unknown] = []
    events = [event for window in windows for event in window["events"] if event["at"]]
    for window in windows:
        since, until = window["since"], window["until"]
        if not window["whole"]:
            # What is left out of a window is its end.
            end = max((event["at"] for event in window["events"] if event["at"]), default=since)
            failed.append(Unknown(end, until, window["trouble"] or CUT))
            until = end
        known.append(Stretch(since, until))
    if week is not None and week.read_at is not None:
        days = [event for event in week.body if event["at"]]
        cut = len(week.body) >= MOST_RECORDS
        end = days[-1]["at"] if cut and days else week.read_at
        since = days[0]["at"] if cut and days else week.read_at - _WEEK
        known.append(Stretch(since, end))
        events += days
    return Log(_each_once(events), united(known), failed)


def _each_once(events: Sequence[Event]) -> list[Event]:
    found = {(event["at"], str(event["event"]).lower()): event for event in events}
    # Of two events of one second, the one before ended first.
    return [found[each] for each in sorted(found, key=lambda each: (each[0], each[1] == "start"))]


def sessions_of(log: Log) -> Iterator[Session]:
    """Yield the sessions, oldest first; what a hole parts is not taken for one."""
    began: Event | None = None
    for event in log.events:
        at = float(event["at"])
        if str(event["event"]).lower() == "start":
            if began is not None:
                yield Session(began["at"], None, None, [began])
            began = event
            continue
        used = _bytes(event)
        if began is not None and covers(log.known, began["at"], at):
            yield Session(float(began["at"]), at, used, [began, event])
        else:
            if began is not None:
                yield Session(began["at"], None, None, [began])
            yield Session(None, at, used, [event])
        began = None
    if began is not None:
        yield Session(began["at"], None, None, [began])


def _bytes(event: Event) -> int | None:
    used = str(event["bytes"])
    return int(used) if used.isascii() and used.isdecimal() and len(used) < 20 else None
