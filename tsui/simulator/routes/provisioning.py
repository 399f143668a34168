"""Changes of lines, and how far a request is."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, M2M_V2, Body, Call, Handler, accepted
from tsui.simulator.catalogue import PLANS
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import SimRequest, Target
from tsui.simulator.pace import gently
from tsui.simulator.rules import (
    ACTIVATE,
    CHANGE_PLAN,
    DEACTIVATE,
    RESTORE,
    SUSPENDING,
    Action,
)
from tsui.simulator.schema import (
    COST_CENTER_LONGEST,
    PLACE_OF_USE,
    REQUEST_ID,
    SELECTORS,
    SKU,
    TOO_MANY,
    Field,
    devices,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import fleet_of, identifiers, known, matching
from tsui.simulator.world import World

PLAN_CODES = frozenset(plan.code for plan in PLANS)
_ZIP_LENGTH = 5

_CHANGES = (
    (
        ACTIVATE,
        "POST",
        "activate",
        "Activate Service for Devices",
        (
            *SELECTORS[:2],
            SELECTORS[3],
            needed("servicePlan"),
            needed("mdnZipCode"),
            Field("carrierIpPoolName"),
            Field("carrierName"),
            Field("costCenterCode", longest=COST_CENTER_LONGEST, plain=True),
            Field("leadId"),
            nested("primaryPlaceOfUse", *PLACE_OF_USE),
            Field("publicIpRestriction"),
            SKU,
            Field("smsrOid"),
            listed("deviceListWithServiceAddress"),
        ),
    ),
    (
        SUSPENDING,
        "POST",
        "suspend",
        "Suspend Device Service",
        (*SELECTORS, Field("withBilling", "boolean")),
    ),
    (RESTORE, "POST", "restore", "Restore Device Service", SELECTORS),
    (
        DEACTIVATE,
        "POST",
        "deactivate",
        "Deactivate Devices",
        (
            *SELECTORS,
            needed("reasonCode"),
            Field("etfWaiver", "boolean"),
            Field("deleteAfterDeactivation", "boolean"),
        ),
    ),
    (
        CHANGE_PLAN,
        "PUT",
        "plan",
        "Change Device Service Plan",
        (
            *SELECTORS[:2],
            SELECTORS[3],
            needed("servicePlan"),
            Field("currentServicePlan"),
            Field("carrierIpPoolName"),
            Field("takeEffect"),
        ),
    ),
)


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def status(request: Request, _: Body) -> Response:
        found = _request(world, request)
        if found is None or not found.tells_status:
            raise rejected(
                "REQUEST_FAILED.UnexpectedError", "The status of this request is not available."
            )
        return JSONResponse({"requestId": found.id, "status": found.status})

    async def status_v2(request: Request, _: Body) -> Response:
        found = _request(world, request)
        if found is None:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The request was not found.")
        parts = [
            {"ids": task.target.named, "status": task.status} for task in found.tasks if task.target
        ]
        return JSONResponse({"requestId": found.id, "status": found.status, "subRequests": parts})

    path = "/accounts/{account}/requests/{request}/status"
    answer = (Field("requestId"), Field("status"))
    return [
        *(
            Call(
                method,
                f"{M2M}/devices/actions/{name}",
                title,
                _change(world, action),
                (devices(required=False, addressed=action is ACTIVATE), *fields),
                REQUEST_ID,
                service="CarrierService",
            )
            for action, method, name, title, fields in _CHANGES
        ),
        Call("GET", M2M + path, "Get Request Status", status, answer=answer),
        Call(
            "GET",
            M2M_V2 + path,
            "Get the Status of an Asynchronous Request (v2)",
            status_v2,
            answer=(*answer, listed("subRequests")),
        ),
    ]


def check_plan(plan: str) -> None:
    """Refuse a plan that no account has."""
    if plan not in PLAN_CODES:
        raise rejected("REQUEST_FAILED._servicePlan_.NotFound", "The plan was not found.")


def check_zip(zip_code: str) -> None:
    """Refuse what is no ZIP code of five digits."""
    if len(zip_code) != _ZIP_LENGTH or not zip_code.isdecimal():
        raise rejected("DeserializationFailed", "mdnZipCode needs five digits.")


async def activation_targets(world: World, fleet: Fleet, named: list[Any]) -> list[Target]:
    """Return the devices of an activation, which adds those that are not known."""
    return await _targets(world, fleet, ACTIVATE, named)


def _request(world: World, request: Request) -> SimRequest | None:
    account = request.path_params["account"]
    fleet_of(world, account)
    found = world.jobs.requests.get(request.path_params["request"])
    return found if found is not None and found.account == account else None


def _change(world: World, action: Action) -> Handler:
    async def change(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        _check(action, body)
        values = {**body, "customFieldsByIndex": custom_fields(body)}
        named = body.get("devices")
        if named is None:
            targets = await _selected(fleet, action, body)
        else:
            targets = await _targets(world, fleet, action, named)
        if (lead := text(body, "leadId")) and (failure := world.leads.win(account, lead)):
            raise rejected(failure.code, failure.text)
        by = world.access.credentials.username
        return accepted(world.engine.submit(fleet, account, action, targets, values, by))

    return change


def _check(action: Action, body: Mapping[str, Any]) -> None:
    if action in (ACTIVATE, CHANGE_PLAN):
        check_plan(text(body, "servicePlan"))
    if action is ACTIVATE:
        check_zip(text(body, "mdnZipCode"))
    if action is DEACTIVATE and text(body, "reasonCode") != "FF":
        raise rejected("REQUEST_FAILED.UnexpectedError", "The reason code is not valid.")


async def _selected(fleet: Fleet, action: Action, body: Mapping[str, Any]) -> list[Target]:
    """Return the devices of a request that names none: its selectors decide, or all are meant."""
    if action is ACTIVATE:
        return await matching(fleet, body, "")
    return await matching(
        fleet, body, "currentServicePlan" if action is CHANGE_PLAN else "servicePlan"
    )


async def _targets(world: World, fleet: Fleet, action: Action, named: list[Any]) -> list[Target]:
    if not named:
        raise rejected("DeserializationFailed", "devices is empty.")
    if len(named) > world.settings.max_devices:
        raise rejected(TOO_MANY, f"The number of devices exceeds {world.settings.max_devices}.")
    async for each in gently(named):
        pairs = identifiers(each)
        if known(fleet, pairs) is None and not (action is ACTIVATE and "iccid" in dict(pairs)):
            raise rejected(
                "REQUEST_FAILED.DeviceNotFound", "The device was not found on the account."
            )
    # Only now is it sure that the request is taken, so that unknown devices may be added. A
    # device that is named twice is one device.
    targets: dict[int, Target] = {}
    async for each in gently(named):
        pairs = identifiers(each)
        device = known(fleet, pairs) or fleet.add(dict(pairs))
        targets.setdefault(device.number, Target(device, each["deviceIds"]))
    return list(targets.values())
