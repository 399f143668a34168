"""The simulator without a network, and a network without wires: everything it may do to a request.

It keeps its own books of what left us and what the platform took, and checks at the moment a
request leaves what must hold by then.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from tests.reliability.still import PlatformClock, StillClock
from tsui.simulator.app import Simulator
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World
from tsui.thingspace.errors import ConnectionLost, NoAnswer, Unreachable
from tsui.thingspace.exchange import HttpAnswer, HttpRequest
from tsui.thingspace.policy import Policy

CHANGES = {
    "/devices/actions/suspend": "SuspendDevices",
    "/devices/actions/restore": "RestoreDevices",
    "/devices/actions/plan": "ChangePlan",
    "/sms": "SendSms",
}
"""Operations of the model by the end of their paths."""

RETRY_AFTER = 20
"""Seconds of silence that a busy platform asks for."""


class Mishap(Enum):
    """What the network or the platform does to a change."""

    NONE = auto()
    UNREACHABLE = auto()
    """No connection."""
    LOST_BEFORE = auto()
    """The connection breaks before the platform has it."""
    LOST_AFTER = auto()
    """The connection breaks before the answer is whole."""
    SILENCE = auto()
    """It is done, and nothing is heard of it."""
    LATE = auto()
    """It is held up on its way; it arrives later, perhaps after everybody gave up."""
    ANSWER_LATE = auto()
    """It is done; the answer is held up."""
    GARBAGE = auto()
    """It is done; the answer makes no sense."""
    FAILS_AFTER = auto()
    """It is done, and answered with HTTP 500."""
    THROTTLED = auto()
    """It is refused with HTTP 429, and a pause asked for."""


@dataclass
class Books:
    """What left, and what became of it, by the number of the request in the journal."""

    left: Counter[int] = field(default_factory=Counter)
    """Times it left us."""
    taken: dict[int, list[str]] = field(default_factory=dict)
    """Ids of the platform's requests it led to."""
    unattended_refusals: int = 0
    """Logins refused in a row since somebody was at the keyboard."""


class Letter(NamedTuple):
    """A callback message."""

    service: str
    body: dict[str, Any]


class Platform:
    """The simulator, reached by function calls."""

    def __init__(self, folder: Path, clock: StillClock, ahead: float) -> None:
        self._folder = folder
        self.clock = clock
        """Our time."""
        settings = SimulatorSettings(devices=12, delay=3.0, sms_every=0.0)
        self.world = World(settings, PlatformClock(clock, ahead))
        """The simulated world."""
        self.letters: list[Letter] = []
        """The callback messages it has sent, whether they came or not."""
        self.world.postman.__dict__["post"] = self._post
        self._app = Simulator(self.world)
        self.books = Books()
        """What happened."""
        self.mishaps: list[Mishap] = []
        """What the next changes meet."""
        self._gate = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()

    def connect(self, _: str, policy: Policy, **__: Any) -> "Network":
        """Return the way of one process to here; stands in for the transport's constructor."""
        return Network(self, policy)

    def release(self) -> None:
        """Let go of everything that is held up."""
        self._gate.set()
        self._gate = asyncio.Event()

    async def aclose(self) -> None:
        """End everything that happens by itself."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        await self.world.aclose()

    def _post(self, _: str, service: str, message: dict[str, Any]) -> None:
        self.letters.append(Letter(service, message))

    async def held(self) -> None:
        """Wait until what is held up is let go."""
        await self._gate.wait()

    def arrives_late(self, request: HttpRequest, number: int) -> None:
        """Let a request arrive when it is let go, whoever still waits for its answer."""

        async def arrive() -> None:
            await self.held()
            await self.take(request, number)

        task = asyncio.ensure_future(arrive())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def take(self, request: HttpRequest, number: int | None) -> HttpAnswer:
        """Let the platform work on a request; it does so to the end, whoever waits."""
        answer = await asyncio.shield(asyncio.ensure_future(self._serve(request)))
        if number is not None and answer.status < 300:
            request_id = json.loads(answer.body)["requestId"]
            self.books.taken.setdefault(number, []).append(request_id)
            assert len(self.books.taken[number]) == 1, f"request {number} was done twice"
        if request.path.endswith("/session/login"):
            # A login may also be turned away at the gateway, which nobody counts.
            self.books.unattended_refusals += b"LoginFailed" in answer.body
            if answer.status < 300:
                self.books.unattended_refusals = 0
            assert self.books.unattended_refusals <= 2, "a password was refused too often"
        return answer

    def number_of(self, request: HttpRequest) -> int | None:
        """Return the journal's number of a change that leaves now: it must be on disk."""
        operation = next((CHANGES[end] for end in CHANGES if request.path.endswith(end)), None)
        if operation is None or request.method == "GET":
            return None
        body = json.loads(request.body or b"{}")
        found = [number for number, fields in self._being_sent(operation) if fields == body]
        assert len(found) == 1, f"{operation} left and the journal holds {found}"
        (number,) = found
        self.books.left[number] += 1
        return number

    def _being_sent(self, operation: str) -> Iterator[tuple[int, Any]]:
        file = next(self._folder.glob("**/journal.db"))
        with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
            sql = (
                "SELECT DISTINCT r.id, r.fields FROM request_device AS d JOIN request AS r "
                "ON r.id = d.request WHERE d.state = 'sending' AND r.operation = ?"
            )
            for number, fields in connection.execute(sql, (operation,)):
                yield int(number), json.loads(fields)

    async def _serve(self, request: HttpRequest) -> HttpAnswer:
        path, _, query = request.path.partition("?")
        scope: dict[str, Any] = {
            "type": "http", "http_version": "1.1", "scheme": "http", "root_path": "",
            "method": request.method, "path": path, "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in request.headers.items()],
        }  # fmt: skip
        status, headers, body = 0, {}, bytearray()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body or b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = {k.decode(): v.decode() for k, v in message["headers"]}
            body.extend(message.get("body", b""))

        await self._app(scope, receive, send)
        return HttpAnswer(status, headers, bytes(body))


