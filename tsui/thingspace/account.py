"""The account: who it is, what it may do, and the plans it can put a line on."""

from typing import Annotated

from pydantic import AliasChoices, Field

from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.wire import Attribute, Reply, RequestText

AccountName = Annotated[RequestText, Field(min_length=1, max_length=100)]
"""A billing account, usually ten digits, a hyphen and five digits; leading zeros count."""


class ServicePlan(Reply):
    """A plan that lines of the account can be on."""

    name: str = ""
    """The name people know; may differ from the code."""
    code: str = ""
    """What requests use."""
    size_kb: int | None = None
    """The allowance in kilobytes; often 0, which means not told."""
    carrier_service_plan_code: str | None = None
    """The carrier's own code."""
    extended_attributes: list[Attribute] | None = None
    """Further named values."""


class IpPool(Reply):
    """A pool of addresses."""

    pool_name: str = ""
    """The pool's name."""
    pool_type: str = ""
    """``Static IP`` or ``Dynamic IP``."""
    is_default_pool: bool | None = None
    """Whether addresses come from here when no pool is named."""


class AccountInformation(Reply):
    """What the platform tells about an account."""

    account_name: str = ""
    """The billing account."""
    account_number: str = ""
    """The same in most answers."""
    organization_name: str = ""
    """The customer."""
    is_provisioning_allowed: bool | None = None
    """Whether devices can be added and activated in one step."""
    carriers: list[str] | None = None
    """Carriers of the account."""
    features: list[str] | None = None
    """Names of enabled features."""
    ip_pools: list[IpPool] | None = Field(
        None, validation_alias=AliasChoices("ipPools", "iPPools"), serialization_alias="ipPools"
    )
    """Address pools."""
    service_plans: list[ServicePlan] | None = None
    """Plans of the account."""


class GetAccount(Operation[AccountInformation]):
    """Read what the platform tells about an account."""

    title = "Retrieve Account Information"
    method = "GET"
    path = "/accounts/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account to read."""


class ListPlans(Operation[list[ServicePlan]]):
    """Read the service plans an account can use."""

    title = "Retrieve Service Plans"
    method = "GET"
    path = "/plans/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account whose plans to read."""


class CustomState(Reply):
    """A state of a customer's own service."""

    name: str = ""
    """The state's name, as goToState wants it."""
    workflow_sequence_number: int | None = None
    """Its place in the order of states."""
    service_plans: list[str] | None = None
    """Plans that a line in this state can be on."""


class CustomService(Reply):
    """A service that the customer defined."""

    name: str = ""
    """The service's name, as goToState wants it."""
    description: str | None = None
    """What somebody wrote about it."""
    states: list[CustomState] | None = None
    """Its states; there may be none."""


class Engagement(Reply):
    """An agreement under which the customer defined services of its own."""

    engagement_id: str = ""
    """The agreement's number."""
    charging_group: str = ""
    """Who is charged."""
    services: list[CustomService] | None = None
    """The services."""


class CustomServices(Reply):
    """The services and states of an account."""

    engagement: list[Engagement] | None = None
    """The agreements; the name is singular on the wire."""


class ListServicesAndStates(Operation[CustomServices]):
    """Read the services and states that the customer defined."""

    title = "Get a List of Custom Services and States"
    method = "GET"
    path = "/accounts/{account_name}/stateandservices"
    effect = Effect.READ

    account_name: AccountName
    """The account whose services to read."""


class SkuInfo(Reply):
    """A registered kind of device."""

    device_sku: str = ""
    """The SKU."""
    device_sku_status: str = ""
    """``Valid``, or another word."""


class SkuList(Reply):
    """The SKUs of an account."""

    account_name: str = ""
    """The account."""
    device_sku_info: list[SkuInfo] | None = None
    """The SKUs."""


class ListSkus(Operation[SkuList]):
    """Read the SKUs that are registered for uploads; needs Open Development."""

    title = "Retrieve list of registered device SKUs"
    method = "POST"
    path = "/accounts/{account_name}/sku"
    effect = Effect.READ

    account_name: AccountName
    """The account whose SKUs to read."""
