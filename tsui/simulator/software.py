"""What devices run: firmware by model, and how it is managed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tsui.simulator.device import ACTIVE, SimDevice
from tsui.simulator.draw import Draw
from tsui.simulator.patterns import DAY

NONE = "NONE"
"""Protocol of devices that are not managed."""


@dataclass(frozen=True, slots=True)
class Release:
    """How the firmware of a model is managed, and its versions."""

    protocol: str
    versions: tuple[str, ...]
    """Oldest first."""


RELEASES = {
    "BG95-M3": Release("LWM2M", ("BG95M3LAR02A03", "BG95M3LAR02A04")),
    "SARA-N410": Release("LWM2M", ("02.06", "02.07")),
    "RV50X": Release("OMADM", ("4.15.0", "4.16.0", "4.17.1")),
    "IX20": Release("HTTP", ("22.11.48.10", "23.3.31.129")),
    "LMU-3040": Release("LWM2M", ("10.2h", "10.4a", "10.4c")),
    "GV57MG": Release("HTTP", ("R00A05V17", "R00A06V01")),
    "Fleet 3": Release(NONE, ("1.21.6",)),
    "Move 5000": Release(NONE, ("30.11.03",)),
    "ME910C1": Release("LWM2M", ("30.00.232", "30.00.238")),
}
"""Firmware by model; versions are made up in the style of each maker."""

_UPGRADED = 400 * DAY
"""Seconds since the oldest upgrade."""


def protocol_of(device: SimDevice) -> str:
    """Return the protocol a device is managed by."""
    return RELEASES[device.model.name].protocol


def software_view(device: SimDevice, seed: int, now: float) -> dict[str, Any]:
    """Return a device as software management shows it."""
    release = RELEASES[device.model.name]
    draw = Draw(seed, 85, *(device.origin or (device.account, device.number)))
    firmware = draw.pick(release.versions)
    managed = release.protocol != NONE
    licensed = managed and draw.below(3) > 0
    upgraded = max(device.created, device.created + draw.unit() * (now - device.created))
    upgraded = max(upgraded, now - _UPGRADED)
    newest = device.newest_session(seed, now)
    seen = _written(newest.start) if newest else "N/A"
    software = {"name": f"{device.model.name}-app", "version": f"1.{draw.below(9)}.{draw.below(9)}"}
    return {
        "deviceId": device.imei,
        "mdn": device.mdn,
        "model": device.model.name,
        "make": device.model.make,
        "firmware": firmware,
        "fotaEligible": managed,
        "licenseAssigned": licensed,
        "status": "Active" if device.state == ACTIVE else "Inactive",
        "protocol": release.protocol,
        "softwareList": [{**software, "upgradeTime": _written(upgraded)}] if managed else [],
        "filesList": [],
        "createTime": _written(device.created),
        "upgradeTime": _written(upgraded),
        "statusTime": _written(device.activated or device.created),
        "updateTime": _written(newest.start if newest else device.created),
        "refreshTime": _written(newest.start if newest else device.created),
        "lastConnectionTime": seen,
    }


def _written(at: float) -> str:
    """Write a time as software management does."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} +0000 UTC"
