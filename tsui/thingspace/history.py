"""Histories of one device: provisioning, connections and usage."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import OBJECT_OR_ARRAY_OF_ONE, at_most_one
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import (
    Attribute,
    DeviceId,
    Moment,
    Reply,
    RequestPart,
    RequestText,
    RequestTime,
    SeenId,
)

LONGEST_SPAN = timedelta(days=31)
"""A month, a long one; what a month is, is not documented."""


class HistoryOperation(RequestPart):
    """What every history wants to know; pages hold 500 records, oldest first."""

    device_id: DeviceId
    """The device."""
    earliest: RequestTime
    """Start of the span; the next page starts at the last record of the one before."""
    latest: RequestTime
    """End of the span."""


class ProvisioningEvent(Reply):
    """A change of the line that was tried."""

    occurred_at: Moment = None
    """When."""
    status: str = ""
    """``Success``, or the failure's text."""
    event_by: str = ""
    """Who."""
    event_type: str = ""
    """What, e.g. ``Suspension Confirmed``."""
    service_plan: str | None = None
    """The plan at that time."""
    mdn: str | None = None
    """The number at that time."""
    msisdn: str | None = None
    """The number at that time with country code."""
    extended_attributes: list[Attribute] | None = None
    """Further named values."""


class ProvisioningPage(Reply):
    """A page of provisioning history."""

    provisioning_history: list[ProvisioningEvent] | None = None
    """The records."""
    has_more_data: bool | None = None
    """Whether more records follow."""


class GetProvisioningHistory(
    HistoryOperation, Operation[Annotated[ProvisioningPage, OBJECT_OR_ARRAY_OF_ONE]]
):
    """Read what was done to a line, by whom and with what result."""

    title = "Retrieve Device Provisioning History"
    method = "POST"
    path = "/devices/history/actions/list"
    effect = Effect.READ


class ConnectionEvent(Reply):
    """The start or the end of a data session."""

    occurred_at: Moment = None
    """When."""
    connection_event_attributes: list[Attribute] | None = None
    """Event (Start or Stop), BytesUsed, Msisdn and others; not every one each time."""
    extended_attributes: list[Attribute] | None = None
    """Not used by the platform."""


class ConnectionPage(Reply):
    """A page of connection history."""

    connection_history: list[ConnectionEvent] | None = None
    """The records."""
    has_more_data: bool | None = None
    """Whether more records follow."""


class GetConnectionHistory(HistoryOperation, Operation[ConnectionPage]):
    """Read when a device opened and closed data sessions."""

    title = "Retrieve Device Connection History"
    method = "POST"
    path = "/devices/connections/actions/listHistory"
    effect = Effect.READ
    read_timeout = 45.0


class ListConnections(HistoryOperation, Operation[list[ConnectionEvent]]):
    """Read the sessions of a device without paging; GetConnectionHistory replaced it in 2016."""

    title = "Retrieve Device Connection History (deprecated list)"
    method = "POST"
    path = "/devices/connections/actions/list"
    effect = Effect.READ
    deprecated = True
    read_timeout = 45.0


class UsageLabel(RequestPart):
    """A usage segmentation label."""

    name: Annotated[RequestText, Field(max_length=20)]
    """The label's name."""
    value: Annotated[RequestText, Field(max_length=50)]
    """The label's value."""


class UsageRecord(Reply):
    """Usage of one day."""

    timestamp: Moment = None
    """Midnight UTC of the day."""
    bytes_used: int | None = None
    """Bytes, both directions."""
    sms_used: int | None = None
    """Messages, both directions."""
    source: str = ""
    """Where the figure comes from, e.g. ``Raw Usage``."""
    service_plan: str | None = None
    """The plan of the day."""
    extended_attributes: list[Attribute] | None = None
    """MoSms, MtSms and others."""
    domestic_usage: Any = None
    """Usage at home, for customers of the roaming rates only; its form is not documented."""
    international_usage: Any = None
    """Usage abroad, for the same customers; its form is not documented."""


class UsagePage(Reply):
    """A page of usage history."""

    usage_history: list[UsageRecord] | None = None
    """The records."""
    device_id: SeenId | None = None
    """The device, in some answers."""
    has_more_data: bool | None = None
    """Whether more records follow."""


class GetUsageHistory(Operation[UsagePage]):
    """Read usage by day; kept 12 months."""

    title = "Retrieve Device Usage History"
    method = "POST"
    path = "/devices/usage/actions/list"
    effect = Effect.READ

    device_id: DeviceId | None = None
    """The device; or a label, not both."""
    label: UsageLabel | None = None
    """A segmentation label."""
    earliest: RequestTime
    """First day."""
    latest: RequestTime
    """Last day."""

    @model_validator(mode="after")
    def _device_or_label(self) -> Self:
        at_most_one(self, "device_id", "label")
        return self


class GetAggregateUsage(Operation[Accepted]):
    """Ask for the usage of many devices in sum; the figures come by callback."""

    title = "Retrieve Aggregate Device Usage History"
    method = "POST"
    path = "/devices/usage/actions/list/aggregate"
    effect = Effect.READ
    callback = "DeviceUsage"

    device_ids: list[DeviceId] | None = None
    """The devices; or a label, not both; with neither the whole account."""
    label: list[UsageLabel] | None = None
    """Segmentation labels."""
    account_name: AccountName | None = None
    """The account; needed with a group, or when the user can reach several."""
    group_name: RequestText | None = None
    """Selector: every device of this group."""
    start_time: RequestTime
    """Start of the span, at most six months ago."""
    end_time: RequestTime
    """End of the span, at most a month after its start."""

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.end_time - self.start_time > LONGEST_SPAN:
            raise ValueError("the span is longer than a month")
        return self

    @model_validator(mode="after")
    def _devices_or_labels(self) -> Self:
        at_most_one(self, "device_ids", "label")
        return self
