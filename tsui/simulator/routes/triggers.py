"""Triggers: alerts that customers order for unusual usage."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.alerts import COMPARATORS, UNITS, look
from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.catalogue import ORGANIZATIONS
from tsui.simulator.clock import iso
from tsui.simulator.errors import Refusal, rejected
from tsui.simulator.fields import text
from tsui.simulator.schema import ACCOUNT, NEEDED_ACCOUNT, Field, listed, needed, nested
from tsui.simulator.selection import fleet_of
from tsui.simulator.triggers import CONDITIONS, Trigger
from tsui.simulator.world import World

_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"

_BOUND = (Field("comparator"), Field("threshold", "integer"))
_CONDITIONS = (
    Field("triggerCycle", choices=("Daily", "Weekly", "Monthly")),
    nested("smsTriggerRequest", Field("smsType"), *_BOUND),
    nested("dataTriggerRequest", *_BOUND, Field("thresholdUnit")),
    nested("sessionTriggerRequest", *_BOUND),
    nested(
        "anomalyTriggerRequest",
        Field("accountNames"),
        Field("includeAbnormal", "boolean"),
        Field("includeVeryAbnormal", "boolean"),
        Field("includeUnderExpectedUsage", "boolean"),
        Field("includeOverExpectedUsage", "boolean"),
    ),
)
_SAVED = (Field("triggerId"),)
_LIST = (listed("triggers"),)


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def create(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        _check(world, account, body)
        if world.triggers.named(account, body["name"]) is not None:
            raise rejected(_UNEXPECTED, "There is a trigger of this name.")
        trigger = world.triggers.create(account, body, world.clock.timestamp())
        world.spawn(_look_soon(world, trigger))
        return JSONResponse({"triggerId": trigger.id})

    async def list_all(_: Request, __: Body) -> Response:
        return JSONResponse({"triggers": [_view(world, each) for each in world.triggers]})

    async def one(request: Request, _: Body) -> Response:
        trigger = _found(world, request.path_params["trigger"])
        return JSONResponse({"triggers": [_view(world, trigger)]})

    async def update(_: Request, body: Body) -> Response:
        trigger = _found(world, body["triggerId"])
        if text(body, "accountName") not in ("", trigger.account):
            fleet_of(world, body["accountName"])
            raise _missing()
        _check(world, trigger.account, body)
        other = world.triggers.named(trigger.account, text(body, "name"))
        if other not in (None, trigger):
            raise rejected(_UNEXPECTED, "There is another trigger of this name.")
        trigger.change(body, world.clock.timestamp())
        world.spawn(_look_soon(world, trigger))
        return JSONResponse({"triggerId": trigger.id})

    async def delete(request: Request, _: Body) -> Response:
        trigger = world.triggers.delete(request.path_params["trigger"])
        if trigger is None:
            raise _missing()
        return JSONResponse({"triggerId": trigger.id})

    path = f"{M2M}/triggers"
    return [
        Call(
            "POST",
            path,
            "Create a Trigger",
            create,
            (
                needed("name"),
                NEEDED_ACCOUNT,
                needed("groupName"),
                needed("triggerCategory"),
                *_CONDITIONS,
            ),
            _SAVED,
        ),
        Call("GET", path, "Get Triggers", list_all, answer=_LIST),
        Call("GET", f"{path}/{{trigger}}", "Get a Trigger", one, answer=_LIST),
        Call(
            "PUT",
            path,
            "Update a Trigger",
            update,
            (
                needed("triggerId"),
                Field("name"),
                ACCOUNT,
                Field("groupName"),
                Field("triggerCategory"),
                *_CONDITIONS,
            ),
            _SAVED,
        ),
        Call("DELETE", f"{path}/{{trigger}}", "Delete a Trigger", delete, answer=_SAVED),
    ]


async def _look_soon(world: World, trigger: Trigger) -> None:
    await world.clock.sleep_until(world.clock.timestamp() + world.settings.delay)
    if world.triggers.get(trigger.id) is trigger:
        await look(world, trigger)


def _found(world: World, trigger_id: str) -> Trigger:
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise _missing()
    return trigger


def _missing() -> Refusal:
    return rejected(_UNEXPECTED, "The trigger was not found.", status=404)


def _check(world: World, account: str, body: Mapping[str, Any]) -> None:
    """Refuse what no trigger of an account can be."""
    fleet = fleet_of(world, account)
    if group := text(body, "groupName"):
        fleet.groups.check(group)
    if body.get("sessionTriggerRequest") and body.get("triggerCycle"):
        raise rejected(_UNEXPECTED, "A trigger for sessions has no cycle.")
    for name in CONDITIONS:
        condition = body.get(name) or {}
        if (text(condition, "comparator") or "gt").lower() not in COMPARATORS:
            raise rejected(_UNEXPECTED, f"A comparator is one of {', '.join(COMPARATORS)}.")
        if text(condition, "thresholdUnit").lower() not in UNITS:
            raise rejected(_UNEXPECTED, "The unit of the threshold is not known.")


def _view(world: World, trigger: Trigger) -> dict[str, Any]:
    _, condition = trigger.condition
    return {
        "triggerId": trigger.id,
        "triggerName": trigger.name,
        "accountName": trigger.account,
        "organizationName": ORGANIZATIONS[world.fleets[trigger.account].account],
        "groupName": trigger.group,
        "triggerCategory": trigger.category,
        "triggerCycle": trigger.cycle,
        "comparator": condition.get("comparator", ""),
        "smsType": condition.get("smsType", ""),
        "threshold": str(condition.get("threshold", "")),
        "thresholdUnit": condition.get("thresholdUnit", ""),
        "notificationGroupName": "",
        "createdAt": iso(trigger.created),
        "modifiedAt": iso(trigger.modified),
    }
