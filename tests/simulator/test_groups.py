"""Groups of devices: made, filled, renamed, emptied and deleted."""

from typing import Any

import pytest

from tests.simulator.cases import Api, all_in, code_of, iccids, named
from tests.simulator.hearing import ident, refusal
from tsui.simulator.catalogue import DEFAULT_GROUP
from tsui.thingspace.client import Client
from tsui.thingspace.following import group_members
from tsui.thingspace.groups import (
    CreateGroup,
    DeleteGroup,
    GetGroup,
    GroupMember,
    ListGroups,
    UpdateGroup,
)


class Grouping:
    """Groups of the first account."""

    def __init__(self, api: Api, client: Client) -> None:
        self.account = api.account
        self.fleet = api.fleet
        self.settings = api.world.settings
        self.client = client

    async def make(self, name: str, size: int = 0) -> None:
        devices = [ident(device) for device in all_in(self.fleet, "active")[:size]]
        await self.client.send(
            CreateGroup(
                account_name=self.account,
                group_name=name,
                group_description="for a test",
                devices_to_add=devices or None,
            )
        )

    async def update(self, name: str, **changes: Any) -> None:
        await self.client.send(UpdateGroup(account_name=self.account, group_name=name, **changes))

    async def names(self) -> list[str]:
        listed = await self.client.send(ListGroups(account_name=self.account))
        return [each.name for each in listed]

    async def pages(self, name: str) -> list[list[GroupMember]]:
        return [page async for page in group_members(self.client, self.account, name)]

    async def members(self, name: str) -> set[str]:
        return {
            each.id
            for page in await self.pages(name)
            for member in page
            for each in member.device_ids or []
            if each.kind.lower() == "iccid"
        }


@pytest.fixture
def groups(api: Api, client: Client) -> Grouping:
    return Grouping(api, client)


async def test_a_new_group_has_its_devices_and_they_have_no_other(
    groups: Grouping, api: Api
) -> None:
    devices = all_in(groups.fleet, "active")[:3]
    await groups.make("Testers", 3)
    assert await groups.members("Testers") == {device.iccid for device in devices}
    views = (await api.listed(groupName="Testers"))["devices"]
    assert sorted(iccids(views)) == sorted(device.iccid for device in devices)
    assert all(view["groupNames"] == ["Testers"] for view in views)


async def test_the_list_marks_the_default_group(groups: Grouping) -> None:
    listed = await groups.client.send(ListGroups(account_name=groups.account))
    assert [each.name for each in listed if each.is_default_group] == [DEFAULT_GROUP]


async def test_a_large_group_comes_in_blocks(groups: Grouping) -> None:
    groups.settings.group_page = 10
    await groups.make("Testers", 25)
    pages = await groups.pages("Testers")
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len(await groups.members("Testers")) == 25


async def test_a_renamed_group_keeps_its_devices(groups: Grouping) -> None:
    born = next(each for each in all_in(groups.fleet, "active") if each.group != DEFAULT_GROUP)
    before = await groups.members(born.group)
    await groups.update(born.group, new_group_name="Renamed", new_group_description="new")
    assert born.group not in await groups.names()
    assert await groups.members("Renamed") == before
    page = await groups.client.send(GetGroup(account_name=groups.account, group_name="Renamed"))
    assert page.description == "new"


async def test_devices_come_and_go(groups: Grouping) -> None:
    first, second = all_in(groups.fleet, "active")[:2]
    await groups.make("Testers", 1)
    await groups.update("Testers", devices_to_add=[ident(second)], devices_to_remove=[ident(first)])
    assert await groups.members("Testers") == {second.iccid}
    assert first.iccid in await groups.members(DEFAULT_GROUP)


async def test_the_devices_of_a_deleted_group_go_to_the_default_one(groups: Grouping) -> None:
    await groups.make("Testers", 3)
    members = await groups.members("Testers")
    await groups.client.send(DeleteGroup(account_name=groups.account, group_name="Testers"))
    assert "Testers" not in await groups.names()
    assert members <= await groups.members(DEFAULT_GROUP)


async def test_a_name_is_taken_only_once(groups: Grouping) -> None:
    await groups.make("Testers")
    again = CreateGroup(
        account_name=groups.account, group_name="Testers", group_description="again"
    )
    assert await refusal(groups.client, again) == "REQUEST_FAILED.DeviceGroup.Exists"
    rename = UpdateGroup(
        account_name=groups.account, group_name="Testers", new_group_name=DEFAULT_GROUP
    )
    assert await refusal(groups.client, rename) == "REQUEST_FAILED.DeviceGroup.Exists"


async def test_the_default_group_stays(groups: Grouping) -> None:
    operation = DeleteGroup(account_name=groups.account, group_name=DEFAULT_GROUP)
    assert await refusal(groups.client, operation) == "INPUT_INVALID.DeviceGroup.DeleteDefault"


@pytest.mark.parametrize("operation", [GetGroup, UpdateGroup, DeleteGroup])
async def test_a_group_nobody_made_is_refused(
    groups: Grouping, operation: type[GetGroup] | type[UpdateGroup] | type[DeleteGroup]
) -> None:
    asked = operation(account_name=groups.account, group_name="Nobody")
    assert await refusal(groups.client, asked) == "REQUEST_FAILED.DeviceGroupNotFound"


async def test_an_unknown_device_spoils_the_whole_request(api: Api) -> None:
    known = all_in(api.fleet, "active")[0]
    body = {
        "accountName": api.account,
        "groupName": "Testers",
        "groupDescription": "",
        "devicesToAdd": [named(known), {"id": "9" * 20, "kind": "iccid"}],
    }
    assert code_of(await api.call("POST", "/groups", body)) == "DeserializationFailed"
    body["groupDescription"] = "for a test"
    assert code_of(await api.call("POST", "/groups", body)) == "REQUEST_FAILED.DeviceNotFound"
    assert "Testers" not in api.fleet.groups.descriptions
