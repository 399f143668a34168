"""Running any operation: reads at once, everything else over the journal like every change."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tsui.clock import Clock
from tsui.service.accounts.asked import too_old
from tsui.service.evidence import CLOCK_AHEAD
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.former import former_values
from tsui.service.forms import devices_named
from tsui.service.judge import ONE_AT_A_TIME, OperationJudge
from tsui.service.kinds import ACCOUNT
from tsui.service.outbox import Keep, Outbox, Sent
from tsui.service.preflight import Report
from tsui.service.problems import explain
from tsui.service.remembering import AnswerMemory, known_device
from tsui.service.replies import Answer, raw
from tsui.store.audit import Actor
from tsui.store.changes import Intent, OpenChange, Target
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.client import Client
from tsui.thingspace.errors import Fate, ThingSpaceError
from tsui.thingspace.history import GetAggregateUsage
from tsui.thingspace.operation import Operation
from tsui.thingspace.session import ResetPassword

UNKEPT = (
    "Nothing was sent: the password is reset on the screen of the account (7, Access), where the "
    "new one is kept before it is shown."
)
"""Why the password is not reset where nobody would keep the new one."""


class OperationRunner:
    """Runs operations of one signed-in account."""

    def __init__(
        self, client: Client, store: Store, outbox: Outbox, clock: Clock, *, judge: OperationJudge,
        environment: str, account: str, actor: Actor, spawn: Callable[..., asyncio.Task[None]],
    ) -> None:  # fmt: skip
        self._client = client
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._judge = judge
        self._environment = environment
        self._account = account
        self._actor = actor
        self._spawn = spawn
        self._memory = AnswerMemory(store, account)
        self._sending: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    @property
    def is_sending(self) -> bool:
        """Whether an operation that changes something is on its way out."""
        return bool(self._sending)

    async def finish(self) -> None:
        """Wait until nothing is on its way out."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def read(self, operation: Operation[Any]) -> Answer:
        """Send a read and remember its answer; raises ReadFailed with a sentence."""
        if not operation.reads():
            raise ValueError(f"{type(operation).__name__} changes something")
        if isinstance(operation, GetAggregateUsage) and (
            why := too_old(operation.start_time, self._clock.now())
        ):
            raise ReadFailed(why, Fate.NOT_SENT)
        try:
            reply = await self._client.send(operation)
        except ThingSpaceError as error:
            trouble = str(explain(error))
            await self._memory.keep_trouble(operation, trouble, self._now())
            raise ReadFailed(trouble, error.fate) from error
        answer = Answer(type(operation).__name__, self._now(), raw(reply))
        await self._memory.keep(operation, answer)
        await self._await_callback(operation, reply)
        return answer

    async def report(self, operation: Operation[Any]) -> Report:
        """Say what speaks for and against an operation that changes something."""
        return await self._judge.report(operation)

    async def change(
        self, operation: Operation[Any], note: str = "", names: frozenset[str] = frozenset(),
        keep: Keep | None = None, *, batch: str = "",
    ) -> Sent:  # fmt: skip
        """Write an operation into the journal, send it once, and return what came back.

        The note says why it is done; the names are those of protected devices and groups that the
        operator has typed; ``keep`` keeps what of the reply must not be lost, and ``batch`` is the
        name under which the journal keeps the request.

        Raises ChangeFailed when nothing was sent because it could not be written down or a rule
        forbids it, e.g. as a device has a change that is not over. Cancelling the caller cancels
        nothing.
        """
        if isinstance(operation, ResetPassword) and keep is None:
            raise ChangeFailed(UNKEPT)
        done: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        batch = batch or uuid.uuid4().hex
        work = self._run(operation, note, names, batch, keep, done)
        task = self._spawn(work, name=f"send {operation.title}")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        task.add_done_callback(lambda ended: _pass_on(ended, done))
        return await done

    async def _run(
        self, operation: Operation[Any], note: str, names: frozenset[str], batch: str,
        keep: Keep | None, done: "asyncio.Future[Sent]",
    ) -> None:  # fmt: skip
        try:
            await self._judge.approve(operation, names)
            number = await self._write_intent(operation, note, batch)
        except ChangeFailed as error:
            if not done.done():
                done.set_exception(error)
            return
        sent = await self._send(number, operation, keep)
        if not done.done():
            done.set_result(sent)

    async def _write_intent(self, operation: Operation[Any], note: str, batch: str) -> int:
        owner = self._store.owner.name
        try:
            async with self._writing:
                intent = replace(await self._intent(operation, batch), note=note)
                await self._refuse_twin(intent)
                return await self._store.journal.intend(intent, owner=owner, at=self._now())
        except OpenChange as error:
            raise ChangeFailed(
                f"Nothing was sent: {error.device_key} has a change in request {error.request} "
                f"that is {error.state}. Look at it in Requests (3)."
            ) from error
        except StoreError as error:
            raise ChangeFailed(f"Nothing was sent. {error}") from error

    async def _refuse_twin(self, intent: Intent) -> None:
        """Refuse what is on its way already, or was sent and has an unknown fate."""
        twin = await self._store.journal.unsettled_twin(
            intent.account, intent.operation, intent.fields
        )
        if twin:
            number, state = twin
            raise ChangeFailed(
                f"Nothing was sent: the same was sent in request {number}, which is {state}. "
                "Look at it in Requests (3)."
            )

    async def _send(self, number: int, operation: Operation[Any], keep: Keep | None) -> Sent:
        sent = await self._outbox.send(number, operation, keep)
        if sent.body and not sent.request_id:
            answer = Answer(type(operation).__name__, self._now(), sent.body)
            await self._memory.keep(operation, answer)
        return sent

    async def _intent(self, operation: Operation[Any], batch: str) -> Intent:
        named = devices_named(operation)
        return Intent(
            batch=batch,
            environment=self._environment,
            account=self._account,
            operator=self._actor.operator,
            profile=self._actor.profile,
            operation=type(operation).__name__,
            title=operation.title,
            fields=operation.fields(),
            targets=await self._targets(named) if named else [self._account_itself()],
            exclusive=bool(named) and operation.callback in ONE_AT_A_TIME,
        )

    async def _targets(self, named: Sequence[tuple[str, str]]) -> list[Target]:
        ahead = self._client.health.clock_ahead
        targets: dict[str, Target] = {}
        for kind, number in named:
            device = await known_device(self._store, self._account, kind, number)
            key = device.key if device else f"{kind}:{number}"
            before: dict[str, Any] = {CLOCK_AHEAD: ahead}
            if device:
                before |= former_values(device, await self._store.devices.raw(device.id))
            targets[key] = Target(key, kind, number, before)
        return list(targets.values())

    def _account_itself(self) -> Target:
        return Target(f"{ACCOUNT}:{self._account}", ACCOUNT, self._account, {})

    async def _await_callback(self, operation: Operation[Any], reply: Any) -> None:
        """Remember that the answer itself comes by callback; without that it is a stranger's."""
        request_id = getattr(reply, "request_id", "") if operation.callback else ""
        if request_id:
            with suppress(StoreError):
                await self._store.inbox.ask(
                    str(request_id), self._account, type(operation).__name__, self._now(),
                    operation.fields(),
                )  # fmt: skip

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _pass_on(task: asyncio.Task[None], done: "asyncio.Future[Sent]") -> None:
    """Let who waits know of an end that brought no result."""
    if done.done():
        return
    if task.cancelled():
        done.cancel()
    elif error := task.exception():
        done.set_exception(error)
