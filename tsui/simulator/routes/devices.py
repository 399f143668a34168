"""Devices: the list, and extended diagnostics."""

from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import (
    custom_fields,
    items,
    moment,
    part,
    text,
    whole,
)
from tsui.simulator.fleet import Fleet
from tsui.simulator.pace import gently
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.schema import (
    ACCOUNT,
    CUSTOM_FIELDS,
    DEVICE_ID,
    NEEDED_ACCOUNT,
    Field,
    devices,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import account_of, find_device, fleet_of, of_request
from tsui.simulator.swaps import mismatch_view, swaps_of
from tsui.simulator.views import device_view, diagnostics_view, state_of
from tsui.simulator.world import World

Condition = Callable[[SimDevice], bool]

MISMATCH_SPAN = 93 * DAY
"""Longest span of the mismatch report: three months (documented)."""

_NO_JOINTS = str.maketrans("", "", "-_ ")


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def list_devices(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        if account:
            fleet_of(world, account)
        if ids := _named(body):
            found = [find_device(world, account, each)[1] async for each in gently(ids)]
            return _page(world, found, more=False)
        size = whole(body, "maxNumberOfDevices") or world.settings.page_size
        return await _list(world, account, body, min(size, world.settings.page_size))

    async def extended(_: Request, body: Body) -> Response:
        return JSONResponse(diagnostics_view(world, _only(world, body)))

    async def diagnostics(_: Request, body: Body) -> Response:
        device = _only(world, body)
        attributes = {
            "accountName": ACCOUNTS[device.account],
            "groupName": device.group,
            "mcc": device.imsi[:3],
            "mnc": device.imsi[3:6],
        }
        return JSONResponse([{"deviceIds": device.ids(), "attributes": attributes}])

    async def mismatches(_: Request, body: Body) -> Response:
        span = _span(part(body, "filter"))
        account = account_of(world, body)
        targets = await of_request(world, account, body)
        found = [
            mismatch_view(each.device, swap)
            async for each in gently(targets)
            for swap in swaps_of(world, each.device)
            if span.start <= swap.at <= span.end
        ]
        return JSONResponse({"devices": found})

    one = listed("deviceList", *DEVICE_ID, required=True)
    return [
        Call(
            "POST",
            f"{M2M}/devices/actions/list",
            "Retrieve Device Information",
            list_devices,
            _LIST,
            (Field("hasMoreData", "boolean"), listed("devices")),
        ),
        Call(
            "POST",
            f"{M2M}/devices/extendeddiagnostics/actions/list",
            "Get Device Extended Diagnostics Information",
            extended,
            (NEEDED_ACCOUNT, one),
            (listed("categories"),),
        ),
        Call(
            "POST",
            f"{M2M}/devices/diagnostics/actions/list",
            "Get Device Diagnostics Information",
            diagnostics,
            (NEEDED_ACCOUNT, one),
        ),
        Call(
            "POST",
            f"{M2M}/devices/actions/list/imeiiccidmismatch",
            "Find Mismatched Hardware",
            mismatches,
            (
                ACCOUNT,
                nested("filter", needed("earliest"), needed("latest"), required=True),
                Field("groupName"),
                devices(required=False),
            ),
            (listed("devices"),),
        ),
    ]


_LIST = (
    ACCOUNT,
    nested("deviceId", *DEVICE_ID),
    listed("deviceList", *DEVICE_ID),
    nested(
        "filter",
        listed(
            "deviceIdentifierFilters",
            needed("kind"),
            Field("contains"),
            Field("startswith"),
            Field("endswith"),
            required=True,
        ),
    ),
    Field("currentState"),
    CUSTOM_FIELDS,
    Field("earliest"),
    Field("latest"),
    Field("groupName"),
    Field("servicePlan"),
    Field("maxNumberOfDevices", "integer"),
    Field("largestDeviceIdSeen", "integer"),
)


def _only(world: World, body: Mapping[str, Any]) -> SimDevice:
    account = text(body, "accountName")
    fleet_of(world, account)
    ids = items(body, "deviceList")
    if len(ids) != 1:
        raise rejected("DeserializationFailed", "deviceList needs exactly one device.")
    return find_device(world, account, ids[0])[1]


def _span(body: Mapping[str, Any]) -> Span:
    span = Span(moment(body, "earliest"), moment(body, "latest"))
    if span.end - span.start > MISMATCH_SPAN:
        raise rejected("REQUEST_FAILED.UnexpectedError", "The span exceeds three months.")
    return span


def _named(body: Mapping[str, Any]) -> list[Any]:
    if body.get("deviceId") is not None:
        return [body["deviceId"]]
    return items(body, "deviceList")


async def _list(world: World, account: str, body: Mapping[str, Any], size: int) -> Response:
    fits = _condition(body)
    fleets = [world.fleets[account]] if account else list(world.fleets.values())
    found: list[SimDevice] = []
    async for device in gently(_in_order(fleets, body)):
        if fits(device):
            found.append(device)
            if len(found) > size:
                break
    return _page(world, found[:size], more=len(found) > size)


def _in_order(fleets: list[Fleet], body: Mapping[str, Any]) -> Iterator[SimDevice]:
    """Yield the devices of the fleets by numeric id or, without a paging key, by addition."""
    seen = whole(body, "largestDeviceIdSeen")
    if seen is not None:
        return chain.from_iterable(map(fleet.get, fleet.numbers_after(seen)) for fleet in fleets)
    earliest = moment(body, "earliest")
    return merge(
        *(map(fleet.get, fleet.numbers_by_addition(earliest)) for fleet in fleets),
        key=lambda device: device.created,
    )


def _condition(body: Mapping[str, Any]) -> Condition:
    conditions: list[Condition] = []
    if state := text(body, "currentState"):
        conditions.append(lambda device: _bare(state_of(device)) == _bare(state))
    if group := text(body, "groupName"):
        conditions.append(lambda device: device.group == group)
    if plan := text(body, "servicePlan"):
        conditions.append(lambda device: device.plan == plan)
    if latest := moment(body, "latest"):
        conditions.append(lambda device: device.created <= latest)
    if text(body, "earliest"):
        earliest = moment(body, "earliest")
        conditions.append(lambda device: device.created >= earliest)
    if custom := custom_fields(body):
        conditions.append(
            lambda device: all(device.custom[index] == value for index, value in custom.items())
        )
    for each in items(part(body, "filter"), "deviceIdentifierFilters"):
        conditions.append(_identifier_condition(each))
    return lambda device: all(condition(device) for condition in conditions)


def _bare(state: str) -> str:
    """Spellings of states differ by case, hyphens, underscores and spaces."""
    return state.lower().translate(_NO_JOINTS)


def _identifier_condition(each: Any) -> Condition:
    if not isinstance(each, dict):
        raise rejected("DeserializationFailed", "A filter is no object.")
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
