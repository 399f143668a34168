"""Whether the network reaches a device: in service, and awake where it sleeps to save power."""

from tsui.simulator.clock import SimClock
from tsui.simulator.device import SimDevice
from tsui.simulator.fleet import Fleet
from tsui.simulator.patterns import Span

SLEEPS_FROM = 43_200.0
"""Seconds between the sessions of devices that sleep meanwhile."""

LOOKS_AGAIN = 60.0
"""Seconds after which a device out of service is looked at again."""


def reached_at(device: SimDevice, seed: int, since: float, now: float) -> float | None:
    """Return the first time from ``since`` until now at which it was reached; None for never."""
    if _sleeps(device):
        met = (session.start for session in device.sessions(seed, Span(since, now), now))
    else:
        met = (span.start for span in device.served if span.start <= now and span.end > since)
    begun = min(met, default=None)
    return None if begun is None else max(begun, since)


def is_reached(device: SimDevice, seed: int, now: float) -> bool:
    """Tell whether it is reached now."""
    return reached_at(device, seed, now, now) is not None


def next_look(device: SimDevice, seed: int, now: float) -> float:
    """Return when to look again for a device that is not reached now."""
    session = device.next_session(seed, now) if _sleeps(device) else None
    return session.start if session else now + LOOKS_AGAIN


async def wait_for(
    clock: SimClock, fleet: Fleet, number: int, seed: int, ends: float
) -> float | None:
    """Wait until a device is reached, and return when; None where it was not until the end."""
    since = clock.timestamp()
    while True:
        now = min(clock.timestamp(), ends)
        device = fleet.get(number)
        reached = reached_at(device, seed, since, now)
        if reached is not None or now >= ends:
            return reached
        since = now
        await clock.sleep_until(min(ends, next_look(device, seed, now)))


def _sleeps(device: SimDevice) -> bool:
    rhythm = device.model.rhythm
    return rhythm.period >= SLEEPS_FROM and 100 * rhythm.duration[1] < rhythm.period
