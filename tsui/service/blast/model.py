"""What is said of devices that were lost together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tsui.store.incidents import Acknowledged


class Trait(StrEnum):
    """What devices may share."""

    GROUP = "group"
    PLACE = "place"
    PLAN = "plan"
    MODEL = "model"


class Reach(StrEnum):
    """What was hit, as far as what is shared tells."""

    SITE = "site"
    PLAN = "plan"
    MODEL = "model"
    NETWORK = "network"


REACHES = {
    Trait.GROUP: Reach.SITE,
    Trait.PLACE: Reach.SITE,
    Trait.PLAN: Reach.PLAN,
    Trait.MODEL: Reach.MODEL,
}
"""What is hit where that is shared; a group most often is a site or a customer."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A device that is silent and not asleep as usual."""

    id: int
    at: float
    """Unix time at which its silence began, as well as is known."""
    is_late: bool
    """Whether that is longer than usual for it; without a rhythm nobody knows."""
    traits: Mapping[Trait, Sequence[str]]
    """What it may share with others."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """How many devices have what, of those of which that is known."""

    counts: Mapping[tuple[Trait, str], int]
    totals: Mapping[Trait, int]

    def share(self, trait: Trait, value: str) -> float:
        """Return the share of the fleet that has a value; 0 where that is not known."""
        return self.counts.get((trait, value), 0) / max(1, self.totals.get(trait, 0))


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that devices share which were lost together."""

    trait: Trait
    value: str
    """Hostile until sanitised."""
    here: int
    """Devices with it that were lost together."""
    of_here: int
    """All that were lost in that time and of which the trait is known."""
    in_fleet: int
    """Devices of the fleet with it."""
    fleet_share: float
    """Share of the fleet with it."""

    @property
    def lift(self) -> float:
        """How many times as frequent it is among those lost as in the fleet."""
        return self.here / max(1, self.of_here) / self.fleet_share if self.fleet_share else 0.0


@dataclass(frozen=True, slots=True)
class Incident:
    """Devices that were lost together."""

    began: float
    """Unix time at which the first was lost."""
    ended: float
    """Unix time at which the last was lost."""
    devices: Sequence[int]
    """Their ids."""
    late: int
    """Those of them that are silent for longer than is usual for them."""
    shared: Shared | None
    """What they have in common; None where nothing stands out."""
    also: Sequence[Shared] = ()
    """What else many of them share."""
    note: Acknowledged | None = None
    """Who has seen it, and what was said of it."""

    @property
    def reach(self) -> Reach:
        """What was hit."""
        return REACHES[self.shared.trait] if self.shared else Reach.NETWORK

    @property
    def unknown(self) -> int:
        """Devices of which nobody knows whether they are asleep."""
        return len(self.devices) - self.late


@dataclass(frozen=True, slots=True)
class Radius:
    """All that was lost together in an account."""

    at: float
    """Unix time it was worked out at."""
    incidents: Sequence[Incident] = ()
    """The gravest first."""
    single: int = 0
    """Devices that are overdue, each for itself."""
    looked_at: int = 0
    """Silent devices that were compared."""
    is_cut: bool = False
    """Whether there are more than that, lost longer ago."""
    learned: int = 0
    """Rhythms known from histories."""
    seen: int = 0
    """Rhythms known from what was seen here."""

    def of_device(self, device: int) -> Incident | None:
        """Return the incident that holds a device."""
        return next((each for each in self.incidents if device in each.devices), None)
