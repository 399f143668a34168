"""Devices: the list, and extended diagnostics."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.clock import parse_iso
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, device_id, read_body, text, whole
from tsui.simulator.fleet import Fleet, SimDevice
from tsui.simulator.routes.account import fleet_of
from tsui.simulator.views import device_view, diagnostics_view, state_of
from tsui.simulator.world import World

YIELD_EVERY = 200
"""Devices that are looked at before other requests get their turn."""

Condition = Callable[[SimDevice], bool]


def find_device(world: World, account: str, value: Any) -> tuple[str, SimDevice]:
    """Return account and device of a DeviceId; in every account when none is named."""
    kind, number = device_id(value)
    names = [account] if account else list(world.fleets)
    for name in names:
        device = fleet_of(world, name).find(kind, number)
        if device is not None:
            return name, device
    raise rejected("REQUEST_FAILED.DeviceNotFound", "The device was not found on the account.")


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    async def list_devices(request: Request) -> Response:
        body = await read_body(request)
        account = text(body, "accountName")
        if account:
            fleet_of(world, account)
        if body.get("deviceId") is not None or body.get("deviceList"):
            ids = body.get("deviceList") or [body["deviceId"]]
            found = [find_device(world, account, each)[1] for each in ids]
            return _page(world, found, more=False)
        size = whole(body, "maxNumberOfDevices") or world.settings.page_size
        return await _list(world, account, body, min(size, world.settings.page_size))

    async def diagnostics(request: Request) -> Response:
        body = await read_body(request)
        account = text(body, "accountName", required=True)
        fleet_of(world, account)
        ids = body.get("deviceList") or []
        if len(ids) != 1:
            raise rejected("DeserializationFailed", "deviceList needs exactly one device.")
        return JSONResponse(diagnostics_view(world, find_device(world, account, ids[0])[1]))

    return [
        Route("/api/m2m/v1/devices/actions/list", list_devices, methods=["POST"]),
        Route(
            "/api/m2m/v1/devices/extendeddiagnostics/actions/list", diagnostics, methods=["POST"]
        ),
    ]


async def _list(world: World, account: str, body: Mapping[str, Any], size: int) -> Response:
    fits = _condition(body)
    names = [account] if account else list(world.fleets)
    found: list[SimDevice] = []
    looked = 0
    async for device in _candidates(world, names, body):
        looked += 1
        if looked % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        if fits(device):
            found.append(device)
            if len(found) > size:
                break
    return _page(world, found[:size], more=len(found) > size)


async def _candidates(
    world: World, names: list[str], body: Mapping[str, Any]
) -> AsyncIterator[SimDevice]:
    for name in names:
        fleet = world.fleets[name]
        for number in _numbers(fleet, body):
            yield fleet.get(number)


def _numbers(fleet: Fleet, body: Mapping[str, Any]) -> Iterator[int]:
    seen = whole(body, "largestDeviceIdSeen")
    if seen is not None:
        return fleet.numbers(fleet.number_after(seen) if seen else 0)
    return fleet.numbers_by_addition(_time(body, "earliest"))


def _time(body: Mapping[str, Any], name: str) -> float:
    value = text(body, name)
    if not value:
        return 0.0
    try:
        return parse_iso(value).timestamp()
    except ValueError:
        raise rejected("DeserializationFailed", f"{name} is no time.") from None


def _condition(body: Mapping[str, Any]) -> Condition:
    conditions: list[Condition] = []
    if state := text(body, "currentState"):
        wanted = state.lower().replace("-", "").replace(" ", "")
        conditions.append(
            lambda device: state_of(device).replace("-", "").replace(" ", "") == wanted
        )
    if group := text(body, "groupName"):
        conditions.append(lambda device: device.group == group)
    if plan := text(body, "servicePlan"):
        conditions.append(lambda device: device.plan == plan)
    if latest := _time(body, "latest"):
        conditions.append(lambda device: device.created <= latest)
    if text(body, "earliest"):
        earliest = _time(body, "earliest")
        conditions.append(lambda device: device.created >= earliest)
    if custom := custom_fields(body):
        conditions.append(
            lambda device: all(device.custom[index] == value for index, value in custom.items())
        )
    for each in (body.get("filter") or {}).get("deviceIdentifierFilters") or ():
        conditions.append(_identifier_condition(each))
    return lambda device: all(condition(device) for condition in conditions)


def _identifier_condition(each: Mapping[str, Any]) -> Condition:
    kind = text(each, "kind", required=True).lower()
    tests: list[Callable[[str], bool]] = []
    if part := text(each, "contains"):
        tests.append(lambda value: part in value)
    if start := text(each, "startswith"):
        tests.append(lambda value: value.startswith(start))
    if end := text(each, "endswith"):
        tests.append(lambda value: value.endswith(end))

    def fits(device: SimDevice) -> bool:
        values = [value for name, value in device.identifiers() if name.lower() == kind]
        return any(all(test(value) for test in tests) for value in values)

    return fits


def _page(world: World, devices: list[SimDevice], *, more: bool) -> Response:
    views = [device_view(world, device) for device in devices]
    return JSONResponse({"hasMoreData": more, "devices": views}, 202 if more else 200)
