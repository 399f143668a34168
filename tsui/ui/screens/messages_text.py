"""Messages in lines: which way each went, how far it is, and what it says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from tsui.service.messages.delivery import Delivery, Fate
from tsui.service.messages.desk import Conversation, Message
from tsui.service.messages.log import Way
from tsui.service.messages.queue import Drained, Peek
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View

LONGEST = 2000
"""Characters of a message that are shown; texts have 160, bytes in base64 some 1,800."""

_LOOKS = {
    Delivery.GOING: ("◌", "info"),
    Delivery.SENT: ("→", "info"),
    Delivery.QUEUED: ("◌", "warn"),
    Delivery.DELIVERED: ("✓", "good"),
    Delivery.EXPIRED: ("✗", "bad"),
    Delivery.FAILED: ("✗", "bad"),
    Delivery.UNKNOWN: ("?", "warn"),
    Delivery.UNKNOWABLE: ("?", "warn"),
    Delivery.RECEIVED: ("←", "text"),
}


def fate(told: Fate) -> Run:
    """Say how far a message is, with a sign and a word."""
    sign, look = _LOOKS[told.delivery]
    return f"{sign} {told.delivery}", look


def says(message: Message) -> str:
    """Return what a message says; bytes as text where they are one, else in hexadecimal."""
    if not message.is_bytes:
        return sanitize(message.text, LONGEST)
    try:
        content = base64.b64decode(message.text, validate=True)
    except (binascii.Error, ValueError):
        return sanitize(f"base64 that cannot be read: {message.text}", LONGEST)
    size = words.number(len(content), "byte")
    if content.isascii() and (text := content.decode("ascii")).isprintable():
        return sanitize(f"{size}: {text}", LONGEST)
    return sanitize(f"{size}: {content.hex(' ')}", LONGEST)


def name_of(conversation: Conversation) -> str:
    """Return what people call the device: its first custom field, or else its number."""
    device = conversation.device
    number = conversation.peer.partition(":")[2]
    return sanitize((device.custom1 if device else "") or number, 40)


def whole(message: Message, view: View, width: int) -> list[Line]:
    """Return all of a message: when, which way, how far it is and why, and what it says."""
    way = "to the device" if message.way is Way.TO_DEVICE else "from the device"
    head: list[Run] = [
        (f" {view.at(message.at)} ", "strong"),
        (f"{way}, {sanitize(message.source, 60)}  ", "dim"),
        fate(message.fate),
    ]
    if message.fate.said:
        head.append((f": {sanitize(message.fate.said, 300)}", "dim"))
    if message.fate.until:
        head.append((f", until {view.at(message.fate.until)}", "dim"))
    return [*wrap(head, width, 3), *wrap([(f" {says(message)}", "text")], width, 1)]


def unread(count: int) -> Run:
    """Say how many messages nobody has opened."""
    return (f"{count:,} new", "mark") if count else ("", "dim")


def queue_title(peek: Peek | None, now: float) -> Line:
    """Say what is known of the queue, and how old that is."""
    if peek is None:
        return [(" not looked at yet", "dim")]
    more = " and more" if peek.has_more else ""
    waiting = words.number(len(peek.messages), "message")
    return [
        (f" {waiting}{more} waiting", "strong"),
        (f"  looked at {words.age(now - peek.at)} ago", "dim"),
    ]


def drained(told: Drained) -> tuple[str, str]:
    """Say how far draining came, and how that looks."""
    came = f"{words.number(told.messages, 'message')} in {words.number(told.blocks, 'block')}"
    if told.trouble:
        return f"Draining stopped: {sanitize(told.trouble, 200)} Kept so far: {came}.", "bad"
    return f"Kept: {came}. ThingSpace may keep the last one (not documented).", "good"


QUEUE_HELP: Sequence[Line] = (
    [("What devices sent while no listener took it waits here.", "text")],
    [("r", "key"), (" looks at the first block (100 messages) and acknowledges nothing;", "dim")],
    [("  whether a last block stays after that is not documented, so what is seen", "dim")],
    [("  is kept here, too. It is never looked at by itself.", "dim")],
)
"""What the queue is, and what looking at it does."""

DRAIN_WARNING: Sequence[Line] = (
    [
        ("Every message is taken out of the queue. ", "bad"),
        ("The customer's own applications never get them: ThingSpace forgets what was ", "text"),
        ("acknowledged. They are kept here, each block on the disk before the next is ", "text"),
        ("asked for. The last block may stay: nothing acknowledges it.", "text"),
    ],
    [("To hand them to the listener instead, leave this and press B.", "dim")],
)
"""What draining does, before somebody agrees to it."""

PUSH_WARNING: Sequence[Line] = (
    [
        ("ThingSpace pushes all that waits to whoever is registered for ", "text"),
        ("EnhancedConnectivityService", "strong"),
        (" (:listeners shows who that is). Without a listener nothing is known to happen.", "text"),
    ],
)
"""What starting the delivery does."""
