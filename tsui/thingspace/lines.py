"""Attributes of lines: identifiers, cost center, custom fields, contact, account."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Method, Operation
from tsui.thingspace.parts import CostCenterCode
from tsui.thingspace.provisioning import (
    MAX_DEVICES,
    Accepted,
    LineOperation,
    PlaceOfUse,
    StateFilter,
)
from tsui.thingspace.wire import DeviceId, KeyValue, KnownDevice, RequestText


class AttributeChange(LineOperation):
    """A change of something about lines that leaves their state alone."""

    method: ClassVar[Method] = "PUT"

    service_plan: RequestText | None = None
    """Selector: every device on this plan."""


class ChangeIdentifier(Operation[Accepted]):
    """Swap a line's device, SIM or number; the new hardware must be unknown to the platform."""

    title = "Change Device Identifier"
    method = "PUT"
    path = "/devices/{service_type}/actions/deviceId"
    callback = "CarrierService"
    max_devices = 1

    service_type: Annotated[RequestText, Field(min_length=1)]
    """3G or 4G, as far as anybody knows; no list is documented."""
    device_ids: Annotated[list[DeviceId], Field(min_length=1)]
    """The device as it is identified now."""
    device_ids_to: list[DeviceId] | None = None
    """The new identifiers; needed for everything but ChangeMSISDN."""
    change_4g_option: Annotated[
        Literal[
            "ChangeIMEI",
            "ChangeICCID",
            "ChangeIMEIandICCID",
            "ChangeMSISDN",
            "3Gto4G",
            "4Gto3G",
            "ChangeIMEIandEID",
        ]
        | None,
        Field(alias="change4gOption"),
    ] = None
    """What is swapped; the SDK's spelling of the name is taken."""
    assign_non_geo_mdn: bool | None = None
    """Whether the new number belongs to no area."""
    npa_nxx: Annotated[RequestText, Field(pattern=r"^[0-9]{6}$")] | None = None
    """First six digits of the new number, when it belongs to an area."""
    zip_code: RequestText | None = None
    """ZIP code for a number that belongs to no area."""
    service_plan: RequestText | None = None
    """A new plan."""
    smsr_oid: RequestText | None = None
    """Subscription manager; needed for ChangeIMEIandEID."""


class ChangeCostCenter(AttributeChange):
    """Set or remove the cost center of lines, and their place of use with it."""

    title = "Change Device Cost Center Code"
    path = "/devices/costCenter"

    cost_center: CostCenterCode | None = None
    """The new cost center."""
    remove_cost_center: bool | None = None
    """Remove it instead; wins over a new one."""
    primary_place_of_use: PlaceOfUse | None = None
    """Customer and service address to set."""


class ChangeCustomFields(AttributeChange):
    """Set custom fields of lines."""

    title = "Change Device Custom Fields"
    path = "/devices/actions/customFields"

    custom_fields_to_update: list[KeyValue]
    """The new values; empty text seems to clear a field."""


class ChangeContactInfo(AttributeChange):
    """Replace the place of use of lines as a whole: what is left out becomes empty."""

    title = "Change Device Contact Info"
    path = "/devices/actions/contactInfo"

    primary_place_of_use: PlaceOfUse
    """Customer and service address."""


class MoveDevices(Operation[Accepted]):
    """Move active devices to another account; the counters of their suspensions start anew."""

    title = "Move Devices"
    method = "PUT"
    path = "/devices/actions/move"
    callback = "CarrierService"
    max_devices = MAX_DEVICES

    account_name: AccountName
    """The account they move to."""
    devices: Annotated[list[KnownDevice] | None, Field(max_length=MAX_DEVICES)] = None
    """The devices, all of one account; or a filter."""
    filter: StateFilter | None = None
    """Selector instead of devices, with the account they come from."""
    group_name: RequestText | None = None
    """Group to put them in."""
    custom_fields: list[KeyValue] | None = None
    """Custom fields to set."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool."""
    service_plan: RequestText | None = None
    """Plan in the new account; the present one is tried when omitted."""
