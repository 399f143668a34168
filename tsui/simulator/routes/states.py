"""Customer-defined states: moving lines to one of them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.catalogue import ACCOUNTS, ENGAGEMENTS, STAGES
from tsui.simulator.device import ACTIVE, SUSPEND, SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, part, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import Denied, Notice, Target, response
from tsui.simulator.routes.provisioning import check_zip
from tsui.simulator.rules import ACTIVATE, DEACTIVATE, RESTORE, SUSPENDING, Action
from tsui.simulator.schema import (
    CUSTOM_FIELDS,
    PLACE_OF_USE,
    REQUEST_ID,
    SELECTORS,
    SKU,
    Field,
    devices,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import account_of, matching, named
from tsui.simulator.world import World


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def go_to_state(_: Request, body: Body) -> Response:
        check_zip(text(body, "mdnZipCode"))
        _check_state(body)
        chosen = part(body, "filter")
        account = account_of(world, {**chosen, **body})
        if body.get("devices") is not None:
            targets = await named(world, account, body["devices"])
        else:
            targets = await matching(world.fleets[account], chosen)
        shared = targets[0].device.state if targets else ""

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = world.fleets[account].touch(target.device)
            if device.state != shared:
                raise Denied(
                    "INPUT_INVALID.DeviceState.Invalid",
                    f"The device is {device.state}, the first one {shared}.",
                )
            _move(world, world.fleets[account], device, body)
            return [response("StateService", "goToStateResponse", _result(device))]

        return accepted(
            world.jobs.submit(account, "goToState", "StateService", targets, perform, changes=True)
        )

    path = f"{M2M}/devices/actions"
    return [
        Call(
            "PUT",
            f"{path}/goToState",
            "Set Device to a Custom State",
            go_to_state,
            (
                devices(required=False, addressed=True),
                nested("filter", *SELECTORS),
                needed("serviceName"),
                needed("stateName"),
                needed("servicePlan"),
                needed("mdnZipCode"),
                Field("carrierIpPoolName"),
                Field("groupName"),
                SKU,
                listed("devicesWithServiceAddress"),
                CUSTOM_FIELDS,
                Field("publicIpRestriction", choices=("R", "U", "restricted", "unrestricted")),
                nested("primaryPlaceOfUse", *PLACE_OF_USE),
            ),
            REQUEST_ID,
            aliases=(f"{path}/gotostate",),
            service="StateService",
        )
    ]


def _check_state(body: Mapping[str, Any]) -> None:
    state = next(
        (
            state
            for engagement in ENGAGEMENTS
            for service in engagement.services
            if service.name == body["serviceName"]
            for state in service.states
            if state.name == body["stateName"]
        ),
        None,
    )
    if state is None:
        raise rejected("REQUEST_FAILED.UnexpectedError", "The service has no such state.")
    if body["servicePlan"] not in state.plans:
        raise rejected("REQUEST_FAILED._servicePlan_.NotFound", "The plan was not found.")


def _move(world: World, fleet: Fleet, device: SimDevice, body: Mapping[str, Any]) -> None:
    action = _action(device.state, STAGES[body["stateName"]])
    if action is not None:
        by, now = world.access.credentials.username, world.clock.timestamp()
        world.engine.apply(fleet, device, action, body, by, now)
    device.service_name, device.stage = body["serviceName"], body["stateName"]
    if device.state in (ACTIVE, SUSPEND):
        device.plan = body["servicePlan"]
    device.group = text(body, "groupName") or device.group
    for index, value in custom_fields(body).items():
        device.custom[index] = value


def _action(now: str, then: str) -> Action | None:
    """Return what changes a line's state; None where it stays."""
    if now == then:
        return None
    if then == ACTIVE:
        return RESTORE if now == SUSPEND else ACTIVATE
    return SUSPENDING if then == SUSPEND else DEACTIVATE


def _result(device: SimDevice) -> dict[str, Any]:
    result: dict[str, Any] = {
        "deviceIds": device.ids(),
        "servicePlan": device.plan,
        "accountName": ACCOUNTS[device.account],
        "serviceName": device.service_name,
        "stateName": device.stage,
        "stageStateChangeReasonCode": "",
        "stageStateChangeReasonDesc": "",
    }
    return {**result, "ipAddress": device.ip} if device.ip else result
