"""The plan's allowance, and the day on which it is used up."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.usage.cycle import Cycle
from tsui.service.usage.days import DAY, UsageDay
from tsui.service.usage.outlook import Outlook, Used

KILOBYTE = 1024
"""Bytes of a kilobyte of a plan's size; which of both kinds it is, is not documented."""


class Allowance(NamedTuple):
    """What a plan includes."""

    plan: str
    """The plan's code; empty for a line without a plan."""
    name: str
    """The plan's name, where it is known."""
    bytes: int
    """What a cycle includes; 0 where that is not known."""
    why: str
    """Why it is not known; empty where it is."""


class Reached(NamedTuple):
    """When an allowance is used up."""

    on: float | None
    """Midnight of the day on which that happened, by what was told; None if it did not."""
    soonest: float | None
    """Unix time at which it will happen by the highest rate; None for not in this cycle."""
    likely: float | None
    """The same by the middle rate."""


def allowance_of(plan: str, plans: Sequence[Mapping[str, Any]] | None) -> Allowance:
    """Return what a plan includes by the list of the account's plans; None if that was not read."""
    if not plan:
        return Allowance("", "", 0, "the line has no plan")
    if plans is None:
        return Allowance(plan, "", 0, "the account's plans were not read")
    found = next((each for each in plans if str(each.get("code")) == plan), None)
    if found is None:
        return Allowance(plan, "", 0, "it is none of the account's plans")
    size = found.get("size_kb")
    if not isinstance(size, int) or size <= 0:
        return Allowance(plan, str(found.get("name") or ""), 0, "ThingSpace does not tell its size")
    return Allowance(plan, str(found.get("name") or ""), size * KILOBYTE, "")


def reached(
    days: Sequence[UsageDay],
    cycle: Cycle,
    allowance: Allowance,
    used: Used,
    outlook: Outlook | None,
    now: float,
) -> Reached:
    """Say when an allowance is used up: it was, it will be, or not in this cycle."""
    if not allowance.bytes:
        return Reached(None, None, None)
    total = 0
    for day in days:
        total += (day.bytes or 0) if cycle.holds(day.start) else 0
        if total >= allowance.bytes:
            return Reached(day.start, None, None)
    if outlook is None:
        return Reached(None, None, None)
    left = allowance.bytes - used.bytes
    soonest, likely = (
        _within(cycle, now, left, rate) for rate in (outlook.rates[-1].per_day, outlook.rate)
    )
    return Reached(None, soonest, likely)


def _within(cycle: Cycle, now: float, left: int, rate: float) -> float | None:
    at = now + left / rate * DAY if rate else cycle.end
    return at if at < cycle.end else None
