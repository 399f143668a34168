"""Messages that the platform POSTs to callback listeners: which model reads which."""

from typing import Any

from tsui.thingspace.callback_answers import (
    CarrierMessage,
    CustomStateMessage,
    DeviceServiceMessage,
    LocationMessage,
    LocationReportMessage,
    ProfileMessage,
    ReachabilityMessage,
    RoamingListMessage,
    SuspensionMessage,
    UsageMessage,
)
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.callback_notices import (
    AlertMessage,
    ExternalChangeMessage,
    NiddMessage,
    PromoMessage,
    ResumeMessage,
    SmsDeliveryMessage,
    SmsMessage,
    ThresholdMessage,
)

MESSAGES: tuple[type[CallbackMessage], ...] = (
    CarrierMessage,
    DeviceServiceMessage,
    RoamingListMessage,
    ProfileMessage,
    SuspensionMessage,
    UsageMessage,
    ReachabilityMessage,
    SmsMessage,
    SmsDeliveryMessage,
    CustomStateMessage,
    AlertMessage,
    ExternalChangeMessage,
    ResumeMessage,
    ThresholdMessage,
    PromoMessage,
    NiddMessage,
    LocationMessage,
    LocationReportMessage,
)
"""The models; of two that a message could be, the first is taken."""


_BY_SERVICE = {message.service.lower(): message for message in MESSAGES} | {
    "alertsservice": AlertMessage  # the spelling of one page
}


def read_message(value: Any, service: str = "") -> CallbackMessage:
    """Read a message by the service it was registered for, or by its fields.

    Raises pydantic's ValidationError for anything but a JSON object.
    """
    model = _BY_SERVICE.get(service.strip().lower()) or _by_fields(value)
    return model.model_validate(value)


def _by_fields(value: Any) -> type[CallbackMessage]:
    names = set(value) if isinstance(value, dict) else set()
    response = value.get("deviceResponse") if names else None
    if isinstance(response, dict):
        names |= set(response)
    return next((model for model in MESSAGES if model.marks & names), CallbackMessage)
