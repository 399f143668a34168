"""The list by how overdue devices are is complete and stands still, however one scrolls in it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.cases import ACCOUNT, Bench, holding, record
from tsui.idset import IdSet
from tsui.store.device import DeviceRow
from tsui.store.filtering import Now
from tsui.store.query import DeviceQuery, Order
from tsui.store.rhythms import Learned
from tsui.store.store import Store

NOW = 1_770_000_000.0
HOUR = 3600

_silences = st.none() | st.tuples(
    st.sampled_from([60, HOUR, 5 * HOUR, 50 * HOUR]), st.sampled_from([60, HOUR, 7 * HOUR])
)
"""Seconds of silence and of the usual gap, where they are known."""


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
    words=st.sampled_from([(), ("west",), ("we", "st"), ("nobody",)]),
    descending=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 17), st.integers(0, 6)), max_size=8),
    indexed=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_windows_and_places_agree_with_a_plain_model(
    bench: Bench,
    silences: list[tuple[int, int] | None],
    words: tuple[str, ...],
    descending: bool,
    places: list[tuple[int, int]],
    *,
    indexed: bool,
) -> None:
    query = DeviceQuery(bench.account(), holding(*words), Order.OVERDUE, descending, Now(NOW))

    async def agree() -> None:
        devices = bench.store.devices
        rows = await _filled(bench.store, query.account, silences)
        if indexed:
            await devices.finish_run(None, NOW)
        fitting = [row for row in rows if all(word in row.groups for word in words)]
        expected = sorted(fitting, key=_order, reverse=descending)
        listing = devices.listing(query)
        assert await listing.count() == len(expected)
        for offset, limit in places:
            assert await listing.window(offset, limit) == expected[offset : offset + limit]
        found = {row.id: place for place, row in enumerate(expected)}
        assert {row.id: await listing.position(row.id) for row in rows} == {
            row.id: found.get(row.id) for row in rows
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


async def test_the_order_needs_to_know_the_time(store: Store) -> None:
    with pytest.raises(ValueError, match="what time it is"):
        await store.devices.window(DeviceQuery(ACCOUNT, order=Order.OVERDUE), 0, 9)
