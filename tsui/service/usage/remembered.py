"""Usage as it is remembered: the last month, and what was read of the months before."""

from tsui.service.parts import SPANS, Part
from tsui.service.usage.days import Read
from tsui.store.readings import Reading


def reads_of(recent: Reading | None, older: Reading | None) -> list[Read]:
    """Return the answers of both readings, the one that counts most last."""
    reads = []
    if older is not None and older.body:
        told = (Read(**each) for each in older.body.values())
        reads = sorted(told, key=lambda each: each.until)
    if recent is not None and recent.body is not None and recent.read_at is not None:
        since = recent.read_at - SPANS[Part.USAGE].total_seconds()
        reads.append(Read(since, recent.read_at, recent.body, recent.read_at))
    return reads
