"""What can be asked about one device beside its histories, made ready to be sent."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tsui.store.devices import DeviceRow
from tsui.thingspace.euicc import ListGlobalDevices
from tsui.thingspace.monitors import GetReachability, ListMonitors
from tsui.thingspace.operation import Operation
from tsui.thingspace.sms import GetSmsHistory
from tsui.thingspace.software import ListSoftwareDevicesByImei
from tsui.thingspace.wire import DeviceId, KnownDevice

SMS_SPAN = timedelta(days=90)
"""How far back messages are asked for; three months are kept (documented)."""

_KINDS = ("iccid", "imei", "mdn")
"""Identifiers that all of these calls take."""

Make = Callable[[str, DeviceRow, datetime], Operation[Any]]
"""Makes a question of the account, the device and the time."""


def name_of(device: DeviceRow) -> DeviceId:
    """Return an identifier of a device that these calls take; raises LookupError."""
    for kind in _KINDS:
        if value := getattr(device, kind):
            return DeviceId(id=value, kind=kind)
    raise LookupError("This device has neither ICCID nor IMEI nor MDN.")


def _imei(device: DeviceRow) -> str:
    if not device.imei:
        raise LookupError("This device has no IMEI, which software management needs.")
    return device.imei


def _eid(device: DeviceRow) -> DeviceId:
    if not device.eid:
        raise LookupError("This device has no eUICC.")
    return DeviceId(id=device.eid, kind="eid")


_MAKERS: Mapping[str, Make] = {
    "GetReachability": lambda account, device, _: GetReachability(
        account_name=account, device=name_of(device), request_type="REACHABLE_FOR_DATA"
    ),
    "ListMonitors": lambda account, device, _: ListMonitors(
        account_name=account, devices=[KnownDevice(device_ids=[name_of(device)])]
    ),
    "GetSmsHistory": lambda _, device, now: GetSmsHistory(
        device_id=name_of(device), earliest=now - SMS_SPAN, latest=now
    ),
    "ListSoftwareDevicesByImei": lambda account, device, _: ListSoftwareDevicesByImei(
        account_name=account, device_list=[_imei(device)]
    ),
    "ListGlobalDevices": lambda account, device, _: ListGlobalDevices(
        account_name=account, device_filter=[_eid(device)]
    ),
}


def question(name: str, account: str, device: DeviceRow, now: datetime) -> Operation[Any]:
    """Make a question about a device; raises LookupError where it cannot be asked about it."""
    return _MAKERS[name](account, device, now)
