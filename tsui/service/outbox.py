"""The outbox: sends what the journal holds and writes down what comes back, whatever it is."""

import json
from typing import Any, NamedTuple

from tsui.clock import Clock
from tsui.service.problems import explain
from tsui.service.replies import raw, without_secrets
from tsui.store.changes import ChangeState
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.client import Client
from tsui.thingspace.errors import Fate, ThingSpaceError
from tsui.thingspace.operation import Operation

RETRY_WRITE = 2.0
"""Seconds between tries to write down what came back, e.g. while the disk is full."""

ANSWERED = "ThingSpace's answer"
"""What the success of an operation rests on that has no later outcome."""

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


class Outbox:
    """Sends requests of one account that are in the journal."""

    def __init__(self, client: Client, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock

    async def send(self, number: int, operation: Operation[Any]) -> Sent:
        """Send a request of the journal, once, and write down what came back.

        Raises ChangeOver when the request was closed meanwhile; it is not sent then.
        """
        await self._store.journal.mark_sending(number, self._now())
        try:
            sent = _judge(operation, await self._client.send(operation))
        except ThingSpaceError as error:
            problem = explain(error)
            sent = Sent(_STATE_OF_FATE[error.fate], problem.sentence, error.code)
        await self._write_down(number, sent)
        return sent

    async def _write_down(self, number: int, sent: Sent) -> None:
        """Write down what came back, for as long as it takes: it is known nowhere else."""
        answer = "" if sent.request_id else _as_text(sent.body)
        while True:
            try:
                await self._store.journal.mark_answered(
                    number,
                    sent.state,
                    self._now(),
                    request_id=sent.request_id,
                    problem=sent.problem,
                    code=sent.code,
                    evidence=ANSWERED if sent.state is ChangeState.SUCCEEDED else "",
                    answer=answer,
                )
            except StoreError:
                await self._clock.sleep(RETRY_WRITE)
            else:
                return

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _judge(operation: Operation[Any], reply: Any) -> Sent:
    request_id = str(getattr(reply, "request_id", "") or getattr(reply, "txid", "") or "")
    body = raw(reply)
    if operation.callback is None:
        return Sent(ChangeState.SUCCEEDED, body=body)
    if request_id:
        return Sent(ChangeState.ACCEPTED, request_id=request_id, body=body)
    return Sent(ChangeState.UNKNOWN, "ThingSpace answered without a request id.", body=body)


def _as_text(body: Any) -> str:
    return "" if not body else json.dumps(without_secrets(body), ensure_ascii=False)
