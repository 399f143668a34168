"""What a rule is, what it may look at, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tsui.service.guards import Guards
from tsui.service.kinds import ChangeKind
from tsui.store.devices import DeviceRow
from tsui.store.opened import UnderWay
from tsui.store.past import Past


class Verdict(StrEnum):
    """What a rule says of a device or of a change."""

    OK = "ok"
    """Nothing speaks against it; the sentence is worth knowing."""
    WARN = "warn"
    """It may go wrong, or costs something."""
    BLOCK = "block"
    """It must not be done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say."""

    verdict: Verdict
    """Whether the device may take part."""
    sentence: str
    """Why, in a sentence that is the same for every device it is true of."""
    detail: str = ""
    """What is particular to this device; may hold text from outside."""
    rule: str = ""
    """The rule that says it."""
    names: tuple[str, ...] = ()
    """What has to be typed before the device may take part."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a device beside its row."""

    past: Sequence[Past] = ()
    """What was sent to it from here, oldest first."""
    history: Sequence[Mapping[str, Any]] | None = None
    """Its provisioning history; None when that was never read."""
    history_at: float = 0.0
    """Unix time at which that was read."""
    rivals: Sequence[DeviceRow] = ()
    """Other lines of the account with the same SIM or hardware."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Which callback services had a listener when that was read last."""

    services: frozenset[str]
    """Services with a listener."""
    read_at: float
    """Unix time."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules may look at beside the device itself."""

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What the operator gave, e.g. the new plan."""
    under_way: Mapping[str, UnderWay]
    """Changes that are not over, by device key."""
    now: float
    """Unix time."""
    guards: Guards = field(default_factory=Guards)
    """The profile's own limits and protections."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """What is remembered of devices, by device key."""
    strangers: frozenset[str] = frozenset()
    """Keys of devices that are not in the list that was read of the account."""
    devices: int = 1
    """How many devices it is for; 0 where it names none."""
    oldest: float | None = None
    """Unix time of the oldest reading of devices that are too many to be read again, else None."""
    requests: int = 1
    """How many requests it takes."""
    most_devices: int | None = None
    """Devices a request may name, where one request is all there will be."""
    at_large: bool = False
    """Whether the platform chooses the devices."""
    group: str = ""
    """The group that a request names, be it to change the group itself or to put devices there."""
    members: Sequence[DeviceRow] = ()
    """Protected devices of a group that is deleted."""
    callback: str = ""
    """The callback service that brings the outcome; empty where the answer is the outcome."""
    listeners: Listeners | None = None
    """Who listens; None when that was never read."""
    sent: Sequence[float] = ()
    """Unix times at which such requests were sent within the last hour."""
    offered: frozenset[str] | None = None
    """What the account offers for the change, e.g. plans; None when that was never read."""
    twin: Past | None = None
    """The same request, sent within the last hour."""

    def of(self, device: DeviceRow) -> Known:
        """Return what is remembered of a device."""
        return self.known.get(device.key, _NOTHING)


_NOTHING = Known()


@dataclass(frozen=True, slots=True)
class DeviceRule:
    """A rule about each device of a change."""

    id: str
    """Its name, in lower case with dashes."""
    source: str
    """Where the carrier, or this program, says so."""
    judge: Callable[[DeviceRow, Circumstances], Finding | None]
    """Says what it finds; None where the rule does not apply or there is nothing to say."""
    operations: frozenset[str] = frozenset()
    """Operations it is for; empty for all of them."""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A rule about a change as a whole."""

    id: str
    """Its name, in lower case with dashes."""
    source: str
    """Where the carrier, or this program, says so."""
    judge: Callable[[Circumstances], Finding | None]
    """Says what it finds; None where the rule does not apply or there is nothing to say."""
    operations: frozenset[str] = frozenset()
    """Operations it is for; empty for all of them."""


def tell(sentence: str, detail: str = "") -> Finding:
    """Find nothing that speaks against it."""
    return Finding(Verdict.OK, sentence, detail)


def warn(sentence: str, detail: str = "") -> Finding:
    """Find a reason to think again."""
    return Finding(Verdict.WARN, sentence, detail)


def block(sentence: str, detail: str = "") -> Finding:
    """Find a reason not to do it."""
    return Finding(Verdict.BLOCK, sentence, detail)
