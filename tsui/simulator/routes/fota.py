"""What firmware devices run."""

from collections.abc import Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import FOTA, Body, Call
from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import device_id
from tsui.simulator.fleet import Fleet
from tsui.simulator.pace import gently
from tsui.simulator.schema import Field, listed, needed
from tsui.simulator.selection import fleet_of
from tsui.simulator.software import protocol_of, software_view
from tsui.simulator.world import World

_FIRST = ("", "0")
"""What asks for the first page."""

_MISSPELT = {"OMDADM": "OMADM"}
"""How the SDK spells a protocol."""

_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"
_DEVICE = (
    *(Field(name) for name in ("deviceId", "mdn", "model", "make", "firmware")),
    Field("fotaEligible", "boolean"),
    Field("licenseAssigned", "boolean"),
    Field("status"),
    Field("protocol"),
    listed("softwareList", Field("name"), Field("version"), Field("upgradeTime")),
    listed("filesList"),
    *(
        Field(name)
        for name in (
            "createTime",
            "upgradeTime",
            "statusTime",
            "updateTime",
            "refreshTime",
            "lastConnectionTime",
        )
    ),
)
_PAGE = (
    Field("accountName"),
    Field("hasMoreData", "boolean"),
    Field("lastSeenDeviceId"),
    listed("deviceList", *_DEVICE),
)
_QUERY = (
    Field("lastSeenDeviceId"),
    Field("protocol", choices=("LWM2M", "OMADM", "OMDADM", "HTTP")),
)


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Software(world)
    path = f"{FOTA}/devices/{{account}}"
    return [
        Call(
            "POST",
            path,
            "List Account Devices by IMEI (FOTA v3)",
            area.named,
            (needed("deviceList", "array", items="string"),),
            (*_PAGE, Field("deviceCount", "integer")),
            query=_QUERY,
        ),
        Call(
            "GET",
            path,
            "Get Account Device Information (FOTA v3)",
            area.every,
            answer=(*_PAGE, Field("maxPageSize", "integer")),
            query=_QUERY,
        ),
    ]


class _Software:
    def __init__(self, world: World) -> None:
        self._world = world

    async def named(self, request: Request, body: Body) -> Response:
        """Return what some devices run."""
        fleet = fleet_of(self._world, request.path_params["account"])
        found = [
            device
            async for imei in gently(dict.fromkeys(body["deviceList"]))
            if (device := self._named(fleet, imei)) is not None
        ]
        found = [device for device in found if self._wanted(request, device)]
        places = {device.imei: place for place, device in enumerate(found, 1)}
        seen = _last_seen(request)
        if seen and seen not in places:
            raise rejected(_UNEXPECTED, "lastSeenDeviceId is not valid.")
        return await self._page(request, found[places.get(seen, 0) :], deviceCount=len(found))

    async def every(self, request: Request, _: Body) -> Response:
        """Return what the devices of an account run."""
        fleet = fleet_of(self._world, request.path_params["account"])
        size = self._world.settings.software_page
        return await self._page(request, self._after(request, fleet), maxPageSize=size)

    def _named(self, fleet: Fleet, imei: str) -> SimDevice | None:
        device = fleet.find(*device_id({"id": imei, "kind": "imei"}))
        if device is None and self._world.settings.software_refuses_unknown:
            raise rejected("REQUEST_FAILED.DeviceNotFound", f"{imei} was not found.")
        return device

    def _after(self, request: Request, fleet: Fleet) -> Iterator[SimDevice]:
        """Return the devices after the one that was seen last, in the order of the account."""
        start = 0
        if seen := _last_seen(request):
            last = fleet.find("imei", seen)
            if last is None:
                raise rejected(_UNEXPECTED, "lastSeenDeviceId is not valid.")
            start = last.number + 1
        devices = (fleet.get(number) for number in fleet.numbers(start))
        return (device for device in devices if self._wanted(request, device))

    def _wanted(self, request: Request, device: SimDevice) -> bool:
        asked = request.query_params.get("protocol", self._world.settings.software_protocol).upper()
        return _MISSPELT.get(asked, asked) in ("", protocol_of(device))

    async def _page(self, request: Request, devices: Iterable[SimDevice], **more: Any) -> Response:
        settings, now = self._world.settings, self._world.clock.timestamp()
        found: list[dict[str, Any]] = []
        goes_on = False
        async for device in gently(devices):
            if goes_on := len(found) == settings.software_page:
                break
            found.append(software_view(device, settings.seed, now))
        body = {"accountName": request.path_params["account"], **more, "hasMoreData": goes_on}
        if found:
            body["lastSeenDeviceId"] = found[-1]["deviceId"]
        return JSONResponse({**body, "deviceList": found})


def _last_seen(request: Request) -> str:
    seen = request.query_params.get("lastSeenDeviceId", "")
    return "" if seen in _FIRST else seen
