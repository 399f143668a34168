"""What every message to a callback listener says.

Many names are not confirmed by anybody, so every model keeps what it does not know.
"""

from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, Field

from tsui.thingspace.parts import ARRAY_OR_OBJECT
from tsui.thingspace.wire import Reply, Secret


def spelt(*names: str) -> Any:
    """Return a field that goes by several names; samples write some with a capital."""
    return Field(None, validation_alias=AliasChoices(*names), serialization_alias=names[0])


class CallbackId(Reply):
    """An identifier as a message spells it."""

    id: str | None = spelt("id", "Id", "identifier", "Identifier")
    """The identifier's value; messages about NIDD may lack it."""
    kind: str | None = spelt("kind", "Kind")
    """The identifier's kind, in the platform's own spelling."""


CallbackIds = Annotated[list[CallbackId], ARRAY_OR_OBJECT]
"""Identifiers of one device; a single one may come bare."""


class Fault(Reply):
    """Why a request failed for a device."""

    faultcode: str | None = spelt("faultcode", "faultCode", "FaultCode")
    """Service name, class and code, divided by dots."""
    faultstring: str | None = spelt("faultstring", "faultString", "FaultString")
    """The platform's own words; they change without notice."""


class CallbackMessage(Reply):
    """What every message says; by itself, a message of a service that is not known."""

    service: ClassVar[str] = ""
    """The callback service."""
    marks: ClassVar[frozenset[str]] = frozenset()
    """Fields that tell the service where nobody names it."""

    username: str | None = spelt("username", "Username")
    """What was registered with the listener."""
    password: Secret | None = spelt("password", "Password")
    """What was registered with the listener, in clear on the wire."""
    request_id: str | None = spelt("requestId", "RequestId")
    """The request it answers; all messages of a request share it."""
    device_ids: CallbackIds | None = spelt("deviceIds", "DeviceIds", "Device", "device")
    """The device, as the request named it."""
    status: str | None = spelt("status", "Status")
    """``Success``, ``Failed``, or another word of the service."""
    callback_count: int | None = spelt("callbackCount", "CallbackCount")
    """Which attempt to deliver this is, from 1."""
    max_callback_threshold: int | None = spelt("maxCallbackThreshold", "MaxCallbackThreshold")
    """After how many attempts the platform gives up."""
    fault_response: Fault | None = spelt("faultResponse", "FaultResponse")
    """Why it failed."""
