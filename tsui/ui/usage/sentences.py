"""What is said about a device's usage above its chart: what is known, and what is inferred."""

from statistics import median

from tsui.service.usage.cycle import Basis
from tsui.service.usage.days import DAY, whole_days
from tsui.service.usage.desk import UnderWay
from tsui.service.usage.report import UsageReport
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.usage.chart import day_label

LATE = "Late: data 15 min, SMS 3 days, rated 2 days. UTC."
"""What the documents say of freshness."""

WEEK = 7
"""Days that are compared with the group."""

READ_GROUP = "c"
"""The key that reads a sample of the group."""


def head(report: UsageReport, under_way: UnderWay | None, width: int, now: float) -> list[Line]:
    """Return the sentences, broken to a width; now is the time they are shown at."""
    lines = [
        _freshness(report, now),
        _cycle(report),
        _plan(report),
        _projection(report),
        _group(report),
        _abroad(report),
    ]
    if under_way is not None:
        lines.append(_progress(under_way))
    return [part for line in lines if line for part in wrap(line, width, indent=3)]


def basis(report: UsageReport, width: int) -> list[Line]:
    """Return what the figures rest on, broken to a width."""
    lines: list[Line] = [
        [(" What this rests on", "head")],
        [(f" Cycle: {report.cycle.basis}.", "dim")],
    ]
    if (outlook := report.outlook) is not None:
        rates = ", ".join(
            f"{each.method} {words.size(round(each.per_day))}" for each in outlook.rates
        )
        left = f"{outlook.days_left:.1f} days times"
        lines.append([(f" Projection: used + {left} lowest, middle, highest of: {rates}.", "dim")])
    if report.allowance.bytes:
        name = sanitize(report.allowance.name or report.allowance.plan, 30)
        told = "its sizeKb is taken for what a cycle includes; a pool would not show here."
        lines.append([(f" Plan: {name}, {told}", "dim")])
    if report.known.group.medians:
        lines.append(
            [
                (" Group: of each day the median of those that told it whole, 3 at least;", "dim"),
                (f" the figures are of the last {WEEK} days, the middle one each.", "dim"),
            ]
        )
    return [part for line in lines for part in wrap(line, width, indent=3)]


def _freshness(report: UsageReport, now: float) -> Line:
    known = report.known
    age = "" if known.read_at is None else f"Read {words.age(now - known.read_at)} ago. "
    runs: list[Run] = [(f" {age}", "strong"), (LATE, "dim")]
    for trouble in (known.trouble, known.older_trouble):
        if trouble:
            runs.append((f" {sanitize(trouble, 200)}", "bad"))
    return runs


def _cycle(report: UsageReport) -> Line:
    cycle, used = report.cycle, report.used
    name = "Month" if cycle.basis is Basis.CALENDAR else "Cycle"
    # The end itself is the next cycle's.
    span = f"{day_label(cycle.begin)} to {day_label(cycle.end - 1)}"
    runs: list[Run] = [(f" {name} {span}: ", "head")]
    if not used.told:
        runs.append((f"ThingSpace told of none of {words.number(used.missing, 'day')}", "warn"))
    else:
        amount = f"{words.size(used.bytes)} in {words.number(used.told, 'day')}"
        runs.append((amount, "strong"))
    if used.told and used.missing:
        runs.append((f", {words.number(used.missing, 'day')} not told: at least that", "warn"))
    if used.sms:
        sent = "" if used.sent is None else f" ({used.sent} sent)"
        runs.append((f", {used.sms} SMS{sent}", "text"))
    if cycle.basis is Basis.CALENDAR:
        runs.append((", no cycle end is told", "warn"))
    return runs


def _plan(report: UsageReport) -> Line:
    allowance, used = report.allowance, report.used
    name = sanitize(allowance.plan, 20) or "none"
    runs: list[Run] = [(f" Plan {name}: ", "head")]
    if not allowance.bytes:
        return [*runs, (f"allowance not known: {allowance.why}", "text")]
    if not used.told:
        size = words.size(allowance.bytes)
        return [*runs, (f"{size} a cycle; how much of it is used is not told", "text")]
    share = 100 * used.bytes / allowance.bytes
    look = "bad" if share >= 100 else "text"
    runs.append((f"{share:,.0f} % of {words.size(allowance.bytes)} a cycle, ", look))
    runs.append((_reached(report), look))
    if before := report.plans_before:
        runs.append((f"; before: {sanitize(', '.join(before), 40)}", "text"))
    return runs


def _reached(report: UsageReport) -> str:
    reached = report.reached
    if reached.on is not None:
        return f"used up on {day_label(reached.on)}"
    if report.outlook is None:
        return "not used up so far"
    if reached.likely is not None and reached.soonest is not None:
        soonest = day_label(reached.soonest)
        return f"likely used up on {day_label(reached.likely)}, {soonest} at the soonest"
    if reached.soonest is not None:
        return f"used up on {day_label(reached.soonest)} at the soonest, likely not in this cycle"
    return "not used up in this cycle at this rate"


def _projection(report: UsageReport) -> Line:
    outlook = report.outlook
    if outlook is None:
        return [(" Projection: ", "head"), ("none, too few whole days are told", "text")]
    return [
        (f" By {day_label(report.cycle.end - 1)}: ", "head"),
        (f"about {words.size(outlook.likely)}", "strong"),
        (f", {words.size(outlook.low)} to {words.size(outlook.high)} (inferred)", "text"),
    ]


def _group(report: UsageReport) -> Line:
    group = report.known.group
    if not group.name:
        return [(" Group: ", "head"), ("the device is in none", "text")]
    runs: list[Run] = [(f" {sanitize(group.name, 30)}: ", "head")]
    if not group.members:
        return [*runs, ("no other device is known in this group", "text")]
    if not group.medians:
        few = f"{group.told:,} of {group.members:,} others read, too few for a median"
        more = [("; ", "text"), (READ_GROUP, "key"), (" reads more", "text")]
        return [*runs, (few, "text"), *(more if group.told < group.members else [])]
    told = f"median of the {group.told:,} read of {group.members:,} others"
    return [*runs, (f"{told}{_compared(report)}", "text")]


def _compared(report: UsageReport) -> str:
    medians = report.known.group.medians
    recent = [
        each for each in whole_days(report.days) if each.start >= report.now - (WEEK + 1) * DAY
    ]
    both = [(each.bytes or 0, medians[each.start]) for each in recent if each.start in medians]
    if not both:
        return ""
    own, usual = median(mine for mine, _ in both), median(theirs for _, theirs in both)
    return f": {words.size(round(usual))} a day, this {words.size(round(own))}"


def _abroad(report: UsageReport) -> Line:
    used = report.used
    if not used.days_abroad:
        return ()
    amount = "amount not told, " if used.abroad is None else f"{words.size(used.abroad)} "
    home = "" if used.home is None else f", {words.size(used.home)} at home"
    return [
        (" Abroad: ", "warn"),
        (f"{amount}on {words.number(used.days_abroad, 'day')} of this cycle{home}", "text"),
    ]


def _progress(under_way: UnderWay) -> Line:
    return [
        (f" Reading {under_way.what}: {under_way.done} of {under_way.total}; ", "info"),
        (READ_GROUP, "key"),
        (" stops", "info"),
    ]
