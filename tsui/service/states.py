"""The states of a line, in one spelling."""

import re
from enum import StrEnum

_SEPARATORS = re.compile(r"[-_\s]+")


class LineState(StrEnum):
    """A line's state as this program writes it."""

    ACTIVE = "active"
    SUSPEND = "suspend"
    DEACTIVE = "deactive"
    PRE_ACTIVE = "pre-active"
    UNKNOWN = ""


WORDS = {
    LineState.ACTIVE: "active",
    LineState.SUSPEND: "suspended",
    LineState.DEACTIVE: "deactive",
    LineState.PRE_ACTIVE: "pre-active",
    LineState.UNKNOWN: "not told",
}
"""How a state is said on screen."""

_SPELLINGS = {
    "active": LineState.ACTIVE,
    "activate": LineState.ACTIVE,
    "activated": LineState.ACTIVE,
    "suspend": LineState.SUSPEND,
    "suspended": LineState.SUSPEND,
    "deactive": LineState.DEACTIVE,
    "deactivate": LineState.DEACTIVE,
    "deactivated": LineState.DEACTIVE,
    "preactive": LineState.PRE_ACTIVE,
}
PENDING = "pending "


def normalise(state: str) -> str:
    """Return the platform's spelling of a state in ours; pending and unknown ones in lower case.

    The platform writes the same state in several ways (``Pre-Active``, ``preactive``,
    ``PRE_ACTIVE``), so separators and case do not count.
    """
    words = _SEPARATORS.sub(" ", state.strip().lower())
    if words.startswith(PENDING):
        return words
    if words.startswith("pending"):
        return PENDING + words.removeprefix("pending").strip()
    return _SPELLINGS.get(words.replace(" ", ""), words)


def is_pending(state: str) -> bool:
    """Tell whether a line is in the middle of a change."""
    return state.startswith(PENDING)


def say(state: str) -> str:
    """Return a state as a screen says it; one that is not known stays as it is."""
    for known, words in WORDS.items():
        if state == known:
            return words
    return state
