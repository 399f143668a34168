"""The client: one call, ``await client.send(operation)``, with everything a network may do to it.

A call's network work belongs to the client and not to the caller: a screen that goes away cancels
its waiting, never the request (a cancelled request would lose its connection for good, and nobody
would learn what became of a change).
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from tsui.clock import Clock, SystemClock
from tsui.thingspace._http import HttpAnswer, HttpRequest, HttpTransport
from tsui.thingspace.answers import excerpt, http_date, read_answer, unpack
from tsui.thingspace.auth import SESSION_HEADER, Authenticator, Keys
from tsui.thingspace.errors import (
    BearerRefused,
    ClientClosed,
    ConnectionLost,
    NoAnswer,
    ReadOnly,
    Rejected,
    SessionEnded,
    ThingSpaceError,
    Throttled,
    Unreachable,
)
from tsui.thingspace.operation import Effect, Needs, Operation, ReplyT
from tsui.thingspace.pacing import Circuit, Lane
from tsui.thingspace.policy import Policy, attempts, backoff, worth_repeating
from tsui.thingspace.redact import Redactor
from tsui.thingspace.session import Logout
from tsui.thingspace.trace import Call, Trace

PARSE_IN_THREAD = 64 * 1024
"""Answers beyond this many bytes are parsed in a thread; smaller ones take under 5 ms."""

_KEPT_OF_BODY = 16 * 1024


@dataclass(slots=True)
class Health:
    """What the last calls tell about the way to ThingSpace."""

    answered_at: float | None = None
    """Monotonic time of the last answer, whatever it said."""
    trouble: ThingSpaceError | None = None
    """The error of the last call; None after a success."""
    clock_ahead: float = 0.0
    """Seconds the platform's clock is ahead of ours, as its last answer tells."""


