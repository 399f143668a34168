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
