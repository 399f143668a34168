"""Questions: which read tells how far a request is, and what its answer says of one device."""

from typing import Any

from pydantic import ValidationError

from tsui.service.kinds import KINDS
from tsui.store.changes import DeviceChange
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.euicc import GetGlobalRequestStatus, GlobalRequestStatus
from tsui.thingspace.location import GetLocationReportStatus
from tsui.thingspace.operation import Operation
from tsui.thingspace.provisioning import GetRequestStatus


def status_question(change: DeviceChange) -> Operation[Any] | None:
    """Return the read that tells the status of a change's request; None where there is none."""
    if not change.request_id:
        return None
    operation = OPERATIONS.get(change.operation)
    service = operation.callback if operation else None
    try:
        if service == "Location":
            return GetLocationReportStatus(account_name=change.account, txid=change.request_id)
        if service == "DeviceProfileService":
            return GetGlobalRequestStatus(account_name=change.account, request_id=change.request_id)
        kind = KINDS.get(change.operation)
        if change.devices > 1 or (kind is not None and not kind.polled):
            return None
        return GetRequestStatus(account_name=change.account, request_id=change.request_id)
    except ValidationError:
        return None  # the platform gave an id that it does not take back


def status_of(change: DeviceChange, reply: Any) -> str | None:
    """Return what an answer says of a change; None when it is silent about this device."""
    if not isinstance(reply, GlobalRequestStatus):
        return str(reply.status)
    for part in reply.sub_requests or ():
        if any(each.id == change.identifier for each in part.ids or ()):
            return part.status
    return reply.status if change.devices == 1 else None
