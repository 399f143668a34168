"""Counts that are kept are those that counting finds."""

import random
from contextlib import closing

import apsw

from tests.store.cases import ACCOUNT, record
from tsui.store.shifts import KEPT, Mark
from tsui.store.store import Store
from tsui.store.sync import SyncState
from tsui.store.tally import TRAITS, Tally, create_tally

SEED = 20261121
STATES = ("active", "suspend", "deactive", "pre-active")
OTHER = "0000000000-00001"


async def _counted(store: Store) -> dict[str, dict[str, int]]:
    """Count the devices one by one."""
    found: dict[str, dict[str, int]] = {trait: {} for trait in TRAITS}
    for row in await store.devices.rows(range(1, 1000)):
        word = {None: "unknown", 0: "no", 1: "yes"}[row.connected]
        for trait in TRAITS:
            value = word if trait == "connected" else str(getattr(row, trait))
            found[trait][value] = found[trait].get(value, 0) + 1
    return found


async def test_counts_follow_every_way_a_fleet_can_change(store: Store) -> None:
    chance = random.Random(SEED)
    for run in range(1, 30):
        await store.syncs.put(ACCOUNT, SyncState(run, 0.0, 0, 0, None, None))
        met = [
            record(
                number,
                state=chance.choice(STATES),
                plan=chance.choice(("", "87641", "M2M5MB")),
                groups=chance.choice(("", "North", "North, South")),
                connected=chance.choice((None, False, True)),
            )
            for number in chance.choices(range(60), k=40)
        ]
        await store.devices.put(ACCOUNT, met, read_at=float(run), run=run)
        if chance.random() < 0.5:
            await store.devices.drop_unseen(ACCOUNT, run)
        tally = await store.devices.tally_all(ACCOUNT, float(run))
        assert tally.traits == await _counted(store), f"run {run}, seed {SEED}"
        assert tally.devices == sum(tally.traits["state"].values())


async def test_accounts_are_counted_apart(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(1, state="active")], read_at=1.0)
    await store.devices.put(OTHER, [record(2, state="suspend")], read_at=1.0)
    assert await store.devices.tally(ACCOUNT, "state") == [("active", 1)]
    assert (await store.devices.tally_all(OTHER, 1.0)).traits["state"] == {"suspend": 1}
    assert (await store.devices.tally_all("nobody", 1.0)).devices == 0


async def test_a_shift_has_the_first_mark_since_it_began(store: Store) -> None:
    tally = Tally(3, 1, {"state": {"active": 3}})
    for at in (100.0, 200.0, 300.0):
        await store.shifts.mark(ACCOUNT, Mark(at, tally._replace(late=int(at))))
    assert await store.shifts.first_mark(ACCOUNT, 150.0) == Mark(200.0, tally._replace(late=200))
    assert await store.shifts.first_mark(ACCOUNT, 301.0) is None
    assert await store.shifts.first_mark(OTHER, 0.0) is None


async def test_marks_do_not_pile_up(store: Store) -> None:
    tally = Tally(0, 0, {})
    for at in range(KEPT + 50):
        await store.shifts.mark(ACCOUNT, Mark(float(at), tally))
    oldest = await store.shifts.first_mark(ACCOUNT, 0.0)
    assert oldest is not None
    assert oldest.at == 50.0


async def test_a_fleet_that_was_there_before_is_counted(store: Store) -> None:
    made = [record(n, state="active" if n % 2 else "suspend", connected=None) for n in range(5)]
    await store.devices.put(ACCOUNT, made, read_at=1.0)
    kept = (await store.devices.tally_all(ACCOUNT, 1.0)).traits
    with closing(apsw.Connection(str(store.devices.path))) as connection:
        connection.execute("DROP TABLE tally")
        create_tally(connection)
    assert (await store.devices.tally_all(ACCOUNT, 1.0)).traits == kept
