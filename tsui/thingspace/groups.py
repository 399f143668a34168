"""Device groups."""

from typing import Annotated

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.continued import ContinuedOperation, ContinuedReply
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import OBJECT_OR_NOTHING, Done, SeenIds
from tsui.thingspace.wire import Attribute, DeviceId, Reply, RequestText

GroupName = Annotated[RequestText, Field(min_length=1)]
"""A group's name, unique in its account."""


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


class GroupMember(Reply):
    """A device of a group."""

    device_ids: SeenIds | None = None
    """Its identifiers."""
    ip_address: str | None = None
    """Its address."""


class GroupPage(ContinuedReply):
    """A group and a block of its devices."""

    name: str = ""
    """The group's name."""
    description: str | None = None
    """What somebody wrote about it."""
    devices: list[GroupMember] | None = None
    """The devices of this block."""


class GetGroup(ContinuedOperation[GroupPage]):
    """Read which devices a group has."""

    title = "Get Device Group Information"
    method = "GET"
    path = "/groups/{account_name}/name/{group_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account of the group."""
    group_name: GroupName
    """The group."""


class CreateGroup(Operation[Annotated[Done, OBJECT_OR_NOTHING]]):
    """Make a group; devices put into it leave the group they were in."""

    title = "Create a Device Group"
    method = "POST"
    path = "/groups"

    account_name: AccountName
    """The account."""
    group_name: GroupName
    """The new group's name."""
    group_description: RequestText
    """What it is for."""
    devices_to_add: list[DeviceId] | None = None
    """Its first devices, one identifier each; no limit is documented."""


class UpdateGroup(Operation[Annotated[Done, OBJECT_OR_NOTHING]]):
    """Rename or describe a group, put devices into it or take them out."""

    title = "Update a Device Group"
    method = "PUT"
    path = "/groups/{account_name}/name/{group_name}"

    account_name: AccountName
    """The account of the group."""
    group_name: GroupName
    """The group as it is named now."""
    new_group_name: GroupName | None = None
    """The new name."""
    new_group_description: RequestText | None = None
    """The new description."""
    devices_to_add: list[DeviceId] | None = None
    """Devices to put in; they leave the group they were in."""
    devices_to_remove: list[DeviceId] | None = None
    """Devices to take out; they go to the default group."""


class DeleteGroup(Operation[Annotated[Done, OBJECT_OR_NOTHING]]):
    """Delete a group; its devices go to the default group."""

    title = "Delete a Device Group"
    method = "DELETE"
    path = "/groups/{account_name}/name/{group_name}"

    account_name: AccountName
    """The account of the group."""
    group_name: GroupName
    """The group."""
