"""Changes of lines, and how far a request is."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.catalogue import PLANS
from tsui.simulator.device import SimDevice
from tsui.simulator.engine import Target
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, device_id, read_body, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.pace import gently
from tsui.simulator.routes.account import fleet_of
from tsui.simulator.rules import (
    ACTIVATE,
    CHANGE_PLAN,
    DEACTIVATE,
    RESTORE,
    SUSPENDING,
    Action,
)
from tsui.simulator.world import World

_PLAN_CODES = frozenset(plan.code for plan in PLANS)
_ZIP_LENGTH = 5

_PATHS = (
    ("/api/m2m/v1/devices/actions/activate", "POST", ACTIVATE),
    ("/api/m2m/v1/devices/actions/suspend", "POST", SUSPENDING),
    ("/api/m2m/v1/devices/actions/restore", "POST", RESTORE),
    ("/api/m2m/v1/devices/actions/deactivate", "POST", DEACTIVATE),
    ("/api/m2m/v1/devices/actions/plan", "PUT", CHANGE_PLAN),
)


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    async def status(request: Request) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        found = world.engine.requests.get(request.path_params["request"])
        if found is None or found.account != account or not found.tells_status:
            raise rejected(
                "REQUEST_FAILED.UnexpectedError", "The status of this request is not available."
            )
        return JSONResponse({"requestId": found.id, "status": found.status})

    return [
        *(Route(path, _change(world, action), methods=[method]) for path, method, action in _PATHS),
        Route("/api/m2m/v1/accounts/{account}/requests/{request}/status", status, methods=["GET"]),
    ]


def _change(world: World, action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def change(request: Request) -> Response:
        body = await read_body(request)
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        _check(action, body)
        values = {**body, "customFieldsByIndex": custom_fields(body)}
        targets = await _targets(world, fleet, action, body)
        accepted = world.engine.submit(
            fleet, account, action, targets, values, world.access.credentials.username
        )
        return JSONResponse({"requestId": accepted.id})

    return change


def _check(action: Action, body: Mapping[str, Any]) -> None:
    if action in (ACTIVATE, CHANGE_PLAN):
        plan = text(body, "servicePlan", required=True)
        if plan not in _PLAN_CODES:
            raise rejected("REQUEST_FAILED._servicePlan_.NotFound", "The plan was not found.")
    if action is ACTIVATE:
        zip_code = text(body, "mdnZipCode", required=True)
        if len(zip_code) != _ZIP_LENGTH or not zip_code.isdecimal():
            raise rejected("DeserializationFailed", "mdnZipCode needs five digits.")
    if action is DEACTIVATE and text(body, "reasonCode", required=True) != "FF":
        raise rejected("REQUEST_FAILED.UnexpectedError", "The reason code is not valid.")


async def _targets(
    world: World, fleet: Fleet, action: Action, body: Mapping[str, Any]
) -> list[Target]:
    named = body.get("devices")
    if named is None:
        return await _selected(fleet, action, body)
    if not isinstance(named, list) or not named:
        raise rejected("DeserializationFailed", "devices is no list or empty.")
    if len(named) > world.settings.max_devices:
        raise rejected(
            "INPUT_INVALID.MaxRequestsExceeded",
            f"The number of devices exceeds {world.settings.max_devices}.",
        )
    found = [(each, _find(fleet, action, each)) async for each in gently(named)]
    # Only now is it sure that the request is taken, so that unknown devices may be added. A
    # device that is named twice is one device.
    targets: dict[int, Target] = {}
    for each, known in found:
        device = known or _find(fleet, action, each) or fleet.add(dict(_identifiers(each)))
        targets.setdefault(device.number, Target(device, each["deviceIds"]))
    return list(targets.values())


def _find(fleet: Fleet, action: Action, each: Any) -> SimDevice | None:
    """Return the device that is named; None for one that activation is to add."""
    identifiers = _identifiers(each)
    for kind, value in identifiers:
        if device := fleet.find(kind, value):
            return device
    if action is ACTIVATE and "iccid" in dict(identifiers):
        return None
    raise rejected("REQUEST_FAILED.DeviceNotFound", "The device was not found on the account.")


def _identifiers(each: Any) -> list[tuple[str, str]]:
    ids = each.get("deviceIds") if isinstance(each, dict) else None
    if not isinstance(ids, list) or not ids:
        raise rejected("DeserializationFailed", "A device needs deviceIds.")
    return [device_id(value) for value in ids]


async def _selected(fleet: Fleet, action: Action, body: Mapping[str, Any]) -> list[Target]:
    """Return the devices of a request that names none: its selectors decide, or all are meant."""
    group = text(body, "groupName")
    custom = custom_fields(body)
    plan = text(body, "currentServicePlan" if action is CHANGE_PLAN else "servicePlan")
    targets: list[Target] = []
    async for number in gently(fleet.numbers()):
        device = fleet.get(number)
        if (
            (not group or device.group == group)
            and (not plan or action is ACTIVATE or device.plan == plan)
            and all(device.custom[index] == value for index, value in custom.items())
        ):
            targets.append(Target(device, [{"id": device.iccid, "kind": "iccid"}]))
    return targets
