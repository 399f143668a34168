"""What a change keeps of a device before it is sent, so that it can be brought back."""

from collections.abc import Mapping
from typing import Any

from tsui.store.devices import DeviceRow

CUSTOM_FIELDS = tuple(f"CustomField{number}" for number in range(1, 6))
"""Names of the custom fields."""


def former_values(device: DeviceRow, raw: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a change may alter or lose, as it is known now.

    The cost center is known only where the device came with its further attributes.
    """
    values: dict[str, Any] = {
        "state": device.state,
        "plan": device.plan,
        "groups": device.groups,
        "mdn": device.mdn,
        "ip": device.ip,
        "custom": custom_values(device),
    }
    attributes = raw.get("extendedAttributes") if raw else None
    if isinstance(attributes, list) and attributes:
        values["cost_center"] = next(
            (str(each.get("value") or "") for each in attributes if _is_cost_center(each)), ""
        )
    return values


def custom_values(device: DeviceRow) -> dict[str, str]:
    """Return a device's custom fields by name."""
    mine = (device.custom1, device.custom2, device.custom3, device.custom4, device.custom5)
    return dict(zip(CUSTOM_FIELDS, mine, strict=True))


def _is_cost_center(attribute: Any) -> bool:
    return isinstance(attribute, Mapping) and attribute.get("key") == "CostCenterCode"
