"""Answers in blocks: HTTP 202 with a Location header while more is to come."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.errors import rejected


def block(request: Request, name: str, found: Sequence[Any], size: int, **more: Any) -> Response:
    """Answer the block of a sequence that the query asks for."""
    start = offset(request)
    end = start + size
    body = {**more, name: list(found[start:end])}
    return answer(request, body, str(end) if end < len(found) else "")


def offset(request: Request) -> int:
    """Return where the block begins that the query asks for."""
    value = request.query_params.get("next", "0")
    if not (value.isascii() and value.isdecimal()):
        raise rejected("REQUEST_FAILED.UnexpectedError", "next is not valid.")
    return int(value)


def answer(request: Request, body: dict[str, Any], following: str) -> Response:
    """Answer a block, and where the one after it is found."""
    body = {"hasMoreData": bool(following), **body}
    if not following:
        return JSONResponse(body)
    where = f"{str(request.base_url).rstrip('/')}{request.url.path.rstrip('/')}/?next={following}"
    return JSONResponse(body, 202, {"Location": where})
