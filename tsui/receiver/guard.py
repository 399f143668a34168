"""The guard: no sender can hold a connection, or memory, for longer than a message needs."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

LARGEST = 256 * 1024
"""Bytes of a body at the most; messages have a few hundred to some thousand."""

BODY_WITHIN = 2.0
"""Seconds that a body may take to come."""

HEAD_WITHIN = 3.5
"""Seconds that a connection may be open without a complete head of a request."""

LARGEST_HEAD = 16 * 1024
"""Bytes of a request's head at the most."""


class Refused(Exception):
    """A request is answered with a status and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        """The HTTP status."""


async def whole_body(scope: Scope, receive: Receive) -> bytes:
    """Return the body of a request; raises Refused for one that is too long or too slow.

    A request that says its length in two ways may mean one thing to a proxy and another to us.
    """
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        raise Refused(431)
    headers = [name for name, _ in scope["headers"]]
    if b"transfer-encoding" in headers and b"content-length" in headers:
        raise Refused(400)
    if any(int(value) > LARGEST for name, value in scope["headers"] if name == b"content-length"):
        raise Refused(413)
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await _read(receive)
    except TimeoutError:
        raise Refused(408) from None


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400)
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise Refused(413)
        if not message.get("more_body"):
            return bytes(body)


class GuardedProtocol(H11Protocol):
    """A connection that is cut when no complete head comes in time."""

    _reaper: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        if self._reaper is not None:
            self._reaper.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        self._wait_for_head()
        super().on_response_complete()

    def _wait_for_head(self) -> None:
        if self._reaper is not None:
            self._reaper.cancel()
        self._reaper = self.loop.call_later(HEAD_WITHIN, self._reap)

    def _reap(self) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.abort()
