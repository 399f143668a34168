"""Profiles on eUICC devices: on the SIM, and of lines that come or go with them."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, Handler, accepted
from tsui.simulator.device import DEACTIVE, SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import text
from tsui.simulator.jobs import Denied, Notice, Postponed, Target, response
from tsui.simulator.pace import gently
from tsui.simulator.profiles import (
    ACTIONS,
    DOWNLOAD_ENABLE,
    NOT_DOWNLOADED,
    ProfileAction,
    change_profile,
    profile_objection,
)
from tsui.simulator.reach import is_reached, next_look
from tsui.simulator.routes.provisioning import check_plan, check_zip
from tsui.simulator.rules import ACTIVATE, DEACTIVATE, Action
from tsui.simulator.schema import NEEDED_ACCOUNT, REQUEST_ID, Field, devices, needed
from tsui.simulator.selection import fleet_of, identifiers, known, named
from tsui.simulator.world import World

SERVICE = "DeviceProfileService"

MOST = 10_000
"""Devices that one activation or deactivation may name (documented)."""

DONE, WARNED = "EXECUTED_SUCCESS", "EXECUTED_WITHWARNING"

_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"
_FALLBACK_EVENT = "Fallback Attribute Confirmed"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Profiles(world)
    line = (NEEDED_ACCOUNT, Field("servicePlan"), Field("mdnZipCode"))
    return [
        *(_post(each.name, each.title, area.change(each), _PROFILE_REQUEST) for each in ACTIONS),
        _post(
            "activate_enable",
            "Activate and Enable a Device for a Profile",
            area.activate(DOWNLOAD_ENABLE),
            (devices(most=MOST), *line),
        ),
        _post(
            "activate",
            "Activate a Device for a Profile",
            area.activate(NOT_DOWNLOADED),
            (
                devices(most=MOST),
                *line,
                Field("carrierName"),
                Field("smsrOid"),
                Field("carrierIpPoolName"),
                Field("primaryPlaceOfUse", "any"),
            ),
        ),
        _post(
            "deactivate",
            "Deactivate a Device for a Profile",
            area.deactivate,
            (
                devices(most=MOST, required=False),
                NEEDED_ACCOUNT,
                Field("servicePlan"),
                Field("carrierName"),
                needed("reasonCode"),
                Field("etfWaiver", "boolean"),
                Field("checkFallbackProfile", "boolean"),
            ),
        ),
        _post(
            "setfallbackattribute",
            "Set the Fallback Attribute for a Device",
            area.set_fallback,
            (devices(), NEEDED_ACCOUNT, Field("carrierName")),
        ),
    ]


_PROFILE_REQUEST = (devices(), NEEDED_ACCOUNT, needed("smsrOid"))


def _post(name: str, title: str, handler: Handler, body: tuple[Field, ...]) -> Call:
    path = f"{M2M}/devices/profile/actions/{name}"
    # One page leaves a part of this path out.
    aliases = (f"{M2M}/devices/actions/{name}",) if name == "download_enable" else ()
    return Call("POST", path, title, handler, body, REQUEST_ID, aliases, service=SERVICE)


class _Profiles:
    def __init__(self, world: World) -> None:
        self._world = world

    def change(self, action: ProfileAction) -> Handler:
        async def change(_: Request, body: Body) -> Response:
            world = self._world
            account, targets = await self._targets(body, {"eid", "iccid"})
            fleet, warned = world.fleets[account], set[int]()

            def perform(target: Target) -> list[Notice]:
                device = fleet.touch(target.device)
                if objection := profile_objection(action, device):
                    raise Denied("INPUT_INVALID.DeviceState.Invalid", objection)
                if device.number not in warned:
                    world.jobs.refuse_some()
                    warned.add(device.number)
                    self._wait_for(device)
                change_profile(action, device)
                self._note(device, action.event)
                return [_told(device, DONE)]

            return accepted(
                world.jobs.submit(account, action.name, SERVICE, targets, perform, changes=True)
            )

        return change

    def activate(self, profile: str) -> Handler:
        async def activate(_: Request, body: Body) -> Response:
            if plan := text(body, "servicePlan"):
                check_plan(plan)
            if zip_code := text(body, "mdnZipCode"):
                check_zip(zip_code)

            def after(device: SimDevice) -> list[Notice]:
                device.profile, device.fallback = profile, False
                device.plan = device.plan or device.model.plans[0]
                return [_told(device, DONE)]

            return await self._change_line(ACTIVATE, body, set(), after)

        return activate

    async def deactivate(self, _: Request, body: Body) -> Response:
        if body["reasonCode"] != "FF":
            raise rejected(_UNEXPECTED, "The reason code is not valid.")
        if body.get("devices") is None:
            raise rejected(_UNEXPECTED, "No device is named.")

        def after(device: SimDevice) -> list[Notice]:
            device.profile, device.fallback = "", False
            return [_told(device, DONE)]

        return await self._change_line(DEACTIVATE, body, {"eid", "iccid"}, after)

    async def set_fallback(self, _: Request, body: Body) -> Response:
        world = self._world
        account, targets = await self._targets(body, set())
        fleet = world.fleets[account]

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = fleet.touch(target.device)
            if device.state == DEACTIVE:
                raise Denied("INPUT_INVALID.DeviceState.Invalid", f"The device is {device.state}.")
            device.fallback = True
            self._note(device, _FALLBACK_EVENT)
            return [_told(device, DONE)]

        return accepted(
            world.jobs.submit(
                account, "setFallbackAttribute", SERVICE, targets, perform, changes=True
            )
        )

    async def _change_line(
        self,
        action: Action,
        body: Body,
        kinds: set[str],
        after: Callable[[SimDevice], list[Notice]],
    ) -> Response:
        world = self._world
        account, targets = await self._targets(body, kinds)
        if body.get("checkFallbackProfile") and any(each.device.fallback for each in targets):
            raise rejected(_UNEXPECTED, "The profile is the one the SIM falls back to.")
        fleet, by = world.fleets[account], world.access.credentials.username
        return accepted(
            world.engine.submit(
                fleet, account, action, targets, body, by, service=SERVICE, after=after
            )
        )

    async def _targets(self, body: Mapping[str, Any], kinds: set[str]) -> tuple[str, list[Target]]:
        """Return account and devices of a request; each is named by all of the kinds."""
        account = text(body, "accountName")
        fleet_of(self._world, account)
        fleet = self._world.fleets[account]
        async for each in gently(body["devices"]):
            pairs = identifiers(each)
            if not kinds <= {kind for kind, _ in pairs}:
                raise rejected(_UNEXPECTED, f"A device needs {' and '.join(sorted(kinds))}.")
            device = known(fleet, pairs)
            if device is not None and not (device.eid and all(device.has(*pair) for pair in pairs)):
                raise rejected(
                    "REQUEST_FAILED.DeviceNotFound", "The device was not found on the account."
                )
        targets = await named(self._world, account, body["devices"])
        return account, targets

    def _wait_for(self, device: SimDevice) -> None:
        """Warn where a device sleeps; it obeys when it wakes, or when it was tried long enough."""
        settings, now = self._world.settings, self._world.clock.timestamp()
        if not is_reached(device, settings.seed, now):
            wakes = next_look(device, settings.seed, now)
            raise Postponed(min(wakes, now + settings.profile_patience), _told(device, WARNED))

    def _note(self, device: SimDevice, event: str) -> None:
        by = self._world.access.credentials.username
        device.note(self._world.clock.timestamp(), event, by)


def _told(device: SimDevice, status: str) -> Notice:
    body = {"deviceIds": device.ids(), "status": status}
    return response(SERVICE, "deviceProfileResponse", body)
