"""What is learned of a device's rhythm by seeing its last connection change."""

from typing import Any

import pytest

from tests.store.cases import ACCOUNT, record
from tsui.store.moments import KEPT, usual
from tsui.store.rhythms import Learned
from tsui.store.store import Store

HOUR = 3600
START = 1_000_000


async def told(store: Store, at: float, **values: Any) -> int:
    """Let the list tell of one device at a time; returns its id."""
    told = {"connected": False, **values}
    await store.devices.put(ACCOUNT, [record(1, **told)], read_at=at)
    (found,) = await store.devices.find(ACCOUNT, record(1).iccid)
    return found.id


async def overdue(store: Store, device: int, now: float) -> float | None:
    (row,) = await store.devices.rows([device])
    return row.overdue(now)


async def test_a_device_seen_for_the_first_time_or_unchanged_takes_no_row(store: Store) -> None:
    device = await told(store, START, last_connection=START)
    assert await store.rhythms.get(device) is None
    await told(store, START + HOUR, last_connection=START, plan="other")
    assert await store.rhythms.get(device) is None


async def test_the_gaps_that_were_seen_make_for_a_rhythm(store: Store) -> None:
    for number in range(3):
        last = START + number * HOUR
        device = await told(store, last + 60, last_connection=last)
    assert await overdue(store, device, START + 9 * HOUR) is None, "two gaps are nothing usual"
    last = START + 3 * HOUR
    await told(store, last + 60, last_connection=last)
    assert await overdue(store, device, last + 5 * HOUR) == 5.0
    kept = await store.rhythms.get(device)
    assert kept is not None
    assert (kept.usual_gap, kept.gaps, kept.learned_at) == (HOUR, 3, None)


async def test_only_the_last_moments_are_kept(store: Store) -> None:
    for number in range(30):
        last = START + number * HOUR * (10 if number < 15 else 1)
        device = await told(store, last, last_connection=last)
    kept = await store.rhythms.get(device)
    assert kept is not None
    assert len(kept.moments) == 4 * KEPT
    assert (kept.usual_gap, kept.gaps) == (HOUR, KEPT - 1)


@pytest.mark.parametrize("other", [{"connected": True}, {"state": "suspend"}, {"connected": None}])
async def test_only_a_device_that_may_connect_and_does_not_is_overdue(
    store: Store, other: dict[str, Any]
) -> None:
    for number in range(5):
        last = START + number * HOUR
        device = await told(store, last, last_connection=last)
    now = last + 10 * HOUR
    assert await overdue(store, device, now) == 10.0
    await told(store, now, last_connection=last, **other)
    assert await overdue(store, device, now) is None
    await told(store, now + HOUR, last_connection=last)
    assert await overdue(store, device, now + 3 * HOUR) == 2.0, "it was not silent meanwhile"


async def test_a_long_session_that_ends_is_no_long_silence(store: Store) -> None:
    device = await told(store, START, last_connection=START, connected=True)
    await told(store, START + 100 * HOUR, last_connection=START)
    kept = await store.rhythms.get(device)
    assert kept is not None
    assert kept.silent_since == START + 100 * HOUR


async def test_a_history_is_worth_more_than_what_was_seen(store: Store) -> None:
    for number in range(5):
        last = START + number * 24 * HOUR
        device = await told(store, last, last_connection=last)
    learned = Learned(last + 700, 8 * HOUR, 9, 600, 5_000, 1 << 3, last, last + 600)
    await store.rhythms.learn(device, learned)
    assert await overdue(store, device, last + 600 + 16 * HOUR) == 2.0
    last += 24 * HOUR
    await told(store, last + 700, last_connection=last)
    kept = await store.rhythms.get(device)
    assert kept is not None
    assert (kept.usual_gap, kept.gaps, kept.silent_since) == (8 * HOUR, 9, last + 600)
    assert (kept.session_bytes, kept.hours) == (5_000, 8)


async def test_a_rhythm_leaves_with_its_device(store: Store) -> None:
    for number in range(5):
        device = await told(store, START, last_connection=START + number * HOUR)
    await store.devices.put(ACCOUNT, [record(2)], read_at=1.0, run=9)
    assert await store.devices.drop_unseen(ACCOUNT, 9) == [device]
    assert await store.rhythms.get(device) is None


@pytest.mark.parametrize(
    ("gaps", "known"),
    [
        ([HOUR, HOUR], 0),
        ([HOUR] * 3, HOUR),
        ([1, 1, 1], 60),
        ([30, 30, 24 * HOUR, 30, 30], 8 * HOUR),
        ([HOUR, 2 * HOUR, 3 * HOUR], 2 * HOUR),
    ],
)
def test_a_silence_that_ended_by_itself_was_no_loss(gaps: list[int], known: int) -> None:
    assert usual(gaps) == known


async def test_silent_devices_are_listed_by_what_is_known_of_them(store: Store) -> None:
    devices = [
        record(number, connected=number == 3, last_connection=START + number) for number in range(6)
    ]
    ids = await store.devices.put(ACCOUNT, devices, read_at=START)
    for place, gap in ((0, HOUR), (1, 100 * HOUR)):
        learned = Learned(START, gap, 5, 1, 1, 1, START + place, START + place)
        await store.rhythms.learn(ids[place], learned)
    now = START + 3 * HOUR
    found = await store.rhythms.silent(ACCOUNT, now, 0, now, 100)
    assert [(each.id, each.is_late) for each in found] == [
        (ids[0], True), (ids[5], None), (ids[4], None), (ids[2], None)
    ]  # fmt: skip
    assert len(await store.rhythms.silent(ACCOUNT, now, 0, now, 2)) == 2
    coverage = await store.rhythms.coverage(ACCOUNT, now)
    assert coverage == (2, 0, 1)
    unlearned = await store.rhythms.unlearned(ACCOUNT, START + 2, START, 10)
    assert [row.id for row in unlearned] == [ids[4], ids[5]]
