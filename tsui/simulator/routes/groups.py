"""Groups of devices."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.catalogue import DEFAULT_GROUP
from tsui.simulator.device import SimDevice
from tsui.simulator.fields import items, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.pace import gently
from tsui.simulator.paging import answer, offset
from tsui.simulator.schema import (
    DEVICE_ID,
    NEEDED_ACCOUNT,
    SUCCEEDED,
    Field,
    listed,
    needed,
)
from tsui.simulator.selection import find_device, fleet_of
from tsui.simulator.world import World


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Groups(world)
    one = f"{M2M}/groups/{{account}}/name/{{group}}"
    joining, leaving = (listed(name, *DEVICE_ID) for name in ("devicesToAdd", "devicesToRemove"))
    return [
        Call(
            "POST",
            f"{M2M}/groups",
            "Create a Device Group",
            area.create,
            (NEEDED_ACCOUNT, needed("groupName"), needed("groupDescription"), joining),
            SUCCEEDED,
        ),
        Call("GET", f"{M2M}/groups/{{account}}", "Get a List of Device Groups", area.list_all),
        Call(
            "GET",
            one,
            "Get Device Group Information",
            area.show,
            query=(Field("next"),),
            answer=(
                Field("name"),
                Field("description"),
                Field("hasMoreData", "boolean"),
                listed("devices"),
            ),
            aliases=(f"{one}/",),
        ),
        Call(
            "PUT",
            one,
            "Update a Device Group",
            area.update,
            (Field("newGroupName"), Field("newGroupDescription"), joining, leaving),
            SUCCEEDED,
        ),
        Call("DELETE", one, "Delete a Device Group", area.delete, answer=SUCCEEDED),
    ]


class _Groups:
    def __init__(self, world: World) -> None:
        self._world = world

    async def create(self, _: Request, body: Body) -> Response:
        """Make a group."""
        account = text(body, "accountName")
        fleet = fleet_of(self._world, account)
        joining = await _devices(self._world, account, items(body, "devicesToAdd"))
        name = text(body, "groupName")
        fleet.groups.create(name, text(body, "groupDescription"))
        _put(fleet, joining, name)
        return JSONResponse({"success": True})

    async def list_all(self, request: Request, _: Body) -> Response:
        """Return the groups of an account."""
        fleet = fleet_of(self._world, request.path_params["account"])
        return JSONResponse(
            [
                {
                    "name": name,
                    "description": description,
                    "isDefaultGroup": name == DEFAULT_GROUP,
                    "extendedAttributes": [],
                }
                for name, description in fleet.groups.descriptions.items()
            ]
        )

    async def show(self, request: Request, _: Body) -> Response:
        """Return a group and a block of its devices."""
        fleet, name = _group(self._world, request)
        size = self._world.settings.group_page
        found: list[dict[str, Any]] = []
        following = ""
        async for number in gently(fleet.numbers(offset(request))):
            device = fleet.get(number)
            if device.group != name:
                continue
            if len(found) == size:
                following = str(number)
                break
            found.append(_member(device))
        described = fleet.groups.descriptions[name]
        return answer(
            request, {"name": name, "description": described, "devices": found}, following
        )

    async def update(self, request: Request, body: Body) -> Response:
        """Rename a group, describe it, move devices."""
        fleet, name = _group(self._world, request)
        account = request.path_params["account"]
        joining = await _devices(self._world, account, items(body, "devicesToAdd"))
        leaving = await _devices(self._world, account, items(body, "devicesToRemove"))
        if new := text(body, "newGroupName"):
            fleet.rename_group(name, new)
            self._world.triggers.rename_group(account, name, new)
            name = new
        if (described := body.get("newGroupDescription")) is not None:
            fleet.groups.descriptions[name] = described
        _put(fleet, joining, name)
        _put(fleet, [device for device in leaving if device.group == name], DEFAULT_GROUP)
        return JSONResponse({"success": True})

    async def delete(self, request: Request, _: Body) -> Response:
        """Delete a group."""
        fleet, name = _group(self._world, request)
        fleet.delete_group(name)
        return JSONResponse({"success": True})


def _group(world: World, request: Request) -> tuple[Fleet, str]:
    fleet = fleet_of(world, request.path_params["account"])
    name = request.path_params["group"]
    fleet.groups.check(name)
    return fleet, name


async def _devices(world: World, account: str, ids: list[Any]) -> list[SimDevice]:
    return [find_device(world, account, each)[1] async for each in gently(ids)]


def _put(fleet: Fleet, devices: list[SimDevice], group: str) -> None:
    for device in devices:
        fleet.touch(device).group = group


def _member(device: SimDevice) -> dict[str, Any]:
    member: dict[str, Any] = {"deviceIds": device.ids()}
    return {**member, "ipAddress": device.ip} if device.ip else member
