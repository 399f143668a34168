"""Reachability: being told when a sleeping device can be reached."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import DeviceId, KnownDevice, RequestText, RequestTime

Watch = Literal["REACHABLE_FOR_DATA", "REACHABLE_FOR_SMS", "LOSS_OF_CONNECTIVITY"]
"""What can be watched; SMS not on LTE devices of the higher categories."""

Combination = Literal[
    "REACHABLE_FOR_DATA_SMS",
    "REACHABLE_FOR_DATA_AND_LOSS",
    "REACHABLE_FOR_SMS_AND_LOSS",
    "REACHABLE_FOR_DATA_SMS_AND_LOSS",
]
"""Several watches in one monitor, in the words of an older page."""


def _of_one_kind(devices: list[KnownDevice]) -> list[KnownDevice]:
    if len({one.kind.lower() for device in devices for one in device.device_ids}) > 1:
        raise ValueError("all devices of a monitor are named by the same kind of identifier")
    return devices


_Devices = Annotated[list[KnownDevice], Field(min_length=1), AfterValidator(_of_one_kind)]


class MonitorReachability(Operation[Accepted]):
    """Have every change of reachability told by callback until the monitor ends."""

    title = "Monitor Device Reachability"
    method = "POST"
    path = "/diagnostics/basic/devicereachability"
    callback = "DiagnosticsService"

    account_name: AccountName
    """The account of the devices."""
    devices: _Devices
    """The devices, all by the same kind of identifier: imei, mdn, msisdn or iccid."""
    request_type: Watch | Combination
    """What to watch."""
    monitor_expiration_time: RequestTime
    """When the monitor ends, at most 3650 days ahead."""


class StopMonitors(Operation[Accepted]):
    """End monitors; the callback confirms each."""

    title = "Stop Device Reachability Monitoring"
    method = "DELETE"
    path = "/diagnostics/basic/devicereachability"
    callback = "DiagnosticsService"

    account_name: AccountName
    """The account of the monitors."""
    monitor_ids: Annotated[list[RequestText], Field(min_length=1)]
    """Their ids, as the callbacks of their registration told them."""


class ListMonitors(Operation[Accepted]):
    """Ask which monitors devices have; the answers come by callback."""

    title = "Retrieve Active Reachability Monitoring"
    method = "POST"
    path = "/diagnostics/basic/devicereachability/monitors"
    effect = Effect.READ
    callback = "DiagnosticsService"

    account_name: AccountName
    """The account of the devices."""
    devices: _Devices
    """The devices, all by the same kind of identifier: imei, mdn, msisdn or iccid."""
    request_type: Watch | None = None
    """Only monitors that watch this; the SDK calls it monitorType."""


class GetReachability(Operation[Accepted]):
    """Ask whether one device can be reached; when it cannot, a second callback says when it can."""

    title = "Retrieve Reachability Status"
    method = "POST"
    path = "/diagnostics/basic/devicereachability/status"
    effect = Effect.READ
    callback = "DiagnosticsService"
    max_devices = 1

    account_name: AccountName
    """The account of the device."""
    device: DeviceId
    """The device, by imei, mdn, msisdn or iccid."""
    request_type: Watch
    """What to ask; an older page calls it monitorType."""
    request_expiration_time: RequestTime | None = None
    """Until when the second callback may come; an hour from now when omitted."""
