"""Sums of what devices used."""

from typing import Any

from tsui.simulator.device import SimDevice
from tsui.simulator.patterns import Span
from tsui.simulator.views import usage_records
from tsui.simulator.world import World


def usage_of(world: World, device: SimDevice, window: Span) -> dict[str, Any]:
    """Return what a device used in a window, with its identifiers."""
    records = usage_records(world, device, window)
    return {
        "deviceIds": device.ids(),
        "dataUsage": sum(each["bytesUsed"] for each in records),
        "smsUsage": sum(each["smsUsed"] for each in records),
    }


def seconds_connected(world: World, device: SimDevice, window: Span) -> float:
    """Return how long a device was connected in a window."""
    now = world.clock.timestamp()
    return sum(
        max(0.0, min(session.end, window.end, now) - max(session.start, window.start))
        for session in device.sessions(world.settings.seed, window, now)
    )
