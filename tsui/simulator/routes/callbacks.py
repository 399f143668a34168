"""Callback listeners."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator import texts
from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.errors import rejected
from tsui.simulator.fields import text
from tsui.simulator.listeners import SERVICES, Listener
from tsui.simulator.schema import Field, needed
from tsui.simulator.selection import fleet_of
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World

_PORTS = frozenset({80, 443, *range(9001, 9007), *range(50551, 50560), *range(28200, 28221)})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST = 40
_UNEXPECTED = "REQUEST_FAILED.UnexpectedError"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def register(request: Request, body: Body) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        listener = Listener(
            _service(text(body, "name")),
            checked_url(text(body, "url"), world.settings),
            text(body, "username"),
            text(body, "password"),
        )
        listeners = world.postman.listeners.setdefault(account, {})
        if listener.service in listeners and not world.settings.listener_replaces:
            raise rejected(_UNEXPECTED, "The service has a listener.")
        if listener.service == texts.SERVICE:
            world.texts.watch(account)
        listeners[listener.service] = listener
        return JSONResponse({"accountName": account, "serviceName": listener.service})

    async def list_all(request: Request, _: Body) -> Response:
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
                if listener.service in SERVICES
            ]
        )

    async def deregister(request: Request, _: Body) -> Response:
        account = request.path_params["account"]
        fleet_of(world, account)
        service = _service(request.path_params["service"])
        if world.postman.listeners.get(account, {}).pop(service, None) is None:
            raise rejected(_UNEXPECTED, "The service has no listener.")
        return JSONResponse({"accountName": account, "serviceName": service})

    path = f"{M2M}/callbacks/{{account}}"
    answer = (Field("accountName"), Field("serviceName"))
    return [
        Call(
            "POST",
            path,
            "Register a Callback Listener",
            register,
            (
                needed("name"),
                needed("url"),
                Field("username", longest=_LONGEST, beyond=_UNEXPECTED),
                Field("password", longest=_LONGEST, beyond=_UNEXPECTED),
            ),
            answer,
        ),
        Call("GET", path, "List Callback Listeners", list_all),
        Call(
            "DELETE",
            f"{path}/name/{{service}}",
            "Deregister a Callback Listener",
            deregister,
            answer=answer,
        ),
    ]


def _service(name: str) -> str:
    # One page of the documents spells it with an s.
    name = "AlertService" if name == "AlertsService" else name
    if name not in SERVICES:
        raise rejected(_UNEXPECTED, f"{name} is no callback service.")
    return name


def checked_url(url: str, settings: SimulatorSettings) -> str:
    """Return a listener's URL; refuses what the platform does not call."""
    try:
        parts = urlsplit(url)
        named = parts.port
    except ValueError:
        parts, named = urlsplit(""), None
    port = named if named is not None else 443 if parts.scheme == "https" else 80
    here = parts.hostname in _LOOPBACK and settings.loopback_listeners
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise rejected(_UNEXPECTED, "The URL is not valid.")
    if port not in _PORTS and not here:
        raise rejected(_UNEXPECTED, "The port is not allowed.")
    return url
