"""What our own changes explain of what a reading of the fleet shows."""

from collections.abc import Mapping

from tsui.service.kinds import KINDS
from tsui.service.states import is_pending
from tsui.store.past import Past
from tsui.store.sightings import APPEARED, GONE, GROUPS, HARDWARE, PLAN, STATE, Sighting

_ALL = frozenset({STATE, PLAN, HARDWARE, GROUPS, APPEARED, GONE})
_PROFILE = frozenset({STATE, PLAN, HARDWARE, APPEARED})

_TOUCHES: Mapping[str, frozenset[str]] = {
    "ActivateDevices": _ALL - {GONE},
    "DeactivateDevices": frozenset({STATE, PLAN, GROUPS, GONE}),
    "SuspendDevices": frozenset({STATE}),
    "RestoreDevices": frozenset({STATE}),
    "ChangePlan": frozenset({PLAN}),
    "GoToState": frozenset({STATE, PLAN}),
    "CreateGroup": frozenset({GROUPS}),
    "UpdateGroup": frozenset({GROUPS}),
    "DeleteGroup": frozenset({GROUPS}),
    **dict.fromkeys(("ChangeIdentifier", "MoveDevices", "SwapEid"), _ALL),
    "AddDevices": frozenset({APPEARED, GROUPS}),
    "UploadDevices": frozenset({APPEARED, GROUPS}),
    "UploadAndActivate": _ALL - {GONE},
    "DeleteDevices": frozenset({GONE}),
    **dict.fromkeys(
        ("ActivateAndEnableProfile", "ActivateProfile", "DeactivateProfile", "EnableProfile",
         "DisableProfile", "DownloadAndEnableProfile", "DownloadAndDisableProfile",
         "DeleteProfile"),
        _PROFILE,
    ),
}  # fmt: skip
"""What of a device each operation makes another one."""


def explains(sent: Past, sighting: Sighting) -> bool:
    """Tell whether a request of ours made something another one.

    A state counts only where the request leads to it: a line that we suspended and that is active
    later was restored by somebody else.
    """
    if sent.at > sighting.at or sighting.thing not in _TOUCHES.get(sent.operation, ()):
        return False
    kind = KINDS.get(sent.operation)
    if sighting.thing != STATE or kind is None or not kind.becomes:
        return True
    return sighting.now == kind.becomes or is_pending(sighting.now)
