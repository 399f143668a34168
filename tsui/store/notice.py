"""One notice: as it is handed in, and as it is kept."""

from enum import IntEnum
from typing import Any, NamedTuple

ANYTHING = "*"
"""The thing of a notice of which nobody says what of the device it is about."""


class Severity(IntEnum):
    """How much a notice matters."""

    INFO = 0
    """Good to know."""
    WARNING = 1
    """Somebody should look at it this day."""
    ALARM = 2
    """Somebody should look at it now."""


class Way(IntEnum):
    """How a notice is muted."""

    NOT = 0
    """It is not."""
    MARK = 1
    """It says that it is, and nothing else."""
    SILENCE = 2
    """It is shown, but is no alarm."""
    HIDE = 3
    """It is shown only to whoever looks for it."""


class Draft(NamedTuple):
    """A notice that is not written down yet."""

    origin: str
    """What it comes from, e.g. ``message:12``; the same origin makes no second notice."""
    at: float
    """Unix time at which it happened, or was told."""
    severity: Severity
    kind: str
    """What it is about in one word, e.g. ``resume``."""
    sentence: str
    """What happened; hostile until sanitised."""
    source: str
    """Who says so, e.g. a callback service."""
    account: str = ""
    """The account; empty where nobody knows whose it is."""
    device: str = ""
    """The device's name in the account; empty where it is about none, or about one not known."""
    subject: str = ""
    """What it is about, as the source named it; hostile until sanitised."""
    message: int | None = None
    """The callback message it was read from."""
    change: int | None = None
    """The device change it is about."""
    body: Any = None
    """All that is known of it, where no message holds that."""
    groups: str = ""
    """Groups of the device, joined by commas."""
    thing: str = ""
    """What of the device is another one now, e.g. ``plan``: told and seen make one notice."""
    since: float = 0.0
    """Unix time before which it was not so, for what was seen."""
    fold: str = ""
    """What it shares with others of its kind, of which a flood makes one notice."""
    devices: int = 1
    """Devices it is about."""


class Notice(NamedTuple):
    """A notice that is kept."""

    id: int
    at: float
    severity: Severity
    kind: str
    account: str
    device: str
    subject: str
    sentence: str
    source: str
    message: int | None
    change: int | None
    body: Any
    groups: str
    devices: int
    acked_at: float | None
    """Unix time at which somebody took note of it; None where nobody has."""
    acked_by: str
    ack_note: str
    muted: Way
    """How it is muted at the moment it was asked for."""
