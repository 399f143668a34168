"""What was lost together: site, plan, model, network, or each for itself."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.service.cases import rows, workspace
from tests.service.diagnosing import ShiftedClock
from tests.support.waiting import until
from tsui.service.blast.finding import FEWEST, TOGETHER, find
from tsui.service.blast.model import Fleet, Incident, Lost, Reach, Trait
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running, running
from tsui.simulator.settings import SimulatorSettings

HOUR = 3600.0
NOW = 1_000 * 86_400.0
GROUPS = ["North", "South", "East", *(f"Site {number}" for number in range(30))]
PLANS = ["5MB", "25MB", "Router"]
MODELS = ["35182301", "35282301", "35382301", "35482301"]


def fleet(size: int, dice: random.Random) -> list[Lost]:
    """Return a fleet of devices that were all lost at some time of a day, each for itself."""
    return [
        Lost(
            number,
            NOW - dice.uniform(2, 26) * HOUR,
            dice.random() < 0.5,
            {
                Trait.GROUP: [dice.choice(GROUPS)],
                Trait.PLAN: [dice.choice(PLANS)],
                Trait.MODEL: [dice.choice(MODELS)],
            },
        )
        for number in range(size)
    ]


def counted(devices: Sequence[Lost]) -> Fleet:
    counts: dict[tuple[Trait, str], int] = {}
    for each in devices:
        for trait, values in each.traits.items():
            for value in values:
                counts[trait, value] = counts.get((trait, value), 0) + 1
    return Fleet(counts, dict.fromkeys(Trait, len(devices)))


def at_once(devices: Sequence[Lost], at: float, *, late: bool = True) -> list[Lost]:
    """Return devices that are lost within a few minutes."""
    return [Lost(each.id, at + place * 7, late, each.traits) for place, each in enumerate(devices)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("trait", "value", "reach"),
    [
        (Trait.GROUP, "Site 7", Reach.SITE),
        (Trait.PLAN, "Router", Reach.PLAN),
        (Trait.MODEL, "35382301", Reach.MODEL),
    ],
)
@pytest.mark.parametrize("background", [0, 200])
def test_what_they_share_is_found_among_others_that_are_silent(
    trait: Trait, value: str, reach: Reach, background: int, seed: int
) -> None:
    dice = random.Random(seed)
    every = fleet(1200, dice)
    mine = [each for each in every if value in each.traits[trait]][:15]
    others = [each for each in every if each not in mine][:background]
    found = find([*at_once(mine, NOW - 5 * HOUR), *others], counted(every))
    assert found, f"seed {seed}"
    first = found[0]
    assert (first.reach, first.shared and first.shared.value) == (reach, value), f"seed {seed}"
    assert {each.id for each in mine} <= set(first.devices)
    assert first.late >= 15


def test_how_much_it_stands_out_is_told() -> None:
    every = fleet(1500, random.Random(1))
    west = [each for each in every if "Site 3" in each.traits[Trait.GROUP]][:14]
    other = next(each for each in every if "Site 3" not in each.traits[Trait.GROUP])
    (incident,) = find(at_once([*west[:7], other, *west[7:]], NOW - HOUR), counted(every))
    shared = incident.shared
    assert shared is not None
    assert (shared.here, shared.of_here) == (14, 15)
    assert shared.lift == pytest.approx(14 / 15 / shared.fleet_share)
    assert shared.lift > 20


def waking_alike(dice: random.Random) -> list[Lost]:
    """Return a silent fleet in which each plan has hours of its own, and 2 % are late by chance."""
    hours = dict(zip(PLANS, ((1, 2), (1.5, 9), (8, 26)), strict=True))
    every = []
    for each in fleet(20_000, dice):
        first, last = hours[each.traits[Trait.PLAN][0]]
        at = NOW - dice.triangular(first, last, first) * HOUR
        every.append(Lost(each.id, at, dice.random() < 0.02, each.traits))
    return every


@pytest.mark.parametrize("seed", range(5))
def test_what_wakes_alike_is_no_incident_and_hides_none(seed: int) -> None:
    dice = random.Random(seed)
    every = waking_alike(dice)
    late = [each for each in every if each.is_late]
    asleep = dice.sample([each for each in every if not each.is_late], 5_000)
    assert find(late, counted(every), asleep=asleep) == [], f"seed {seed}"
    site = [each for each in every if "Site 7" in each.traits[Trait.GROUP]][:14]
    (found,) = find([*at_once(site, NOW - 1.2 * HOUR), *late], counted(every), asleep=asleep)
    assert found.shared is not None
    assert found.shared.value == "Site 7", f"seed {seed}"
    assert {each.id for each in site} <= set(found.devices)


def test_a_few_that_are_chance_among_many_stand_out_for_whom_asks_about_one() -> None:
    every = fleet(1200, random.Random(4))
    mine = [each for each in every if "Site 3" in each.traits[Trait.GROUP]][:4]
    others = [each for each in every if each not in mine][:400]
    lost = [*at_once(mine, NOW - 30 * HOUR), *others]
    found = find(lost, counted(every), mine[0].id)
    incident = next(each for each in found if mine[0].id in each.devices)
    assert incident.shared is not None
    assert incident.shared.value == "Site 3"


def test_a_crowd_without_anything_in_common_is_the_networks() -> None:
    dice = random.Random(3)
    every = fleet(1200, dice)
    crowd = at_once(dice.sample(every[600:], 60), NOW - 5 * HOUR)
    found = find([*crowd, *every[:100]], counted(every))
    assert found[0].reach is Reach.NETWORK
    assert found[0].shared is None
    assert {each.id for each in crowd} <= set(found[0].devices)


@pytest.mark.parametrize("seed", range(5))
def test_losses_by_chance_are_no_incident_of_many(seed: int) -> None:
    every = fleet(1200, random.Random(seed))
    found = find(every[:150], counted(every))
    assert all(len(each.devices) <= FEWEST + 2 for each in found), f"seed {seed}: {found}"


def test_two_devices_and_devices_hours_apart_were_not_lost_together() -> None:
    every = fleet(1200, random.Random(1))
    mine = [each for each in every if "Site 3" in each.traits[Trait.GROUP]][:5]
    assert find(at_once(mine[:2], NOW), counted(every)) == []
    apart = [
        Lost(each.id, NOW - place * 2 * TOGETHER, is_late=True, traits=each.traits)
        for place, each in enumerate(mine)
    ]
    assert find(apart, counted(every)) == []


def test_a_device_is_in_one_incident_and_the_surest_come_first() -> None:
    every = fleet(1200, random.Random(2))
    sure = [each for each in every if "Site 3" in each.traits[Trait.GROUP]][:6]
    unsure = [each for each in every if "Site 9" in each.traits[Trait.GROUP]][:9]
    lost = [*at_once(sure, NOW - 9 * HOUR), *at_once(unsure, NOW - 3 * HOUR, late=False)]
    first, second = find(lost, counted(every))
    assert (first.late, first.unknown, second.late, second.unknown) == (6, 0, 0, 9)
    assert set(first.devices).isdisjoint(second.devices)


# -- on a simulated fleet -------------------------------------------------------------------------


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=300)


def holding(incidents: Sequence[Incident], group: str) -> Incident | None:
    return next((each for each in incidents if each.shared and each.shared.value == group), None)


async def test_a_site_that_is_lost_is_one_incident_once_its_histories_are_read(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "shared-loss")["iccid"]
    async with workspace(simulator, tmp_path) as made:
        desk = made.desks.blast_radius
        (device,) = [row for row in await rows(made) if row.iccid == iccid]
        before = await desk.radius()
        incident = before.of_device(device.id)
        assert incident is not None
        assert desk.known(device.id) is incident
        assert incident.shared is not None
        assert (incident.shared.value, incident.late) == (device.groups, 0)
        assert desk.learn(incident) == len(incident.devices)

        async def told() -> bool:
            again = (await desk.radius()).of_device(device.id)
            return again is not None and again.unknown == 0

        await until(told, what="the histories")
        again = (await desk.radius()).of_device(device.id)
        assert again is not None
        assert again.reach is Reach.SITE
        assert again.late == len(again.devices) >= 6


@pytest.mark.parametrize("moment", ["2026-03-04T15:00:00Z", "2026-03-08T03:10:00Z"])
async def test_sleepers_are_in_no_incident_once_their_rhythm_is_known(
    tmp_path: Path, moment: str
) -> None:
    # What devices do goes by the time of day; at a fixed one they do the same in each run.
    clock = ShiftedClock()
    async with running(SimulatorSettings(devices=300, now=moment)) as simulator:
        clock.shift = simulator.world.clock.now() - clock.now()
        async with workspace(simulator, tmp_path, clock=clock) as made:
            online = made.online
            assert online is not None
            await online.learner.read_some([row.id for row in await rows(made)])
            radius = await made.desks.blast_radius.radius()
            assert [each for each in radius.incidents if each.late] == []
            known, _ = await made.desks.rhythms()
            assert known.learned > 100


async def test_what_was_said_of_an_incident_stays_with_it(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "shared-loss")["iccid"]
    async with workspace(simulator, tmp_path) as made:
        (device,) = [row for row in await rows(made) if row.iccid == iccid]
        incident = (await made.desks.blast_radius.radius()).of_device(device.id)
        assert incident is not None
        await made.desks.blast_radius.acknowledge(incident, "power cut")
        await made.desks.blast_radius.acknowledge(incident, "power is back at six")
    for path in tmp_path.rglob("cache.db*"):
        path.unlink()
    async with workspace(simulator, tmp_path) as made:
        (device,) = [row for row in await rows(made) if row.iccid == iccid]
        again = (await made.desks.blast_radius.radius()).of_device(device.id)
        assert again is not None
        assert again.note is not None
        assert again.note.note == "power is back at six"
        every = (await made.desks.blast_radius.radius()).incidents
        assert sum(1 for each in every if each.note) == 1
