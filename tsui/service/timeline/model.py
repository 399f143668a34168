"""What a timeline is made of: moments in lanes, and stretches of which nothing is known."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

from tsui.service.verdict.evidence import Source

HOUR, DAY = 3600.0, 86_400.0

FUTURE = DAY
"""Seconds by which the platform's clock may be ahead of ours; what is dated later is misdated."""


class Lane(StrEnum):
    """What a moment is about, as filters and screens name it."""

    SESSIONS = "sessions"
    USAGE = "usage"
    LINE = "line"
    """What was done to the line, by anybody."""
    REQUESTS = "requests"
    """What was asked for from here."""
    IDENTITY = "identity"
    """Addresses, hardware and place."""
    SMS = "sms"
    REACH = "reach"
    """Whether the network reaches it."""
    CALLBACKS = "callbacks"
    """All other messages to listeners."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or that was found out."""

    at: float
    """Unix time at which it began."""
    lane: Lane
    """What it is about."""
    source: Source
    """Who told it."""
    sentence: str
    """What it was; hostile until sanitised."""
    raw: Any
    """The same as it was told."""
    reason: str = ""
    """Why it is out of the ordinary; empty where it is not. Hostile until sanitised."""
    lasts: float = 0.0
    """Seconds it lasted, as far as that is known."""
    amount: int = 0
    """Bytes, where it is about bytes."""
    name: str = ""
    """Tells it from others of its lane and time; stays the same when it is read again."""
    key: int = 0
    """Its number, which stays the same when it is read again."""

    @property
    def is_anomaly(self) -> bool:
        """Whether it is out of the ordinary."""
        return bool(self.reason)

    @property
    def ends(self) -> float:
        """Unix time at which it was over."""
        return self.at + self.lasts


ALWAYS, FOREVER = float("-inf"), float("inf")
"""Where a stretch begins that nobody asked about, and where one ends that goes on."""


class Unknown(NamedTuple):
    """A stretch of time of which nothing is known."""

    since: float
    """Unix time, or ALWAYS."""
    until: float
    """Unix time, or FOREVER: what is not known now will not be known later by itself."""
    why: str
    """Why not; hostile until sanitised."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is remembered of a device at a moment."""

    now: float
    """Unix time of that moment."""
    moments: Sequence[Moment] = ()
    """What happened, oldest first."""
    unknown: Mapping[Lane, Sequence[Unknown]] = field(default_factory=dict)
    """What is not known of each lane, oldest first."""
    read_at: float | None = None
    """Unix time of the oldest of the readings it is made of; None when nothing was ever read."""
    troubles: Sequence[str] = ()
    """What could not be read the last time; hostile until sanitised."""

    @property
    def latest(self) -> float:
        """Unix time at which it ends: now, or a little later by the platform's clock."""
        return max(self.now, self.moments[-1].at if self.moments else self.now)

    @property
    def earliest(self) -> float:
        """Unix time at which it begins."""
        return self.moments[0].at if self.moments else self.now


def in_order(moments: Iterable[Moment], now: float) -> tuple[Moment, ...]:
    """Return moments oldest first, each with its number; a date in the future is told as such."""
    known = sorted((_dated(each, now) for each in moments), key=lambda each: (each.at, each.lane))
    seen: Counter[str] = Counter()
    numbered = []
    for each in known:
        name = f"{each.lane} {each.at:.3f} {each.name}"
        seen[name] += 1
        digest = blake2b(f"{name} {seen[name]}".encode(errors="replace"), digest_size=8).digest()
        numbered.append(replace(each, key=int.from_bytes(digest) >> 1))
    return tuple(numbered)


def _dated(moment: Moment, now: float) -> Moment:
    if moment.at <= now + FUTURE:
        return moment
    days = (moment.at - now) / DAY
    return replace(moment, at=now, lasts=0.0, reason=f"dated {days:,.0f} days in the future")
