"""Finding what was lost together: many devices within minutes, with something in common.

For each group, plan, model and place a window of time is moved over the losses of its devices. It
is an incident where they are more than chance would have it among all that were lost in that time.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tsui.service.blast.model import Fleet, Incident, Lost, Shared, Trait

TOGETHER = 20 * 60.0
"""Seconds within which devices are lost together."""

FEWEST = 3
"""Devices that are lost together; two may be chance."""

LIFT = 2.0
"""Times as frequent as in the fleet from which on a trait stands out."""

SURE = 3.0
"""Standard deviations by which a share of some devices may be off."""

DOUBT = 0.01
"""How likely chance alone may be to make an incident somewhere, of all that is looked at."""

OF_ONE = 10
"""Windows that are looked at for one device that somebody asks about."""

MOST = 50
"""Incidents that are told; nobody reads more of them."""

CROWD = 10
"""Overdue devices without anything in common from which on their loss is one of the network."""

DENSE = 5.0
"""Times as many as in other windows of time that are a crowd."""

ALSO = 0.6
"""Share of an incident's devices from which on something else they share is told."""

Value = tuple[Trait, str]


class Span(NamedTuple):
    """Losses of devices with the same value that follow one another."""

    score: float
    value: Value
    first: int
    end: int


def find(
    lost: Sequence[Lost], fleet: Fleet, device: int | None = None, asleep: Sequence[Lost] = ()
) -> list[Incident]:
    """Return the incidents among losses, those with most devices surely lost first.

    Some that are silent as usual tell what is silent at such a time anyway. Of a device that
    somebody asks about less is needed: all others are no matter of chance then.
    """
    losses = _Losses(sorted(lost, key=lambda each: (each.at, each.id)), fleet, device, asleep)
    spans, found = losses.spans(), list[Incident]()
    for span in sorted(spans, reverse=True):
        windows = OF_ONE if losses.is_asked_about(span) else len(spans)
        if (incident := losses.incident(span, math.log(max(1, windows) / DOUBT))) is not None:
            found.append(incident)
            losses.take(incident)
    found += _crowds([each for each in losses.left if each.is_late], losses.asleep)
    found.sort(key=lambda each: (-each.late, -len(each.devices), -each.began))
    mine = [each for each in found[MOST:] if device in each.devices]
    return [*found[:MOST], *mine]


def candidates(lost: Sequence[Lost]) -> set[Value]:
    """Return the values of which devices were lost together, by chance or not."""
    ordered = sorted(lost, key=lambda each: each.at)
    return {value for value, mine in _by_value(ordered).items() if any(_windows(mine))}


class Asleep:
    """Some devices that are silent as usual, in the order of time.

    Devices of one kind wake and sleep alike, so that at some hours most of those that are late are
    of that kind, and no more of them than of those that sleep.
    """

    def __init__(self, asleep: Sequence[Lost]) -> None:
        ordered = sorted(asleep, key=lambda each: each.at)
        self._every = [each.at for each in ordered]
        self._times = {
            value: [each.at for each in mine] for value, mine in _by_value(ordered).items()
        }
        self._known = {
            trait: [each.at for each in ordered if each.traits.get(trait)] for trait in Trait
        }

    def share(self, value: Value, began: float, ended: float) -> float:
        """Return the largest share a value may well have of those that fell asleep then."""
        return max(self._share(value, began - more, ended + more) for more in (0.0, TOGETHER))

    def among(self, began: float, ended: float) -> float:
        """Return the share of all that fell asleep then."""
        return _count(self._every, began, ended) / max(1, len(self._every))

    def _share(self, value: Value, began: float, ended: float) -> float:
        every = _count(self._known[value[0]], began, ended)
        mine = _count(self._times.get(value, ()), began, ended)
        if not mine:
            return 0.0
        share = mine / every
        return min(1.0, share + SURE * math.sqrt(share * (1 - share) / every))


