"""SIMs that were found in other hardware than they were activated with."""

from typing import Any

from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.clock import iso
from tsui.simulator.device import ACTIVE, HardwareSwap, SimDevice
from tsui.simulator.draw import mix
from tsui.simulator.identity import luhn
from tsui.simulator.patterns import DAY
from tsui.simulator.world import World

_ONE_IN = 97
"""One line in so many was swapped before the simulation began."""


def swaps_of(world: World, device: SimDevice) -> list[HardwareSwap]:
    """Return the swaps of a device, oldest first."""
    drawn = mix(world.settings.seed, device.account, device.number, 5)
    if device.is_staged or drawn % _ONE_IN or device.state != ACTIVE:
        return device.swaps
    at = world.began - (1 + drawn // _ONE_IN % 80) * DAY
    if at <= device.activated:
        return device.swaps
    return [HardwareSwap(at, other_imei(device.imei, drawn), device.imei), *device.swaps]


def other_imei(imei: str, drawn: int) -> str:
    """Return the IMEI of another piece of the same model."""
    body = f"{imei[:8]}{(int(imei[8:14]) + 1 + drawn % 999) % 10**6:06d}"
    return body + luhn(body)


def mismatch_view(device: SimDevice, swap: HardwareSwap) -> dict[str, Any]:
    """Return a swap as the report shows it."""
    return {
        "accountName": ACCOUNTS[device.account],
        "mdn": device.mdn,
        "activationDate": iso(device.activated),
        "iccid": device.iccid,
        "preImei": swap.before,
        "postImei": swap.after,
        "simOtaDate": iso(swap.at),
    }
