"""Where devices are: always the same place for the same device, as the network sees it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tsui.simulator.catalogue import COORDINATES, SITES
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw
from tsui.simulator.reach import is_reached
from tsui.simulator.settings import SimulatorSettings

CACHED, FRESH = "0", "2"
"""Cache modes: the last known place only, a fresh one only."""

_AROUND = 0.05
"""Degrees that devices are away from the middle of their site, at most."""


def located(
    device: SimDevice, settings: SimulatorSettings, now: float, mode: str
) -> dict[str, Any]:
    """Return a device's place, or why it has none, as the location API writes it."""
    cached = None if mode == FRESH else last_seen(device, settings.seed, now)
    if cached is not None:
        return _found(device, settings, cached)
    if mode == CACHED:
        return _missed(device, settings, now, "CACHE UNAVAILABLE", "No cached location")
    if is_reached(device, settings.seed, now):
        return _found(device, settings, now)
    info = "Exception code=ABSENT SUBSCRIBER"
    return _missed(device, settings, now, "POSITION METHOD FAILURE", info)


def last_seen(device: SimDevice, seed: int, now: float) -> float | None:
    """Return when the network last saw a device; None for never."""
    newest = device.newest_session(seed, now)
    return newest.start if newest else None


def _found(device: SimDevice, settings: SimulatorSettings, at: float) -> dict[str, Any]:
    draw = Draw(settings.seed, 83, *(device.origin or (device.account, device.number)))
    latitude, longitude = device.carried_to or COORDINATES[SITES.index(device.site)]
    place = {
        **_time(settings, at),
        "x": f"{latitude + draw.between(-_AROUND, _AROUND):.5f}",
        "y": f"{longitude + draw.between(-_AROUND, _AROUND):.5f}",
        "radius": str(300 + draw.below(2700)),
        "qos": False,
    }
    return {"msid": device.mdn, "pd": place, "error": {}}


def _missed(
    device: SimDevice, settings: SimulatorSettings, at: float, kind: str, info: str
) -> dict[str, Any]:
    error = {**_time(settings, at), "type": kind, "info": info}
    return {"msid": device.mdn, "pd": {}, "error": error}


def _time(settings: SimulatorSettings, at: float) -> dict[str, str]:
    offset = settings.location_utc_offset
    local = datetime.fromtimestamp(at, UTC) + timedelta(hours=offset)
    return {"time": local.strftime("%Y%m%d%H%M%S"), "utcoffset": f"{offset:+03d}00"}
