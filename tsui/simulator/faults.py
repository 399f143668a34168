"""Faults on order: rules that say which call goes wrong, how, and whether it was done before."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Send

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

    about: str = ""
    """Only calls whose body holds this, e.g. a device's number; empty for every call."""

    def takes(self, method: str, path: str, body: str) -> bool:
        """Count a call, and tell whether it goes wrong."""
        if self.method not in ("", method) or not re.search(self.path, path):
            return False
        if self.about not in body:
            return False
        self.seen += 1
        turn = self.seen - self.skip
        return turn > 0 and (self.times < 0 or turn <= self.times)


class DropConnection(Exception):
    """The connection is to be cut without a word."""


def answer(fault: Fault, whole: bytes) -> Response | None:
    """Return a fault's answer where it is an ordinary one; None where bytes have to go wrong.

    ``whole`` is the body of the right answer, where the call was done.
    """
    match fault.action:
        case "status":
            body = _UNEXPECTED if fault.body is None else fault.body
            return JSONResponse(body, fault.status, fault.headers)
        case "html":
            page = "<!DOCTYPE html><html><body><h1>Welcome to Hotel WiFi</h1></body></html>"
            return Response(page, media_type="text/html")
        case "redirect":
            return RedirectResponse("http://127.0.0.1:9/elsewhere", 302)
        case "empty-page":
            return JSONResponse({"hasMoreData": True, "devices": []}, 202)
        case "repeat-page":
            return JSONResponse({**json.loads(whole), "hasMoreData": True}, 202)
        case _:
            content = _CONTENTS.get(fault.action)
            return None if content is None else Response(content, media_type="application/json")


async def send_broken(fault: Fault, whole: bytes, send: Send) -> None:
    """Send an answer whose bytes go wrong."""
    match fault.action:
        case "drop":
            raise DropConnection
        case "hang":
            await asyncio.sleep(fault.seconds or 10**6)
            raise DropConnection
        case "cut":
            await _begin(send, len(whole))
            half = whole[: len(whole) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            raise DropConnection
        case "huge":
            await _begin(send, HUGE)
            for _ in range(HUGE // len(_SPACES)):
                await send({"type": "http.response.body", "body": _SPACES, "more_body": True})
            await send({"type": "http.response.body"})
        case "drip":
            await _begin(send, len(whole))
            for place in range(len(whole)):
                byte = whole[place : place + 1]
                await send({"type": "http.response.body", "body": byte, "more_body": True})
                await asyncio.sleep(fault.seconds)
            await send({"type": "http.response.body"})


async def _begin(send: Send, length: int) -> None:
    head = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})


ACCEPTED = b'{"requestId": "00000000-0000-4000-8000-000000000000"}'
"""The right answer of a call that was not done."""

DONE_FIRST = frozenset({"cut", "drip", "repeat-page"})
"""Faults of the answer alone: the call was done in any case."""

HUGE = 70 * 2**20
"""Bytes of a huge answer, beyond what a client should accept."""

_SPACES = b" " * 2**20
_UNEXPECTED = {
    "errorCode": "UnifiedWebService.REQUEST_FAILED.UnexpectedError",
    "errorMessage": "Unexpected error.",
}
_CONTENTS: dict[str, bytes] = {
    "bad-json": b'{"requestId": "7b0f',
    "bom": b"\xef\xbb\xbf" + json.dumps({"sessionToken": "x", "requestId": "y"}).encode(),
    "invalid-utf8": b'{"requestId": "\xff\xfe"}',
    "deep": b"[" * 200_000,
    "nan": b'{"requestId": NaN}',
}
