"""The list by how overdue devices are is complete and stands still, however one scrolls in it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.cases import ACCOUNT, Bench, record
from tests.support.waiting import until
from tsui.idset import IdSet
from tsui.store import device_list, found, overdue, rankings
from tsui.store.device import DeviceRow
from tsui.store.filtering import Now, parse
from tsui.store.query import DeviceQuery, Order
from tsui.store.rhythms import Learned
from tsui.store.store import Store

NOW = 1_770_000_000.0
HOUR = 3600

_silences = st.none() | st.tuples(
    st.sampled_from([60, HOUR, 5 * HOUR, 50 * HOUR]), st.sampled_from([60, HOUR, 7 * HOUR])
)
"""Seconds of silence and of the usual gap, where they are known."""


_FILTERS: dict[str, Callable[[DeviceRow], bool]] = {
    "": lambda _: True,
    "west": lambda row: row.groups == "west",
    "we st": lambda row: row.groups == "west",
    "nobody": lambda _: False,
    "connected:no": lambda row: not row.connected,
    "overdue>2": lambda row: (row.overdue(NOW) or 0) > 2,
    "overdue>=1 connected:no": lambda row: (row.overdue(NOW) or 0) >= 1,
}
"""What is typed, and what that lets through."""


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have few devices go all the ways that many go."""
    monkeypatch.setattr(overdue, "FIRST", 5)
    monkeypatch.setattr(found, "MANY", 3)
    monkeypatch.setattr(device_list, "MANY", 3)


def _order(row: DeviceRow) -> tuple[float, str, int]:
    times = row.overdue(NOW)
    if times is not None and times >= 1:
        return -times, "", row.id
    return 0.0, row.iccid, row.id


async def _filled(
    store: Store, account: str, silences: list[tuple[int, int] | None]
) -> list[DeviceRow]:
    devices = [
        record(
            number,
            state="active" if number % 7 else "suspend",
            connected=number % 5 == 4,
            groups="west" if number % 3 else "east",
        )
        for number in range(len(silences))
    ]
    ids = await store.devices.put(account, devices, read_at=NOW)
    for device, silence in zip(ids, silences, strict=True):
        if silence is not None:
            learned = Learned(NOW, silence[1], 5, 1, 1, 1, 0.0, NOW - silence[0])
            await store.rhythms.learn(device, learned)
    return await store.devices.rows(ids)


@given(
    silences=st.lists(_silences, max_size=16),
    text=st.sampled_from(list(_FILTERS)),
    descending=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 17), st.integers(0, 6)), max_size=8),
    indexed=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_windows_and_places_agree_with_a_plain_model(
    bench: Bench,
    silences: list[tuple[int, int] | None],
    text: str,
    descending: bool,
    places: list[tuple[int, int]],
    *,
    indexed: bool,
) -> None:
    query = DeviceQuery(bench.account(), parse(text), Order.OVERDUE, descending, Now(NOW))

    async def agree() -> None:
        devices = bench.store.devices
        rows = await _filled(bench.store, query.account, silences)
        if indexed:
            await devices.finish_run(None, NOW)
        fitting = [row for row in rows if _FILTERS[text](row)]
        expected = sorted(fitting, key=_order, reverse=descending)
        listing = devices.listing(query)
        assert await listing.count() == len(expected)
        for offset, limit in places:
            assert await listing.window(offset, limit) == expected[offset : offset + limit]
        places_of = {row.id: place for place, row in enumerate(expected)}
        assert {row.id: await listing.position(row.id) for row in rows} == {
            row.id: places_of.get(row.id) for row in rows
        }
        assert [row async for page in devices.stream(query) for row in page] == expected
        span = await bench.store.selections.span(query, 2, 5)
        assert set(span) == {row.id for row in expected[2:7]}

    bench.run(agree())


async def test_a_device_that_falls_behind_moves_neither_cursor_nor_marks(store: Store) -> None:
    silences: list[tuple[int, int] | None] = [(HOUR * (number + 1), HOUR) for number in range(20)]
    await _filled(store, ACCOUNT, silences)
    query = DeviceQuery(ACCOUNT, order=Order.OVERDUE, now=Now(NOW))
    first = await store.devices.listing(query).window(0, 20)
    cursor, marks = first[3].id, IdSet(row.id for row in first[:5])
    later = store.devices.listing(replace(query, now=Now(NOW + 30 * HOUR)))
    place = await later.position(cursor)
    assert place is not None
    assert (await later.window(place, 1))[0].id == cursor
    assert set(await store.selections.among(query, marks)) == set(marks)
    assert {row.id for row in await later.window(0, 100)} == {row.id for row in first}


async def test_a_ranking_that_takes_long_is_made_while_the_last_one_is_shown(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _filled(store, ACCOUNT, [(5 * HOUR, HOUR), (7 * HOUR, 2 * HOUR)])
    monkeypatch.setattr(rankings, "QUICK", 0.0)
    first = await store.devices.rankings.of(ACCOUNT, NOW)
    monkeypatch.setattr(rankings, "REST", 1e12)
    assert await store.devices.rankings.of(ACCOUNT, NOW) is first
    monkeypatch.setattr(rankings, "REST", 0)
    await store.devices.rankings.of(ACCOUNT, NOW)

    async def is_new() -> bool:
        return await store.devices.rankings.of(ACCOUNT, NOW) is not first

    await until(is_new, what="the new ranking")
    monkeypatch.setattr(rankings, "OLD", 0.0)
    assert await store.devices.rankings.of(ACCOUNT, NOW) is not first


async def test_what_has_gone_or_fits_no_more_makes_room_in_a_remembered_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await _filled(store, ACCOUNT, [(HOUR * (n + 1), HOUR) for n in range(12)])
    monkeypatch.setattr(rankings, "QUICK", 0.0)
    monkeypatch.setattr(rankings, "REST", 1e12)
    query = DeviceQuery(ACCOUNT, parse("state:active"), Order.OVERDUE, now=Now(NOW))
    before = await store.devices.listing(query).window(0, 12)
    lost = before[1]
    number = next(place for place, row in enumerate(rows) if row.id == lost.id)
    await store.devices.put(ACCOUNT, [record(number, state="deactive")], read_at=NOW)
    after = store.devices.listing(query)
    expected = [row.id for row in before if row.id != lost.id]
    assert [row.id for row in await after.window(0, 12)] == expected
    assert [await after.position(id) for id in expected] == list(range(len(expected)))
    assert await after.position(lost.id) is None


async def test_the_order_needs_to_know_the_time(store: Store) -> None:
    with pytest.raises(ValueError, match="what time it is"):
        await store.devices.window(DeviceQuery(ACCOUNT, order=Order.OVERDUE), 0, 9)
