"""The report: all that can be said of a device's usage, put together in one place."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.device_record import unix_time
from tsui.service.usage.allowance import Allowance, Reached, allowance_of, reached
from tsui.service.usage.cycle import Cycle, cycle_of
from tsui.service.usage.days import DAY, Read, UsageDay, days_of, midnight, spikes
from tsui.service.usage.group import GroupUsage
from tsui.service.usage.outlook import Outlook, Used, outlook_of, used_in


class Known(NamedTuple):
    """What is remembered of a device's usage, and of what it is measured by."""

    reads: Sequence[Read]
    """Answers about usage, the newest last."""
    read_at: float | None
    """Unix time of the newest; None when there never was one."""
    trouble: str
    """Why the last try brought nothing; empty when it did."""
    older_trouble: str
    """The same of the days before."""
    plan: str
    """The line's plan."""
    cycle_end: float
    """The end of a billing cycle as told; 0 for none."""
    plans: Sequence[Mapping[str, Any]] | None
    """The account's plans; None where they were never read."""
    group: GroupUsage
    """What the others used."""


class UsageReport(NamedTuple):
    """What can be said of a device's usage."""

    now: float
    """Unix time."""
    known: Known
    """What it rests on."""
    days: tuple[UsageDay, ...]
    """Days of the span that is shown, oldest first."""
    cycle: Cycle
    """The cycle it is in."""
    used: Used
    """What was used in the cycle."""
    outlook: Outlook | None
    """What the cycle will come to; None where too little is known for that."""
    allowance: Allowance
    """What the plan includes."""
    reached: Reached
    """When that is used up."""
    spikes: frozenset[float]
    """Beginnings of days with far more than a usual one."""

    @property
    def days_to_come(self) -> list[float]:
        """Beginnings of the days from tomorrow to the end of the cycle."""
        day, found = midnight(self.now) + DAY, []
        while day < self.cycle.end:
            found.append(day)
            day += DAY
        return found

    @property
    def plans_before(self) -> list[str]:
        """Other plans that days of this cycle tell of."""
        told = (each.plan for each in self.days if self.cycle.holds(each.start))
        return [each for each in dict.fromkeys(told) if each and each != self.known.plan]


def report_of(known: Known, span: float, now: float) -> UsageReport:
    """Put together what can be said of the last seconds of a span."""
    days = days_of(known.reads, now)
    cycle = cycle_of(known.cycle_end, now)
    used = used_in(days, cycle, now)
    outlook = outlook_of(days, used, cycle, now)
    allowance = allowance_of(known.plan, known.plans)
    return UsageReport(
        now,
        known,
        tuple(each for each in days if each.start >= now - span),
        cycle,
        used,
        outlook,
        allowance,
        reached(days, cycle, allowance, used, outlook, now),
        spikes(days),
    )


def cycle_end_of(raw: Mapping[str, Any]) -> float:
    """Return the end of a billing cycle as a device's record tells it; 0 for none."""
    return unix_time(raw.get("billingCycleEndDate"))
