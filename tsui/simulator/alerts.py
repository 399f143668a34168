"""Alerts: looking whether devices meet the conditions of triggers, and telling where they do.

The words of comparators, units and kinds of messages are unverified, and so is the form of an
alert; lengths of sessions are taken as minutes.
"""

import asyncio
import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.jobs import SUCCESS
from tsui.simulator.patterns import BILLING_CYCLE, DAY, Span
from tsui.simulator.triggers import Trigger
from tsui.simulator.usage import usage_of
from tsui.simulator.world import World

SERVICE = "AlertService"

COMPARATORS: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
}
"""How usage is compared with a threshold."""

UNITS = {"": 1, "b": 1, "bytes": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
"""Bytes of each unit of a threshold."""

LEARNED_FROM = 7
"""Days that tell what usage of a device is usual."""

ABNORMAL, VERY_ABNORMAL = 2.0, 4.0
"""How many times more, or less, than usual is unusual."""


class Sighting(NamedTuple):
    """What was seen of a device."""

    since: float
    """Unix time of the start of the span or session it was seen in: alerts come once for each."""
    value: float
    """In the unit of the trigger's threshold; for unusual usage, how many times the usual."""


async def look(world: World, trigger: Trigger) -> None:
    """Raise an alert for each device that meets a trigger's condition and was not told of yet."""
    fleet, now = world.fleets[trigger.account], world.clock.timestamp()
    kind, _ = trigger.condition
    if not kind:
        return
    for number in fleet.numbers():
        device = fleet.get(number)
        if device.group == trigger.group:
            for seen in _SIGHTINGS[kind](world, trigger, device, now):
                if (number, seen.since) not in trigger.told:
                    trigger.told.add((number, seen.since))
                    tell(world, trigger, device, seen.value)
        # Sums over a month take milliseconds a device: others get their turn in between.
        await asyncio.sleep(0)


def tell(world: World, trigger: Trigger, device: SimDevice, value: float) -> None:
    """Send the alert of a trigger."""
    _, condition = trigger.condition
    alert = {
        "triggerId": trigger.id,
        "triggerName": trigger.name,
        "triggerCategory": trigger.category,
        "accountName": trigger.account,
        "groupName": trigger.group,
        "comparator": condition.get("comparator", ""),
        "threshold": str(condition.get("threshold", "")),
        "thresholdUnit": condition.get("thresholdUnit", ""),
        "value": f"{value:g}",
        "occurredAt": iso(world.clock.timestamp()),
    }
    tell_alert(world, trigger.account, device, alert)


def tell_alert(world: World, account: str, device: SimDevice, alert: dict[str, Any]) -> None:
    """Send an alert about a device."""
    world.postman.post(
        account,
        SERVICE,
        {
            "requestId": world.jobs.new_id(),
            "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
            "status": SUCCESS,
            "alert": alert,
        },
    )


def start_of(cycle: str, now: float) -> float:
    """Return when the cycle began that a time is in; a day where no cycle is named."""
    midnight = now // DAY * DAY
    match cycle.lower():
        case "weekly":
            today = datetime.fromtimestamp(midnight, UTC)
            return (today - timedelta(days=today.weekday())).timestamp()
        case "monthly":
            return now // BILLING_CYCLE * BILLING_CYCLE
        case _:
            return midnight


def _messages(world: World, trigger: Trigger, device: SimDevice, now: float) -> Iterator[Sighting]:
    _, condition = trigger.condition
    start = start_of(trigger.cycle, now)
    # The devices of the fleet are sent none.
    received = str(condition.get("smsType", "")).upper() == "MT"
    count = 0 if received else usage_of(world, device, Span(start, now))["smsUsage"]
    if _meets(condition, count, 1):
        yield Sighting(start, count)


def _data(world: World, trigger: Trigger, device: SimDevice, now: float) -> Iterator[Sighting]:
    _, condition = trigger.condition
    start = start_of(trigger.cycle, now)
    unit = UNITS[str(condition.get("thresholdUnit", "")).lower()]
    used = usage_of(world, device, Span(start, now))["dataUsage"]
    if _meets(condition, used, unit):
        yield Sighting(start, used / unit)


def _sessions(world: World, trigger: Trigger, device: SimDevice, now: float) -> Iterator[Sighting]:
    _, condition = trigger.condition
    for session in device.sessions(world.settings.seed, Span(now - DAY, now), now):
        minutes = (min(session.end, now) - session.start) / 60
        if _meets(condition, minutes, 1):
            yield Sighting(session.start, minutes)


def _anomalies(world: World, trigger: Trigger, device: SimDevice, now: float) -> Iterator[Sighting]:
    _, condition = trigger.condition
    today = now // DAY * DAY
    yesterday = today - DAY
    used = usage_of(world, device, Span(yesterday, today - 1))["dataUsage"]
    before = Span(yesterday - LEARNED_FROM * DAY, yesterday - 1)
    usual = usage_of(world, device, before)["dataUsage"] / LEARNED_FROM
    if not usual:
        return
    times = used / usual
    # With neither direction named, both count; with neither degree named, the lower one does.
    over, under = (
        condition.get("includeOverExpectedUsage"),
        condition.get("includeUnderExpectedUsage"),
    )
    both = not over and not under
    least = ABNORMAL
    if condition.get("includeVeryAbnormal") and not condition.get("includeAbnormal"):
        least = VERY_ABNORMAL
    if ((over or both) and times >= least) or ((under or both) and times <= 1 / least):
        yield Sighting(yesterday, times)


_SIGHTINGS = {
    "smsTriggerRequest": _messages,
    "dataTriggerRequest": _data,
    "sessionTriggerRequest": _sessions,
    "anomalyTriggerRequest": _anomalies,
}


def _meets(condition: dict[str, Any], value: float, unit: int) -> bool:
    compare = COMPARATORS[str(condition.get("comparator") or "gt").lower()]
    return compare(value, int(condition.get("threshold") or 0) * unit)
