"""Replaying: a recording stands for ThingSpace; no socket is opened."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tsui.clock import Clock
from tsui.service.recording.matching import nearest, wanted
from tsui.service.recording.reader import Place, Recording
from tsui.thingspace.errors import NotRecorded
from tsui.thingspace.exchange import HttpAnswer, HttpRequest
from tsui.thingspace.operation import Operation
from tsui.thingspace.redact import Redactor
from tsui.thingspace.session import GetAccessToken, Login, Logout

_TOKEN_LIFE = 10 * 365 * 86400
"""Seconds that a token of ours lives: nobody is there to renew it."""

_TOKENS: Mapping[type[Operation[Any]], Mapping[str, Any]] = {
    GetAccessToken: {"access_token": "replay", "expires_in": _TOKEN_LIFE},
    Login: {"sessionToken": "replay"},
    Logout: {"sessionToken": "replay"},
}
"""What is answered to whoever proves who they are: secrets are not recorded."""


class RecordedAnswers:
    """Answers requests from a recording, each as at the moment that a clock shows."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._recording = recording
        self._clock = clock
        self._redactor = Redactor()
        self._places: dict[str, list[Place]] = defaultdict(list)
        for place in recording.places:
            self._places[place.wanted.key].append(place)

    async def exchange(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request; raises NotRecorded."""
        for operation, token in _TOKENS.items():
            if request.path == operation.base + operation.path:
                return HttpAnswer(200, {}, json.dumps(token).encode())
        wish = wanted(request.method, _path(request), self._body(request))
        told = self._places.get(wish.key, ())
        answered = [each for each in told if each.status is not None]
        place = nearest(answered, wish, self._clock.now().timestamp())
        if place is None or place.status is None:
            raise NotRecorded(_why_not(told, answered))
        exchange = await asyncio.to_thread(self._recording.whole, place)
        body = exchange.received.content if exchange.received else b""
        headers = {"location": exchange.location} if exchange.location else {}
        return HttpAnswer(place.status, headers, body)

    async def aclose(self) -> None:
        """Hold nothing."""

    def _body(self, request: HttpRequest) -> bytes:
        """Return the body as it would have been recorded."""
        if not request.body:
            return b""
        try:
            value = json.loads(request.body)
        except ValueError:
            return self._redactor.fragment(request.body.decode("utf-8", "replace")).encode()
        return json.dumps(self._redactor.value(value)).encode()


def _path(request: HttpRequest) -> str:
    return request.path + (f"?{urlencode(request.query)}" if request.query else "")


def _why_not(told: Sequence[Place], answered: Sequence[Place]) -> str:
    if answered:
        first = datetime.fromtimestamp(min(each.at for each in answered), UTC)
        return (
            "At this moment of the recording it was not known yet; "
            f"it was first answered at {first:%Y-%m-%d %H:%M:%S} UTC."
        )
    if told:
        return "It was asked while this was recorded, and no answer came."
    return "This is not in the recording: nobody asked for it while it was made."
