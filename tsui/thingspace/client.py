"""The client: one call, ``await client.send(operation)``, with everything a network may do to it.

A call's network work belongs to the client and not to the caller: a screen that goes away cancels
its waiting, never the request (a cancelled request would lose its connection for good, and nobody
would learn what became of a change).
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from tsui.clock import Clock, SystemClock
from tsui.thingspace._http import HttpTransport
from tsui.thingspace.answers import http_date, read_answer, unpack
from tsui.thingspace.auth import Authenticator, Keys, LoginMemory
from tsui.thingspace.errors import (
    BearerRefused,
    ConnectionLost,
    NoAnswer,
    NoToken,
    ReadOnly,
    SessionEnded,
    ThingSpaceError,
    Unclear,
    Unreachable,
)
from tsui.thingspace.exchange import Attempt, HttpAnswer, HttpRequest, Transport
from tsui.thingspace.operation import Effect, Needs, Operation, ReplyT
from tsui.thingspace.pacing import Circuit, Lane, Pass
from tsui.thingspace.policy import Policy
from tsui.thingspace.recorder import Recorder
from tsui.thingspace.redact import Redactor
from tsui.thingspace.repeating import Repeating
from tsui.thingspace.session import Login, Logout
from tsui.thingspace.standing import Standing
from tsui.thingspace.tasks import Tasks
from tsui.thingspace.trace import Trace

ProofT = TypeVar("ProofT")

PARSE_IN_THREAD = 64 * 1024
"""Answers beyond this many bytes are parsed in a thread; smaller ones take under 5 ms."""


@dataclass(slots=True)
class Health:
    """What the last calls tell about the way to ThingSpace."""

    answered_at: float | None = None
    """Monotonic time of the last answer, whatever it said."""
    trouble: ThingSpaceError | None = None
    """The error of the last attempt; None after a success."""
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
        logins: LoginMemory | None = None,
        draw: Callable[[], float] = random.random,
        transport: Transport | None = None,
        trace: Trace | None = None,
    ) -> None:
        self._policy = policy or Policy()
        self._clock = clock or SystemClock()
        self._transport = transport or HttpTransport(base_url, self._policy)
        self.redactor = Redactor()
        """Knows the secrets that were used, to keep them out of what is shown."""
        self._auth = Authenticator(
            keys, self._perform, self._policy, self._clock, self.redactor, logins
        )
        self._lane = Lane(self._policy, self._clock)
        self._repeating = Repeating(self._policy, self._clock, self._lane, draw)
        self._circuit = Circuit(self._policy, self._clock)
        self._tasks = Tasks()
        self.read_only = read_only
        """Whether operations that change something are refused before they leave."""
        self.trace = Trace() if trace is None else trace
        """The recent exchanges, redacted."""
        self._recorder = Recorder(self.trace, self.redactor)
        self.health = Health()
        """What the last calls tell about the way to ThingSpace."""

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send an operation and return its typed reply; raises a ThingSpaceError.

        Identical reads under way at the same time share one request, unless a change lies between
        them. Cancelling the caller never cancels the request.
        """
        if self.read_only and operation.changes():
            raise ReadOnly(f"Read-only: {operation.title!r} changes something and was not sent.")
        if not operation.reads():
            return await self._tasks.run(lambda: self._act(operation))
        key = f"{type(operation).__qualname__} {json.dumps(operation.fields(), sort_keys=True)}"
        return await self._tasks.share(key, lambda: self._perform(operation))

    @property
    def keys(self) -> Keys:
        """What proves who we are; never shown."""
        return self._auth.keys

    def use_password(self, password: str) -> None:
        """Log in with a password that the platform has just given, from the next login on."""
        self._auth.use_password(password)

    async def sign_in(self) -> None:
        """Get both tokens now, so that wrong credentials show before anything else happens."""
        await self._tasks.run(lambda: self._auth.headers(Needs.SESSION))

    async def sign_out(self) -> None:
        """End the session, if there is one that still lives."""
        try:
            if self._auth.session_ends_in > 0:
                with suppress(SessionEnded):
                    await self.send(Logout())
        finally:
            self._auth.forget_session()

    async def aclose(self) -> None:
        """Close the client; whoever still waits learns whether the request had left by then."""
        await self._tasks.aclose()
        await self._transport.aclose()

    @property
    def standing(self) -> Standing:
        """How fast calls may go right now, what is left to them, and how long the tokens live."""
        return Standing(
            rate=self._lane.bucket.rate,
            full_rate=self._policy.rate,
            silent_for=self._lane.silent_for,
            retries_left=self._lane.quota.left,
            retries=self._policy.quota,
            is_cut_off=self._circuit.is_open,
            token_ends_in=self._auth.bearer_ends_in,
            session_ends_in=self._auth.session_ends_in,
        )

    # -- calls --------------------------------------------------------------------------------

    async def _act(self, operation: Operation[ReplyT]) -> ReplyT:
        """Perform what may change the answers of reads, so that no older one is given for newer."""
        self._tasks.unshare()
        try:
            return await self._perform(operation)
        finally:
            self._tasks.unshare()

    async def _perform(self, operation: Operation[ReplyT]) -> ReplyT:
        """Attempt until it succeeds or another attempt is out of the question.

        A refused token proves that nothing was executed, so it is renewed and the call attempted
        again for changes too, but only once for each of the two tokens.
        """
        give_up_at = self._clock.monotonic() + self._policy.budget
        call, number, spent = self.trace.begin_call(), 1, 0
        renewed: set[type[ThingSpaceError]] = set()
        while True:
            headers = await self._proof(operation, self._auth.headers(operation.needs))
            try:
                reply = await self._attempt(operation, headers, (call, number), give_up_at)
            except (BearerRefused, SessionEnded) as refusal:
                self.health.trouble = refusal
                if type(refusal) in renewed or not _renewable(operation, refusal):
                    self._recorder.decided(call, number, "Not tried again: a new token is no help.")
                    raise
                renewed.add(type(refusal))
                self._recorder.decided(call, number, "Tried again with a new token.")
                await self._proof(operation, self._auth.renew(refusal, headers))
            except ThingSpaceError as error:
                self.health.trouble = error
                if isinstance(operation, Login) and isinstance(error, Unclear):
                    self._auth.note_unclear_login()
                decision = self._repeating.decide(
                    operation.effect, error, number, give_up_at, self._barred(operation)
                )
                self._recorder.decided(call, number, decision.why)
                if decision.wait is None:
                    raise
                number += 1
                spent += self._repeating.cost(error)
                await self._clock.sleep(decision.wait)
            else:
                self.health.trouble = None
                self._lane.quota.refund(spent)
                return reply

    async def _proof(self, operation: Operation[Any], work: Awaitable[ProofT]) -> ProofT:
        """Do what proves who we are; where that ends unclear, the call itself never left."""
        try:
            return await work
        except ThingSpaceError as error:
            self.health.trouble = error
            if operation.effect is Effect.AUTH or not isinstance(error, Unclear):
                raise
            raise NoToken(
                error.problem, status=error.status, excerpt=error.excerpt, code=error.code
            ) from error

    def _barred(self, operation: Operation[Any]) -> str:
        """Say why there must be no further attempt, whatever the policy says."""
        if self._tasks.closed:
            return "the client was closed"
        if isinstance(operation, Login) and not self._auth.may_log_in:
            return "another refused login may lock the contact"
        return ""

    # -- attempts -----------------------------------------------------------------------------

    async def _attempt(
        self,
        operation: Operation[ReplyT],
        headers: Mapping[str, str],
        place: tuple[int, int],
        give_up_at: float,
    ) -> ReplyT:
        async with self._lane.turn(operation.effect):
            left = max(self._policy.connect_timeout, give_up_at - self._clock.monotonic())
            request = _http_request(operation, headers, min(self._policy.attempt_timeout, left))
            admitted = self._circuit.admit()
            call, number = place
            attempt = Attempt(
                operation.title, number, request, self._clock.now(), self._clock.monotonic(),
                name=operation.same_as or type(operation).__name__, call=call,
            )  # fmt: skip
            try:
                answer = await self._transmit(request, admitted)
                attempt.status, attempt.headers = answer.status, answer.headers
                return await self._read(operation, answer, attempt)
            except asyncio.CancelledError:
                attempt.trouble = "The client was closed before the answer came."
                if self._tasks.closed:
                    raise ConnectionLost(attempt.trouble) from None
                raise
            except ThingSpaceError as error:
                attempt.status = error.status = error.status or attempt.status
                self._recorder.scrub(error)
                attempt.trouble = error.problem
                raise
            finally:
                self._recorder.record(attempt, self._clock.monotonic())

    async def _transmit(self, request: HttpRequest, admitted: Pass) -> HttpAnswer:
        try:
            answer = await self._transport.exchange(request)
        except (Unreachable, ConnectionLost, NoAnswer):
            self._circuit.failed(admitted)
            raise
        except BaseException:
            self._circuit.withdraw(admitted)
            raise
        self._circuit.succeeded()
        self.health.answered_at = self._clock.monotonic()
        if platform := http_date(answer.headers.get("date", "")):
            self.health.clock_ahead = (platform - self._clock.now()).total_seconds()
        return answer

    async def _read(
        self, operation: Operation[ReplyT], answer: HttpAnswer, attempt: Attempt
    ) -> ReplyT:
        encoding = answer.headers.get("content-encoding", "")

        def read() -> ReplyT:
            attempt.received = unpack(answer.body, encoding, self._policy.body_cap)
            return read_answer(operation, answer.status, answer.headers, attempt.received)

        if encoding or len(answer.body) > PARSE_IN_THREAD:
            return await asyncio.to_thread(read)
        return read()


def _renewable(operation: Operation[Any], refusal: ThingSpaceError) -> bool:
    """Tell whether another token may help; a login or logout must not log in for itself."""
    if isinstance(refusal, SessionEnded):
        return operation.effect is not Effect.AUTH
    return operation.needs is not Needs.KEY


def _http_request(
    operation: Operation[Any], headers: Mapping[str, str], total_timeout: float
) -> HttpRequest:
    fields = operation.body(reveal=True)
    body: bytes | None = None
    if operation.form:
        body = urlencode(fields or {}).encode()
    elif fields is not None:
        body = json.dumps(fields).encode()
    kind = "application/x-www-form-urlencoded" if operation.form else "application/json"
    return HttpRequest(
        method=operation.method,
        path=operation.url_path(),
        query=operation.parameters(),
        headers={**headers, "content-type": kind},
        body=body,
        read_timeout=operation.read_timeout,
        total_timeout=total_timeout,
    )
