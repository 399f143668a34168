"""Attention: whether somebody is typing, and that what is typed goes where it was meant to."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tsui.ui.screens.place import Place

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

PAUSE = 1.0
"""Seconds without a key after which whoever typed is taken to have stopped."""

LOOK = 0.1
"""Seconds between two looks at what is waited for."""

DRAIN = 5.0
"""Seconds that a widget may take for a key until the next one is handed out anyway.

So long that a program which was not let run for a while does not hand out two at once: enter would
take what is half typed.
"""


class Attention:
    """Hands keys out in order, and lets nothing come to the front in the middle of typing."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell
        self._last_key = -PAUSE

    def expect_key(self) -> None:
        """Notice that a key came; while a line is being typed, it is for that line."""
        self._last_key = time.monotonic()
        screen = self._shell.screen
        if isinstance(screen, Place) and screen.prompt_sign:
            # A click, or a terminal that was left for a while, takes the focus away.
            screen.in_prompt().take_keys()

    async def key_worked_off(self) -> None:
        """Wait until what has the focus has worked off the keys it was given."""
        if (target := self._shell.focused) is None:
            return
        done = asyncio.Event()
        target.call_later(done.set)
        end = time.monotonic() + DRAIN
        # A widget that is taken away by its key does not work anything off any more.
        while not done.is_set() and target.is_attached and time.monotonic() < end:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), LOOK)

    async def free(self, pause: float = PAUSE) -> None:
        """Wait until nothing is being typed or asked, and no key came for a moment.

        Whatever comes to the front by itself waits for this: else the next letters of a filter
        would be commands of a screen that nobody asked for.
        """
        left = self._left(pause)
        while left > 0:
            await asyncio.sleep(left)
            left = self._left(pause)

    def _left(self, pause: float) -> float:
        screen = self._shell.screen
        if not isinstance(screen, Place) or screen.prompt_sign:
            return LOOK
        return self._last_key + pause - time.monotonic()
