"""Reachability: being told when devices can be reached, and when they are lost."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, Handler, accepted
from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import items, moment, text
from tsui.simulator.jobs import SUCCESS, Denied, Notice, Postponed, Target
from tsui.simulator.monitors import SERVICE, view
from tsui.simulator.patterns import DAY
from tsui.simulator.reach import next_look
from tsui.simulator.schema import DEVICE_ID, NEEDED_ACCOUNT, REQUEST_ID, Field, devices, needed
from tsui.simulator.schema import nested as one
from tsui.simulator.selection import find_device, fleet_of, identifiers, named
from tsui.simulator.world import World

WATCHES = ("REACHABLE_FOR_DATA", "REACHABLE_FOR_SMS", "LOSS_OF_CONNECTIVITY")
"""What can be watched (documented)."""

COMBINATIONS = (
    "REACHABLE_FOR_DATA_SMS",
    "REACHABLE_FOR_DATA_AND_LOSS",
    "REACHABLE_FOR_SMS_AND_LOSS",
    "REACHABLE_FOR_DATA_SMS_AND_LOSS",
)
"""Several in one monitor, in the words of an older page."""

LONGEST = 3650 * DAY
"""Furthest end of a monitor (documented)."""

STATUS_LASTS = 3600.0
"""Seconds a question for the status stays open where it does not say (documented)."""

_KINDS = frozenset({"imei", "mdn", "msisdn", "iccid"})
_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Monitors(world)
    watch = Field("requestType", choices=WATCHES)
    return [
        _call(
            "POST",
            "",
            "Monitor Device Reachability",
            area.monitor,
            (
                NEEDED_ACCOUNT,
                devices(),
                needed("requestType", choices=WATCHES + COMBINATIONS),
                needed("monitorExpirationTime"),
            ),
        ),
        _call(
            "DELETE",
            "",
            "Stop Device Reachability Monitoring",
            area.stop,
            (NEEDED_ACCOUNT, needed("monitorIds", "array", items="string")),
        ),
        _call(
            "POST",
            "/monitors",
            "Retrieve Active Reachability Monitoring",
            area.active,
            (NEEDED_ACCOUNT, devices(), watch, Field("monitorType", choices=WATCHES)),
        ),
        _call(
            "POST",
            "/status",
            "Retrieve Reachability Status",
            area.status,
            (
                NEEDED_ACCOUNT,
                one("device", *DEVICE_ID, required=True),
                needed("requestType", choices=WATCHES),
                Field("requestExpirationTime"),
            ),
        ),
    ]


def _call(method: str, path: str, title: str, handler: Handler, body: tuple[Field, ...]) -> Call:
    where = f"{M2M}/diagnostics/basic/devicereachability{path}"
    return Call(method, where, title, handler, body, REQUEST_ID, service=SERVICE)


class _Monitors:
    def __init__(self, world: World) -> None:
        self._world = world

    async def monitor(self, _: Request, body: Body) -> Response:
        world = self._world
        account, targets = await self._targets(body)
        watch, expires = (
            body["requestType"].upper(),
            self._expiration(body["monitorExpirationTime"]),
        )
        request_id = ""

        def perform(target: Target) -> list[Notice]:
            _check_sms(watch, target.device)
            monitor = world.monitors.begin(account, target, watch, expires, request_id)
            told = {**view(monitor), **world.monitors.state(account, target.device)}
            return [Notice(SERVICE, told)]

        request = world.jobs.submit(account, "monitorReachability", SERVICE, targets, perform)
        request_id = request.id
        return accepted(request)

    async def stop(self, _: Request, body: Body) -> Response:
        world = self._world
        account = text(body, "accountName")
        fleet_of(world, account)
        wanted = list(dict.fromkeys(body["monitorIds"]))
        if not all(world.monitors.knows(account, each) for each in wanted):
            raise rejected(_UNEXPECTED, "There is no such monitor.")

        async def work() -> list[Notice]:
            stopped = [world.monitors.stop(account, each) for each in wanted]
            return [
                Notice(SERVICE, {**view(monitor), "deviceIds": monitor.target.named})
                for monitor in stopped
                if monitor is not None
            ]

        return accepted(world.jobs.submit_whole(account, "stopMonitors", SERVICE, work))

    async def active(self, _: Request, body: Body) -> Response:
        world = self._world
        account, targets = await self._targets(body)
        watch = (text(body, "requestType") or text(body, "monitorType")).upper()

        def perform(target: Target) -> list[Notice]:
            found = list(world.monitors.of(account, target.device, watch))
            return [Notice(SERVICE, view(each)) for each in found] or [
                Notice(SERVICE, {"comment": "The device has no active monitor."})
            ]

        return accepted(world.jobs.submit(account, "activeMonitors", SERVICE, targets, perform))

    async def status(self, _: Request, body: Body) -> Response:
        world, watch = self._world, body["requestType"].upper()
        account = text(body, "accountName")
        _check_kind(str(body["device"]["kind"]))
        fleet_of(world, account)
        device = find_device(world, account, body["device"])[1]
        until = world.clock.timestamp() + STATUS_LASTS
        if body.get("requestExpirationTime"):
            until = self._expiration(body["requestExpirationTime"])
        said: dict[str, Any] = {"requestType": watch}
        asked = False

        def perform(target: Target) -> list[Notice]:
            nonlocal asked
            _check_sms(watch, target.device)
            found = world.monitors.state(account, target.device)
            now = world.clock.timestamp()
            if found or now >= until:
                return [Notice(SERVICE, {**said, **found})] if found else []
            first = [] if asked else [Notice(SERVICE, {**said, "status": SUCCESS})]
            asked = True
            again = next_look(world.fleets[account].get(device.number), world.settings.seed, now)
            raise Postponed(min(again, until), *first)

        target = Target(device, [body["device"]])
        return accepted(
            world.jobs.submit(account, "reachabilityStatus", SERVICE, [target], perform)
        )

    async def _targets(self, body: Body) -> tuple[str, list[Target]]:
        """Return account and devices of a request, all named by the same kind."""
        account = text(body, "accountName")
        fleet_of(self._world, account)
        kinds = {kind for each in items(body, "devices") for kind, _ in identifiers(each)}
        if len(kinds) != 1:
            raise rejected(_UNEXPECTED, "All devices are named by the same kind of identifier.")
        _check_kind(*kinds)
        return account, await named(self._world, account, body["devices"])

    def _expiration(self, value: str) -> float:
        now = self._world.clock.timestamp()
        expires = moment({"expiration": value}, "expiration")
        if not now < expires <= now + LONGEST:
            raise rejected(_UNEXPECTED, "The expiration is past, or beyond 3650 days.")
        return expires


def _check_kind(kind: str) -> None:
    if kind.lower() not in _KINDS:
        raise rejected(
            "INPUT_INVALID.Device.Kind.Invalid", "Devices are named by IMEI, MDN, MSISDN or ICCID."
        )


def _check_sms(watch: str, device: SimDevice) -> None:
    """Deny watching for messages on LTE devices of the higher categories (documented)."""
    if "SMS" in watch and device.model.technology == "LTE":
        raise Denied(_UNEXPECTED, "SMS reachability is not for LTE devices of higher categories.")
