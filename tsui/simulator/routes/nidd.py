"""Bytes to devices that have no IP."""

import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.device import ACTIVE, SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import text, whole
from tsui.simulator.jobs import SUCCESS, Notice, Target
from tsui.simulator.reach import is_reached, wait_for
from tsui.simulator.schema import DEVICE_ID, NEEDED_ACCOUNT, REQUEST_ID, listed, needed
from tsui.simulator.selection import flat, fleet_of
from tsui.simulator.world import World

SERVICE = "NiddService"
"""Callback service of bytes in both directions."""

LONGEST = 1358
"""Bytes of a message (documented)."""

SHORTEST_TIME, LONGEST_TIME = 2, 2_592_000
"""Seconds the network may be asked to try (documented)."""

_TECHNOLOGY = "NB-IoT"
_DELIVERED, _QUEUED, _FAILED = "Delivered", "Queued", "DeliveryFailed"
_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    return [
        Call(
            "POST",
            f"{M2M}/devices/nidd/message",
            "Send Non-IP Data (NIDD)",
            _Nidd(world).send,
            (
                listed(
                    "deviceIds",
                    *DEVICE_ID,
                    required=True,
                    missing="INPUT_INVALID.DeviceNotProvided",
                ),
                NEEDED_ACCOUNT,
                needed("maximumDeliveryTime", "integer", missing=_UNEXPECTED),
                needed("message", missing="INPUT_INVALID.Message.Null"),
            ),
            REQUEST_ID,
            service=SERVICE,
        )
    ]


def uplink(world: World, account: str, device: SimDevice, message: str) -> None:
    """Let a device send bytes, given in base64."""
    _check(world, message)
    if device.state != ACTIVE:
        raise rejected("INPUT_INVALID.DeviceState.Invalid", "The device is not active.")
    event = {"accountName": account, "message": message, "deviceIds": _ids(device)}
    world.postman.post(
        account,
        SERVICE,
        {
            "requestId": world.jobs.new_id(),
            "deviceIds": _ids(device),
            "niddResponse": {"niddMONotificationResponse": event},
        },
    )


class _Nidd:
    def __init__(self, world: World) -> None:
        self._world = world

    async def send(self, _: Request, body: Body) -> Response:
        world, account = self._world, text(body, "accountName")
        fleet_of(world, account)
        seconds = whole(body, "maximumDeliveryTime") or 0
        if not SHORTEST_TIME <= seconds <= LONGEST_TIME:
            raise rejected(_UNEXPECTED, "maximumDeliveryTime is out of range.")
        _check(world, text(body, "message"))
        targets = await flat(world, account, body["deviceIds"])

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = world.fleets[account].get(target.device.number)
            if not self._carries(device):
                return [_outcome(account, device, _FAILED, "The line cannot carry non-IP data.")]
            if is_reached(device, world.settings.seed, world.clock.timestamp()):
                return [_outcome(account, device, _DELIVERED)]
            ends = world.clock.timestamp() + seconds
            world.spawn(self._follow(account, request.id, target, ends))
            return [_outcome(account, device, _QUEUED, "The device is not reachable.")]

        request = world.jobs.submit(account, "sendNidd", SERVICE, targets, perform, changes=True)
        return accepted(request)

    def _carries(self, device: SimDevice) -> bool:
        plan = self._world.settings.nidd_plan
        return (
            device.state == ACTIVE
            and device.model.technology == _TECHNOLOGY
            and plan in ("", device.plan)
        )

    async def _follow(self, account: str, request_id: str, target: Target, ends: float) -> None:
        """Try to deliver queued bytes as long as was asked for, and tell how that ended."""
        world, device = self._world, target.device
        reached = await wait_for(
            world.clock, world.fleets[account], device.number, world.settings.seed, ends
        )
        if reached is not None and not world.settings.nidd_delivers_queued:
            await world.clock.sleep_until(ends)
            reached = None
        notice = (
            _outcome(account, device, _FAILED, "The delivery time is over.")
            if reached is None
            else _outcome(account, device, _DELIVERED)
        )
        world.jobs.tell(account, request_id, target, notice)


def _check(world: World, message: str) -> None:
    """Refuse what is no base64, too long, or holds two zero bytes in a row."""
    try:
        data = binascii.a2b_base64(message, strict_mode=True)
    except (binascii.Error, ValueError):
        raise rejected(_UNEXPECTED, "message is no base64.") from None
    if len(data) > LONGEST:
        raise rejected(_UNEXPECTED, f"message exceeds {LONGEST} bytes.")
    if world.settings.nidd_refuses_zero_pairs and b"\0\0" in data:
        raise rejected(_UNEXPECTED, "message holds two zero bytes in a row.")


def _outcome(account: str, device: SimDevice, status: str, reason: str = SUCCESS) -> Notice:
    event = {"accountName": account, "reason": reason, "deviceIds": _ids(device)}
    return Notice(SERVICE, {"status": status, "niddResponse": {"niddMTDeliveryResponse": event}})


def _ids(device: SimDevice) -> list[dict[str, Any]]:
    return [{"id": device.imei, "kind": "Imei"}, {"id": device.iccid, "kind": "ICCID"}]
