"""Rules about what the carrier lets be done so many times, or for so many days."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, DEACTIVATE, KINDS, RESTORE, SUSPEND
from tsui.service.rules.model import Circumstances, Finding, Known, block, tell, warn
from tsui.store.devices import DeviceRow

DAY = 86_400.0

MONTH = 31 * DAY
"""The longest a month can be; which day the carrier's begins on is not documented."""

YEAR = 365 * DAY

IN_A_ROW = 90
"""Days after which a suspended line resumes by itself (documented)."""

IN_A_YEAR = 180
"""Days that a line may be suspended within a year (documented)."""

PROVISIONING = frozenset(kind.operation for kind in (ACTIVATE, SUSPEND, RESTORE, DEACTIVATE))
"""Operations that the daily limit counts."""

PLAN_CHANGES = frozenset({CHANGE_PLAN.operation})


class _Allowance(NamedTuple):
    operations: Collection[str]
    limit: int
    seconds: float
    what: str
    span: str


def actions_left(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Count the changes of a line's state within 24 hours."""
    limit = circumstances.guards.actions_per_day
    allowance = _Allowance(PROVISIONING, limit, DAY, "state change", "day")
    return _judge(allowance, circumstances.of(device), circumstances.now)


def plan_changes_left(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Count the changes of a line's plan within a month."""
    limit = circumstances.guards.plan_changes_per_month
    allowance = _Allowance(PLAN_CHANGES, limit, MONTH, "plan change", "month")
    return _judge(allowance, circumstances.of(device), circumstances.now)


def suspended_days_left(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Count the days a line was suspended within a year, and say where nobody knows."""
    known = circumstances.of(device)
    if known.history is None:
        return tell(f"How many of {IN_A_YEAR} suspended days it has left is not known.")
    spent = _suspended_days(known, circumstances.now)
    left = max(0, IN_A_YEAR - spent)
    if left >= IN_A_ROW:
        return None
    if left == 0:
        return warn(f"Its {IN_A_YEAR} suspended days of a year are used.")
    return warn(
        f"It may stay suspended for less than {IN_A_ROW} days, then it resumes by itself.",
        f"{left} of {IN_A_YEAR} days of a year are left",
    )


def _judge(allowance: _Allowance, known: Known, now: float) -> Finding | None:
    times = _used(allowance.operations, known, now - allowance.seconds)
    limit, number = allowance.limit, len(times) + 1
    if number > limit:
        free = datetime.fromtimestamp(times[-limit] + allowance.seconds, UTC)
        return block(
            f"Its {limit} {allowance.what}s of a {allowance.span} are used.",
            f"the next is possible from {free:%Y-%m-%d %H:%M} UTC",
        )
    if number * 2 <= limit:
        return None
    least = "at least " if known.history is None else ""
    return warn(f"It is {least}{allowance.what} {number} of {limit} within a {allowance.span}.")


def _used(operations: Collection[str], known: Known, since: float) -> list[float]:
    """Return when such changes were made, those that both sources tell of counted once."""
    ours = [each.at for each in known.past if each.operation in operations and each.at >= since]
    if known.history is None:
        return ours
    beginnings = tuple(word for name in operations for word in KINDS[name].history)
    theirs = [
        float(event["at"])
        for event in known.history
        if (event.get("at") or 0.0) >= since
        and str(event.get("event", "")).lower().startswith(beginnings)
    ]
    told = [at for at in ours if at <= known.history_at]
    later = [at for at in ours if at > known.history_at]
    return sorted(max(theirs, told, key=len) + later)


def _suspended_days(known: Known, now: float) -> int:
    since, began, seconds = now - YEAR, None, 0.0
    for event in known.history or ():
        at, what = event.get("at"), str(event.get("event", "")).lower()
        if at is None or str(event.get("status", "")).lower() != "success":
            continue
        if what.startswith(SUSPEND.history):
            began = at if began is None else began
        elif began is not None and what.startswith(ENDS):
            seconds += max(0.0, at - max(began, since))
            began = None
    return int(seconds // DAY)


ENDS = (*RESTORE.history, *ACTIVATE.history, *DEACTIVATE.history)
"""Beginnings of events after which a line is not suspended any more."""
