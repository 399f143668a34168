"""What readings of the fleet show that nobody here has changed, in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tsui.service.notices.messages import ELSEWHERE
from tsui.service.states import LineState, is_pending, say
from tsui.store.notice import ANYTHING, Draft, Severity
from tsui.store.sightings import APPEARED, GONE, GROUPS, HARDWARE, PLAN, STATE, Sighting

FLOOD = 50
"""Devices of which the same is seen at once and each has a notice of its own."""

SOURCE = "seen at sync"
"""Who says so."""

_GRAVE = (LineState.SUSPEND, LineState.DEACTIVE)


class _Said(NamedTuple):
    kind: str
    severity: Callable[[Sighting], Severity]
    sentence: Callable[[Sighting], str]


def _always(severity: Severity) -> Callable[[Sighting], Severity]:
    return lambda _: severity


def _sentence_case(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


_SAYS: Mapping[str, _Said] = {
    STATE: _Said(
        ELSEWHERE,
        lambda each: Severity.ALARM if each.now in _GRAVE else Severity.WARNING,
        lambda each: f"{_sentence_case(say(each.now))}, was {say(each.was)}; not changed here.",
    ),
    PLAN: _Said(
        ELSEWHERE,
        _always(Severity.WARNING),
        lambda each: f"Plan {each.now}, was {each.was}; not changed here.",
    ),
    HARDWARE: _Said(
        "hardware",
        _always(Severity.ALARM),
        lambda each: f"IMEI {each.now}, was {each.was}; not changed here.",
    ),
    GROUPS: _Said(
        ELSEWHERE,
        _always(Severity.INFO),
        lambda each: f"Group {each.now or 'none'}, was {each.was or 'none'}; not changed here.",
    ),
    APPEARED: _Said(
        "appeared",
        _always(Severity.INFO),
        lambda each: f"New in the account, {say(each.now)}; not added here.",
    ),
    GONE: _Said(
        "gone",
        _always(Severity.WARNING),
        lambda each: f"The account lists it no more; it was {say(each.was)}.",
    ),
}


@dataclass(slots=True)
class _Alike:
    count: int = 0
    first: list[Sighting] = field(default_factory=list)


class Gathered:
    """Sightings that are gathered until all of them are known, so that a flood is one notice."""

    def __init__(self) -> None:
        self._alike: dict[tuple[str, ...], _Alike] = {}

    def add(self, sighting: Sighting) -> None:
        """Take one in; a change that is under way is not over, so it is not told of yet."""
        if sighting.thing == STATE and is_pending(sighting.now):
            return
        alike = self._alike.setdefault(_alikeness(sighting), _Alike())
        alike.count += 1
        if alike.count <= FLOOD:
            alike.first.append(sighting)

    def drafts(self) -> list[Draft]:
        """Return what is to be told."""
        drafts: list[Draft] = []
        for alike in self._alike.values():
            if alike.count > FLOOD:
                drafts.append(_flood(alike))
            else:
                drafts += map(_draft, alike.first)
        return drafts


def numbers_of(keys: Iterable[str]) -> Sequence[str]:
    """Return the identifiers within the names of devices."""
    return [key.partition(":")[2] for key in keys]


def _alikeness(sighting: Sighting) -> tuple[str, ...]:
    if sighting.thing in (HARDWARE, APPEARED, GONE):
        return sighting.account, sighting.thing
    return sighting.account, sighting.thing, sighting.was, sighting.now


def _draft(sighting: Sighting) -> Draft:
    said = _SAYS[sighting.thing]
    return Draft(
        f"seen:{sighting.account}:{sighting.key}:{sighting.thing}:{sighting.at}",
        sighting.at, said.severity(sighting), said.kind, said.sentence(sighting), SOURCE,
        account=sighting.account, device=sighting.key, subject=numbers_of([sighting.key])[0],
        body={"was": sighting.was, "now": sighting.now},
        groups=sighting.groups,
        thing=ANYTHING if sighting.thing in (APPEARED, GONE) else sighting.thing,
        since=sighting.since,
    )  # fmt: skip


def _flood(alike: _Alike) -> Draft:
    first = alike.first[0]
    said = _SAYS[first.thing]
    what = {
        HARDWARE: "Another IMEI than before; not changed here.",
        APPEARED: "New in the account; not added here.",
        GONE: "The account lists them no more.",
    }.get(first.thing) or said.sentence(first)
    return Draft(
        f"seen:{':'.join(_alikeness(first))}:{first.at}",
        first.at, said.severity(first), said.kind, what, SOURCE, account=first.account,
        body={"first of them": numbers_of(each.key for each in alike.first)},
        devices=alike.count,
    )  # fmt: skip
