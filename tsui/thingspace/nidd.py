"""Non-IP data delivery: short binary messages to NB-IoT devices."""

import binascii
from typing import Annotated

from pydantic import AfterValidator, Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Operation
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import DeviceId, RequestText

LONGEST = 1358
"""Bytes of a message."""


def _payload(text: str) -> str:
    try:
        size = len(binascii.a2b_base64(text, strict_mode=True))
    except (binascii.Error, ValueError):
        raise ValueError("the message is not base64") from None
    if size > LONGEST:
        raise ValueError(f"a message has at most {LONGEST} bytes, this one has {size}")
    return text


class SendNidd(Operation[Accepted]):
    """Send bytes to a device that has no IP; the line needs a NIDD plan."""

    title = "Send Non-IP Data (NIDD)"
    method = "POST"
    path = "/devices/nidd/message"
    callback = "NiddService"

    device_ids: Annotated[list[DeviceId], Field(min_length=1)]
    """The device."""
    account_name: AccountName
    """The account of the device."""
    maximum_delivery_time: Annotated[int, Field(ge=2, le=2_592_000)]
    """Seconds the network may try, up to 30 days."""
    message: Annotated[RequestText, Field(min_length=1), AfterValidator(_payload)]
    """The bytes in base64; two zero bytes in a row are said to be refused."""
