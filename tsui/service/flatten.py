"""From the platform's answers to what the store holds: flat, nothing lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from tsui.thingspace.history import ConnectionEvent, ProvisioningEvent, UsageRecord
from tsui.thingspace.wire import attributes


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
    named = attributes(record.extended_attributes)
    abroad = _bytes_of(record.international_usage)
    return {
        "at": record.timestamp.timestamp() if record.timestamp else None,
        "bytes": record.bytes_used if "bytesUsed" not in record.unread else None,
        "bytes_raw": str(record.unread.get("bytesUsed", "")),
        "sms": record.sms_used,
        "sent": _whole(named.get("MoSms")),
        "received": _whole(named.get("MtSms")),
        "abroad": bool(record.international_usage) if abroad is None else abroad > 0,
        "abroad_bytes": abroad,
        "home_bytes": _bytes_of(record.domestic_usage),
        "plan": record.service_plan or "",
        "source": record.source,
    }


def usage_of(records: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the bytes of some days together; None if those of a day cannot be told."""
    days = [record["bytes"] for record in records]
    return None if None in days else sum(days)


def _bytes_of(told: Any) -> int | None:
    """Return the bytes of usage at home or abroad, whose form is not documented."""
    if isinstance(told, Mapping):
        return _whole(told.get("bytesUsed"))
    return _whole(told)


def _whole(told: Any) -> int | None:
    if isinstance(told, str) and told.isascii() and told.isdecimal():
        return int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) else None
