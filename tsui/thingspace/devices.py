"""Devices: the list of them, one of them, and what the platform diagnoses."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import at_most_one
from tsui.thingspace.platform_id import PAGING_KEY, platform_id
from tsui.thingspace.wire import (
    Attribute,
    DeviceId,
    KeyValue,
    Moment,
    Reply,
    RequestPart,
    RequestText,
    RequestTime,
    SeenId,
    attributes,
)

LARGEST_ID = 2**63 - 1
"""The platform's ids have 64 bits."""


class CarrierInformation(Reply):
    """A device's line at the carrier."""

    carrier_name: str = ""
    """The carrier."""
    service_plan: str | None = None
    """The plan's code; absent when the line is deactive."""
    state: str = ""
    """The line's state, in a spelling that varies."""


class Device(Reply):
    """A device as the list tells it."""

    account_name: str = ""
    """The billing account the device belongs to."""
    device_ids: list[SeenId] | None = None
    """All known identifiers."""
    carrier_informations: list[CarrierInformation] | None = None
    """The lines of the device; one in practice."""
    connected: bool | None = None
    """Whether a data session is open, as far as the platform knows."""
    created_at: Moment = None
    """When the device was added."""
    billing_cycle_end_date: Moment = None
    """When the current billing cycle ends."""
    custom_fields: list[Attribute] | None = None
    """CustomField1 to CustomField5."""
    extended_attributes: list[Attribute] | None = None
    """Further named values, among them the numeric paging key."""
    group_names: list[str] | None = None
    """Groups of the device."""
    ip_address: str | None = None
    """The current or static address."""
    last_activation_by: str | None = None
    """Who activated it last."""
    last_activation_date: Moment = None
    """When it was activated last."""
    last_connection_date: Moment = None
    """When it last opened a data session."""

    def platform_id(self) -> int | None:
        """Return the platform's numeric device id; None where the answer has none."""
        return platform_id(attributes(self.extended_attributes).get(PAGING_KEY, ""))


class DevicePage(Reply):
    """A page of the device list."""

    devices: list[Device] | None = None
    """The devices of this page."""
    has_more_data: bool | None = None
    """Whether another page follows."""


class IdentifierFilter(RequestPart):
    """A condition on one kind of identifier; exactly one of the three matches is set."""

    kind: RequestText
    """The kind of identifier."""
    contains: RequestText | None = None
    """Digits anywhere in it."""
    startswith: Annotated[RequestText | None, Field(alias="startswith")] = None
    """Its first digits."""
    endswith: Annotated[RequestText | None, Field(alias="endswith")] = None
    """Its last digits."""

    @model_validator(mode="after")
    def _matches_one_way(self) -> Self:
        matches = (self.contains, self.startswith, self.endswith)
        if sum(match is not None for match in matches) != 1:
            raise ValueError("exactly one of contains, startswith and endswith is wanted")
        return self


class DeviceFilter(RequestPart):
    """Conditions on identifiers."""

    device_identifier_filters: list[IdentifierFilter]
    """The conditions."""


class ListDevices(Operation[DevicePage]):
    """Read devices of an account, a page at a time or selected by identifier, state or text."""

    title = "Retrieve Device Information"
    method = "POST"
    path = "/devices/actions/list"
    effect = Effect.READ

    account_name: AccountName | None = None
    """The account; without it every device the session can see."""
    device_id: DeviceId | None = None
    """One device; then nothing but its account may be set."""
    device_list: list[DeviceId] | None = None
    """Several devices by identifier."""
    filter: DeviceFilter | None = None
    """Conditions on parts of identifiers."""
    current_state: RequestText | None = None
    """Only lines in this state."""
    custom_fields: list[KeyValue] | None = None
    """Only devices with these custom fields."""
    earliest: RequestTime | None = None
    """Only devices added after this time."""
    latest: RequestTime | None = None
    """Only devices added before this time."""
    group_name: RequestText | None = None
    """Only devices of this group."""
    service_plan: RequestText | None = None
    """Only devices on this plan."""
    max_number_of_devices: Annotated[int | None, Field(ge=1, le=2000)] = None
    """Devices on a page."""
    largest_device_id_seen: Annotated[int | None, Field(ge=0, le=LARGEST_ID)] = None
    """Continue after this numeric device id; 0 starts, and sorts by that id."""

    @model_validator(mode="after")
    def _one_device_alone(self) -> Self:
        for name in type(self).model_fields:
            if name not in ("account_name", "device_id"):
                at_most_one(self, "device_id", name)
        return self


class DiagnosticCategory(Reply):
    """A named part of the extended diagnostics."""

    category_name: str = ""
    """The part's name, e.g. Connectivity."""
    extended_attributes: list[Attribute] | None = None
    """Its values; all of them text."""


class ExtendedDiagnostics(Reply):
    """What the platform knows about one device, in parts."""

    categories: list[DiagnosticCategory] | None = None
    """The parts."""


class GetExtendedDiagnostics(Operation[ExtendedDiagnostics]):
    """Read the platform's extended diagnostics of one device."""

    title = "Get Device Extended Diagnostics Information"
    method = "POST"
    path = "/devices/extendeddiagnostics/actions/list"
    effect = Effect.READ
    max_devices = 1

    account_name: AccountName
    """The account of the device."""
    device_list: Annotated[list[DeviceId], Field(min_length=1, max_length=1)]
    """The device."""
