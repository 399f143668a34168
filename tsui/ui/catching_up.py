"""Catching up: news is gathered and shown at once, seldom on a thin link."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.timer import Timer

from tsui.service.views import Topic

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place

CATCH_UP = 0.2
"""Seconds in which news is gathered before a screen repaints once for all of it."""

EVERY = 1.0
"""Seconds between two such repaints; only the first news after a pause is shown sooner."""

THIN_CATCH_UP = 2.0
"""The same on a thin link."""


class CatchingUp:
    """What a screen has heard of and does not show yet."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._news: set[Topic] = set()
        self._timer: Timer | None = None
        self._last = 0.0
        self._showing = 0

    @property
    def is_done(self) -> bool:
        """Whether all is shown that was heard of."""
        return not self._news and self._timer is None and not self._showing

    def hear(self, topic: Topic) -> None:
        """Gather a piece of news."""
        self._news.add(topic)
        self.begin()

    def hurry(self) -> None:
        """Show the next news as if there had been none for long: somebody has asked for it."""
        self._last = 0.0

    def begin(self) -> None:
        """See to it that news is shown, if there is any, as soon as its screen is in front."""
        shell = self._place.shell
        if self._news and self._timer is None and self._place.is_current and not shell.frozen:
            since = time.monotonic() - self._last
            wait = max(CATCH_UP, shell.catch_up_every - since)
            self._timer = self._place.set_timer(wait, self._catch_up)

    async def _catch_up(self) -> None:
        self._timer = None
        self._last = time.monotonic()
        place = self._place
        if place.shell.frozen or not place.is_current:
            return
        topics, self._news = frozenset(self._news), set()
        if place.shell.is_leaving:
            return
        self._showing += 1
        try:
            await place.told(place.show_news(topics))
        finally:
            self._showing -= 1
        place.show_lines()