class Network:
    """The way of one process to the platform; takes the place of the HTTP transport."""

    def __init__(self, platform: Platform, policy: Policy) -> None:
        self._platform = platform
        self._policy = policy
        self._times: list[float] = []
        self._silent_from, self._silent_until = 0.0, 0.0
        self._tokens_asked = 0

    async def aclose(self) -> None:
        """Nothing is left open."""

    async def exchange(self, request: HttpRequest) -> HttpAnswer:
        """Take a request to the platform, if nothing comes between."""
        self._check_pace()
        platform = self._platform
        number = platform.number_of(request)
        if number is None:
            return await self._read(request)
        mishap = platform.mishaps.pop(0) if platform.mishaps else Mishap.NONE
        match mishap:
            case Mishap.UNREACHABLE:
                raise Unreachable("No connection.")
            case Mishap.LOST_BEFORE:
                raise ConnectionLost("Broken.")
            case Mishap.THROTTLED:
                self._silent_from = platform.clock.monotonic()
                self._silent_until = self._silent_from + RETRY_AFTER
                return HttpAnswer(429, {"retry-after": str(RETRY_AFTER)}, b"{}")
            case Mishap.LATE:
                platform.arrives_late(request, number)
                await self._wait(request)
                raise ConnectionLost("It came through and nothing was heard of it.")
        return await self._done(request, mishap, await platform.take(request, number))

    async def _done(self, request: HttpRequest, mishap: Mishap, answer: HttpAnswer) -> HttpAnswer:
        match mishap:
            case Mishap.LOST_AFTER:
                raise ConnectionLost("Broken.", status=answer.status)
            case Mishap.SILENCE:
                await self._platform.clock.sleep(request.read_timeout)
                raise NoAnswer("Silence.")
            case Mishap.ANSWER_LATE:
                await self._wait(request)
            case Mishap.GARBAGE:
                return HttpAnswer(200, {}, b'{"requestId": "7b0f')
            case Mishap.FAILS_AFTER:
                return HttpAnswer(500, {}, b"{}")
        return answer

    async def _wait(self, request: HttpRequest) -> None:
        """Wait until what is held up is let go, or for as long as an answer may take."""
        ways = [
            asyncio.ensure_future(self._platform.held()),
            asyncio.ensure_future(self._platform.clock.sleep(request.read_timeout)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if not ways[0].done():
                raise NoAnswer("Silence.")
        finally:
            for way in ways:
                way.cancel()

    async def _read(self, request: HttpRequest) -> HttpAnswer:
        is_token = request.path.endswith("/oauth2/token")
        self._tokens_asked += is_token
        assert self._tokens_asked <= 1, "two tokens were asked for at once"
        try:
            return await self._platform.take(request, None)
        finally:
            self._tokens_asked -= is_token

    def _check_pace(self) -> None:
        """Check that neither the rate nor a pause the platform asked for is broken."""
        now = self._platform.clock.monotonic()
        assert not self._silent_from < now < self._silent_until, "the asked pause was broken"
        self._times = [*(each for each in self._times if each > now - 60.0), now]
        for count, since in enumerate(reversed(self._times), 1):
            most = self._policy.burst + self._policy.rate * (now - since) + 1e-6
            assert count <= most, f"{count} requests in {now - since:g} s"
