"""Other hardware for a line: changed identifiers and swapped eUICC devices."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.device import ACTIVE, SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import device_id, items, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import Denied, Notice, Target, response
from tsui.simulator.profiles import NOT_DOWNLOADED
from tsui.simulator.routes.provisioning import check_plan
from tsui.simulator.rules import DEACTIVATE
from tsui.simulator.schema import ACCOUNT, DEVICE_ID, DEVICE_IDS, REQUEST_ID, Field, listed
from tsui.simulator.selection import account_of, identifiers, known
from tsui.simulator.world import World

_WANTED = {
    "changeimei": {"imei"},
    "changeiccid": {"iccid"},
    "changeimeiandiccid": {"imei", "iccid"},
    "changemsisdn": set(),
    "changeimeiandeid": {"imei", "eid"},
    "3gto4g": {"imei", "iccid"},
    "4gto3g": set(),
}
"""Kinds of identifiers each option needs."""

_CARRIER = "CarrierService"
_EVENT = "Device Identifier Change Confirmed"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Identifiers(world)
    to = listed("deviceIdsTo", *DEVICE_ID)
    return [
        Call(
            "PUT",
            f"{M2M}/devices/{{type}}/actions/deviceId",
            "Change Device Identifier",
            area.change,
            (
                DEVICE_IDS,
                to,
                Field("change4gOption"),
                Field("assignNonGeoMdn", "boolean"),
                Field("npaNxx", longest=6),
                Field("zipCode", longest=5),
                Field("servicePlan"),
                Field("smsrOid"),
            ),
            REQUEST_ID,
            aliases=(f"{M2M}/devices/actions/{{type}}/actions/deviceId",),
            service=_CARRIER,
        ),
        Call(
            "POST",
            f"{M2M}/devices/actions/eidDeviceSwap",
            "EID Device Swap",
            area.swap,
            (
                DEVICE_IDS,
                listed("deviceIdsTo", *DEVICE_ID, required=True),
                ACCOUNT,
                Field("smsrOid"),
                Field("servicePlan"),
            ),
            REQUEST_ID,
            service=f"{_CARRIER} StateService",
        ),
    ]


class _Identifiers:
    def __init__(self, world: World) -> None:
        self._world = world

    async def change(self, _: Request, body: Body) -> Response:
        world = self._world
        account, target = self._target(body)
        option = _option(body)
        wanted = _WANTED.get(option)
        if wanted is None:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The option is not valid.")
        new = _given(body)
        if not wanted <= set(new) or (option == "changeimeiandeid" and not text(body, "smsrOid")):
            raise rejected("DeserializationFailed", f"{option} needs other identifiers.")
        plan = text(body, "servicePlan")
        if plan:
            check_plan(plan)
        fleet = world.fleets[account]

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = fleet.touch(target.device)
            _check_free(fleet, device, new)
            self._give(fleet, device, new, option)
            device.plan = plan or device.plan
            result = {"deviceIds": device.ids(), **({"servicePlan": plan} if plan else {})}
            return [response(_CARRIER, "changeIdentifierResponse", result)]

        return accepted(
            world.jobs.submit(
                account, "changeIdentifier", _CARRIER, [target], perform, changes=True
            )
        )

    async def swap(self, _: Request, body: Body) -> Response:
        world = self._world
        account, target = self._target(body)
        fleet, new = world.fleets[account], _given(body)

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = fleet.touch(target.device)
            other = known(fleet, new.items())
            if other is not None and other.number != device.number:
                self._release(fleet, fleet.touch(other))
            self._give(fleet, device, new, "")
            # Number, plan and usage move along; the status of the profile does not.
            device.profile = NOT_DOWNLOADED
            gone = {"deviceIds": target.named, "stateName": "deactive"}
            state = {
                "deviceIds": device.ids(),
                "servicePlan": device.plan,
                "accountName": ACCOUNTS[device.account],
                "serviceName": device.service_name,
                "stateName": device.stage or device.state,
            }
            return [
                response(_CARRIER, "deactivateResponse", gone),
                response(_CARRIER, "changeIdentifierResponse", {"deviceIds": device.ids()}),
                response("StateService", "goToStateResponse", state),
            ]

        return accepted(
            world.jobs.submit(account, "eidDeviceSwap", _CARRIER, [target], perform, changes=True)
        )

    def _target(self, body: Mapping[str, Any]) -> tuple[str, Target]:
        """Return the one active device whose identifiers the request gives."""
        account = account_of(self._world, body)
        device = known(self._world.fleets[account], identifiers(body))
        if device is None:
            raise rejected(
                "REQUEST_FAILED.DeviceNotFound", "The device was not found on the account."
            )
        if device.state != ACTIVE:
            raise rejected("INPUT_INVALID.DeviceState.Invalid", f"The device is {device.state}.")
        return account, Target(device, items(body, "deviceIds"))

    def _give(self, fleet: Fleet, device: SimDevice, new: dict[str, str], option: str) -> None:
        if option == "changemsisdn":
            fleet.give_mdn(device)
        fleet.identify(device, new)
        now = self._world.clock.timestamp()
        device.note(now, _EVENT, self._world.access.credentials.username)

    def _release(self, fleet: Fleet, device: SimDevice) -> None:
        """Free the hardware that takes over: an active one is deactivated first."""
        if device.state == ACTIVE:
            by, now = self._world.access.credentials.username, self._world.clock.timestamp()
            self._world.engine.apply(fleet, device, DEACTIVATE, {}, by, now)
        fleet.delete(device)


def _option(body: Mapping[str, Any]) -> str:
    """Return the option; pages spell the field's name in several ways."""
    found = next((value for name, value in body.items() if name.lower() == "change4goption"), "")
    return str(found).lower() or "changeiccid"


def _given(body: Mapping[str, Any]) -> dict[str, str]:
    return dict(device_id(each) for each in items(body, "deviceIdsTo"))


def _check_free(fleet: Fleet, device: SimDevice, new: dict[str, str]) -> None:
    other = known(fleet, new.items())
    if other is not None and other.number != device.number:
        raise Denied("REQUEST_FAILED.UnexpectedError", "The new hardware is known already.")
