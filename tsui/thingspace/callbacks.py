"""Callback listeners: where the platform POSTs the outcome of requests."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.wire import Reply, RequestText, Secret

CallbackService = Literal[
    "AlertService",
    "CarrierService",
    "DevicePRLInformation",
    "DeviceProfileService",
    "DeviceService",
    "DeviceSuspensionStatus",
    "DeviceUsage",
    "DiagnosticsService",
    "EnhancedConnectivityService",
    "ExternalProvisioningChanges",
    "NiddService",
    "PromoChanges",
    "ResumeTrackingNotification",
    "SMSDeliveryConfirmation",
    "StateService",
    "SubscriptionNotificationService",
]
"""Services one can listen to: the union of what the pages list."""

PORTS = frozenset({80, 443, *range(9001, 9007), *range(50551, 50560), *range(28200, 28221)})
"""Ports of listeners that the platform calls."""

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def _callable(url: str) -> str:
    """Refuse what the platform never calls; a stand-in for it on this machine calls any port."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the address of a listener begins with https:// and names a host")
    allowed = parts.port is None or parts.port in PORTS or parts.hostname in _THIS_MACHINE
    if not allowed:
        raise ValueError(f"the platform does not call port {parts.port}")
    return url


class CallbackListener(Reply):
    """A registered listener; the platform tells its password to every reader."""

    account_name: str = ""
    """The account."""
    service_name: str = ""
    """The callback service."""
    url: str = ""
    """Where messages go."""
    username: str | None = None
    """Copied into every message."""
    password: Secret | None = None
    """Copied into every message, in clear."""


class ListenerRegistered(Reply):
    """The platform's note of a listener that came or went."""

    account_name: str = ""
    """The account."""
    service_name: str = ""
    """The callback service."""


class ListListeners(Operation[list[CallbackListener]]):
    """Read which listeners an account has."""

    title = "List Callback Listeners"
    method = "GET"
    path = "/callbacks/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account."""


class RegisterListener(Operation[ListenerRegistered]):
    """Register a listener; it displaces the one the service had."""

    title = "Register a Callback Listener"
    method = "POST"
    path = "/callbacks/{account_name}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    name: CallbackService
    """The callback service."""
    url: Annotated[RequestText, AfterValidator(_callable)]
    """A public URL on one of the allowed ports."""
    username: Annotated[RequestText | None, Field(max_length=40)] = None
    """Copied into every message; never the login's."""
    password: Annotated[Secret | None, Field(max_length=40)] = None
    """Copied into every message, in clear; never the login's."""


class DeregisterListener(Operation[ListenerRegistered]):
    """Remove a service's listener: its messages go nowhere from then on."""

    title = "Deregister a Callback Listener"
    method = "DELETE"
    path = "/callbacks/{account_name}/name/{service_name}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    service_name: RequestText
    """The callback service, as the list of listeners spells it."""