class _Losses:
    """The losses in the order of time, and which of them are explained."""

    def __init__(
        self, lost: Sequence[Lost], fleet: Fleet, device: int | None, asleep: Sequence[Lost]
    ) -> None:
        self._lost = lost
        self.asleep = Asleep(asleep)
        """Some that sleep."""
        self._fleet = fleet
        self._by_value = _by_value(lost)
        self._known = {trait: [each for each in lost if each.traits.get(trait)] for trait in Trait}
        self._times = {trait: [each.at for each in known] for trait, known in self._known.items()}
        self._taken = set[int]()
        self._asked = {
            (trait, value): [each.id for each in self._by_value[trait, value]].index(mine.id)
            for mine in lost
            if mine.id == device
            for trait, values in mine.traits.items()
            for value in values
        }

    @property
    def left(self) -> list[Lost]:
        """Those that are not explained."""
        return [each for each in self._lost if each.id not in self._taken]

    def take(self, incident: Incident) -> None:
        """Note that an incident explains its devices."""
        self._taken.update(incident.devices)

    def spans(self) -> list[Span]:
        """Return all losses with the same value that follow one another."""
        found = list[Span]()
        for value, mine in self._by_value.items():
            times, share = self._times[value[0]], self._fleet.share(*value)
            for first, end in _windows(mine):
                began, ended = mine[first].at, mine[end - 1].at
                total = bisect_right(times, ended) - bisect_left(times, began)
                usual = max(share, self.asleep.share(value, began, ended))
                found.append(Span(_score(end - first, total, usual), value, first, end))
        return found

    def is_asked_about(self, span: Span) -> bool:
        """Tell whether the device that somebody asks about is among the losses of a span."""
        place = self._asked.get(span.value)
        return place is not None and span.first <= place < span.end

    def incident(self, span: Span, needed: float) -> Incident | None:
        """Return what is left of a span, if that stands out so much."""
        if span.score < needed:
            return None
        devices = self._by_value[span.value][span.first : span.end]
        devices = [each for each in devices if each.id not in self._taken]
        if len(devices) < FEWEST:
            return None
        began, ended = devices[0].at, devices[-1].at
        shared = self._shared(span.value, len(devices), self._met(span.value[0], began, ended))
        usual = max(shared.fleet_share, self.asleep.share(span.value, began, ended))
        if _score(shared.here, shared.of_here, usual) < needed:
            return None
        late = sum(each.is_late for each in devices)
        ids = tuple(each.id for each in devices)
        return Incident(began, ended, ids, late, shared, tuple(self._also(devices, span.value)))

    def _met(self, trait: Trait, began: float, ended: float) -> int:
        """Count the unexplained losses in a span of devices of which a trait is known."""
        times = self._times[trait]
        met = self._known[trait][bisect_left(times, began) : bisect_right(times, ended)]
        return sum(1 for each in met if each.id not in self._taken)

    def _shared(self, value: Value, here: int, of_here: int) -> Shared:
        counted = self._fleet.counts.get(value, 0)
        return Shared(*value, here, of_here, counted, self._fleet.share(*value))

    def _also(self, devices: Sequence[Lost], but: Value) -> Iterator[Shared]:
        for trait in Trait:
            known = [each for each in devices if each.traits.get(trait)]
            values = Counter(value for each in known for value in each.traits[trait])
            for value, count in values.most_common(1):
                shared = self._shared((trait, value), count, len(known))
                if (trait, value) != but and count >= ALSO * len(devices) and shared.lift >= LIFT:
                    yield shared


def _count(times: Sequence[float], began: float, ended: float) -> int:
    return bisect_right(times, ended) - bisect_left(times, began)


def _score(here: int, of_here: int, share: float) -> float:
    """Return how unlikely so many are by chance, as a logarithm; 0 where they may well be.

    That is Chernoff's bound on a binomial tail.
    """
    if not 0 < share < 1 or here < max(FEWEST, LIFT * of_here * share):
        return 0.0
    rest = of_here - here
    others = rest * math.log(rest / (of_here * (1 - share))) if rest else 0.0
    return here * math.log(here / (of_here * share)) + others


def _by_value(lost: Sequence[Lost]) -> Mapping[Value, list[Lost]]:
    by_value = defaultdict[Value, list[Lost]](list)
    for each in lost:
        for trait, values in each.traits.items():
            for value in values:
                by_value[trait, value].append(each)
    return by_value


def _windows(lost: Sequence[Lost]) -> Iterator[tuple[int, int]]:
    """Yield where losses begin and end that were lost together with the first of them."""
    end = 0
    for first, each in enumerate(lost):
        while end < len(lost) and lost[end].at - each.at <= TOGETHER:
            end += 1
        if end - first >= FEWEST:
            yield first, end


def _crowds(late: Sequence[Lost], asleep: Asleep) -> Iterator[Incident]:
    """Yield times in which far more devices were lost than at others, with nothing in common."""
    while late:
        windows = max(1.0, (late[-1].at - late[0].at) / TOGETHER)
        first, end = max(_windows(late), key=lambda each: each[1] - each[0], default=(0, 0))
        crowd = late[first:end]
        if len(crowd) < CROWD or (windows > 2 and len(crowd) < DENSE * len(late) / windows):
            return
        if len(crowd) < DENSE * len(late) * asleep.among(crowd[0].at, crowd[-1].at):
            return
        ids = tuple(each.id for each in crowd)
        yield Incident(crowd[0].at, crowd[-1].at, ids, len(crowd), None)
        late = [*late[:first], *late[end:]]


def shares_of(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return how many devices are in each group, where some are in several."""
    members = Counter[str]()
    for names, count in counts.items():
        for name in members_of(names):
            members[name] += count
    return members


def members_of(names: str) -> list[str]:
    """Return the groups that a device is in."""
    return [name for each in names.split(",") if (name := each.strip())]
