"""A device's rhythm in words: what is usual for it, and whether it is overdue by that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tsui.service.views import Coverage, DeviceRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Run

if TYPE_CHECKING:
    from tsui.service.learner import Learning

LATE, LOST = 1.0, 3.0
"""Times its usual gap from which on a device is late, and from which on it is missing."""

MOST = 999
"""Times from which on more says nothing more."""

NOT_KNOWN = "not known"

Fact = tuple[str, str, str]
"""A name, a value and its look."""


def overdue(row: DeviceRow, now: float) -> Run:
    """Say in nine cells how many times its usual gap a device is silent.

    What rests only on what was seen here is marked as rough.
    """
    if row.connected:
        return "online", "good"
    times = row.overdue(now)
    if times is None:
        return (NOT_KNOWN, "dim") if row.state == "active" else (words.UNKNOWN, "dim")
    return f"{'~' if row.session is None else ''}{_times(times)}", _look(times)


def rhythm(row: DeviceRow, now: float, at: Callable[[float], str]) -> Iterator[Fact]:
    """Say what is usual for a device, where that comes from, and when it is expected."""
    if not row.usual_gap:
        yield "Usual gap", f"{NOT_KNOWN}; d learns it", "dim"
        if row.gaps:
            yield "Known by", f"{words.number(row.gaps, 'gap')} seen here: too few", "dim"
        return
    gaps = words.number(row.gaps or 0, "gap")
    source = f"{gaps} seen here, roughly"
    if row.learned_at and row.session is not None:
        source = f"{gaps} of its history, {words.age(now - row.learned_at)} ago"
    yield "Usual gap", words.age(row.usual_gap), "text"
    yield "Known by", source, "dim"
    if (times := row.overdue(now)) is not None and row.expected_at:
        yield "Overdue", f"{_times(times)} its usual gap", _look(times)
        yield "Expected", f"{at(row.expected_at)}", "text"
    if row.session is not None:
        size = words.size(row.session_bytes)
        yield "Usual session", f"{words.age(row.session)}, {size}", "text"
    if row.hours:
        yield "Usual hours", f"{_hours(row.hours)} UTC", "text"


def learning(known: Coverage, stands: Learning | None) -> str:
    """Say how many rhythms are known, and where the learning stands."""
    said = (
        f"{known.learned:,} rhythms known by histories, {known.seen:,} by what was seen here; "
        f"{known.late:,} devices overdue."
    )
    if stands is None:
        return f"{said} Nobody is signed in, so none is learned."
    if not stands.per_hour:
        return f"{said} None is learned by itself: rhythm_reads_per_hour is 0."
    if stands.trouble:
        return f"{said} Learning pauses: {sanitize(stands.trouble, 120)}"
    idle = "; everybody is known for now" if stands.is_idle else ""
    return f"{said} Learning {stands.per_hour:,} an hour, {stands.read:,} read{idle}."


def _times(times: float) -> str:
    if times > MOST:
        return f">{MOST}x"
    return f"{times:.1f}x" if times < 10 else f"{times:.0f}x"


def _look(times: float) -> str:
    if times >= LOST:
        return "bad"
    return "warn" if times >= LATE else "dim"


def _hours(mask: int) -> str:
    """Say hours of the day as spans, e.g. ``02-04, 14-15``."""
    spans = list[list[int]]()
    for hour in range(24):
        if not mask >> hour & 1:
            continue
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return ", ".join(f"{first:02}-{end:02}" for first, end in spans)
