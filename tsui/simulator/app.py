"""The application: gateway, latency, faults and log around the routes."""

import asyncio
from collections.abc import MutableMapping
from email.utils import format_datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tsui.simulator import control, faults
from tsui.simulator.errors import Refusal, invalid_parameter, rejected, xml_fault
from tsui.simulator.routes import calls
from tsui.simulator.world import Seen, World

CONTROL = "/simulator/"
_OAUTH = "/api/ts/"
_LOGIN = "/session/login"
_LOCATION = "/api/loc/"
_LOGGED = 4000


class Simulator:
    """The simulator as an ASGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        """Everything behind it."""
        known = calls(world)
        self._router: ASGIApp = Router(
            [*control.routes(world, known), *(route for call in known for route in call.routes())],
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        world, path = self.world, scope["path"]
        answer = _Recorder(world, send)
        if path.startswith(CONTROL):
            await self._route(scope, receive, answer)
            return
        body = await _whole_body(receive)
        world.in_flight += 1
        world.most_in_flight = max(world.most_in_flight, world.in_flight)
        seen = Seen(world.clock.timestamp(), scope["method"], path, _shown(path, body))
        world.note(seen)
        try:
            await self._answer(seen, scope, _replay(body, receive), answer)
        finally:
            world.in_flight -= 1
            seen.status = answer.status

    async def _answer(self, seen: Seen, scope: Scope, receive: Receive, send: "_Recorder") -> None:
        settings = self.world.settings
        latency = settings.latency + settings.latency_jitter * self.world.chance.unit()
        if latency:
            await asyncio.sleep(latency)
        fault = self.world.fault_for(seen)
        if fault is not None:
            await self._go_wrong(fault, scope, receive, send)
        elif self.world.chance.unit() < settings.error_rate:
            refusal = rejected("REQUEST_FAILED.UnexpectedError", "Unexpected error.", status=500)
            await refusal.response(scope, receive, send)
        else:
            await self._route(scope, receive, send)

    async def _go_wrong(
        self, fault: faults.Fault, scope: Scope, receive: Receive, send: "_Recorder"
    ) -> None:
        if fault.action == "session-expired":
            await self.world.access.session_expired().response(scope, receive, send)
            return
        if fault.action == "token-expired":
            self.world.access.expire_all()
            await self._route(scope, receive, send)
            return
        whole = faults.ACCEPTED
        if fault.after or fault.action in faults.DONE_FIRST:
            done = _Collector()
            await self._route(scope, receive, done)
            whole = done.body
        response = faults.answer(fault, whole)
        if response is not None:
            await response(scope, receive, send)
        else:
            await faults.send_broken(fault, whole, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if not scope["path"].startswith(CONTROL):
                self._check_access(Request(scope))
            # Starlette leaves calls it has no route for to the application where it knows of one.
            await self._router({**scope, "app": self}, receive, send)
        except Refusal as refusal:
            if refusal.message and scope["path"].startswith(_LOCATION):
                refusal = invalid_parameter(refusal.message)
            await refusal.response(scope, receive, send)
        except HTTPException:
            # The gateway answers so to wrong places and to wrong methods alike (documented).
            await xml_fault(404, "404", "No matching resource").response(scope, receive, send)

    def _check_access(self, request: Request) -> None:
        path = request.url.path
        if path.startswith(_OAUTH):
            return
        self.world.access.check_bearer(request.headers.get("authorization", ""))
        if not path.endswith(_LOGIN):
            self.world.access.check_session(request.headers.get("vz-m2m-token", ""))


class _Recorder:
    """Sends an answer on, dates it by the simulator's clock, and remembers its status."""

    def __init__(self, world: World, send: Send) -> None:
        self._world = world
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            date = format_datetime(self._world.clock.now(), usegmt=True).encode()
            message = {**message, "headers": [*message.get("headers", ()), (b"date", date)]}
        await self._send(message)


class _Collector:
    """Takes an answer that is not to be sent."""

    def __init__(self) -> None:
        self.body = b""

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        self.body += message.get("body", b"")


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _shown(path: str, body: bytes) -> str:
    return "(masked)" if path.endswith(_LOGIN) else body[:_LOGGED].decode("utf-8", "replace")
