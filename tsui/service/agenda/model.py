"""Obligations: what becomes due, when, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

ONE_BY_ONE = 20
"""Obligations of a kind and a day that are listed one by one; more of them become one line."""

WEEK = timedelta(days=7)


class Kind(StrEnum):
    """What becomes due."""

    RESUME = "resume"
    """A suspension ends by itself."""
    NUMBER = "number"
    """The number of a deactivated line is held no longer."""
    ACTIVATION = "activation"
    """An activation should be over."""
    CREDIT = "credit"
    """A request that waits for credit approval is cancelled."""
    SMS = "sms"
    """The network tries no longer to deliver a text."""
    WAKE = "on wake"
    """What waits for a device to wake is not done any more."""
    MONITOR = "monitor"
    """A reachability monitor ends."""
    MUTE = "mute"
    """Notices are loud again."""
    CYCLE = "billing"
    """A billing cycle ends."""
    LOGIN = "password"
    """The password should be changed."""


LAPSES = frozenset({Kind.NUMBER, Kind.SMS, Kind.WAKE, Kind.MONITOR, Kind.MUTE, Kind.CYCLE})
"""Kinds that are over once they are due; the others stay until somebody sees to them."""


class Certainty(StrEnum):
    """How sure it is when something becomes due."""

    TOLD = "told"
    """ThingSpace told the date, or it was set from here."""
    WORKED_OUT = "worked out"
    """From a beginning that is known and a limit that is documented."""
    GUESS = "guess"
    """The limit is not documented exactly, or is only advice."""


class Group(StrEnum):
    """When something is due, by the calendar of whoever looks."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "this week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that becomes due."""

    due: float
    """Unix time; of the first where it is several."""
    kind: Kind
    subject: str
    """What it is about, e.g. an ICCID; hostile until sanitised."""
    sentence: str
    """What happens then; hostile until sanitised."""
    certainty: Certainty
    source: str
    """What it rests on."""
    devices: Sequence[str] = ()
    """Names of its devices in the account."""
    request: int | None = None
    """Number of its request in the journal."""


class Gap(NamedTuple):
    """Something that may become due, of which nobody here knows when."""

    kind: Kind
    number: int
    """How many it is about."""
    sentence: str
    """What is not known, to be read after "not known: ", and what that means."""
    is_blind: bool = False
    """Whether something may be due at any time because of it."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What becomes due, as well as is known."""

    at: float
    """Unix time at which it was put together."""
    due: Sequence[Obligation]
    """What becomes due, the first first."""
    gaps: Sequence[Gap]
    """What is not known."""

    def overdue(self) -> list[Obligation]:
        """Return what was due and is not over."""
        return [each for each in self.due if each.due <= self.at]

    def until(self, at: float) -> list[Obligation]:
        """Return what becomes due from now on until a time."""
        return [each for each in self.due if self.at < each.due <= at]


def group_of(due: float, now: float, zone: tzinfo | None = None) -> Group:
    """Return when something is due; the zone is the machine's own where none is given."""
    if due <= now:
        return Group.OVERDUE
    days = _day(due, zone) - _day(now, zone)
    if days < timedelta(days=1):
        return Group.TODAY
    return Group.WEEK if days < WEEK else Group.LATER


def in_order(
    found: Sequence[Obligation], now: float, zone: tzinfo | None = None
) -> list[Obligation]:
    """Return what still matters, the first first; floods become one line a day."""
    floods: dict[tuple[object, ...], list[Obligation]] = {}
    for each in sorted(found, key=lambda each: (each.due, each.kind, each.subject)):
        if each.due > now or each.kind not in LAPSES:
            day = None if each.due <= now else _day(each.due, zone)
            sort = (each.kind, each.certainty, day)
            floods.setdefault(sort, []).append(each)
    lines = [line for flood in floods.values() for line in _lines(flood)]
    return sorted(lines, key=lambda each: (each.due, each.kind, each.subject))


def _lines(flood: Sequence[Obligation]) -> Sequence[Obligation]:
    if len(flood) <= ONE_BY_ONE:
        return flood
    devices = tuple(key for each in flood for key in each.devices)
    sources, requests = {each.source for each in flood}, {each.request for each in flood}
    return [
        replace(
            flood[0],
            subject=f"{len(flood):,} lines",
            source=flood[0].source if len(sources) == 1 else "several sources",
            devices=devices,
            request=flood[0].request if len(requests) == 1 else None,
        )
    ]


def _day(at: float, zone: tzinfo | None) -> timedelta:
    return timedelta(days=datetime.fromtimestamp(at, UTC).astimezone(zone).toordinal())
