"""The control API: looking behind the scenes and changing them, for tests and curious people."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from math import isfinite
from typing import Any, TypeGuard

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.call import Call
from tsui.simulator.device import ACTIVE
from tsui.simulator.errors import rejected
from tsui.simulator.faults import ACTIONS, Fault
from tsui.simulator.fields import text
from tsui.simulator.notices import HAPPENINGS
from tsui.simulator.openapi import document
from tsui.simulator.routes.nidd import uplink
from tsui.simulator.rules import ACTIVATE, DEACTIVATE, RESTORE, SUSPENDING
from tsui.simulator.scenarios import EVERY_SCENARIO, play
from tsui.simulator.selection import find_device
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.views import device_view
from tsui.simulator.world import World

_ELSEWHERE = {action.name: action for action in (ACTIVATE, SUSPENDING, RESTORE, DEACTIVATE)}


def routes(world: World, calls: Sequence[Call]) -> list[Route]:
    """Return the routes of the control API; ``calls`` are those of the API behind it."""
    control = Control(world, document(calls))
    ways = (
        ("GET", "log", control.log),
        ("GET", "executions", control.executions),
        ("GET", "counters", control.counters),
        ("GET", "settings", control.settings),
        ("PATCH", "settings", control.change_settings),
        ("POST", "faults", control.add_fault),
        ("DELETE", "faults", control.clear_faults),
        ("POST", "advance", control.advance),
        ("POST", "expire", control.expire),
        ("POST", "unlock", control.unlock),
        ("POST", "elsewhere", control.elsewhere),
        ("POST", "sms", control.text),
        ("POST", "nidd", control.send_data),
        ("POST", "happenings", control.happen),
        ("GET", "scenarios", control.scenarios),
        ("POST", "scenarios", control.play),
        ("GET", "devices/{kind}/{id}", control.device),
        ("GET", "openapi.json", control.openapi),
    )
    return [Route(f"/simulator/{path}", way, methods=[method]) for method, path, way in ways]


class Control:
    """What one can see and do behind the scenes."""

    def __init__(self, world: World, document: dict[str, Any]) -> None:
        self._world = world
        self._document = document

    async def log(self, _: Request) -> Response:
        """Return every request that came."""
        return JSONResponse([asdict(seen) for seen in self._world.log])

    async def executions(self, _: Request) -> Response:
        """Return everything that was done to a device."""
        return JSONResponse([asdict(each) for each in self._world.engine.executions])

    async def counters(self, _: Request) -> Response:
        """Return how often what happened."""
        world = self._world
        return JSONResponse(
            {
                **world.access.counts,
                "locked": world.access.locked,
                "most in flight": world.most_in_flight,
                "messages": len(world.postman.deliveries),
                "now": world.clock.now().isoformat(),
            }
        )

    async def settings(self, _: Request) -> Response:
        """Return the settings."""
        return JSONResponse(asdict(self._world.settings))

    async def change_settings(self, request: Request) -> Response:
        """Change some settings."""
        _change_settings(self._world.settings, await _json(request))
        return JSONResponse(asdict(self._world.settings))

    async def add_fault(self, request: Request) -> Response:
        """Order a fault."""
        self._world.faults.append(_fault(await _json(request)))
        return JSONResponse({"faults": len(self._world.faults)})

    async def clear_faults(self, _: Request) -> Response:
        """Let everything go right again."""
        self._world.faults.clear()
        return JSONResponse({"faults": 0})

    async def advance(self, request: Request) -> Response:
        """Put the clock forward by some seconds."""
        seconds = (await _json(request)).get("seconds")
        if not _is_number(seconds) or seconds < 0:
            raise rejected("DeserializationFailed", "seconds is no number from 0 on.")
        self._world.clock.advance(seconds)
        return JSONResponse({"now": self._world.clock.now().isoformat()})

    async def expire(self, _: Request) -> Response:
        """End the token and every session."""
        self._world.access.expire_all()
        return JSONResponse({})

    async def unlock(self, _: Request) -> Response:
        """Unlock the contact."""
        self._world.access.unlock()
        return JSONResponse({})

    async def elsewhere(self, request: Request) -> Response:
        """Let somebody else change a line."""
        body, world = await _json(request), self._world
        account, device = find_device(world, text(body, "accountName"), body.get("deviceId"))
        action = _ELSEWHERE.get(text(body, "action"))
        if action is None:
            raise rejected("DeserializationFailed", f"action is one of {sorted(_ELSEWHERE)}.")
        failure = world.engine.change_elsewhere(world.fleets[account], account, action, device)
        if failure is not None:
            raise rejected(failure.code, failure.text)
        return JSONResponse({})

    async def happen(self, request: Request) -> Response:
        """Let something happen to a device that otherwise takes its time."""
        body, world = await _json(request), self._world
        happening = HAPPENINGS.get(text(body, "happening"))
        if happening is None:
            raise rejected("DeserializationFailed", f"happening is one of {sorted(HAPPENINGS)}.")
        happening(world, *find_device(world, text(body, "accountName"), body.get("deviceId")))
        return JSONResponse({})

    async def scenarios(self, _: Request) -> Response:
        """Return the situations a device can be put into."""
        return JSONResponse({each.name: each.sentence for each in EVERY_SCENARIO.values()})

    async def play(self, request: Request) -> Response:
        """Put a device into a situation."""
        body, world = await _json(request), self._world
        account, device = find_device(world, text(body, "accountName"), body.get("deviceId"))
        play(world, account, device, text(body, "scenario"))
        return JSONResponse({})

    async def text(self, request: Request) -> Response:
        """Let a device send a text message."""
        body, world = await _json(request), self._world
        account, device = find_device(world, text(body, "accountName"), body.get("deviceId"))
        if device.state != ACTIVE:
            raise rejected("INPUT_INVALID.DeviceState.Invalid", "The device is not active.")
        message = text(body, "message", required=True)
        world.texts.receive(account, device, message, world.clock.timestamp())
        return JSONResponse({})

    async def send_data(self, request: Request) -> Response:
        """Let a device send bytes, given in base64."""
        body, world = await _json(request), self._world
        account, device = find_device(world, text(body, "accountName"), body.get("deviceId"))
        uplink(world, account, device, text(body, "message", required=True))
        return JSONResponse({})

    async def device(self, request: Request) -> Response:
        """Return a device as it really is."""
        value = {"kind": request.path_params["kind"], "id": request.path_params["id"]}
        _, found = find_device(self._world, "", value)
        return JSONResponse({**device_view(self._world, found), "pending": found.pending})

    async def openapi(self, _: Request) -> Response:
        """Return the OpenAPI document of the API."""
        return JSONResponse(self._document)


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise rejected("DeserializationFailed", "A JSON object is needed.")
    return body


def _fault(body: dict[str, Any]) -> Fault:
    if body.get("action") not in ACTIONS:
        raise rejected("DeserializationFailed", f"action is one of {sorted(ACTIONS)}.")
    _check(body, Fault(""), {each.name for each in fields(Fault)})
    try:
        re.compile(body.get("path", ""))
    except re.error as error:
        raise rejected("DeserializationFailed", f"path is no pattern: {error}.") from None
    return Fault(**body)


def _change_settings(settings: SimulatorSettings, body: dict[str, Any]) -> None:
    _check(body, settings, _SETTINGS)
    for name, value in body.items():
        setattr(settings, name, value)


def _check(body: dict[str, Any], known: object, names: Collection[str]) -> None:
    """Refuse values that do not look like the ones there are; None there stands for anything."""
    for name, value in body.items():
        if name not in names:
            raise rejected("DeserializationFailed", f"There is no {name}.")
        now = getattr(known, name)
        if isinstance(now, float):
            fits = _is_number(value)
        else:
            fits = now is None or type(value) is type(now)
        if not fits:
            raise rejected("DeserializationFailed", f"{name} cannot be {value!r}.")


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_SETTINGS = frozenset(each.name for each in fields(SimulatorSettings)) - {"devices", "seed", "now"}
"""Settings that still matter once the simulator runs."""
