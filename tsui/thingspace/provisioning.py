"""Provisioning: the changes of a line's state and plan, and what became of a request."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Method, Operation
from tsui.thingspace.parts import (
    CostCenterCode,
    DeviceByOneId,
    FirstName,
    LastName,
    Sku,
    ZipCode,
    at_most_one,
)
from tsui.thingspace.wire import (
    DeviceIds,
    KeyValue,
    KnownDevice,
    Reply,
    RequestPart,
    RequestText,
    RequestTime,
)

MAX_DEVICES = 10_000
"""Devices one provisioning request may name (error MaxRequestsExceeded)."""


class Accepted(Reply):
    """The platform took the request; the outcome comes later."""

    request_id: str = ""
    """UUID under which callbacks and status speak of it."""


class ProvisioningOperation(Operation[Accepted]):
    """A change of lines that is answered at once and done later."""

    method: ClassVar[Method] = "POST"
    callback = "CarrierService"
    max_devices = MAX_DEVICES

    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""


class LineOperation(ProvisioningOperation):
    """A change of lines that are named, or selected; never both."""

    plan_selector: ClassVar[str] = "service_plan"
    """The field that selects the lines on a plan."""

    devices: Annotated[list[KnownDevice] | None, Field(max_length=MAX_DEVICES)] = None
    """The devices; without them the selectors decide."""
    group_name: RequestText | None = None
    """Selector: every device of this group."""
    custom_fields: list[KeyValue] | None = None
    """Selector: every device with these custom fields."""

    @model_validator(mode="after")
    def _named_or_selected(self) -> Self:
        for selector in ("group_name", "custom_fields", self.plan_selector):
            at_most_one(self, "devices", selector)
        return self


class CustomerName(RequestPart):
    """Who uses the device."""

    title: RequestText | None = None
    """Form of address."""
    first_name: FirstName
    """First name."""
    middle_name: RequestText | None = None
    """Middle name."""
    last_name: LastName
    """Last name."""
    suffix: RequestText | None = None
    """Suffix."""


class Address(RequestPart):
    """Where the device is used."""

    address_line1: RequestText
    """Street; no P.O. box."""
    address_line2: RequestText | None = None
    """Second line."""
    city: RequestText
    """City."""
    state: RequestText
    """Two-letter code."""
    zip: ZipCode
    """Five digits."""
    zip4: Annotated[RequestText, Field(pattern=r"^[0-9]{4}$")] | None = None
    """Four more digits."""
    country: Literal["US", "USA"]
    """The country, in either spelling."""
    phone: RequestText | None = None
    """Phone number."""
    phone_type: Annotated[RequestText, Field(pattern=r"^[A-Za-z]$")] | None = None
    """A single letter, e.g. H; the list of them is not documented."""
    email_address: RequestText | None = None
    """E-mail address."""


class PlaceOfUse(RequestPart):
    """Customer and service address; they decide the taxes of the line."""

    customer_name: CustomerName
    """Who uses the device."""
    address: Address
    """Where it is used."""


class DeviceWithServiceAddress(DeviceIds):
    """A device of 5G Business Internet with its own service address."""

    primary_place_of_use: PlaceOfUse | None = None
    """Customer and address of this device."""


ServiceAddresses = Annotated[list[DeviceWithServiceAddress], Field(max_length=MAX_DEVICES)]
"""Devices of 5G Business Internet, each with its own service address."""


class ActivateDevices(ProvisioningOperation):
    """Activate service: lines get a number, an address and a plan; billing starts."""

    title = "Activate Service for Devices"
    path = "/devices/actions/activate"

    devices: Annotated[list[DeviceIds] | None, Field(max_length=MAX_DEVICES)] = None
    """The devices; without them the selectors decide."""
    service_plan: RequestText
    """The plan's code."""
    mdn_zip_code: ZipCode
    """ZIP code of the place of use; decides the number's area."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool; the default one when omitted."""
    carrier_name: RequestText | None = None
    """Needed only when the account has several carriers."""
    cost_center_code: CostCenterCode | None = None
    """Cost center to set."""
    custom_fields: list[KeyValue] | None = None
    """Custom fields to set; without devices a selector."""
    group_name: RequestText | None = None
    """Group to put the devices in; without devices a selector."""
    lead_id: RequestText | None = None
    """Lead of the partner program."""
    primary_place_of_use: PlaceOfUse | None = None
    """Customer and service address of all devices of the request."""
    public_ip_restriction: Literal["R", "U"] | None = None
    """R (restricted) or U (unrestricted)."""
    sku_number: Sku | None = None
    """Lets an ICCID or EID activate without an IMEI."""
    smsr_oid: RequestText | None = None
    """Subscription manager of an eUICC."""
    device_list_with_service_address: ServiceAddresses | None = None
    """5G Business Internet only."""


