"""Profiles of eUICC devices: which states one can be in, and what leads from one to another."""

from dataclasses import dataclass

from tsui.simulator.device import ACTIVE, DEACTIVE, SUSPEND, SimDevice

NOT_DOWNLOADED, DELETED, UNKNOWN = "NOT_DOWNLOADED", "DELETE", "UNKNOWN"
DOWNLOAD_ENABLE, DOWNLOAD_DISABLE = "DOWNLOAD_ENABLE", "DOWNLOAD_DISABLE"
ENABLE, DISABLE = "ENABLE", "DISABLE"

STATUSES = (
    ENABLE, DISABLE, DOWNLOAD_DISABLE, DOWNLOAD_ENABLE, NOT_DOWNLOADED, UNKNOWN, DELETED,
)  # fmt: skip
"""What the status of a profile can be (documented)."""

_ABSENT = frozenset({NOT_DOWNLOADED, DELETED})
_ENABLED = frozenset({DOWNLOAD_ENABLE, ENABLE})
_DISABLED = frozenset({DOWNLOAD_DISABLE, DISABLE})


@dataclass(frozen=True, slots=True)
class ProfileAction:
    """A change of a profile on the SIM."""

    name: str
    """Its name in the path."""
    title: str
    """Its name in Verizon's reference."""
    event: str
    """How the provisioning history calls it."""
    allowed: frozenset[str]
    """Statuses it starts from."""
    becomes: str
    """The status afterwards."""


ACTIONS = (
    ProfileAction(
        "download_enable",
        "Download and Enable Device Profile",
        "Profile Download and Enable Confirmed",
        _ABSENT,
        DOWNLOAD_ENABLE,
    ),
    ProfileAction(
        "download_disable",
        "Download and Disable Device Profile",
        "Profile Download Confirmed",
        _ABSENT,
        DOWNLOAD_DISABLE,
    ),
    ProfileAction("enable", "Enable Device Profile", "Profile Enable Confirmed", _DISABLED, ENABLE),
    ProfileAction(
        "disable", "Disable Device Profile", "Profile Disable Confirmed", _ENABLED, DISABLE
    ),
    ProfileAction(
        "delete",
        "Delete Device Profile",
        "Profile Delete Confirmed",
        _ENABLED | _DISABLED,
        DELETED,
    ),
)
"""Every change of a profile that leaves the line as it is."""


def profile_of(device: SimDevice) -> str:
    """Return the status of a device's profile; empty for a device without an eUICC."""
    if not device.eid:
        return ""
    if device.state == DEACTIVE:
        return UNKNOWN
    if device.state not in (ACTIVE, SUSPEND):
        return NOT_DOWNLOADED
    return device.profile or DOWNLOAD_ENABLE


def profile_objection(action: ProfileAction, device: SimDevice) -> str:
    """Return why an action cannot be done on a device's profile; empty when it can."""
    if device.state != ACTIVE:
        return f"The device is {device.state}."
    status = profile_of(device)
    if status not in action.allowed:
        return f"The profile is {status}."
    return ""


def change_profile(action: ProfileAction, device: SimDevice) -> None:
    """Change a device's profile, whatever its status."""
    device.profile = action.becomes
    if action.becomes == DELETED:
        device.fallback = False
