"""What a rule is, what it finds, and what a verdict says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from tsui.service.verdict.evidence import Evidence, Piece, Source


class Layer(IntEnum):
    """What has to be right for a device to be online, from the ground up."""

    VIEW = 0
    IDENTITY = 1
    LINE = 2
    PLAN = 3
    SESSIONS = 4
    REACH = 5
    MESSAGES = 6
    PLACE = 7


TITLES = {
    Layer.VIEW: "Our view",
    Layer.IDENTITY: "Identity",
    Layer.LINE: "Line",
    Layer.PLAN: "Plan, path",
    Layer.SESSIONS: "Sessions",
    Layer.REACH: "Reach",
    Layer.MESSAGES: "Messages",
    Layer.PLACE: "Place",
}
"""How layers are called."""


class Status(StrEnum):
    """What is said of a layer, and of the device as a whole."""

    OK = "OK"
    """Nothing in it speaks against the device being online, or asleep as usual."""
    WARN = "WARN"
    """Something in it may be the cause."""
    STOP = "STOP"
    """It keeps the device offline."""
    UNKNOWN = "UNKNOWN"
    """What would be needed to tell is not known."""


class Confidence(StrEnum):
    """How sure a rule is of its cause once it applies."""

    HIGH = "documented state"
    MEDIUM = "documented hint"
    LOW = "inference"


class Fact(NamedTuple):
    """Something that was read."""

    field: str
    """What the platform calls it."""
    value: str
    """What it was; hostile until sanitised."""
    source: Source
    """Who told it."""


class Rival(NamedTuple):
    """Another cause that would look the same."""

    cause: str
    tell: str
    """What would tell the two apart."""


class Sign(NamedTuple):
    """That a rule applies to a device."""

    sentence: str
    """What is the matter with this very device; hostile until sanitised."""
    facts: Sequence[Fact]
    """What it rests on."""


Look = Callable[[Evidence], Sign | None]
"""Tells whether a rule applies; raises Missing where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A cause and how it is recognised."""

    number: str
    """Its place in the order of layers, e.g. ``2.4``."""
    name: str
    """Its name, for scripts."""
    layer: Layer
    """What is not right."""
    status: Status
    """What it makes of its layer: OK explains a silence, UNKNOWN says why it cannot be told."""
    confidence: Confidence
    """How sure it is."""
    cause: str
    """The cause in a few words."""
    look: Look
    """Tells whether it applies."""
    advice: str
    """What to do next."""
    key: str = ""
    """The key that does it; empty where there is none."""
    rivals: Sequence[Rival] = ()
    """Other causes that would look the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that applies."""

    rule: Rule
    sentence: str
    """What is the matter; hostile until sanitised."""
    facts: Sequence[Fact]
    """What it rests on."""


class Gap(NamedTuple):
    """A rule that could not be judged."""

    rule: Rule
    piece: Piece
    """What it would have needed."""


@dataclass(frozen=True, slots=True)
class LayerReport:
    """What is said of a layer."""

    layer: Layer
    status: Status
    findings: Sequence[Finding] = ()
    """Rules that apply."""
    gaps: Sequence[Gap] = ()
    """Rules that could not be judged."""
    facts: Sequence[Fact] = ()
    """What it looks like where nothing is wrong with it."""
    note: str = ""
    """Why it was not looked at any further."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a device."""

    status: Status
    """STOP for a certain cause, WARN for a likely one, OK, or UNKNOWN."""
    finding: Finding | None
    """The cause; None where there is none, or where it cannot be told."""
    candidate: Finding | None
    """Where it cannot be told: what would be the cause if nothing before it were."""
    gaps: Sequence[Gap]
    """What is missing to tell."""
    layers: Sequence[LayerReport]
    """Layer by layer, from the ground up."""
    evidence: Evidence
    """What it rests on."""

    @property
    def likely(self) -> Finding | None:
        """The cause, or what may be it."""
        return self.finding or self.candidate
