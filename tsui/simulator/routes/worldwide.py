"""Devices of the Global IoT service: its list and its history, both told by callback."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M_V2, Body, Call, accepted
from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.fields import device_id, moment, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import Notice, Target, response
from tsui.simulator.pace import gently
from tsui.simulator.patterns import FOREVER, Span
from tsui.simulator.profiles import STATUSES, profile_of
from tsui.simulator.schema import DEVICE_ID, NEEDED_ACCOUNT, REQUEST_ID, Field, listed
from tsui.simulator.selection import fleet_of
from tsui.simulator.views import provisioning_records, state_of
from tsui.simulator.world import World

SERVICE = "DeviceProfileService"

STATES = (
    "UNKNOWN", "DEACTIVATED", "ACTIVATED", "DEACTIVE", "ACTIVE", "SUSPEND", "PENDING_ACTIVATION",
    "PENDING_DEACTIVATION", "PRE_ACTIVE", "ACTIVATION_READY", "INVENTORY", "PURGED", "REPLACED",
    "RETIRED", "TEST_READY",
)  # fmt: skip
"""What the list can be filtered by (documented)."""

CARRIER = "Verizon Wireless"

_SAME_STATE = {"ACTIVATED": "ACTIVE", "DEACTIVATED": "DEACTIVE"}


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def devices(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        chosen = _chosen(fleet, body)
        size = world.settings.global_page

        async def work() -> list[Notice]:
            numbers = fleet.numbers() if chosen is None else [each.number for each in chosen]
            found = [
                _view(device)
                async for number in gently(numbers)
                if _fits(device := fleet.get(number), body)
            ]
            return [
                response(SERVICE, "deviceList", found[start : start + size])
                for start in range(0, max(1, len(found)), size)
            ]

        return accepted(world.jobs.submit_whole(account, "globalList", SERVICE, work))

    async def history(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        window = Span(moment(body, "earliest"), moment(body, "latest", FOREVER))
        chosen = _chosen(fleet, body)
        if chosen is None:
            chosen = [
                device
                async for number in gently(fleet.numbers())
                if (device := fleet.get(number)).eid
            ]

        def perform(target: Target) -> list[Notice]:
            records = provisioning_records(fleet.get(target.device.number), window)
            size = world.settings.history_page
            return [
                response(SERVICE, "deviceProvisioningHistory", records[start : start + size])
                for start in range(0, max(1, len(records)), size)
            ]

        targets = [Target(each, [{"id": each.iccid, "kind": "iccid"}]) for each in chosen]
        return accepted(world.jobs.submit(account, "globalHistory", SERVICE, targets, perform))

    return [
        Call(
            "POST",
            f"{M2M_V2}/devices/actions/list",
            "Retrieve the Global Device List",
            devices,
            (
                NEEDED_ACCOUNT,
                Field("provisioningStatusFilter", choices=STATES),
                Field("profileStatusFilter", choices=STATUSES),
                Field("carrierNameFilter"),
                listed("deviceFilter", *DEVICE_ID),
            ),
            REQUEST_ID,
            service=SERVICE,
        ),
        Call(
            "POST",
            f"{M2M_V2}/devices/history/actions/list",
            "Retrieve Device Provisioning History (Global v2)",
            history,
            (NEEDED_ACCOUNT, Field("deviceFilter", "any"), Field("earliest"), Field("latest")),
            REQUEST_ID,
            service=SERVICE,
        ),
    ]


def _chosen(fleet: Fleet, body: Mapping[str, Any]) -> list[SimDevice] | None:
    """Return the devices that the filter names, as far as they exist; None where there is none."""
    asked = body.get("deviceFilter")
    if asked is None:
        return None
    pairs = [device_id(each) for each in (asked if isinstance(asked, list) else [asked])]
    found = (fleet.find(kind, value) for kind, value in pairs)
    return list({each.number: each for each in found if each is not None}.values())


def _fits(device: SimDevice, body: Mapping[str, Any]) -> bool:
    state = text(body, "provisioningStatusFilter").upper()
    profile = text(body, "profileStatusFilter").upper()
    carrier = text(body, "carrierNameFilter")
    return (
        bool(device.eid)
        and _SAME_STATE.get(state, state) in ("", _state(device))
        and profile in ("", profile_of(device))
        and carrier in ("", CARRIER)
    )


def _state(device: SimDevice) -> str:
    return state_of(device).upper().replace(" ", "_").replace("-", "_")


def _view(device: SimDevice) -> dict[str, Any]:
    """Return a device as the global list shows it (the form is unverified)."""
    return {
        "accountName": ACCOUNTS[device.account],
        "carrierName": CARRIER,
        "createdAt": iso(device.created),
        "deviceIds": device.ids(),
        "fallback": device.fallback,
        "profileStatus": profile_of(device),
        "provisioningStatus": _state(device),
        "servicePlan": device.plan,
    }
