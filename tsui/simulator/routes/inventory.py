"""Devices that come and go: added, deleted, moved to another account, uploaded."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.catalogue import DEFAULT_GROUP, SKUS
from tsui.simulator.device import ACTIVE, DEACTIVE, PRE_ACTIVE, SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, items, part, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import FAILED, SUCCESS, Denied, Notice, Target, response
from tsui.simulator.pace import gently
from tsui.simulator.routes.provisioning import activation_targets, check_plan, check_zip
from tsui.simulator.rules import ACTIVATE
from tsui.simulator.schema import (
    ACCOUNT,
    CUSTOM_FIELDS,
    NEEDED_ACCOUNT,
    REQUEST_ID,
    SELECTORS,
    SKU,
    Field,
    devices,
    needed,
    nested,
)
from tsui.simulator.selection import account_of, fleet_of, identifiers, known, matching, named
from tsui.simulator.world import World

MOST_ADDED, MOST_DELETED, MOST_UPLOADED = 200, 100, 10_000
"""Devices one request may add, delete or upload (documented)."""

_COUNT = "INPUT_INVALID.NumberofDevices"
_MOVED = "Device Move"
_UPLOAD = (needed("emailAddress"), needed("deviceSku"), needed("uploadType"))


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Inventory(world)
    path = f"{M2M}/devices/actions"
    return [
        Call(
            "POST",
            f"{path}/add",
            "Add Devices",
            area.add,
            (
                needed("state", choices=("preactive",)),
                devices("devicesToAdd", most=MOST_ADDED, beyond=_COUNT),
                ACCOUNT,
                CUSTOM_FIELDS,
                Field("groupName"),
                SKU,
                Field("smsrOid"),
            ),
        ),
        Call(
            "POST",
            f"{path}/delete",
            "Delete Devices",
            area.delete,
            (devices("devicesToDelete", most=MOST_DELETED, beyond=_COUNT), ACCOUNT),
        ),
        Call(
            "PUT",
            f"{path}/move",
            "Move Devices",
            area.move,
            (
                NEEDED_ACCOUNT,
                devices(required=False),
                nested("filter", *SELECTORS),
                Field("groupName"),
                CUSTOM_FIELDS,
                Field("carrierIpPoolName"),
                Field("servicePlan"),
            ),
            REQUEST_ID,
            service="CarrierService",
        ),
        Call(
            "POST",
            f"{path}/upload",
            "Upload Devices",
            area.upload,
            (ACCOUNT, *_UPLOAD, devices(most=MOST_UPLOADED)),
            REQUEST_ID,
            service="DeviceService",
        ),
        Call(
            "POST",
            f"{path}/uploadactivate",
            "Upload and Activate Devices",
            area.upload_and_activate,
            (
                NEEDED_ACCOUNT,
                *_UPLOAD,
                devices(most=MOST_UPLOADED, addressed=True),
                needed("servicePlan"),
                needed("mdnZipCode"),
                Field("carrierIpPoolName"),
            ),
            REQUEST_ID,
            service="DeviceService CarrierService",
        ),
    ]


class _Inventory:
    def __init__(self, world: World) -> None:
        self._world = world

    async def add(self, _: Request, body: Body) -> Response:
        fleet = fleet_of(self._world, text(body, "accountName"))
        group = text(body, "groupName") or DEFAULT_GROUP
        fleet.groups.check(group)
        custom = custom_fields(body)
        named = [(each["deviceIds"], identifiers(each)) for each in items(body, "devicesToAdd")]
        answers = []
        for ids, pairs in named:
            said = _objection(fleet, dict(pairs), sku=bool(text(body, "skuNumber")))
            if not said:
                device = fleet.add(dict(pairs))
                device.state, device.group = PRE_ACTIVE, group
                for index, value in custom.items():
                    device.custom[index] = value
            answers.append({"deviceIds": ids, "response": said or SUCCESS})
        return JSONResponse(answers)

    async def delete(self, _: Request, body: Body) -> Response:
        account = account_of(self._world, {**body, "devices": body["devicesToDelete"]})
        fleet = self._world.fleets[account]
        answers: list[dict[str, Any]] = []
        for target in await named(self._world, account, body["devicesToDelete"]):
            answer: dict[str, Any] = {"deviceIds": target.named, "status": SUCCESS}
            if target.device.state == DEACTIVE:
                fleet.delete(target.device)
            else:
                said = "The device is not in deactive state."
                answer |= {"status": FAILED, "message": said}
            answers.append(answer)
        return JSONResponse(answers)

    async def move(self, _: Request, body: Body) -> Response:
        world = self._world
        there = fleet_of(world, text(body, "accountName"))
        chosen = part(body, "filter")
        source = account_of(world, {**chosen, "devices": items(body, "devices")})
        here = world.fleets[source]
        if plan := text(body, "servicePlan"):
            check_plan(plan)
        if body.get("devices") is not None:
            targets = await named(world, source, body["devices"])
        else:
            targets = await matching(here, chosen)

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = here.get(target.device.number)
            if here is there or device.state != ACTIVE:
                raise Denied(
                    "INPUT_INVALID.DeviceState.Invalid", "Only active devices of others move."
                )
            self._hand_over(here, there, device, body)
            return [response("CarrierService", "moveDeviceResponse")]

        return accepted(
            world.jobs.submit(
                body["accountName"], "move", "CarrierService", targets, perform, changes=True
            )
        )

    def _hand_over(self, here: Fleet, there: Fleet, device: SimDevice, body: Body) -> None:
        moved = there.adopt(device)
        here.delete(device)
        moved.suspended_at = 0.0
        moved.plan = text(body, "servicePlan") or moved.plan
        moved.group = text(body, "groupName") or DEFAULT_GROUP
        for index, value in custom_fields(body).items():
            moved.custom[index] = value
        by = self._world.access.credentials.username
        moved.note(self._world.clock.timestamp(), _MOVED, by)

    async def upload(self, _: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet_of(self._world, account)
        lines = await self._uploaded(body)

        async def work() -> list[Notice]:
            return [_report(lines)]

        return accepted(self._world.jobs.submit_whole(account, "upload", "DeviceService", work))

    async def upload_and_activate(self, _: Request, body: Body) -> Response:
        world = self._world
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        check_plan(text(body, "servicePlan"))
        check_zip(text(body, "mdnZipCode"))
        lines = await self._uploaded(body)
        targets = await activation_targets(world, fleet, body["devices"])
        by = world.access.credentials.username
        request = world.engine.submit(fleet, account, ACTIVATE, targets, body, by)

        async def tell() -> None:
            # The upload is over before the first activation can be.
            await asyncio.sleep(0)
            world.jobs.tell(account, request.id, None, _report(lines))

        world.spawn(tell())
        return accepted(request)

    async def _uploaded(self, body: Body) -> list[dict[str, Any]]:
        if body["deviceSku"] not in SKUS or "@" not in body["emailAddress"]:
            raise rejected(
                "REQUEST_FAILED.UnexpectedError", "The SKU or the email address is not registered."
            )
        lines = []
        async for each in gently(body["devices"]):
            self._world.uploads.update(identifiers(each))
            lines.append({"deviceIds": each["deviceIds"], "status": SUCCESS})
        return lines


def _report(lines: list[dict[str, Any]]) -> Notice:
    ids = [each for line in lines for each in line["deviceIds"]]
    body = {"deviceIds": ids, "deviceResponse": {"uploadResponse": lines}}
    return Notice("DeviceService", body)


def _objection(fleet: Fleet, pairs: dict[str, str], *, sku: bool) -> str:
    """Return why a device cannot be added; empty when it can."""
    if known(fleet, pairs.items()) is not None:
        return "The device exists already."
    if "iccid" not in pairs and "eid" not in pairs:
        return "The device needs an ICCID."
    if "imei" not in pairs and not sku:
        return "The device needs an IMEI."
    return ""
