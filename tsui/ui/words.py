"""How values are said on screen: ages, times, sizes, states."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tsui.service.kinds import kind_of
from tsui.service.progress import Progress
from tsui.service.states import is_pending, say
from tsui.service.views import Batch
from tsui.text import Safe, sanitize

HELD = "waits for the change before"
"""Why nothing of a batch is sent right now: its devices take one change after the other."""

UNKNOWN = "—"
"""Stands for a value the platform did not tell."""

_STEPS = (
    (60, "under 1 min"),
    (120, "1 min"),
    (3600, "{minutes} min"),
    (2 * 86400, "{hours} h"),
    (float("inf"), "{days} days"),
)


def age(seconds: float) -> str:
    """Say how old something is, in steps coarse enough that an idle screen stays still."""
    seconds = max(0.0, seconds)
    words = next(words for limit, words in _STEPS if seconds < limit)
    return words.format(
        minutes=int(seconds // 60), hours=int(seconds // 3600), days=int(seconds // 86400)
    )


def jump(seconds: float) -> str:
    """Say that the wall clock went another way than time did."""
    if seconds > 0:
        return f"This machine slept for {age(seconds)}, or its clock was set ahead"
    return f"The clock of this machine was set back by {age(-seconds)}"


def moment(at: float | None, *, utc: bool, seconds: bool = False) -> str:
    """Say when something was, with the zone named; a dash when it is not known."""
    if not at:
        return UNKNOWN
    zoned = datetime.fromtimestamp(at, UTC)
    if not utc:
        zoned = zoned.astimezone()
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return f"{zoned.strftime(form)} {zoned.strftime('%Z')}"


def short_moment(at: float | None, now: float, *, utc: bool) -> str:
    """Say when something was in eleven cells; the zone is named elsewhere on the screen."""
    if not at:
        return UNKNOWN
    zoned, today = datetime.fromtimestamp(at, UTC), datetime.fromtimestamp(now, UTC)
    if not utc:
        zoned, today = zoned.astimezone(), today.astimezone()
    if zoned.date() == today.date():
        return zoned.strftime("%H:%M:%S")
    if zoned.year == today.year:
        return zoned.strftime("%m-%d %H:%M")
    return zoned.strftime("%Y-%m-%d")


def size(count: int | None) -> str:
    """Say a number of bytes."""
    if count is None:
        return UNKNOWN
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def number(count: int, what: str) -> str:
    """Say a number of things, e.g. ``1 device``, ``2 devices``."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def how_far(progress: Progress) -> str:
    """Say how far a batch is that is being sent, how fast it goes and how long it will take."""
    share = f"{100 * progress.sent // max(1, progress.total)} %"
    if progress.is_held:
        return f"{share}, {progress.sent:,} of {progress.total:,}, {HELD}"
    if progress.seconds_left is None:
        return f"{share}, {progress.sent:,} of {progress.total:,}"
    left = age(progress.seconds_left)
    return f"{share}, {progress.sent:,} of {progress.total:,}, {progress.rate:,.0f}/s, {left} left"


def batch_title(batch: Batch) -> str:
    """Say what a batch does; the values only where it does one thing."""
    if len(batch.operations) == 1:
        return sanitize(batch.title, 60)
    return ", ".join(kind_of(name, name).title for name in batch.operations)


def by_state(batch: Batch) -> str:
    """Say how many changes of devices are in which state, most first."""
    states = sorted(batch.counts, key=lambda state: -batch.counts[state])
    return ", ".join(f"{batch.counts[state]:,} {state}" for state in states)


def so_far(batch: Batch) -> str:
    """Say how many changes of a batch were sent, of how many."""
    return f"{batch.changes - batch.left:,}/{batch.changes:,}"


def briefly(batches: Sequence[Progress]) -> str:
    """Say in a header how far the batches are that are being sent."""
    sent, total = sum(each.sent for each in batches), sum(each.total for each in batches)
    rate = sum(each.rate for each in batches)
    left = f" {rate:,.0f}/s {age((total - sent) / rate)}" if rate else ""
    if all(each.is_held for each in batches):
        left = f" {HELD}"
    what = "batch" if len(batches) == 1 else f"{len(batches)} batches"
    return f"{what} {sent:,}/{total:,}{left}"


def batches_under_way(batches: Sequence[Progress]) -> str:
    """Say how far the batches are that are being sent, in a few words."""
    return "; ".join(f"{sanitize(each.title, 40)}: {how_far(each)}" for each in batches)


def field(text: str) -> Safe:
    """Say a value from outside; a dash when there is none."""
    return sanitize(text) if text else Safe(UNKNOWN)


STATE_LOOKS = {"active": "good", "suspend": "warn", "deactive": "dim", "pre-active": "info"}

_GLYPHS = {"active": "●", "suspend": "▲", "deactive": "■", "pre-active": "○"}


def state(value: str) -> tuple[str, str]:
    """Say a line's state with a glyph and a word; returns the text and its look."""
    if is_pending(value):
        return f"◌ {sanitize(value)}", "info"
    return f"{_GLYPHS.get(value, '?')} {sanitize(say(value))}", STATE_LOOKS.get(value, "text")
