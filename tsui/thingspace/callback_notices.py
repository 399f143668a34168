"""Messages to callback listeners about what happened: texts, bytes, alerts, changes elsewhere."""

from typing import Any

from tsui.thingspace.callback_envelope import CallbackIds, CallbackMessage, spelt
from tsui.thingspace.wire import Moment, Reply


class SmsResponse(Reply):
    """The answer about a message that was sent."""

    sms_response: Any = None
    """What the network said; its form is not documented."""


class SmsMessage(CallbackMessage):
    """A message was sent to a device, or came from one.

    The names for the latter are those of the queue; they are not confirmed.
    """

    service = "EnhancedConnectivityService"
    marks = frozenset({"smsResponse", "message"})

    device_response: SmsResponse | None = None
    """The answer about a message that was sent."""
    message: str | None = None
    """The text a device sent."""
    timestamp: Moment = None
    """When it came."""


class SmsDeliveryMessage(CallbackMessage):
    """A text message reached its device, or expired after five days.

    Its own fields are not documented: look into ``unknown``.
    """

    service = "SMSDeliveryConfirmation"


class AlertMessage(CallbackMessage):
    """An alert of a trigger; its own fields are not documented: look into ``unknown``."""

    service = "AlertService"


class ExternalChange(Reply):
    """A change that nobody made through this API."""

    source: str | None = spelt("source", "Source")
    """Where it was made."""
    change: str | None = spelt("change", "Change")
    """What it was, e.g. ``Suspend``, ``changeIMEI``, ``Device Detection``."""
    device_info: dict[str, Any] | None = spelt("deviceInfo", "DeviceInfo")
    """The device; missing for activations."""


class ExternalChangeMessage(CallbackMessage):
    """A change made in a portal, over the air, or noticed by the network."""

    service = "ExternalProvisioningChanges"
    marks = frozenset({"externalProvisioningChange", "ExternalProvisioningChange"})

    external_provisioning_change: ExternalChange | None = spelt(
        "externalProvisioningChange", "ExternalProvisioningChange"
    )
    """The change."""


class ResumeMessage(CallbackMessage):
    """A suspension ends by itself in seven days."""

    service = "ResumeTrackingNotification"
    marks = frozenset({"comment", "Comment"})

    comment: str | None = spelt("comment", "Comment")
    """A sentence with the date in the American form."""


class ThresholdMessage(CallbackMessage):
    """A line is slowed down, or reached a bound of usage.

    Its own fields are not documented: look into ``unknown``.
    """

    service = "SubscriptionNotificationService"


class PromoChange(Reply):
    """A promotional code that went."""

    change: str | None = spelt("change", "Change")
    """The code."""
    change_date: Moment = spelt("changeDate", "ChangeDate")
    """When."""


class PromoMessage(CallbackMessage):
    """A promotional code was taken off a line; comes after the billing cycle."""

    service = "PromoChanges"
    marks = frozenset({"promoChange", "PromoChange"})

    promo_change: PromoChange | None = spelt("promoChange", "PromoChange")
    """The code."""


class NiddEvent(Reply):
    """What happened to bytes, or to the line that carries them."""

    account_name: str | None = None
    """The account."""
    message: str | None = None
    """Bytes of a device, in base64."""
    reason: str | None = None
    """Why bytes were not delivered."""
    device_ids: CallbackIds | None = None
    """The device; an entry may lack its value."""


class NiddResponse(Reply):
    """One of three events."""

    mo_notification: NiddEvent | None = spelt("niddMONotificationResponse")
    """Bytes came from a device."""
    mt_delivery: NiddEvent | None = spelt("niddMTDeliveryResponse")
    """What became of bytes to a device."""
    config: NiddEvent | None = spelt("niddConfigResponse")
    """The line can carry bytes now."""


class NiddMessage(CallbackMessage):
    """``Delivered``, ``Queued``, ``DeliveryFailed`` or ``ConfigCreated``; no status for bytes."""

    service = "NiddService"
    marks = frozenset({"niddResponse"})

    nidd_response: NiddResponse | None = None
    """What happened."""