class SuspendDevices(LineOperation):
    """Suspend service: lines keep number, address and plan but cannot connect."""

    title = "Suspend Device Service"
    path = "/devices/actions/suspend"

    service_plan: RequestText | None = None
    """Selector: every device on this plan."""
    with_billing: bool | None = None
    """Whether the line is billed while it is suspended."""


class RestoreDevices(LineOperation):
    """Restore service of suspended lines."""

    title = "Restore Device Service"
    path = "/devices/actions/restore"

    service_plan: RequestText | None = None
    """Selector: every device on this plan."""


class DeactivateDevices(LineOperation):
    """End service: lines lose number, address and plan; a fee may be billed."""

    title = "Deactivate Devices"
    path = "/devices/actions/deactivate"

    service_plan: RequestText | None = None
    """Selector: every device on this plan."""
    reason_code: Literal["FF"] = "FF"
    """General administration; the only code that is valid."""
    etf_waiver: bool | None = None
    """Spend a waiver of the early termination fee."""
    delete_after_deactivation: bool | None = None
    """Also delete the device and all its history."""


class ChangePlan(LineOperation):
    """Put lines on another service plan."""

    title = "Change Device Service Plan"
    method = "PUT"
    path = "/devices/actions/plan"
    plan_selector = "current_service_plan"

    service_plan: RequestText
    """The new plan's code."""
    current_service_plan: RequestText | None = None
    """Selector: every device on this plan."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool."""
    take_effect: RequestTime | None = None
    """When it takes effect; known from the SDK only."""


class RequestStatus(Reply):
    """How far the platform is with a request."""

    request_id: str = ""
    """The request."""
    status: str = ""
    """``Pending``, ``Success``, ``Failed`` or ``Failure``."""


class GetRequestStatus(Operation[RequestStatus]):
    """Read how far a request is; only for activate, deactivate, suspend, restore of one device."""

    title = "Get Request Status"
    method = "GET"
    path = "/accounts/{account_name}/requests/{request_id}/status"
    effect = Effect.READ

    account_name: AccountName
    """The account of the request."""
    request_id: Annotated[RequestText, Field(min_length=1)]
    """The id the platform gave the request."""


class StateFilter(RequestPart):
    """Which devices a request is about, instead of a list; all conditions must hold."""

    account_name: AccountName | None = None
    """Only devices of this account; the SDK calls it account."""
    group_name: RequestText | None = None
    """Only devices of this group."""
    service_plan: RequestText | None = None
    """Only devices on this plan."""
    custom_fields: list[KeyValue] | None = None
    """Only devices with these custom fields."""


class GoToState(Operation[Accepted]):
    """Move lines to a service and state that the customer has defined.

    All devices must be in the state of the first one; the others fail in their callback.
    """

    title = "Set Device to a Custom State"
    method = "PUT"
    path = "/devices/actions/goToState"
    callback = "StateService"
    max_devices = MAX_DEVICES

    devices: Annotated[list[DeviceIds] | None, Field(max_length=MAX_DEVICES)] = None
    """The devices; or a filter."""
    filter: StateFilter | None = None
    """Selector instead of devices."""
    service_name: RequestText
    """The customer's service."""
    state_name: RequestText
    """The state of that service."""
    service_plan: RequestText
    """The plan's code."""
    mdn_zip_code: RequestText
    """ZIP code of the place of use; its form is not documented here."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool; the default one when omitted."""
    group_name: RequestText | None = None
    """Group the devices are added to."""
    sku_number: Sku | None = None
    """With an ICCID or EID instead of the IMEI; embedded SIM only."""
    devices_with_service_address: ServiceAddresses | None = None
    """5G Business Internet only."""
    custom_fields: list[KeyValue] | None = None
    """Custom fields to set."""
    public_ip_restriction: Literal["R", "U"] | None = None
    """R (restricted) or U (unrestricted)."""
    primary_place_of_use: PlaceOfUse | None = None
    """Customer and service address of all devices of the request."""


class CancelLocation(Operation[Accepted]):
    """Detach one 4G device from the network so that it registers anew.

    The network does 40 an hour for all customers together; more wait up to a day.
    """

    title = "Cancel Location"
    method = "POST"
    path = "/devices/actions/cancellocation"
    callback = "CarrierService"
    max_devices = 1

    account_name: AccountName
    """The account of the device."""
    devices: Annotated[list[KnownDevice], Field(min_length=1, max_length=1)]
    """The device, by imei, iccid, mdn, imsi, eid or msisdn."""


class CheckOrderStatus(Operation[Accepted]):
    """Ask how far the activation of a device is; the answer comes by callback."""

    title = "Check Order Status"
    method = "POST"
    path = "/devices/requests/status"
    effect = Effect.READ
    callback = "DeviceService"
    max_devices = 1

    account_name: AccountName
    """The account of the device."""
    order_request_id: RequestText | None = None
    """The id the platform gave the activation."""
    devices: Annotated[list[DeviceByOneId], Field(min_length=1, max_length=1)]
    """The device, by esn, iccid or meid."""
