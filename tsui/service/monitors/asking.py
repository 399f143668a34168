"""Requests about monitors: one kind of identifier a list, and what can be watched at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tsui.ident import Kind
from tsui.service.kinds import SEND_SMS
from tsui.service.messages.measure import measure
from tsui.service.messages.sending import message_fields
from tsui.store.devices import DeviceRow
from tsui.thingspace.monitors import (
    Combination,
    GetReachability,
    ListMonitors,
    MonitorReachability,
    StopMonitors,
    Watch,
)
from tsui.thingspace.operation import Operation
from tsui.thingspace.sms import SendSms
from tsui.thingspace.wire import DeviceId, KnownDevice

KINDS = (Kind.ICCID, Kind.IMEI, Kind.MDN)
"""Identifiers that reachability knows devices by, the safest first."""

LONGEST = timedelta(days=3650)
"""Furthest end of a monitor (documented)."""

DATA, SMS, LOSS = "data", "sms", "loss"
"""What can be watched."""

WATCHES: Mapping[frozenset[str], Watch | Combination] = {
    frozenset({DATA}): "REACHABLE_FOR_DATA",
    frozenset({SMS}): "REACHABLE_FOR_SMS",
    frozenset({LOSS}): "LOSS_OF_CONNECTIVITY",
    frozenset({DATA, SMS}): "REACHABLE_FOR_DATA_SMS",
    frozenset({DATA, LOSS}): "REACHABLE_FOR_DATA_AND_LOSS",
    frozenset({SMS, LOSS}): "REACHABLE_FOR_SMS_AND_LOSS",
    frozenset({DATA, SMS, LOSS}): "REACHABLE_FOR_DATA_SMS_AND_LOSS",
}
"""The platform's word for what is watched."""


class CannotAsk(Exception):
    """A request cannot be made; the text says why and what would help."""


def to_set(
    account: str, devices: Sequence[DeviceRow], kind: Kind, watches: Collection[str],
    lasts: timedelta, now: datetime,
) -> Operation[Any]:  # fmt: skip
    """Make the request that watches devices for a time; raises CannotAsk."""
    if not watches:
        raise CannotAsk("Choose what to watch.")
    if not timedelta(0) < lasts <= LONGEST:
        raise CannotAsk(f"A monitor lasts from a moment up to {LONGEST.days:,} days.")
    return MonitorReachability(
        account_name=account,
        devices=named(devices, kind),
        request_type=WATCHES[frozenset(watches)],
        monitor_expiration_time=now + lasts,
    )


def to_stop(account: str, names: Sequence[str]) -> Operation[Any]:
    """Make the request that ends monitors; raises CannotAsk where no id is known."""
    if not names:
        raise CannotAsk("ThingSpace stops a monitor by its id, and no callback told one.")
    return StopMonitors(account_name=account, monitor_ids=list(names))


def to_list(account: str, devices: Sequence[DeviceRow]) -> Operation[Any]:
    """Make the request that asks which monitors devices have; raises CannotAsk."""
    return ListMonitors(account_name=account, devices=named(devices, common_kind(devices)))


def to_ask(account: str, device: DeviceRow) -> Operation[Any]:
    """Make the request that asks whether a device can be reached; raises CannotAsk."""
    kind = common_kind([device])
    return GetReachability(
        account_name=account,
        device=DeviceId(id=getattr(device, kind), kind=kind),
        request_type="REACHABLE_FOR_DATA",
    )


def to_text(account: str, device: DeviceRow, text: str) -> Operation[Any]:
    """Make the request that sends a message to a device; raises CannotAsk."""
    kind, size = common_kind([device]), measure(text)
    for place, character in size.refused:
        raise CannotAsk(f"ThingSpace refuses {character} in a text; it is character {place + 1}.")
    if size.left < 0:
        raise CannotAsk(
            f"The text has {size.used} {size.unit} and {size.room} fit; a message is never split."
        )
    return SendSms(
        account_name=account,
        device_ids=[DeviceId(id=getattr(device, kind), kind=kind)],
        **message_fields(SEND_SMS, {"text": text}),
    )


def named(devices: Sequence[DeviceRow], kind: Kind) -> list[KnownDevice]:
    """Return devices by one kind of identifier; raises CannotAsk where one has none."""
    without = [each.key for each in devices if not getattr(each, kind)]
    if without:
        more = f" and {len(without) - 1:,} more" if len(without) > 1 else ""
        raise CannotAsk(
            f"A list takes one kind of identifier, and {without[0]}{more} has no {kind.upper()}. "
            "Choose another kind, or leave it out."
        )
    if not devices:
        raise CannotAsk("There is no device to ask about.")
    return [
        KnownDevice(device_ids=[DeviceId(id=getattr(each, kind), kind=kind)]) for each in devices
    ]


def having(devices: Sequence[DeviceRow]) -> dict[Kind, int]:
    """Count the devices that have each kind of identifier."""
    return {kind: sum(1 for each in devices if getattr(each, kind)) for kind in KINDS}


def common_kind(devices: Sequence[DeviceRow]) -> Kind:
    """Return the kind of identifier that all devices have; raises CannotAsk."""
    for kind, count in having(devices).items():
        if count == len(devices) > 0:
            return kind
    raise CannotAsk("These devices share no kind of identifier that reachability takes.")
