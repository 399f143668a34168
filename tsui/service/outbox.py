"""The outbox: sends what the journal holds and writes down what comes back, whatever it is."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

from tsui.clock import Clock
from tsui.service.outcomes import UNTOLD, Outcome, as_one, device_outcomes
from tsui.service.problems import explain
from tsui.service.replies import raw, without_secrets
from tsui.store.changes import ChangeOver, ChangeState
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.client import Client
from tsui.thingspace.errors import Fate, ThingSpaceError
from tsui.thingspace.operation import Operation

T = TypeVar("T")

Keep = Callable[[Any], Awaitable[None]]
"""Keeps what of a reply must not be lost, before anything else is done with it."""

RETRY_WRITE = 2.0
"""Seconds between tries to write down what came back, e.g. while the disk is full."""

ANSWERED = "ThingSpace's answer"
"""What the success of an operation rests on that has no later outcome."""

CLOSED = "It was closed before it was sent."
"""Why a request was not sent that somebody had closed meanwhile."""

CRASHED = "The program failed while it was being sent."
"""Why the fate of a request is unknown whose answer nobody could make sense of."""

_STATE_OF_FATE = {
    Fate.NOT_SENT: ChangeState.NOT_SENT,
    Fate.REFUSED: ChangeState.REFUSED,
    Fate.UNKNOWN: ChangeState.UNKNOWN,
}


class Sent(NamedTuple):
    """What came back of a request."""

    state: ChangeState
    """What is known of it."""
    problem: str = ""
    """Why, where it did not go well; may hold words from outside."""
    code: str = ""
    """The platform's code."""
    request_id: str = ""
    """The id under which the platform speaks of its outcome."""
    body: Any = None
    """The answer as JSON; None when there was none."""
    devices: Mapping[str, Outcome] = {}
    """What became of each device by its identifier, where that differs between them."""
    number: int = 0
    """The request's number in the journal."""


class Outbox:
    """Sends requests of one account that are in the journal."""

    def __init__(self, client: Client, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock

    async def send(self, number: int, operation: Operation[Any], keep: Keep | None = None) -> Sent:
        """Send a request of the journal, once, and write down what came back.

        What is to be kept of the reply is kept first, as the journal may have to wait for room. A
        request that was closed meanwhile, or that cannot be marked as on its way, is not sent.
        """
        try:
            await self._store.journal.mark_sending(number, self._now())
        except ChangeOver:
            return Sent(ChangeState.NOT_SENT, CLOSED)
        except StoreError as error:
            sent = Sent(ChangeState.NOT_SENT, f"It could not be written down. {error}")
        else:
            sent = await self._exchange_or_crash(number, operation, keep)
        await self._write_down(number, sent)
        return sent._replace(number=number)

    async def _exchange_or_crash(
        self, number: int, operation: Operation[Any], keep: Keep | None
    ) -> Sent:
        """Exchange; an error nobody expected leaves a fate that is unknown, and goes on."""
        try:
            return await self._exchange(operation, keep)
        except asyncio.CancelledError:
            raise
        except BaseException:
            await self._write_down(number, Sent(ChangeState.UNKNOWN, CRASHED))
            raise

    async def _exchange(self, operation: Operation[Any], keep: Keep | None) -> Sent:
        try:
            reply = await self._client.send(operation)
            if keep is not None:
                await keep(reply)
            return _judge(operation, reply)
        except ThingSpaceError as error:
            problem = explain(error)
            return Sent(_STATE_OF_FATE[error.fate], problem.sentence, error.code)

    async def _write_down(self, number: int, sent: Sent) -> None:
        state = ChangeState.ACCEPTED if sent.devices else sent.state
        await self._insist(
            lambda: self._store.journal.mark_answered(
                number,
                state,
                self._now(),
                request_id=sent.request_id,
                problem=sent.problem,
                code=sent.code,
                evidence=ANSWERED if state is ChangeState.SUCCEEDED else "",
                answer=_as_text(sent),
            )
        )
        if sent.devices:
            await self._settle_each(number, sent.devices)

    async def _settle_each(self, number: int, outcomes: Mapping[str, Outcome]) -> None:
        unknown = Outcome(ChangeState.UNKNOWN, UNTOLD)
        for change in await self._insist(partial(self._store.journal.by_request, number)):
            state, problem = outcomes.get(change.identifier, unknown)
            write = partial(
                self._store.journal.move,
                change.id,
                state,
                self._now(),
                problem=problem,
                evidence="" if state is ChangeState.UNKNOWN else ANSWERED,
            )
            await self._insist(write)

    async def _insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Try for as long as it takes: what came back is known nowhere else."""
        while True:
            try:
                return await work()
            except StoreError:
                await self._clock.sleep(RETRY_WRITE)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _judge(operation: Operation[Any], reply: Any) -> Sent:
    request_id = str(getattr(reply, "request_id", "") or getattr(reply, "txid", "") or "")
    body = raw(reply)
    if operation.callback is None:
        return _judge_answer(operation, reply, body)
    if request_id:
        return Sent(ChangeState.ACCEPTED, request_id=request_id, body=body)
    return Sent(ChangeState.UNKNOWN, "ThingSpace answered without a request id.", body=body)


def _judge_answer(operation: Operation[Any], reply: Any, body: Any) -> Sent:
    """Judge an answer that is the outcome itself."""
    if getattr(reply, "success", None) is False:
        return Sent(ChangeState.REFUSED, "ThingSpace answered that it was not done.", body=body)
    outcomes = device_outcomes(operation, reply)
    state, problem = as_one(outcomes)
    return Sent(
        state, problem, body=body, devices={} if state is ChangeState.SUCCEEDED else outcomes
    )


def _as_text(sent: Sent) -> str:
    """Return the answer as the journal keeps it; nothing where it is but the request's id."""
    if not sent.body or (sent.request_id and len(sent.body) == 1):
        return ""
    return json.dumps(without_secrets(sent.body), ensure_ascii=False)
