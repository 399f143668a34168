"""Where devices are: at once, in reports, and by callback."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import LOC, Body, Call
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw
from tsui.simulator.errors import cache_unavailable, invalid_parameter
from tsui.simulator.fields import device_id, items, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.listeners import LOCATION_SERVICES, Listener
from tsui.simulator.pace import gently
from tsui.simulator.places import CACHED, last_seen, located
from tsui.simulator.reports import COMPLETED, PLACES, REPORTS, LocationJob
from tsui.simulator.routes.callbacks import checked_url
from tsui.simulator.schema import Field, listed, needed, nested
from tsui.simulator.world import World

MOST_FOUND, MOST_REQUESTED = 20, 10_000
"""Devices that are located at once, or by callback (documented)."""

_DEVICES = listed("deviceList", needed("id"), needed("kind"), needed("mdn"), required=True)
_QUERY = (
    needed("accountName"),
    _DEVICES,
    Field("accuracyMode", "any"),
    Field("cacheMode", "any"),
)
_PLACE = (
    Field("msid"),
    nested(
        "pd",
        Field("time"),
        Field("utcoffset"),
        Field("x"),
        Field("y"),
        Field("radius"),
        Field("qos", "boolean"),
    ),
    nested("error", Field("time"), Field("utcoffset"), Field("type"), Field("info")),
)
_TXID = (Field("txid"),)
_STATUS = (*_TXID, Field("status"))


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area, heard = _Locations(world), _Listeners(world)
    report = f"{LOC}/locationreports/{{account}}/report/{{txid}}"
    listeners = f"{LOC}/callbacks/{{account}}"
    return [
        Call("POST", f"{LOC}/locations", "Find Device Locations", area.find, _QUERY),
        Call(
            "POST",
            f"{LOC}/locationreports",
            "Create Device Location Report",
            area.create,
            _QUERY,
            (*_STATUS, Field("estimatedDuration")),
            service=REPORTS,
        ),
        Call(
            "GET",
            f"{report}/index/{{startindex}}",
            "Retrieve Device Location Report",
            area.read,
            answer=(
                *_TXID,
                Field("startIndex"),
                Field("totalCount", "integer"),
                Field("hasMoreData", "boolean"),
                listed("devLocationList", *_PLACE),
            ),
        ),
        Call(
            "GET",
            f"{report}/status",
            "Get Device Location Report Status",
            area.status,
            answer=_STATUS,
        ),
        Call("DELETE", report, "Cancel Device Location Report", area.cancel, answer=_TXID),
        Call(
            "POST",
            f"{LOC}/devicelocations",
            "Request Device Locations (asynchronous)",
            area.request_all,
            _QUERY,
            _STATUS,
            service=PLACES,
        ),
        Call(
            "DELETE",
            f"{LOC}/devicelocations/{{txid}}",
            "Cancel Asynchronous Device Location Request",
            area.cancel_request,
            answer=_TXID,
            query=(Field("accountname"),),
        ),
        Call(
            "POST",
            listeners,
            "Register a Location Callback Listener",
            heard.register,
            (needed("name", choices=LOCATION_SERVICES), needed("url")),
            (Field("account"), Field("name")),
        ),
        Call("GET", listeners, "List Location Callback Listeners", heard.list_all),
        Call(
            "DELETE",
            f"{listeners}/name/{{service}}",
            "Deregister a Location Callback Listener",
            heard.deregister,
            answer=(Field("success", "boolean"),),
        ),
    ]


class _Locations:
    def __init__(self, world: World) -> None:
        self._world = world

    async def find(self, _: Request, body: Body) -> Response:
        world = self._world
        devices, mode = (await self._asked(body, MOST_FOUND))[1:]
        settings, now = world.settings, world.clock.timestamp()
        if mode == CACHED and all(last_seen(each, settings.seed, now) is None for each in devices):
            raise cache_unavailable()
        return JSONResponse([located(device, settings, now, mode) for device in devices])

    async def create(self, _: Request, body: Body) -> Response:
        job = await self._begin(body, REPORTS, None)
        minutes = max(1, round(2 * self._world.settings.delay / 60))
        return JSONResponse({**self._view(job, job.txid), "estimatedDuration": str(minutes)})

    async def request_all(self, _: Request, body: Body) -> Response:
        job = await self._begin(body, PLACES, MOST_REQUESTED)
        return JSONResponse(self._view(job, job.txid))

    async def status(self, request: Request, _: Body) -> Response:
        return JSONResponse(self._view(self._report(request), request.path_params["txid"]))

    async def read(self, request: Request, _: Body) -> Response:
        job, index = self._report(request), request.path_params["startindex"]
        if job.found is None:
            raise invalid_parameter(f"The report is not {COMPLETED}.")
        valid = index.isascii() and index.isdecimal()
        start, total = int(index) if valid else -1, len(job.found)
        if not 0 <= start < total:
            raise invalid_parameter("Invalid start index.")
        end = start + self._world.settings.location_page
        return JSONResponse(
            {
                "txid": request.path_params["txid"],
                "startIndex": str(start),
                "totalCount": total,
                "hasMoreData": end < total,
                "devLocationList": job.found[start:end],
            }
        )

    async def cancel(self, request: Request, _: Body) -> Response:
        self._world.locations.cancel(self._report(request))
        return JSONResponse({"txid": request.path_params["txid"]})

    async def cancel_request(self, request: Request, _: Body) -> Response:
        txid, query = request.path_params["txid"], request.query_params
        # The documents have the name in lower case, the SDK has not.
        account = query.get("accountname") or query.get("accountName") or ""
        _fleet(self._world, account)
        self._world.locations.cancel(self._world.locations.job(account, PLACES, txid))
        return JSONResponse({"txid": txid})

    def _report(self, request: Request) -> LocationJob:
        account = request.path_params["account"]
        _fleet(self._world, account)
        return self._world.locations.job(account, REPORTS, request.path_params["txid"])

    def _view(self, job: LocationJob, txid: str) -> dict[str, str]:
        return {"txid": txid, "status": self._world.locations.status(job)}

    async def _begin(self, body: Body, service: str, most: int | None) -> LocationJob:
        account, devices, mode = await self._asked(body, most)
        numbers = [device.number for device in devices]
        return self._world.locations.begin(account, service, numbers, mode)

    async def _asked(self, body: Body, most: int | None) -> tuple[str, list[SimDevice], str]:
        """Return account, devices and cache mode of a request."""
        world, account = self._world, text(body, "accountName")
        fleet = _fleet(world, account)
        if str(body.get("accuracyMode") or "0") != "0":
            raise invalid_parameter("Invalid accuracy mode.")
        mode = body.get("cacheMode")
        mode = str(world.settings.location_cache_mode if mode is None else mode)
        if mode not in ("0", "1", "2"):
            raise invalid_parameter("Invalid cache mode.")
        named = items(body, "deviceList")
        if most is not None and len(named) > most:
            raise invalid_parameter(f"The number of devices exceeds {most}.")
        devices = [self._device(fleet, each) async for each in gently(named)]
        if len({device.number for device in devices}) < len(devices):
            raise invalid_parameter("Conflicting device list.")
        return account, devices, mode

    def _device(self, fleet: Fleet, named: Body) -> SimDevice:
        settings = self._world.settings
        kind, number = device_id(named)
        device = fleet.find(kind, number)
        if device is None:
            others = (each.find(kind, number) for each in self._world.fleets.values())
            known = any(other is not None for other in others)
            raise invalid_parameter(
                "Device ownership validation failed." if known else "Device not found."
            )
        if text(named, "mdn") != device.mdn:
            raise invalid_parameter("MDN validation failed.")
        if device.model.technology == settings.location_unfit:
            raise invalid_parameter("Device type check failed.")
        draw = Draw(settings.seed, 84, device.account, device.number)
        if draw.unit() < settings.location_without_consent:
            raise invalid_parameter("Consent check failed.")
        return device


class _Listeners:
    def __init__(self, world: World) -> None:
        self._world = world

    async def register(self, request: Request, body: Body) -> Response:
        account, service = request.path_params["account"], _service(text(body, "name"))
        _fleet(self._world, account)
        url = checked_url(text(body, "url"), self._world.settings)
        listeners = self._world.postman.listeners.setdefault(account, {})
        listeners[service] = Listener(service, url, "", "")
        return JSONResponse({"account": account, "name": service})

    async def list_all(self, request: Request, _: Body) -> Response:
        account = request.path_params["account"]
        _fleet(self._world, account)
        listeners = self._world.postman.listeners.get(account, {}).values()
        own = [each for each in listeners if each.service in LOCATION_SERVICES]
        if self._world.settings.location_answers_like_sdk:
            return JSONResponse([{"name": each.service, "url": each.url} for each in own])
        return JSONResponse(
            [
                {
                    "accountName": account,
                    "serviceName": each.service,
                    "url": each.url,
                    "username": each.username,
                    "password": each.password,
                }
                for each in own
            ]
        )

    async def deregister(self, request: Request, _: Body) -> Response:
        account, service = request.path_params["account"], _service(request.path_params["service"])
        _fleet(self._world, account)
        if self._world.postman.listeners.get(account, {}).pop(service, None) is None:
            raise invalid_parameter("The service has no listener.")
        if self._world.settings.location_answers_like_sdk:
            return JSONResponse({"success": True})
        return JSONResponse({"accountName": account, "serviceName": service})


def _service(name: str) -> str:
    for service in LOCATION_SERVICES:
        if name.lower() == service.lower():
            return service
    raise invalid_parameter("Invalid callback service.")


def _fleet(world: World, account: str) -> Fleet:
    if account not in world.fleets:
        raise invalid_parameter("Invalid account name.")
    if account == world.settings.location_unregistered:
        raise invalid_parameter("Unregistered account.")
    return world.fleets[account]
