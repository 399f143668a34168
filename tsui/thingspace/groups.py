"""Device groups."""

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.wire import Attribute, Reply


class DeviceGroup(Reply):
    """A named set of devices of an account."""

    name: str = ""
    """The group's name."""
    description: str | None = None
    """What somebody wrote about it."""
    is_default_group: bool | None = None
    """Whether devices without a group of their own are here."""
    extended_attributes: list[Attribute] | None = None
    """Further named values."""


class ListGroups(Operation[list[DeviceGroup]]):
    """Read the device groups of an account."""

    title = "Get a List of Device Groups"
    method = "GET"
    path = "/groups/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account whose groups to read."""
