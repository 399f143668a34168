"""Histories of one device."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call, Handler
from tsui.simulator.device import SimDevice
from tsui.simulator.fields import moment, part
from tsui.simulator.labels import labelled
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.schema import DEVICE_ID, LABEL, Field, listed, needed, nested
from tsui.simulator.selection import find_device
from tsui.simulator.views import connection_records, provisioning_records, usage_records
from tsui.simulator.world import World

USAGE_KEPT = 365 * DAY
"""Daily usage is kept for 12 months (documented)."""

Records = Callable[[SimDevice, Span], Iterable[dict[str, Any]]]


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    def usage(device: SimDevice, window: Span) -> list[dict[str, Any]]:
        kept = world.clock.timestamp() - USAGE_KEPT
        return usage_records(world, device, Span(max(kept, window.start), window.end))

    def connections(device: SimDevice, window: Span) -> Iterable[dict[str, Any]]:
        return connection_records(world, device, window)

    base = f"{M2M}/devices"
    return [
        Call(
            "POST",
            f"{base}/history/actions/list",
            "Retrieve Device Provisioning History",
            _history(world, "provisioningHistory", provisioning_records),
            _REQUEST,
            _answer("provisioningHistory"),
        ),
        Call(
            "POST",
            f"{base}/connections/actions/listHistory",
            "Retrieve Device Connection History",
            _history(world, "connectionHistory", connections),
            _REQUEST,
            _answer("connectionHistory"),
        ),
        Call(
            "POST",
            f"{base}/connections/actions/list",
            "Retrieve Device Connection History (deprecated list)",
            _bare(world, connections),
            _REQUEST,
        ),
        Call(
            "POST",
            f"{base}/usage/actions/list",
            "Retrieve Device Usage History",
            _history(world, "usageHistory", usage),
            (nested("deviceId", *DEVICE_ID), nested("label", *LABEL), *_SPAN),
            _answer("usageHistory"),
        ),
    ]


_SPAN = (needed("earliest"), needed("latest"))
_REQUEST = (nested("deviceId", *DEVICE_ID, required=True), *_SPAN)


def _answer(name: str) -> tuple[Field, ...]:
    return (Field("hasMoreData", "boolean"), listed(name))


def _history(world: World, name: str, records: Records) -> Handler:
    async def history(_: Request, body: Body) -> Response:
        device, window = _asked(world, body)
        page = world.settings.history_page
        found = list(islice(records(device, window), page + 1))
        more = len(found) > page
        return JSONResponse({"hasMoreData": more, name: found[:page]}, 202 if more else 200)

    return history


def _bare(world: World, records: Records) -> Handler:
    async def history(_: Request, body: Body) -> Response:
        found = islice(records(*_asked(world, body)), world.settings.history_page)
        return JSONResponse(list(found))

    return history


def _asked(world: World, body: Body) -> tuple[SimDevice, Span]:
    window = Span(moment(body, "earliest"), moment(body, "latest"))
    if body.get("label") is not None and body.get("deviceId") is None:
        return labelled(world, part(body, "label")), window
    return find_device(world, "", body.get("deviceId"))[1], window
