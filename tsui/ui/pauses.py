"""What the interpreter does behind our back, kept so short that nobody at the keys feels it."""

import gc
import sys

SWITCH = 0.001
"""Seconds after which a thread that computes lets another one in; 5 ms are usual.

The event loop gives way each time it waits for news, and several times for one key.
"""


def keep_threads_polite() -> None:
    """Let the event loop in soon while other threads read pages or write rows."""
    sys.setswitchinterval(SWITCH)


def never_search_again() -> None:
    """Leave all that is loaded by now out of the search for garbage.

    It stays to the end, and looking through all of it takes a tenth of a second each time.
    """
    gc.freeze()
