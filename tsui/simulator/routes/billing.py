"""Billed usage."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.errors import rejected
from tsui.simulator.fields import items, part, text, whole
from tsui.simulator.jobs import Notice, Target, response
from tsui.simulator.labels import with_label
from tsui.simulator.pace import gently
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.schema import (
    DEVICE_ID,
    FLAT_IDS,
    LABEL,
    NEEDED_ACCOUNT,
    REQUEST_ID,
    TOO_MANY,
    Field,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import flat, fleet_of, matching
from tsui.simulator.usage import usage_of
from tsui.simulator.world import World

BLOCK = 2000
"""Devices of a message, and labels of a request (documented)."""

_MONTHS = range(1, 13)
_YEARS = range(2000, 2101)


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Billing(world)
    path = f"{M2M}/devices/usage/actions/billedusage"
    common = (
        NEEDED_ACCOUNT,
        listed("labels", *LABEL, longest=BLOCK, beyond=TOO_MANY),
        nested("billingCycle", needed("year", "integer"), needed("month", "integer")),
    )
    return [
        Call(
            "POST",
            path,
            "Retrieve Billed Usage",
            area.one,
            (*common, nested("deviceId", *DEVICE_ID)),
            (Field("accountName"), nested("billingCycle"), listed("usage")),
        ),
        Call(
            "POST",
            f"{path}/list",
            "Retrieve Billed Usage List",
            area.many,
            (*common, Field("deviceId", "any"), FLAT_IDS),
            REQUEST_ID,
            service="DeviceService",
        ),
    ]


class _Billing:
    def __init__(self, world: World) -> None:
        self._world = world

    async def one(self, _: Request, body: Body) -> Response:
        account, cycle = self._read(body)
        targets = await self._targets(account, body)
        window = _window(cycle)
        used = [usage_of(self._world, each.device, window) async for each in gently(targets)]
        return JSONResponse({"accountName": account, "billingCycle": cycle, "usage": used})

    async def many(self, _: Request, body: Body) -> Response:
        account, cycle = self._read(body)
        targets = await self._targets(account, body)
        window = _window(cycle)

        async def work() -> list[Notice]:
            used = [usage_of(self._world, each.device, window) async for each in gently(targets)]
            return [
                response(
                    "DeviceService",
                    "billedUsageResponse",
                    {
                        "accountName": account,
                        "billingCycle": cycle,
                        "totalDevices": len(used),
                        "currentDevices": len(used[start : start + BLOCK]),
                        "sentDevices": start,
                        "remainingDevices": max(0, len(used) - start - BLOCK),
                        "devices": used[start : start + BLOCK],
                    },
                )
                for start in range(0, max(1, len(used)), BLOCK)
            ]

        return accepted(
            self._world.jobs.submit_whole(account, "billedUsage", "DeviceService", work)
        )

    def _read(self, body: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        account = text(body, "accountName")
        fleet_of(self._world, account)
        asked = part(body, "billingCycle")
        if not asked:
            return account, _latest(self._world.clock.now())
        year, month = whole(asked, "year") or 0, whole(asked, "month") or 0
        if year not in _YEARS or month not in _MONTHS:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The billing cycle is not valid.")
        return account, {"year": str(year), "month": str(month)}

    async def _targets(self, account: str, body: Mapping[str, Any]) -> list[Target]:
        """Return the devices meant: by label or by identifier; without either, all of them."""
        fleet = self._world.fleets[account]
        if labels := items(body, "labels"):
            return [
                Target(device, device.ids()[:1])
                for label in labels
                for device in with_label(self._world, label)
                if device.account == fleet.account
            ]
        asked = body.get("deviceId") or body.get("deviceIds")
        if asked is None:
            return await matching(fleet, {})
        return await flat(self._world, account, asked if isinstance(asked, list) else [asked])


def _latest(now: datetime) -> dict[str, str]:
    """Return the latest cycle that is complete."""
    year, month = (now.year - 1, 12) if now.month == 1 else (now.year, now.month - 1)
    return {"year": str(year), "month": str(month)}


def _window(cycle: Mapping[str, str]) -> Span:
    year, month = int(cycle["year"]), int(cycle["month"])
    start = datetime(year, month, 1, tzinfo=UTC).timestamp()
    return Span(start, start + monthrange(year, month)[1] * DAY - 1)
