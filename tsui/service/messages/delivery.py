"""What became of a message to a device: from the journal, from receipts, and from the clock."""

from enum import StrEnum
from typing import NamedTuple

from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.texts import Receipt

SMS, NIDD = "SendSms", "SendNidd"
"""Operations that send a message."""

RECEIPTS = {SMS: "SMSDeliveryConfirmation", NIDD: "NiddService"}
"""Callback services that tell whether a message came."""

LIFETIME = 120 * 3600.0
"""Seconds the network tries to deliver a text: five days (documented)."""


class Delivery(StrEnum):
    """How far a message is."""

    GOING = "going out"
    """Confirmed by the operator, not answered by ThingSpace yet."""
    SENT = "sent"
    """ThingSpace took it."""
    QUEUED = "queued"
    """The network has it and tries."""
    DELIVERED = "delivered"
    EXPIRED = "expired"
    """The network does not try any more."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Whether it was sent at all is not known."""
    UNKNOWABLE = "not knowable"
    """Nobody hears of the delivery."""
    RECEIVED = "received"
    """It came from the device."""


class Fate(NamedTuple):
    """How far a message is, and what that rests on."""

    delivery: Delivery
    said: str = ""
    """Why, in words; hostile until sanitised."""
    until: float | None = None
    """Unix time until which the network tries, while it does."""


_BEFORE = frozenset({ChangeState.INTENDED, ChangeState.SENDING})
_NEVER = frozenset({ChangeState.REFUSED, ChangeState.NOT_SENT})
_GOOD = frozenset({"success", "delivered"})

CLOCK = "by the clock: the time is over, and no receipt came"
"""What an expiry rests on of which nobody told."""


def fate_of(change: DeviceChange, receipt: Receipt | None, now: float, hears: bool | None) -> Fate:
    """Tell how far a message is; ``hears`` is whether anybody listens to receipts, if known."""
    if receipt is not None and receipt.is_final:
        return _told(receipt)
    if change.state in _BEFORE:
        return Fate(Delivery.GOING, change.state)
    if change.state in _NEVER:
        return Fate(Delivery.FAILED, change.problem or change.state)
    if change.state is ChangeState.FAILED:
        return Fate(_bad(change.problem), change.problem)
    if change.operation == NIDD and change.state is ChangeState.SUCCEEDED:
        return Fate(Delivery.DELIVERED, change.evidence)
    if change.state in (ChangeState.UNKNOWN, ChangeState.DECIDED) and not change.request_id:
        return Fate(Delivery.UNKNOWN, change.problem)
    return _on_its_way(change, receipt, now, hears)


def _on_its_way(
    change: DeviceChange, receipt: Receipt | None, now: float, hears: bool | None
) -> Fate:
    service = RECEIPTS[change.operation]
    until = (change.sending_at or change.created_at) + lifetime(change)
    if hears is False and receipt is None:
        said = f"nobody listens to {service}, so delivery cannot be known from here"
        return Fate(Delivery.UNKNOWABLE, said)
    if now > until:
        return Fate(Delivery.EXPIRED, CLOCK)
    if receipt is not None or change.state is ChangeState.SUCCEEDED:
        return Fate(Delivery.QUEUED, "the network has it and tries", until)
    waits = f"waiting for a callback to {service}" if hears else f"the receipt comes to {service}"
    return Fate(Delivery.SENT, waits, until)


def lifetime(change: DeviceChange) -> float:
    """Return the seconds for which the network tries to deliver a message."""
    given = change.fields.get("maximumDeliveryTime")
    return float(given) if isinstance(given, int) else LIFETIME


def _told(receipt: Receipt) -> Fate:
    if receipt.status.lower() in _GOOD and not receipt.problem:
        return Fate(Delivery.DELIVERED, "the receipt says so")
    said = receipt.problem or receipt.status
    return Fate(_bad(f"{receipt.status} {said}"), said)


def _bad(said: str) -> Delivery:
    return Delivery.EXPIRED if "expired" in said.lower() else Delivery.FAILED
