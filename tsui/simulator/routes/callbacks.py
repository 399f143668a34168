"""Callback listeners."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.errors import rejected
from tsui.simulator.fields import read_body, text
from tsui.simulator.listeners import SERVICES, Listener
from tsui.simulator.routes.account import fleet_of
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World

_PORTS = frozenset({80, 443, *range(9001, 9007), *range(50551, 50560), *range(28200, 28221)})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST = 40


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    async def register(request: Request) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        body = await read_body(request)
        service = text(body, "name", required=True)
        listener = Listener(
            _service(service),
            _url(text(body, "url", required=True), world.settings),
            text(body, "username"),
            text(body, "password"),
        )
        if max(len(listener.username), len(listener.password)) > _LONGEST:
            raise rejected("REQUEST_FAILED.UnexpectedError", "User name or password is too long.")
        listeners = world.postman.listeners.setdefault(account, {})
        if listener.service in listeners and not world.settings.listener_replaces:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The service has a listener.")
        listeners[listener.service] = listener
        return JSONResponse({"accountName": account, "serviceName": listener.service})

    async def list_all(request: Request) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        return JSONResponse(
            [
                {
                    "accountName": account,
                    "serviceName": listener.service,
                    "url": listener.url,
                    "username": listener.username,
                    "password": listener.password,
                }
                for listener in world.postman.listeners.get(account, {}).values()
            ]
        )

    async def deregister(request: Request) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        service = _service(request.path_params["service"])
        if world.postman.listeners.get(account, {}).pop(service, None) is None:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The service has no listener.")
        return JSONResponse({"accountName": account, "serviceName": service})

    path = "/api/m2m/v1/callbacks/{account}"
    return [
        Route(path, register, methods=["POST"]),
        Route(path, list_all, methods=["GET"]),
        Route(path + "/name/{service}", deregister, methods=["DELETE"]),
    ]


def _service(name: str) -> str:
    # One page of the documents spells it with an s.
    name = "AlertService" if name == "AlertsService" else name
    if name not in SERVICES:
        raise rejected("REQUEST_FAILED.UnexpectedError", f"{name} is no callback service.")
    return name


def _url(url: str, settings: SimulatorSettings) -> str:
    try:
        parts = urlsplit(url)
        named = parts.port
    except ValueError:
        parts, named = urlsplit(""), None
    port = named if named is not None else 443 if parts.scheme == "https" else 80
    here = parts.hostname in _LOOPBACK and settings.loopback_listeners
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise rejected("REQUEST_FAILED.UnexpectedError", "The URL is not valid.")
    if port not in _PORTS and not here:
        raise rejected("REQUEST_FAILED.UnexpectedError", "The port is not allowed.")
    return url
