"""The inbox: callback messages become outcomes of changes and answers of reads.

One process of a host reads them for all accounts; the others learn from the journal. Every step can
be done twice, so that a kill between two of them loses nothing, and none depends on the order in
which messages come: one that is early is taken for a stranger's until our own answer is written
down, and then looked at again.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.callbacks import Named, as_answer, decides, from_callback
from tsui.service.evidence import settle
from tsui.service.messages.keeping import keep_messages
from tsui.service.monitors.noting import note_reach
from tsui.service.notices.messages import ELSEWHERE
from tsui.service.notices.noticing import Seen, notice
from tsui.service.parts import LAST_ANSWER
from tsui.service.replies import without_secrets
from tsui.store.announce import News, Topic
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.inbox import Judged, Message, Question, Verdict
from tsui.store.store import Store
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.callback_messages import read_message

AT_ONCE = 500
"""Messages that are read from the disk together."""

GATHER = 0.2
"""Seconds in which news gathers, so that a flood of it does not cost a look each."""

EARLY = 24 * 3600.0
"""Seconds by which a message may be earlier than our own answer, e.g. while the disk is full."""

WAIT_FOR_OTHERS = 5.0
"""Seconds until we try again what another process does, or what the disk did not let us do."""

Refresh = Callable[[DeviceChange], None]
"""Begins to read the device of a change that was settled."""

Changed = Callable[[str, str], None]
"""Begins to read the device of an account that somebody else changed."""

_UNASKED = frozenset(
    {
        "AlertService", "ExternalProvisioningChanges", "PromoChanges",
        "ResumeTrackingNotification", "SubscriptionNotificationService",
    }
)  # fmt: skip
"""Services that answer no request."""


class InboxReader:
    """Reads the messages of one environment."""

    def __init__(
        self, store: Store, clock: Clock, refresh: Refresh, changed: Changed | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._refresh = refresh
        self._changed = changed
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled."""
        lease = self._store.lease("inbox")
        unsubscribe = self._store.announcer.subscribe(self._on_news)
        try:
            while not await asyncio.to_thread(lease.take):
                await self._clock.sleep(WAIT_FOR_OTHERS)
            while True:
                await self._round_or_wait()
                await self._wake.wait()
                await self._clock.sleep(GATHER)
        finally:
            unsubscribe()
            lease.release()

    def _on_news(self, news: News) -> None:
        if news.topic in (Topic.REQUESTS, Topic.INBOX):
            self._wake.set()

    async def _round_or_wait(self) -> None:
        self._wake.clear()
        try:
            await self.round()
        except StoreError:
            # A full disk may have room again later; what was not judged is read again then.
            await self._clock.sleep(WAIT_FOR_OTHERS)
            self._wake.set()

    async def round(self) -> None:
        """Read everything that is new, and what may have become ours since."""
        while messages := await self._store.inbox.unread(AT_ONCE):
            await self._take(messages)
        strays = await self._store.inbox.strays(self._now() - EARLY)
        if strays:
            ours = await self._store.journal.known_ids(strays)
            ours |= await self._store.inbox.asked(strays)
            await self._take(await self._store.inbox.unclaimed(ours))

    async def _take(self, messages: Sequence[Message]) -> None:
        requests: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            requests[message.request_id].append(message)
        for request_id, together in requests.items():
            await self._take_request(request_id, together)

    async def _take_request(self, request_id: str, messages: Iterable[Message]) -> None:
        """Judge messages of one request."""
        changes = await self._store.journal.by_request_id(request_id) if request_id else []
        question = await self._store.inbox.question(request_id) if request_id else None
        named = Named(changes, await self._devices(changes))
        answered = False
        judged: list[Judged] = []
        seen: list[Seen] = []
        for message in messages:
            callback = read(message)
            if callback is None:
                verdict, note = Verdict.UNREADABLE, "It is no JSON object."
            elif changes:
                verdict, note = await self._settle(message, callback, named, changes)
            elif question is not None:
                answered, verdict, note = True, Verdict.ANSWER, f"answers {question.operation}"
            else:
                verdict, note = _of_nobody(callback, service_of(message, callback))
            ours = named.concerned(callback) if callback is not None else []
            service = service_of(message, callback) if callback is not None else message.service
            seen.append(Seen(message, callback, service, verdict, next(iter(ours), None)))
            if (verdict, note) != (message.verdict, message.note):
                judged.append(Judged(message.id, verdict, note))
        # Before they count as read: whoever is killed in between notices them again.
        reach = await note_reach(self._store, seen, question)
        for each in await notice(self._store, seen, reach):
            if self._changed is not None and each.kind == ELSEWHERE and each.device:
                self._changed(each.account, each.device)
        await keep_messages(self._store, seen)
        await self._store.inbox.judge(judged, self._now())
        if answered and question is not None and question.is_newest:
            await self._answer(request_id, question)

    async def _settle(
        self,
        message: Message,
        callback: CallbackMessage,
        named: Named,
        changes: Sequence[DeviceChange],
    ) -> tuple[Verdict, str]:
        service = service_of(message, callback)
        ours = named.concerned(callback)
        number = changes[0].request
        if not ours:
            return Verdict.FOREIGN, f"names no device of request {number}"
        finding = from_callback(service, callback)
        if finding is None or not decides(service, ours[0]):
            return Verdict.OUTCOME, f"request {number}, no final word"
        for change in ours:
            if await settle(self._store.journal, change, finding, self._now()):
                self._refresh(change)
        return Verdict.OUTCOME, f"request {number} {finding.state}"

    async def _devices(self, changes: Iterable[DeviceChange]) -> dict[tuple[str, str], DeviceRow]:
        keys: dict[str, list[str]] = defaultdict(list)
        for change in changes:
            keys[change.account].append(change.device_key)
        found: dict[tuple[str, str], DeviceRow] = {}
        for account, wanted in keys.items():
            rows = await self._store.devices.by_key(account, wanted)
            found |= {(account, key): row for key, row in rows.items()}
        return found

    async def _answer(self, request_id: str, question: Question) -> None:
        """Show all that has come so far as the answer of a read."""
        messages = await self._store.inbox.of_request(request_id)
        told = [as_answer(callback) for each in messages if (callback := read(each)) is not None]
        await self._store.readings.put(
            question.account,
            0,
            f"{LAST_ANSWER}{question.operation}",
            without_secrets(sorted(told, key=lambda each: json.dumps(each, sort_keys=True))),
            max(each.received_at for each in messages),
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()


def read(message: Message) -> CallbackMessage | None:
    """Return what a message says; None for one that cannot be read."""
    try:
        return read_message(json.loads(message.body), message.service)
    except (ValueError, RecursionError, ValidationError):
        return None


def service_of(message: Message, callback: CallbackMessage) -> str:
    """Return the callback service by the path a message came on, or else by its fields."""
    return type(callback).service or message.service


def _of_nobody(callback: CallbackMessage, service: str) -> tuple[Verdict, str]:
    if service in _UNASKED or not callback.request_id:
        return Verdict.NOTICE, "nobody asked for it"
    return Verdict.FOREIGN, "answers a request that is not known here"
