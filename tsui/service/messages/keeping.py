"""Keeping messages: what callbacks bring of texts and bytes, each once and with its device."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tsui.service.notices.noticing import Seen, homes_of
from tsui.store.inbox import Arrival, Message
from tsui.store.store import Store
from tsui.store.texts import Receipt, ReceivedText
from tsui.thingspace.callback_envelope import CallbackId, CallbackMessage
from tsui.thingspace.callback_notices import NiddMessage, SmsDeliveryMessage, SmsMessage
from tsui.thingspace.sms import ReceivedSms

QUEUE = "queue"
"""Where a message came from that no callback brought."""

_KINDS = ("iccid", "imei", "mdn", "msisdn", "eid")
"""Kinds of identifiers, the one that says best which device it is first."""

_PENDING = frozenset({"queued", ""})


class _Came(NamedTuple):
    """A message of a device, before anybody looked which one it is."""

    text: str
    sent_at: datetime | None
    ids: Sequence[CallbackId]
    is_bytes: bool


async def keep_messages(store: Store, seen: Sequence[Seen]) -> None:
    """Write down what callbacks tell of messages; one that was written down before is not again."""
    received = [draft for each in seen if (draft := _received(each))]
    receipts = [receipt for each in seen if (receipt := _receipt(each))]
    homes = await homes_of(store, [each.peer.partition(":")[2] for each in received])
    await store.texts.keep([_housed(each, homes) for each in received], receipts)


def arrivals_of(messages: Iterable[ReceivedSms], at: float) -> list[Arrival]:
    """Return messages of the queue as if callbacks had brought them, to be kept like those."""
    return [_arrival(each, at) for each in messages]


def _arrival(message: ReceivedSms, at: float) -> Arrival:
    body = json.dumps(dict(message.received), sort_keys=True).encode()
    digest = hashlib.sha256(QUEUE.encode() + b"\0" + body).digest()
    return Arrival(digest, at, str(SmsMessage.service), QUEUE, "", body)


def _received(seen: Seen) -> ReceivedText | None:
    came = _came(seen.callback)
    if came is None:
        return None
    kind, number = next(_named(came.ids), ("", ""))
    at = came.sent_at.timestamp() if came.sent_at else seen.message.received_at
    return ReceivedText(
        0, _origin(came, number, seen.message), at, "", f"{kind}:{number}", came.text,
        came.is_bytes, seen.message.source if seen.message.source == QUEUE else "callback",
    )  # fmt: skip


def _came(callback: CallbackMessage | None) -> _Came | None:
    if isinstance(callback, SmsMessage) and callback.message:
        ids = callback.device_ids or ()
        return _Came(callback.message, callback.timestamp, ids, is_bytes=False)
    if isinstance(callback, NiddMessage) and callback.nidd_response is not None:
        event = callback.nidd_response.mo_notification
        if event is not None and event.message:
            ids = callback.device_ids or event.device_ids or ()
            return _Came(event.message, None, ids, is_bytes=True)
    return None


def _named(ids: Iterable[CallbackId]) -> Iterator[tuple[str, str]]:
    """Yield the identifiers of a device, the best first."""
    known = {(each.kind or "").strip().lower(): each.id for each in ids if each.id}
    for kind in (*_KINDS, *known):
        if number := known.get(kind):
            yield kind, number.strip()


def _origin(came: _Came, number: str, message: Message) -> str:
    """Tell by what a message is the same as another: it may come by the queue and by callback."""
    if came.sent_at is None:
        return f"message:{message.id}"
    text = hashlib.sha256(came.text.encode("utf-8", "replace")).hexdigest()[:32]
    return f"text:{number}:{came.sent_at.timestamp()}:{text}"


def _housed(received: ReceivedText, homes: dict[str, tuple[str, str]]) -> ReceivedText:
    number = received.peer.partition(":")[2]
    if number not in homes:
        return received
    account, device = homes[number]
    return received._replace(account=account, peer=device)


def _receipt(seen: Seen) -> Receipt | None:
    callback = seen.callback
    if seen.change is None or callback is None or not _tells_delivery(callback):
        return None
    status, fault = (callback.status or "").strip(), callback.fault_response
    problem = (fault.faultstring or fault.faultcode or "") if fault else _reason(callback)
    is_final = bool(problem) or status.lower() not in _PENDING
    return Receipt(seen.change.id, seen.message.received_at, status, problem, is_final)


def _tells_delivery(callback: CallbackMessage) -> bool:
    if isinstance(callback, NiddMessage):
        response = callback.nidd_response
        return response is None or response.mo_notification is None
    return isinstance(callback, SmsDeliveryMessage)


def _reason(callback: CallbackMessage) -> str:
    response = callback.nidd_response if isinstance(callback, NiddMessage) else None
    event = response.mt_delivery if response else None
    return (event.reason or "") if event else ""
