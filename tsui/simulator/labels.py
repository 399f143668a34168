"""Usage segmentation labels: which devices have one."""

from collections.abc import Mapping
from typing import Any

from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.world import World


def with_label(world: World, label: Mapping[str, Any]) -> list[SimDevice]:
    """Return the devices of every account that have a label."""
    return [
        device
        for fleet in world.fleets.values()
        for device in fleet.changed()
        if device.labels.get(label["name"]) == label["value"]
    ]


def labelled(world: World, label: Mapping[str, Any]) -> SimDevice:
    """Return the first device that has a label; refuses a label nobody has."""
    if found := with_label(world, label):
        return found[0]
    raise rejected("REQUEST_FAILED.DeviceNotFound", "No device has this label.")
