"""Announcements: who shows something of the store learns that it changed, and what."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """The parts of the store that change on their own."""

    DEVICES = "devices"
    READINGS = "readings"
    REQUESTS = "requests"
    CATALOGUE = "catalogue"
    SYNC = "sync"
    INBOX = "inbox"
    COMMISSIONING = "commissioning"
    NOTICES = "notices"
    MONITORS = "monitors"
    """What was told of reachability, and what waits until devices wake."""
    CALLS = "calls"
    """What went over HTTP, which is remembered in memory only."""


@dataclass(frozen=True, slots=True)
class News:
    """Something in the store changed."""

    topic: Topic
    """The part that changed."""
    keys: frozenset[int] | None = None
    """Row ids that changed; None when it may be any, e.g. after another process wrote."""


Listener = Callable[[News], None]


class Announcer:
    """Tells listeners of changes, in the order they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener for every change until the returned function is called."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, topic: Topic, keys: Iterable[int] | None = None) -> None:
        """Announce a change; an empty set of keys is no news.

        Every listener is called by the event loop, so that one that fails harms neither the others
        nor whoever made the change.
        """
        news = News(topic, None if keys is None else frozenset(keys))
        if news.keys is None or news.keys:
            loop = asyncio.get_running_loop()
            for listener in self._listeners:
                loop.call_soon(self._tell, listener, news)

    def _tell(self, listener: Listener, news: News) -> None:
        if listener in self._listeners:
            listener(news)
