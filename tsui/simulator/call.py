"""Calls of the API: where they are, what they take, who answers them."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.fields import read_body
from tsui.simulator.jobs import SimRequest
from tsui.simulator.schema import Field, check

Body = dict[str, Any]

Handler = Callable[[Request, Body], Awaitable[Response]]

Content = Literal["json", "form", "query", "none"]
"""What a request carries; ``query`` is JSON that may come in the query instead."""

M2M = "/api/m2m/v1"
M2M_V2 = "/api/m2m/v2"
LOC = "/api/loc/v1"
FOTA = "/api/fota/v3"


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of the API: its place, its declaration, and the handler that answers it."""

    method: str
    path: str
    title: str
    """Its name in Verizon's reference."""
    handler: Handler
    body: tuple[Field, ...] = ()
    """Fields of the request's body."""
    answer: tuple[Field, ...] = ()
    """Fields of a good answer, where it is an object."""
    aliases: tuple[str, ...] = ()
    """Further paths that sources give for it."""
    content: Content | None = None
    """What the request carries; by default JSON where there are fields."""
    service: str = ""
    """Callback services that bring the outcome, with spaces between them."""
    query: tuple[Field, ...] = ()
    """Fields of the URL's query."""

    @property
    def carries(self) -> Content:
        """What the request carries."""
        return self.content or ("json" if self.body else "none")

    def routes(self) -> Iterator[Route]:
        """Yield a route for each path."""
        for path in (self.path, *self.aliases):
            yield Route(path, self._endpoint, methods=[self.method])

    async def _endpoint(self, request: Request) -> Response:
        body = await self._read(request)
        check(request.query_params, self.query)
        if self.carries != "form":
            check(body, self.body)
        return await self.handler(request, body)

    async def _read(self, request: Request) -> Body:
        if self.carries in ("none", "form"):
            return {}
        if self.carries == "query" and not (await request.body()).strip():
            return {name: _value(value) for name, value in request.query_params.items()}
        return await read_body(request)


def accepted(request: SimRequest) -> Response:
    """Answer that a request was accepted; its outcome comes by callback."""
    return JSONResponse({"requestId": request.id})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
