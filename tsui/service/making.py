"""What a change sends: the operation made of its kind, values and devices, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from tsui.service.former import CUSTOM_FIELDS
from tsui.service.kinds import (
    ACTIVATE,
    CHANGE_COST_CENTER,
    CHANGE_CUSTOM_FIELDS,
    DEACTIVATE,
    KINDS,
    MESSAGES,
    PUT_IN_GROUP,
    SUSPEND,
    TAKE_OUT_OF_GROUP,
    ChangeKind,
)
from tsui.service.messages.sending import message_fields, message_values
from tsui.service.reader import identifier
from tsui.store.devices import DeviceRow
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import DeviceId, DeviceIds

_WIRE = {"service_plan": "servicePlan", "mdn_zip_code": "mdnZipCode"}
"""Names on the wire of what an operator has to give."""


def operation_of(
    kind: ChangeKind, values: Mapping[str, str], account: str, devices: Sequence[DeviceRow]
) -> Operation[Any]:
    """Make the request of a change; raises ValidationError."""
    if kind.operation in MESSAGES:
        named = [identifier(each.key) for each in devices]
        made = {"account_name": account, "device_ids": named, **message_fields(kind, values)}
        return OPERATIONS[kind.operation](**made)
    fields: dict[str, Any] = {"account_name": account, **_fields(kind, values)}
    if kind is PUT_IN_GROUP:
        fields["devices_to_add"] = [identifier(each.key) for each in devices]
    elif kind is TAKE_OUT_OF_GROUP:
        fields["devices_to_remove"] = [identifier(each.key) for each in devices]
    else:
        fields["devices"] = [_device_ids(kind, each) for each in devices]
    return OPERATIONS[kind.operation](**fields)


def values_of(operation: str, fields: Mapping[str, Any]) -> tuple[ChangeKind, dict[str, str]]:
    """Return the change that a request made, and what the operator gave for it."""
    if message := MESSAGES.get(operation):
        return message, message_values(message, fields)
    kind = KINDS[operation]
    if kind is CHANGE_CUSTOM_FIELDS:
        pairs = fields["customFieldsToUpdate"]
        return kind, {str(each["key"]): str(each["value"]) for each in pairs}
    if kind is CHANGE_COST_CENTER:
        return kind, {"cost_center": str(fields.get("costCenter") or "")}
    if kind is PUT_IN_GROUP:
        kind = TAKE_OUT_OF_GROUP if "devicesToRemove" in fields else PUT_IN_GROUP
        return kind, {"group": str(fields["groupName"])}
    values = {name: str(fields[_WIRE[name]]) for name in kind.needs}
    if "withBilling" in fields:
        values["billing"] = "with" if fields["withBilling"] else "without"
    if fields.get("etfWaiver"):
        values["waiver"] = "spend"
    return kind, values


def _fields(kind: ChangeKind, values: Mapping[str, str]) -> dict[str, Any]:
    if kind is CHANGE_CUSTOM_FIELDS:
        given = [{"key": name, "value": values[name]} for name in CUSTOM_FIELDS if name in values]
        return {"custom_fields_to_update": given}
    if kind is CHANGE_COST_CENTER:
        center = values.get("cost_center")
        return {"cost_center": center} if center else {"remove_cost_center": True}
    if kind in (PUT_IN_GROUP, TAKE_OUT_OF_GROUP):
        return {"group_name": values["group"]}
    if kind is SUSPEND and values.get("billing"):
        return {"with_billing": values["billing"] == "with"}
    if kind is DEACTIVATE:
        return {"etf_waiver": values.get("waiver") == "spend"}
    return {name: values[name] for name in kind.needs}


def _device_ids(kind: ChangeKind, device: DeviceRow) -> DeviceIds:
    if kind is ACTIVATE and device.imei and device.iccid:
        return DeviceIds(
            device_ids=[
                DeviceId(id=device.imei, kind="imei"),
                DeviceId(id=device.iccid, kind="iccid"),
            ]
        )
    return DeviceIds(device_ids=[identifier(device.key)])
