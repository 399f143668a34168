"""From the platform's answers to what the store holds: flat, searchable, nothing lost."""

from typing import Any

from tsui.service.states import normalise
from tsui.store.devices import DeviceRecord
from tsui.thingspace.devices import Device
from tsui.thingspace.history import ConnectionEvent, ProvisioningEvent, UsageRecord
from tsui.thingspace.wire import attributes

_LASTING = ("iccid", "eid", "imei", "meid", "esn", "msisdn", "mdn", "min", "imsi")
"""Kinds of identifier, the one that stays with a line longest first."""


def device_record(device: Device) -> DeviceRecord | None:
    """Flatten a device of the list; None for one without any identifier."""
    ids = {each.kind.lower(): each.id for each in device.device_ids or () if each.id}
    kind = next((kind for kind in _LASTING if kind in ids), None)
    if kind is None:
        return None
    line = device.carrier_informations[0] if device.carrier_informations else None
    custom = attributes(device.custom_fields)
    shown = {"iccid", "imei", "mdn", "eid"}
    return DeviceRecord(
        key=f"{kind}:{ids[kind]}",
        platform_id=device.platform_id(),
        iccid=ids.get("iccid", ""),
        imei=ids.get("imei", ""),
        mdn=ids.get("mdn", ""),
        eid=ids.get("eid", ""),
        state=normalise(line.state) if line else "",
        plan=(line.service_plan or "") if line else "",
        groups=", ".join(device.group_names or ()),
        ip=device.ip_address or "",
        custom=(
            custom.get("CustomField1", ""),
            custom.get("CustomField2", ""),
            custom.get("CustomField3", ""),
            custom.get("CustomField4", ""),
            custom.get("CustomField5", ""),
        ),
        connected=device.connected,
        last_connection=device.last_connection_date.timestamp()
        if device.last_connection_date
        else 0.0,
        created=device.created_at.timestamp() if device.created_at else 0.0,
        more=tuple(value for name, value in ids.items() if name not in shown),
        raw=dict(device.received),
    )


def provisioning_event(event: ProvisioningEvent) -> dict[str, Any]:
    """Flatten a record of the provisioning history."""
    return {
        "at": event.occurred_at.timestamp() if event.occurred_at else None,
        "event": event.event_type,
        "status": event.status,
        "by": event.event_by,
        "plan": event.service_plan or "",
    }


def connection_event(event: ConnectionEvent) -> dict[str, Any]:
    """Flatten a record of the connection history."""
    values = attributes(event.connection_event_attributes)
    return {
        "at": event.occurred_at.timestamp() if event.occurred_at else None,
        "event": values.pop("Event", ""),
        "bytes": values.pop("BytesUsed", ""),
        "more": values,
    }


def usage_record(record: UsageRecord) -> dict[str, Any]:
    """Flatten a day of usage."""
    return {
        "at": record.timestamp.timestamp() if record.timestamp else None,
        "bytes": record.bytes_used if "bytesUsed" not in record.unread else None,
        "bytes_raw": str(record.unread.get("bytesUsed", "")),
        "sms": record.sms_used,
        "plan": record.service_plan or "",
        "source": record.source,
    }
