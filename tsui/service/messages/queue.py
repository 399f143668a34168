"""The queue: messages of devices that ThingSpace could give to no listener.

Reading the first block removes nothing; asking for the next one acknowledges and removes the block
before. So looking asks for the first block only, and draining keeps each block on the disk before
it asks for the next. Whether the last block needs an acknowledgement is not documented, so what is
only looked at is kept, too.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tsui.clock import Clock
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.store.changes import ChangeState
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.outbox import Sent
    from tsui.thingspace.operation import Operation
    from tsui.thingspace.sms import ReceivedSms, SmsPage

NOBODY = "Nobody is signed in, so the queue was not read."


class Queued(NamedTuple):
    """A message that waits in the queue; hostile until sanitised."""

    at: float
    """Unix time; 0 where not told."""
    device: str
    """The identifier it names first."""
    text: str


class Peek(NamedTuple):
    """What a look at the queue showed."""

    at: float
    """Unix time of the look."""
    messages: Sequence[Queued]
    """The first block, the oldest first."""
    has_more: bool
    """Whether there are more blocks behind it."""


class Drained(NamedTuple):
    """How far draining came."""

    messages: int
    """Messages that are kept here now."""
    blocks: int
    trouble: str = ""
    """Why it stopped early; empty where the end was reached."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"

    async def perform(
        self, operation: "Operation[Any]", note: str = "", names: frozenset[str] = ...
    ) -> "Sent":
        """Send what changes something, by way of the journal."""
        ...


class SmsQueue:
    """The queue of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown
        self.peeked: Peek | None = None
        """What the last look showed; None while nobody has looked."""
        self.drained: Drained | None = None
        """How far the last draining came; None while there was none."""
        self.is_busy = False
        """Whether it is being read right now."""

    async def peek(self) -> Peek:
        """Look at the first block without taking anything away; raises ReadFailed."""
        self.is_busy = True
        try:
            self.peeked = self._look_of(await self._first_block())
        finally:
            self.is_busy = False
        return self.peeked

    async def drain(self, note: str, told: Callable[[Drained], None]) -> Drained:
        """Take every message out of the queue, each on the disk before the next block is asked for.

        Raises ReadFailed when not even the first block could be read; whatever stops it later is
        told with how far it came. Each block that is taken away is a request in the journal.
        """
        self.is_busy = True
        try:
            page = await self._first_block()
            self.drained = Drained(len(page.messages or ()), 1)
            told(self.drained)
            while page.goes_on() and page.next_token and not self.drained.trouble:
                page = await self._next_block(page.next_token, note) or page
                told(self.drained)
        finally:
            self.is_busy = False
        self.peeked = None
        return self.drained

    def draining(self) -> "Operation[Any]":
        """Return what draining begins with, to be looked at before somebody agrees."""
        from tsui.thingspace.sms import ReadSmsQueue

        return ReadSmsQueue(account_name=self._shown.account)

    def pushing(self) -> "Operation[Any]":
        """Return what has ThingSpace push the queue to the listener."""
        from tsui.thingspace.sms import StartSmsDelivery

        return StartSmsDelivery(account_name=self._shown.account)

    async def start_delivery(self, note: str) -> "Sent":
        """Have ThingSpace push the queue to the listener; raises ChangeFailed."""
        return await self._shown.perform(self.pushing(), note)

    async def _first_block(self) -> "SmsPage":
        from tsui.service.problems import explain
        from tsui.thingspace.errors import ThingSpaceError
        from tsui.thingspace.sms import ReadSmsQueue

        if (online := self._shown.online) is None:
            raise ReadFailed(NOBODY, "not sent")
        try:
            page = await online.client.send(ReadSmsQueue(account_name=self._shown.account))
        except ThingSpaceError as error:
            raise ReadFailed(str(explain(error)), error.fate) from error
        await self._keep(page.messages or ())
        return page

    async def _next_block(self, token: str, note: str) -> "SmsPage | None":
        """Take away the block before and keep the next one; None when that did not work."""
        from tsui.thingspace.sms import ReadSmsQueue, SmsPage

        before = self.drained or Drained(0, 0)
        operation = ReadSmsQueue(account_name=self._shown.account, next_token=token)
        try:
            sent = await self._shown.perform(operation, note)
        except ChangeFailed as error:
            self.drained = before._replace(trouble=str(error))
            return None
        if sent.state is not ChangeState.SUCCEEDED:
            self.drained = before._replace(trouble=f"{sent.state}: {sent.problem}")
            return None
        page = SmsPage.model_validate(sent.body)
        await self._keep(page.messages or ())
        count = before.messages + len(page.messages or ())
        stuck = page.goes_on() and page.next_token in (None, token)
        trouble = "ThingSpace told no way on." if stuck else ""
        self.drained = Drained(count, before.blocks + 1, trouble)
        return page

    async def _keep(self, messages: "Sequence[ReceivedSms]") -> None:
        from tsui.service.messages.keeping import arrivals_of

        await self._store.inbox.keep(arrivals_of(messages, self._now()))

    def _look_of(self, page: "SmsPage") -> Peek:
        found = [_queued(each) for each in page.messages or ()]
        return Peek(self._now(), sorted(found, key=lambda each: each.at), page.goes_on())

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()


def _queued(message: "ReceivedSms") -> Queued:
    device = next((each.id for each in message.device_ids or () if each.id), "")
    at = message.timestamp.timestamp() if message.timestamp else 0.0
    return Queued(at, device, message.message)
