"""The desk of messages: conversations with devices, and drafts of what is to be sent."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tsui.clock import Clock
from tsui.service.messages.delivery import LIFETIME, RECEIPTS, Delivery, Fate, fate_of
from tsui.service.messages.log import LOG, Logged, Way, logged
from tsui.service.verdict.evidence import Told
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.store.texts import ReceivedText

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.device_answers import Asked, DeviceAnswers

MOST = 1000
"""Conversations that are listed, those with the newest messages."""

LOOKED_AT = 20_000
"""Messages each way among which the newest conversations are looked for."""

AT_ONCE = 1000
"""Messages of a conversation that are shown, the newest."""

SAME = 600.0
"""Seconds by which the log's time of a message may differ from ours: clocks and queues."""

RECEIVED = Fate(Delivery.RECEIVED)


class Message(NamedTuple):
    """A message to a device or from it; all texts are hostile until sanitised."""

    key: int
    """Names it among all."""
    at: float
    """Unix time; 0 where not told."""
    way: Way
    text: str
    """The text, or bytes in base64."""
    is_bytes: bool
    fate: Fate
    source: str
    """Where it is known from."""
    change: DeviceChange | None = None
    """How sending it went, for one that was sent from here."""


class Conversation(NamedTuple):
    """The messages with one device, in short."""

    peer: str
    """The device's name in the account, or else ``kind:number``."""
    device: DeviceRow | None
    """None for one that is not known here."""
    last: Message
    """The newest message."""
    sent: int
    received: int
    unread: int

    @property
    def key(self) -> int:
        """Names it among all, as long as the device has its name."""
        return key_of(self.peer)


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class MessageDesk:
    """Messages of the account that is shown."""

    def __init__(self, store: Store, shown: Shown, answers: "DeviceAnswers") -> None:
        self._store = store
        self._shown = shown
        self._answers = answers

    async def conversations(self) -> tuple[list[Conversation], bool]:
        """Return the newest conversations, the newest first, and whether there may be older."""
        account, texts, sent_texts = self._shown.account, self._store.texts, self._store.sent_texts
        last = await texts.newest(account, LOOKED_AT)
        for peer, at in (await sent_texts.newest(account, RECEIPTS, LOOKED_AT)).items():
            last[peer] = max(at, last.get(peer, 0.0))
        peers = sorted(last, key=lambda peer: -last[peer])[:MOST]
        heard = await texts.heard(account, peers)
        sent = await sent_texts.sent(account, RECEIPTS, peers)
        received = await texts.some(each.newest for each in heard.values())
        changes = await self._told(
            await self._store.journal.some(each.newest for each in sent.values())
        )
        devices = await self._store.devices.by_key(account, peers)
        rows = []
        for peer in peers:
            came, went = heard.get(peer), sent.get(peer)
            newest = [_received(received[came.newest])] if came else []
            newest += [changes[went.newest]] if went else []
            rows.append(
                Conversation(
                    peer, devices.get(peer), max(newest, key=lambda each: each.at),
                    went.messages if went else 0, came.messages if came else 0,
                    came.unread if came else 0,
                )
            )  # fmt: skip
        return rows, len(last) > MOST

    async def with_device(self, peer: str, log: Sequence[Told] = ()) -> list[Message]:
        """Return the messages with a device, the oldest first, and what only the log has."""
        received = await self._store.texts.of_peer(self._shown.account, peer, AT_ONCE)
        changes = await self._store.journal.for_device(peer, AT_ONCE)
        sent = await self._told(
            [
                each
                for each in changes
                if each.operation in RECEIPTS and each.account == self._shown.account
            ]
        )
        found = [*map(_received, received), *sent.values()]
        found += _only_logged(logged(log)[0], found)
        return sorted(found, key=lambda each: (each.at, each.key))

    async def log_of(self, device: DeviceRow) -> "Asked | None":
        """Return how far asking for the log of a device is."""
        return await self._answers.of(device, "GetSmsHistory")

    async def log_is_heard(self) -> bool | None:
        """Tell whether somebody listens to what brings the log; None when that is not known."""
        return await self._answers.hears(LOG)

    def ask_log(self, device: DeviceRow) -> None:
        """Begin to ask for the log of a device; raises LookupError."""
        self._answers.ask(device, "GetSmsHistory")

    async def find(self, peer: str) -> DeviceRow | None:
        """Return the device of a conversation; None where it is not known."""
        return (await self._store.devices.by_key(self._shown.account, [peer])).get(peer)

    async def mark_read(self, peer: str) -> None:
        """Note that the messages of a device were looked at."""
        newest = await self._store.texts.of_peer(self._shown.account, peer, 1)
        if newest:
            await self._store.texts.mark_read(self._shown.account, peer, newest[0].id)

    # -- drafts -------------------------------------------------------------------------------

    async def draft(self, name: str) -> str:
        """Return what was written and not sent yet; empty where nothing was."""
        return await self._store.sent_texts.draft(self._shown.account, name)

    async def keep_draft(self, name: str, text: str) -> None:
        """Keep what is being written, on the disk."""
        at = self._shown.clock.now().timestamp()
        await self._store.sent_texts.keep_draft(self._shown.account, name, text, at)

    # -- what was sent ------------------------------------------------------------------------

    async def _told(self, changes: Sequence[DeviceChange]) -> dict[int, Message]:
        receipts = await self._store.texts.receipts(each.id for each in changes)
        hears = await self._hears()
        now = self._shown.clock.now().timestamp()
        return {
            each.id: _sent(
                each, fate_of(each, receipts.get(each.id), now, hears[each.operation])
            )
            for each in changes
        }  # fmt: skip

    async def _hears(self) -> Mapping[str, bool | None]:
        return {name: await self._answers.hears(service) for name, service in RECEIPTS.items()}


