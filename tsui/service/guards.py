"""Guards: what a profile forbids or makes harder beyond the carrier's own rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tsui.store.devices import DeviceRow

GROUP = "group:"
"""Begins an entry of the protect list that means a whole group."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Rules that are off, limits of the contract, and what is protected."""

    rules_off: frozenset[str] = frozenset()
    """Rules that are not looked at."""
    actions_per_day: int = 5
    """Activations, suspensions, restores and deactivations of a line within a day."""
    plan_changes_per_month: int = 4
    """Plan changes of a line within a month."""
    protect: tuple[str, ...] = ()
    """Devices as ``KIND:NUMBER`` and groups as ``group:NAME`` that need their name typed."""

    def names_protecting(self, device: DeviceRow) -> tuple[str, ...]:
        """Return what has to be typed for a device: its identifier, or its groups' names."""
        if not self.protect:
            return ()
        entries, groups = _by_kind(self.protect)
        found = [entry.partition(":")[2] for entry in _names(device) if entry in entries]
        mine = (name.strip().casefold() for name in device.groups.split(","))
        return tuple(
            dict.fromkeys([*found[:1], *(groups[name] for name in mine if name in groups)])
        )

    def names_protecting_group(self, group: str) -> tuple[str, ...]:
        """Return what has to be typed for a group: its name as the profile writes it."""
        name = _by_kind(self.protect)[1].get(group.strip().casefold())
        return (name,) if name else ()

    @property
    def identifiers(self) -> list[str]:
        """The numbers of protected devices."""
        return [entry.partition(":")[2] for entry in sorted(_by_kind(self.protect)[0])]


def _names(device: DeviceRow) -> Sequence[str]:
    known = (
        ("iccid", device.iccid), ("imei", device.imei), ("mdn", device.mdn), ("eid", device.eid),
    )  # fmt: skip
    return [device.key, *(f"{kind}:{number}" for kind, number in known if number)]


@lru_cache(maxsize=4)
def _by_kind(protect: tuple[str, ...]) -> tuple[frozenset[str], dict[str, str]]:
    groups = {
        name.casefold(): name
        for entry in protect
        if entry.lower().startswith(GROUP) and (name := entry[len(GROUP) :].strip())
    }
    devices = (entry.partition(":") for entry in protect)
    return frozenset(
        f"{kind.strip().lower()}:{number.strip()}" for kind, _, number in devices
    ), groups
