"""Text messages: to devices, and the queue of those from devices."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.continued import ContinuedOperation, ContinuedReply
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import OBJECT_OR_NOTHING, Done, SeenIds
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import DeviceId, KeyValue, Moment, Reply, RequestText, RequestTime

LONGEST_7BIT = 160
"""Characters of a message in 7 bits."""

LONGEST_8BIT = 140
"""Characters of a message in 8 bits; whether UTF-8 counts bytes is not documented."""


class SendSms(Operation[Accepted]):
    """Send a text message to devices; the network tries for five days."""

    title = "Send SMS Messages to Devices"
    method = "POST"
    path = "/sms"
    callback = "EnhancedConnectivityService"
    more_callbacks = ("SMSDeliveryConfirmation",)

    account_name: AccountName
    """The account of the devices."""
    device_ids: list[DeviceId] | None = None
    """One identifier of each device; without them the selectors decide."""
    group_name: RequestText | None = None
    """Selector: every device of this group."""
    service_plan: RequestText | None = None
    """Selector: every device on this plan."""
    custom_fields: list[KeyValue] | None = None
    """Selector: every device with these custom fields."""
    sms_message: Annotated[RequestText, Field(min_length=1, max_length=LONGEST_7BIT)]
    """The text: 160 characters in 7 bits, 140 in 8."""
    data_encoding: Literal["7-bit", "8-bit-ASCII", "8-bit-UTF-8", "8-bit-DATA"] | None = None
    """How the text travels; in 7 bits when omitted."""
    time_to_live: RequestText | None = None
    """Known from the Global IoT service only; its unit is not documented."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        in_8bit = self.data_encoding is not None and self.data_encoding != "7-bit"
        if in_8bit and len(self.sms_message) > LONGEST_8BIT:
            raise ValueError(f"A message in 8 bits has at most {LONGEST_8BIT} characters")
        return self


class ReceivedSms(Reply):
    """A message that a device sent."""

    device_ids: SeenIds | None = None
    """The device."""
    message: str = ""
    """The text, as the device sent it."""
    timestamp: Moment = None
    """When it came."""


class SmsPage(ContinuedReply):
    """A block of the queue, in no particular order."""

    messages: list[ReceivedSms] | None = None
    """Up to 100 messages."""


class ReadSmsQueue(ContinuedOperation[SmsPage]):
    """Take messages that no listener could be given; a change, since it empties the queue.

    Asking for the next block acknowledges and removes the one before, so keep each block before
    the next is asked for. Whether the last block needs that too is not documented.
    """

    title = "Retrieve SMS Messages sent by Devices"
    method = "GET"
    path = "/sms/{account_name}/history"
    effect = Effect.CHANGE

    account_name: AccountName
    """The account whose queue to read."""


class GetSmsHistory(Operation[Accepted]):
    """Ask for the log of a device's messages, 500 of the last three months; it comes by callback.

    There is no paging: narrow the span to see more.
    """

    title = "Retrieve SMS Event History"
    method = "POST"
    path = "/devices/sms/history/actions/list"
    effect = Effect.READ
    callback = "DeviceService"

    device_id: DeviceId | None = None
    """The device; the Global IoT service requires it."""
    earliest: RequestTime | None = None
    """Start of the span."""
    latest: RequestTime | None = None
    """End of the span."""


class StartSmsDelivery(Operation[Annotated[Done, OBJECT_OR_NOTHING]]):
    """Have queued messages pushed to the listener of EnhancedConnectivityService."""

    title = "Start Delivery of Queued SMS Messages"
    method = "PUT"
    path = "/sms/{account_name}/startCallbacks"

    account_name: AccountName
    """The account whose queue to push."""
