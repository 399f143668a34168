"""Histories of one device."""

from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.clock import parse_iso
from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import read_body, text
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.routes.devices import find_device
from tsui.simulator.views import connection_records, provisioning_records, usage_records
from tsui.simulator.world import World

USAGE_KEPT = 365 * DAY
"""Daily usage is kept for 12 months (documented)."""

Records = Callable[[SimDevice, Span], Iterable[dict[str, Any]]]


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    def usage(device: SimDevice, window: Span) -> list[dict[str, Any]]:
        kept = world.clock.timestamp() - USAGE_KEPT
        return usage_records(world, device, Span(max(kept, window.start), window.end))

    def connections(device: SimDevice, window: Span) -> Iterable[dict[str, Any]]:
        return connection_records(world, device, window)

    base = "/api/m2m/v1/devices"
    return [
        Route(
            f"{base}/history/actions/list",
            _history(world, "provisioningHistory", provisioning_records),
            methods=["POST"],
        ),
        Route(
            f"{base}/connections/actions/listHistory",
            _history(world, "connectionHistory", connections),
            methods=["POST"],
        ),
        Route(
            f"{base}/usage/actions/list",
            _history(world, "usageHistory", usage),
            methods=["POST"],
        ),
    ]


def _history(world: World, name: str, records: Records) -> Callable[[Request], Awaitable[Response]]:
    async def history(request: Request) -> Response:
        body = await read_body(request)
        _, device = find_device(world, "", body.get("deviceId"))
        try:
            earliest = parse_iso(text(body, "earliest", required=True)).timestamp()
            latest = parse_iso(text(body, "latest", required=True)).timestamp()
        except ValueError:
            raise rejected("DeserializationFailed", "earliest or latest is no time.") from None
        page = world.settings.history_page
        found = list(islice(records(device, Span(earliest, latest)), page + 1))
        more = len(found) > page
        return JSONResponse({"hasMoreData": more, name: found[:page]}, 202 if more else 200)

    return history
