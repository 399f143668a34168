"""Profiles of a device's embedded SIM, as callbacks and the journal tell them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tsui.service.verdict.evidence import Told
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow

SERVICE = "DeviceProfileService"
"""Callback service that tells of profiles."""

CHANGES = frozenset(
    {
        "DownloadAndEnableProfile", "DownloadAndDisableProfile", "EnableProfile", "DisableProfile",
        "DeleteProfile", "ActivateAndEnableProfile", "ActivateProfile", "DeactivateProfile",
        "SetFallbackAttribute", "SwapEid",
    }
)  # fmt: skip
"""Operations that change a profile."""


def profile_changes(changes: Sequence[DeviceChange]) -> list[DeviceChange]:
    """Return those of a device's changes that were of a profile."""
    return [each for each in changes if each.operation in CHANGES]


def global_records(answers: Sequence[Told], device: DeviceRow) -> list[Mapping[str, Any]]:
    """Return what the global list tells of a device; the form of its records is not documented."""
    return [
        each
        for answer in answers
        for each in _listed(answer.body)
        if {device.eid, device.iccid, device.imei} & set(_texts(each)) - {""}
    ]


def _listed(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    response = body.get("deviceResponse")
    listed = response.get("deviceList") if isinstance(response, Mapping) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            yield each


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
