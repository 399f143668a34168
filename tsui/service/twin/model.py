"""What a comparison of two devices says."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from tsui.service.verdict.evidence import Standing
from tsui.service.verdict.model import Verdict
from tsui.store.devices import DeviceRow


class Group(StrEnum):
    """Where a field comes from, in the order of how much a difference tells."""

    VERDICT = "Verdict"
    LINE = "Line"
    PLAN = "Plan"
    SESSIONS = "Sessions, 31 days"
    USAGE = "Usage, 31 days"
    PROVISIONING = "Provisioning"
    DIAGNOSTICS = "Diagnostics"
    DETAILS = "All of the line"


class Likeness(StrEnum):
    """How two values compare."""

    DIFFERENT = "different"
    SAME = "same"
    UNKNOWN = "unknown"
    """On either side; so nobody can say."""
    OWN = "own"
    """It has to differ, e.g. an identifier, so it tells nothing."""


class Told(NamedTuple):
    """What is known of a field on one side."""

    text: str = ""
    """The value, hostile until sanitised; empty where it is not known or was not told."""
    standing: Standing = Standing.UNREAD
    """Whether it is known, and why not."""
    read_at: float | None = None
    """Unix time at which it was read."""
    trouble: str = ""
    """Why it is not known; hostile until sanitised."""
    amount: float | None = None
    """The value as a number, where it is one that two devices never share exactly."""


class Key(NamedTuple):
    """What names a field."""

    group: Group
    name: str


class Side(NamedTuple):
    """A device, and what is known of it."""

    device: DeviceRow
    verdict: Verdict
    fields: Mapping[Key, Told]

    @property
    def name(self) -> str:
        """The identifier that names it."""
        return self.device.key.partition(":")[2]


class Field(NamedTuple):
    """A field on both sides."""

    key: Key
    a: Told
    b: Told
    likeness: Likeness


class Comparison(NamedTuple):
    """Two devices, field by field."""

    a: Side
    """The one it is about."""
    b: Side
    """The one it is held against."""
    basis: str
    """Why that one, in words: what they share, and what is known of how it is."""
    now: float
    """Unix time."""
    fields: Sequence[Field]

    def of(self, likeness: Likeness) -> list[Field]:
        """Return the fields that compare so, the most telling ones first."""
        return [each for each in self.fields if each.likeness is likeness]
