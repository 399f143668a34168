"""The desk of incidents: worked out from what is remembered, asks nobody unless told to."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service.blast.finding import TOGETHER, candidates, find, members_of, shares_of
from tsui.service.blast.model import Fleet, Incident, Lost, Radius, Trait
from tsui.service.parts import LAST_ANSWER, Part
from tsui.service.verdict.understanding import place_of, site_of
from tsui.service.who import operator_name
from tsui.store.incidents import Acknowledged, Named
from tsui.store.rhythms import Silence
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService

HORIZON = 7 * 86_400.0
"""Seconds after which a loss is no incident any more but a matter of its own."""

QUIET = 3600.0
"""Seconds of silence from which on a device may be lost whose rhythm nobody knows."""

LOOKED_AT = 10_000
"""Silent devices that are compared, the newest ones."""

ASLEEP = 20_000
"""Devices that are silent as usual with which those are compared, as far as there are as many."""

TAC = 8
"""Digits of an IMEI that tell the model."""

CELL = 10
"""Cells of a degree that are one place: some ten kilometres."""

MOST_READ = 20
"""Histories that are read at once to tell who of an incident is asleep."""

LASTS = 3600.0
"""Seconds for which what was worked out last is still told."""

ACCOUNT = 0


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class BlastRadius:
    """Devices of the account that is shown which were lost together."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown
        self._last: dict[str, Radius] = {}

    def known(self, device: int) -> Incident | None:
        """Return the incident that holds a device, as worked out last; asks nothing."""
        last = self._last.get(self._shown.account)
        return last.of_device(device) if last and self._now() - last.at < LASTS else None

    async def radius(self, device: int | None = None) -> Radius:
        """Work out what was lost together, above all with a device, by what is remembered."""
        now, account = self._now(), self._shown.account
        silences = await self._store.rhythms.silent(
            account, now, now - HORIZON, now - QUIET, LOOKED_AT
        )
        places = await self._places()
        # Some ten thousand losses take long enough to compare for a key press to be noticed.
        lost = await asyncio.to_thread(lambda: [_lost(each, places) for each in silences])
        fleet = await self._fleet(await asyncio.to_thread(candidates, lost), places)
        notes = await self._store.incidents.since(account, now - 2 * HORIZON)
        sleeping = await self._store.rhythms.asleep(account, now, now - HORIZON, ASLEEP)
        asleep = await asyncio.to_thread(lambda: [_lost(each, places) for each in sleeping])
        incidents = await asyncio.to_thread(find, lost, fleet, device, asleep)
        found = [replace(each, note=_note_of(each, notes)) for each in incidents]
        explained = {id for each in found for id in each.devices}
        singles = [each.id for each in lost if each.is_late and each.id not in explained]
        known = await self._store.rhythms.coverage(account, now)
        radius = Radius(
            now, found, len(singles), len(lost), len(lost) >= LOOKED_AT, known.learned, known.seen
        )
        self._last[account] = radius
        return radius

    async def acknowledge(self, incident: Incident, note: str) -> None:
        """Keep that somebody has seen an incident, and what is said of it."""
        said = Acknowledged(
            _named(incident), len(incident.devices), self._now(), operator_name(), note
        )
        await self._store.incidents.add(self._shown.account, said)

    def learn(self, incident: Incident) -> int:
        """Begin to read histories of an incident's devices, to tell who of them is asleep.

        Returns how many are read at most; 0 while nobody is signed in.
        """
        if (online := self._shown.online) is None:
            return 0
        some = incident.devices[:MOST_READ]
        online.spawn(online.learner.read_some(some), name="learn rhythms of an incident")
        return len(some)

    async def _fleet(self, values: Iterable[tuple[Trait, str]], places: "_Places") -> Fleet:
        """Count how many devices of the fleet have what some lost ones share."""
        devices, account = self._store.devices, self._shown.account
        groups = shares_of(dict(await devices.tally(account, "groups")))
        plans = {plan: count for plan, count in await devices.tally(account, "plan") if plan}
        tacs = [value for trait, value in values if trait is Trait.MODEL]
        models = await devices.count_imeis(account, tacs)
        every = sum(count for _, count in await devices.tally(account, "state"))
        counts: dict[tuple[Trait, str], int] = {}
        for trait, found in (
            (Trait.GROUP, groups), (Trait.PLAN, plans), (Trait.MODEL, models),
            (Trait.PLACE, places.counts),
        ):  # fmt: skip
            counts |= {(trait, value): count for value, count in found.items()}
        totals = {
            Trait.GROUP: every, Trait.PLAN: sum(plans.values()), Trait.MODEL: every,
            Trait.PLACE: sum(places.counts.values()),
        }  # fmt: skip
        return Fleet(counts, totals)

    async def _places(self) -> "_Places":
        """Return where devices are, as far as somebody noted or located them."""
        readings, account = self._store.readings, self._shown.account
        places = _Places()
        for device, reading in (await readings.of_kind(account, Part.SITE)).items():
            if place := site_of(reading.body or {}).place:
                places.by_id[device] = _cell(*place)
        located = await readings.get(account, ACCOUNT, f"{LAST_ANSWER}FindLocations")
        for each in located.body if located and isinstance(located.body, list) else ():
            mdn = str(each.get("msid", "")) if isinstance(each, dict) else ""
            if found := place_of([each], mdn):
                places.by_mdn[mdn] = _cell(found.latitude, found.longitude)
        return places

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()


class _Places:
    """Places by the device's id, or by its number."""

    def __init__(self) -> None:
        self.by_id: dict[int, str] = {}
        self.by_mdn: dict[str, str] = {}

    def of(self, silence: Silence) -> list[str]:
        """Return the place of a device, if that is known."""
        place = self.by_id.get(silence.id) or self.by_mdn.get(silence.mdn)
        return [place] if place else []

    @property
    def counts(self) -> Mapping[str, int]:
        """How many devices are at each place."""
        found: dict[str, int] = {}
        for place in (*self.by_id.values(), *self.by_mdn.values()):
            found[place] = found.get(place, 0) + 1
        return found


def _cell(latitude: float, longitude: float) -> str:
    return f"{round(latitude * CELL) / CELL:.1f} {round(longitude * CELL) / CELL:.1f}"


def _lost(silence: Silence, places: _Places) -> Lost:
    traits: dict[Trait, Any] = {
        Trait.GROUP: members_of(silence.groups),
        Trait.PLACE: places.of(silence),
        Trait.PLAN: [silence.plan] if silence.plan else [],
        Trait.MODEL: [silence.imei[:TAC]] if len(silence.imei) > TAC else [],
    }
    return Lost(silence.id, silence.since, bool(silence.is_late), traits)


def _named(incident: Incident) -> Named:
    shared = incident.shared
    trait, value = (shared.trait, shared.value) if shared else ("", "")
    return Named(trait, value, incident.began, incident.ended)


def _note_of(incident: Incident, notes: Iterable[Acknowledged]) -> Acknowledged | None:
    """Return the newest word on an incident; its devices may have come back in part since."""
    mine = _named(incident)
    for each in notes:
        named = each.named
        is_same = (named.trait, named.value) == (mine.trait, mine.value)
        if (
            is_same
            and named.began - TOGETHER <= mine.ended
            and mine.began <= named.ended + TOGETHER
        ):
            return each
    return None
