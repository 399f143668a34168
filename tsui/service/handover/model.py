"""A handover: what happened since a time, what is open, and what the next shift has to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tsui.service.agenda.model import Gap, Obligation
from tsui.service.monitors.model import Summary
from tsui.store.changes import ChangeState
from tsui.store.deeds import Bad, Noted, Sum
from tsui.store.heartbeats import Stretch
from tsui.store.incidents import Acknowledged
from tsui.store.lines import Late
from tsui.store.notice import Notice


@dataclass(frozen=True, slots=True)
class Handover:
    """What the next shift has to know."""

    account: str
    environment: str
    """The kind of environment, and its host."""
    operator: str
    """Who put it together."""
    since: float
    """Unix time."""
    at: float
    """Unix time at which it was put together."""
    until: float
    """Unix time until which obligations are told: the end of the next shift to work."""
    unread: Sequence[Stretch]
    """When nobody here was reading ThingSpace."""
    unheard: Sequence[Stretch]
    """When no callback could come."""
    read_at: float | None
    """Unix time at which the fleet was last read as a whole; None where it never was."""
    ours: Sequence[Sum]
    """What was done from here."""
    bad: Sequence[Bad]
    """What went wrong of that, and all that nobody knows the fate of."""
    open: Mapping[ChangeState, int]
    """How many changes of devices are not over."""
    theirs: Sequence[Notice]
    """What others changed, the newest first."""
    alarms: Sequence[Notice]
    """Alarms that nobody took note of, the newest first."""
    kinds: Mapping[str, int]
    """Notices by kind."""
    noted: Sequence[Noted]
    """Notices that somebody took note of."""
    incidents: Sequence[Acknowledged]
    """What was said of devices that were lost together."""
    overdue: int
    """Devices that are silent for longer than usual."""
    newly: Sequence[Late]
    """Those of them that became so."""
    monitors: Summary
    """Monitors in a few numbers."""
    due: Sequence[Obligation]
    """What is overdue, and what becomes due."""
    gaps: Sequence[Gap]
    """What of that is not known."""