def key_of(name: str) -> int:
    """Return a number that stands for a name."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:6])


def _received(received: ReceivedText) -> Message:
    return Message(
        2 * received.id, received.at, Way.FROM_DEVICE, received.text, received.is_bytes, RECEIVED,
        received.source,
    )  # fmt: skip


def _sent(change: DeviceChange, fate: Fate) -> Message:
    is_bytes = change.operation != "SendSms"
    text = str(change.fields.get("message" if is_bytes else "smsMessage") or "")
    at = change.sending_at or change.created_at
    source = f"request {change.request}"
    return Message(2 * change.id + 1, at, Way.TO_DEVICE, text, is_bytes, fate, source, change)


def _only_logged(log: Sequence[Logged], known: Sequence[Message]) -> list[Message]:
    """Return what the log has and nobody else; each of ours stands for one of the log."""
    ours = list(known)
    found: list[Message] = []
    for each in log:
        same = next((one for one in ours if _is_same(each, one)), None)
        if same is None:
            found.append(_of_log(each))
        else:
            ours.remove(same)
    return found


def _is_same(event: Logged, known: Message) -> bool:
    """Tell whether the log means a message; it has those to devices as they were delivered."""
    later = LIFETIME if event.way is Way.TO_DEVICE else 0.0
    is_near = known.at - SAME <= event.at <= known.at + later + SAME
    return is_near and (event.way, event.text) == (known.way, known.text)


def _of_log(event: Logged) -> Message:
    fate = RECEIVED if event.way is Way.FROM_DEVICE else _fate_in_log(event.fate)
    key = -1 - key_of(f"{event.at} {event.way} {event.text}")
    return Message(key, event.at, event.way, event.text, is_bytes=False, fate=fate, source="log")


def _fate_in_log(status: str) -> Fate:
    known = {each.value: each for each in (Delivery.DELIVERED, Delivery.EXPIRED, Delivery.QUEUED)}
    return Fate(known.get(status.lower(), Delivery.UNKNOWN), status)
