"""What the receiver answers: 200 once a message is on the disk, and never a word of it."""

import hmac
import time
from collections.abc import Iterable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tsui.credentials.callback import CallbackKeys
from tsui.receiver.guard import Refused, whole_body
from tsui.receiver.intake import Intake
from tsui.receiver.message import NotOurs, arrival
from tsui.receiver.source import Sources
from tsui.store.errors import StoreError

HEALTH = "/health"
"""Answers 200 while a message can be written down, which is tried, else 503."""

_LONGEST_SERVICE = 64


class Receiver:
    """The ASGI application."""

    def __init__(self, intake: Intake, keys: CallbackKeys, sources: Sources) -> None:
        self._intake = intake
        self._keys = keys
        self._sources = sources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            status = await self._status(scope, receive)
        except Refused as refused:
            status = refused.status
        # What is left of a body that was refused must not be taken for another request.
        headers = {} if status == 200 else {"connection": "close"}
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _status(self, scope: Scope, receive: Receive) -> int:
        if scope["path"] == HEALTH:
            return 200 if await self._intake.works() else 503
        peer = scope["client"][0] if scope["client"] else ""
        origin = self._sources.origin(peer, _forwarded(scope["headers"]))
        if not self._sources.allows(origin):
            raise Refused(403)
        service = self._service(scope["path"])
        if scope["method"] != "POST":
            raise Refused(405)
        body = await whole_body(scope, receive)
        try:
            message = arrival(body, service, origin, time.time(), self._keys)
            await self._intake.take(message)
        except NotOurs:
            raise Refused(401) from None
        except StoreError:
            raise Refused(503) from None
        return 200

    def _service(self, path: str) -> str:
        """Return the service that a path is registered for; raises Refused for a wrong path."""
        secret, _, service = path.removeprefix("/").partition("/")
        known = hmac.compare_digest(secret.encode(), self._keys.path.encode())
        named = not service or (service.isascii() and service.isalnum())
        if not (known and named and len(service) <= _LONGEST_SERVICE):
            raise Refused(404)
        return service


def _forwarded(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    joined = b",".join(value for name, value in headers if name == b"x-forwarded-for")
    return [each.strip() for each in joined.decode("latin-1").split(",") if each.strip()]