class Client:
    """An asynchronous client of ThingSpace for one user."""

    def __init__(
        self,
        base_url: str,
        keys: Keys,
        *,
        policy: Policy | None = None,
        clock: Clock | None = None,
        read_only: bool = False,
        ca_file: str | None = None,
        use_environment_proxy: bool = False,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._policy = policy or Policy()
        self._clock = clock or SystemClock()
        self._draw = draw
        self._transport = HttpTransport(
            base_url, self._policy, ca_file=ca_file, use_environment_proxy=use_environment_proxy
        )
        self._redactor = Redactor()
        self._auth = Authenticator(keys, self._perform, self._policy, self._clock, self._redactor)
        self._auth_turn = asyncio.Lock()
        self._lanes: dict[str, Lane] = {}
        self._circuit = Circuit(self._policy, self._clock)
        self._shared: dict[str, asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self.read_only = read_only
        """Whether operations that change something are refused before they leave."""
        self.trace = Trace()
        """The recent exchanges, redacted."""
        self.health = Health()
        """What the last calls tell about the way to ThingSpace."""

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send an operation and return its typed reply; raises a ThingSpaceError.

        Identical reads under way at the same time share one request. Cancelling the caller never
        cancels the request.
        """
        if self._closed:
            raise ClientClosed("The connection was closed; nothing was sent.")
        if self.read_only and operation.changes():
            raise ReadOnly(f"Read-only: {operation.title!r} changes something and was not sent.")
        if not operation.reads():
            return await asyncio.shield(self._start(operation))
        key = f"{type(operation).__qualname__} {json.dumps(operation.fields(), sort_keys=True)}"
        task = self._shared.get(key)
        if task is None:
            task = self._shared[key] = self._start(operation)
            task.add_done_callback(lambda _: self._shared.pop(key, None))
        return cast("ReplyT", await asyncio.shield(task))

    async def sign_in(self) -> None:
        """Get both tokens now, so that wrong credentials show before anything else happens."""
        await asyncio.shield(self._own(self._auth.headers(Needs.SESSION)))

    async def sign_out(self) -> None:
        """End the session, if there is one that still lives."""
        if self._auth.session_ends_in > 0:
            with suppress(SessionEnded):
                await self.send(Logout())
        self._auth.forget_session()

    async def aclose(self) -> None:
        """Close the client: what has not been sent never will be, what is under way is left."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._transport.aclose()

    def silent_for(self, account: str) -> float:
        """Return the seconds of silence the platform asked for an account and that are left."""
        return self._lane(account).silent_for

    def session_ends_in(self) -> float:
        """Return the seconds until an unused session will have to be renewed."""
        return self._auth.session_ends_in

    def _start(self, operation: Operation[ReplyT]) -> asyncio.Task[ReplyT]:
        return self._own(self._perform(operation))

    def _own(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # every waiter may be gone; a result nobody wants is no error

    async def _perform(self, operation: Operation[ReplyT]) -> ReplyT:
        lane = self._lane(str(getattr(operation, "account_name", None) or ""))
        give_up_at = self._clock.monotonic() + self._policy.budget
        most = attempts(self._policy, operation.effect)
        spent = 0
        for attempt in range(1, most + 1):
            try:
                reply = await self._with_fresh_tokens(operation, lane, attempt)
            except ThingSpaceError as error:
                self.health.trouble = error
                cost = self._cost(error)
                wait = backoff(self._policy, error, attempt, self._draw)
                self._note_throttling(lane, error, wait)
                if (
                    attempt == most
                    or not worth_repeating(operation.effect, error)
                    or wait > self._policy.wait_in_place
                    or self._clock.monotonic() + wait > give_up_at
                    or not lane.quota.spend(cost)
                ):
                    raise
                spent += cost
                await self._clock.sleep(wait)
            else:
                self.health.trouble = None
                lane.quota.refund(spent)
                return reply
        raise AssertionError("the loop ends by return or raise")

    async def _with_fresh_tokens(
        self, operation: Operation[ReplyT], lane: Lane, attempt: int
    ) -> ReplyT:
        """Attempt once; after a token was refused, renew it and attempt once more.

        A refused token proves that nothing was executed, so this holds for changes too.
        """
        headers = await self._auth.headers(operation.needs)
        try:
            return await self._attempt(operation, headers, lane, attempt)
        except BearerRefused:
            if operation.needs is Needs.KEY:
                raise
            await self._auth.renew_bearer(headers["authorization"])
        except SessionEnded:
            if operation.effect is Effect.AUTH:
                raise
            await self._auth.renew_session(headers[SESSION_HEADER])
        headers = await self._auth.headers(operation.needs)
        return await self._attempt(operation, headers, lane, attempt)

    async def _attempt(
        self, operation: Operation[ReplyT], headers: Mapping[str, str], lane: Lane, attempt: int
    ) -> ReplyT:
        if operation.effect is Effect.AUTH:
            async with self._auth_turn:
                return await self._exchange(operation, headers, attempt)
        async with lane.turn(operation.effect):
            return await self._exchange(operation, headers, attempt)

    async def _exchange(
        self, operation: Operation[ReplyT], headers: Mapping[str, str], attempt: int
    ) -> ReplyT:
        self._circuit.admit()
        request = _http_request(operation, headers)
        began = self._clock.monotonic()
        answer: HttpAnswer | None = None
        plain = b""
        trouble = ""
        try:
            answer = await self._transport.exchange(request)
            plain = unpack(
                answer.body, answer.headers.get("content-encoding", ""), self._policy.body_cap
            )
            if len(plain) > PARSE_IN_THREAD:
                return await asyncio.to_thread(
                    read_answer, operation, answer.status, answer.headers, plain
                )
            return read_answer(operation, answer.status, answer.headers, plain)
        except ThingSpaceError as error:
            trouble = error.problem
            self._scrub(error)
            if answer is None and isinstance(error, Unreachable | ConnectionLost | NoAnswer):
                self._circuit.failed()
            raise
        finally:
            self._conclude(operation, request, answer, plain, began, attempt, trouble)

    def _conclude(
        self,
        operation: Operation[Any],
        request: HttpRequest,
        answer: HttpAnswer | None,
        plain: bytes,
        began: float,
        attempt: int,
        trouble: str,
    ) -> None:
        now = self._clock.monotonic()
        if answer is None:
            self._circuit.withdraw()
        else:
            self._circuit.succeeded()
            self.health.answered_at = now
            if platform := http_date(answer.headers.get("date", "")):
                self.health.clock_ahead = (platform - self._clock.now()).total_seconds()
        path = request.path + (f"?{urlencode(request.query)}" if request.query else "")
        self.trace.add(
            Call(
                at=self._clock.now(),
                operation=operation.title,
                method=request.method,
                path=self._redactor.text(path),
                attempt=attempt,
                seconds=now - began,
                status=answer.status if answer else None,
                sent=self._redacted(request.body or b""),
                received=self._redacted(plain),
                size=len(plain),
                error=trouble,
            )
        )

    def _scrub(self, error: ThingSpaceError) -> None:
        """Take our secrets out of what the other side said: it may have echoed the request."""
        error.excerpt = self._redactor.text(error.excerpt)
        if isinstance(error, Rejected):
            error.message = self._redactor.text(error.message)

    def _redacted(self, body: bytes) -> str:
        if len(body) > _KEPT_OF_BODY:
            return f"{len(body):,} bytes, not kept"
        try:
            return json.dumps(self._redactor.value(json.loads(body)), ensure_ascii=False)
        except ValueError:
            return self._redactor.text(excerpt(body))

    def _cost(self, error: ThingSpaceError) -> int:
        if isinstance(error, Throttled):
            return self._policy.quota_throttled
        return self._policy.quota_transient

    def _note_throttling(self, lane: Lane, error: ThingSpaceError, wait: float) -> None:
        if isinstance(error, Throttled):
            lane.bucket.slow_down()
            if error.retry_after is not None:
                lane.pause(min(wait, self._policy.retry_after_cap))

    def _lane(self, account: str) -> Lane:
        if account not in self._lanes:
            self._lanes[account] = Lane(self._policy, self._clock)
        return self._lanes[account]


def _http_request(operation: Operation[Any], headers: Mapping[str, str]) -> HttpRequest:
    fields = operation.body(reveal=True)
    body: bytes | None = None
    if operation.form:
        body = urlencode(fields or {}).encode()
    elif fields is not None:
        body = json.dumps(fields, ensure_ascii=False).encode()
    kind = "application/x-www-form-urlencoded" if operation.form else "application/json"
    return HttpRequest(
        method=operation.method,
        path=operation.url_path(),
        query=operation.parameters(),
        headers={**headers, "content-type": kind},
        body=body,
        read_timeout=operation.read_timeout,
    )
