"""Faults on order: rules that say which call goes wrong, how, and whether it was done before."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

ACTIONS = frozenset(
    {
        "status", "html", "bad-json", "bom", "invalid-utf8", "deep", "nan", "cut", "hang", "drop",
        "drip", "redirect", "huge", "session-expired", "token-expired", "empty-page",
        "repeat-page",
    }
)  # fmt: skip
"""What can go wrong."""


@dataclass(slots=True)
class Fault:
    """A rule: calls that match, after some that are let pass, go wrong some times."""

    action: str
    """What goes wrong; see ``ACTIONS``."""
    path: str = ""
    """Regular expression found in the path; empty for every call."""
    method: str = ""
    """HTTP method; empty for every one."""
    skip: int = 0
    """Matching calls that pass before the first fault."""
    times: int = 1
    """How often it goes wrong; -1 for ever."""
    after: bool = False
    """Whether the call is done before the answer goes wrong."""
    status: int = 500
    """HTTP status of a ``status`` fault."""
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of a ``status`` fault, e.g. Retry-After."""
    body: Any = None
    """JSON body of a ``status`` fault; None for the documented unexpected error."""
    seconds: float = 0.2
    """Pause between the bytes of a ``drip``; length of a ``hang``, 0 for ever."""
    seen: int = 0
    """Matching calls so far."""

    def takes(self, method: str, path: str) -> bool:
        """Count a call, and tell whether it goes wrong."""
        if self.method not in ("", method) or not re.search(self.path, path):
            return False
        self.seen += 1
        turn = self.seen - self.skip
        return turn > 0 and (self.times < 0 or turn <= self.times)


class DropConnection(Exception):
    """The connection is to be cut without a word."""


def answer(fault: Fault) -> Response | None:
    """Return a fault's answer where it is an ordinary one; None where bytes have to go wrong."""
    match fault.action:
        case "status":
            body = fault.body or {
                "errorCode": "UnifiedWebService.REQUEST_FAILED.UnexpectedError",
                "errorMessage": "Unexpected error.",
            }
            return JSONResponse(body, fault.status, fault.headers)
        case "html":
            page = "<!DOCTYPE html><html><body><h1>Welcome to Hotel WiFi</h1></body></html>"
            return Response(page, media_type="text/html")
        case "redirect":
            return RedirectResponse("http://127.0.0.1:9/elsewhere", 302)
        case "empty-page":
            return JSONResponse({"hasMoreData": True, "devices": []}, 202)
        case _:
            content = _CONTENTS.get(fault.action)
            if content is None:
                return None
            return Response(content, media_type="application/json")


async def send_broken(
    fault: Fault, whole: bytes, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send an answer whose bytes go wrong."""
    del scope, receive
    if fault.action == "drop":
        raise DropConnection
    if fault.action == "hang":
        await asyncio.sleep(fault.seconds or 10**6)
        raise DropConnection
    head = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(whole)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    if fault.action == "cut":
        half = whole[: len(whole) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        raise DropConnection
    for place in range(len(whole)):
        more = place < len(whole) - 1
        body = whole[place : place + 1]
        await send({"type": "http.response.body", "body": body, "more_body": more})
        await asyncio.sleep(fault.seconds)


_CONTENTS: dict[str, bytes] = {
    "bad-json": b'{"requestId": "7b0f',
    "bom": b"\xef\xbb\xbf" + json.dumps({"sessionToken": "x", "requestId": "y"}).encode(),
    "invalid-utf8": b'{"requestId": "\xff\xfe"}',
    "deep": b"[" * 200_000,
    "nan": b'{"requestId": NaN}',
    "huge": b'{"devices": [' + b" " * 70_000_000 + b"]}",
}
