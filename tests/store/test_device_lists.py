"""Lists of devices agree with a plain model, whatever is in them and however they are asked."""

from collections.abc import Sequence
from dataclasses import replace
from unittest import mock

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.cases import ACCOUNT, COLUMN_ORDERS, Bench, holding, record
from tsui.idset import IdSet
from tsui.store.device import DeviceRecord, DeviceRow
from tsui.store.found import MANY
from tsui.store.query import DeviceQuery, Order
from tsui.store.store import Store

_ALPHABET = st.sampled_from(
    [*"aAbBäÄßẞİςΣ*?[]^-\\'\"%_ \n\0", "\u0131", "\u03c3", "\u0301", "\ud800", "\U0001f600"]
)
_texts = st.text(_ALPHABET, max_size=6)

_records = st.lists(
    st.builds(
        lambda number, state, custom, groups, ip, last, more: record(
            number,
            state=state,
            custom=custom,
            groups=groups,
            ip=ip,
            last_connection=last,
            more=more,
        ),
        st.integers(0, 15),
        st.sampled_from(["active", "suspend", "pre-active"]),
        st.tuples(*[_texts] * 5),
        _texts,
        st.sampled_from(["", "10.0.0.1", "10.0.0.10"]),
        st.floats(0, 10) | st.just(0.0),
        st.lists(_texts, max_size=2).map(tuple),
    ),
    max_size=14,
    unique_by=lambda each: each.key,
)


def _stored(text: str) -> str:
    return "".join(
        "\ufffd" if each == "\0" or 0xD800 <= ord(each) < 0xE000 else each for each in text
    )


def _text(each: DeviceRecord) -> str:
    parts = (
        each.iccid, each.imei, each.mdn, each.eid, each.state, each.plan, each.groups, each.ip,
        *each.custom, *each.more,
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def _matches(each: DeviceRecord, words: Sequence[str]) -> bool:
    text = _stored(_text(each)).casefold()
    return all(_stored(word).casefold() in text for word in words)


def _order(row: DeviceRow, order: Order) -> tuple[bytes | float, int]:
    value = getattr(row, order)
    return (value.encode() if isinstance(value, str) else value), row.id


@given(
    records=_records,
    words=st.lists(
        st.text(_ALPHABET, min_size=1, max_size=5) | st.sampled_from(["89", "act"]), max_size=3
    ),
    order=st.sampled_from(COLUMN_ORDERS),
    descending=st.booleans(),
    offset=st.integers(0, 16),
    limit=st.integers(0, 16),
    indexed=st.booleans(),
)
@pytest.mark.parametrize("many", [2, MANY])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_counts_windows_and_positions_agree_with_a_plain_model(
    bench: Bench,
    many: int,
    records: list[DeviceRecord],
    words: list[str],
    order: Order,
    descending: bool,
    offset: int,
    limit: int,
    *,
    indexed: bool,
) -> None:
    devices = bench.store.devices
    query = DeviceQuery(bench.account(), holding(*words), order, descending)

    async def agree() -> None:
        ids = await devices.put(query.account, records, read_at=1.0)
        if indexed:
            await devices.finish_run(None, 1.0)
        rows = {row.id: row for row in await devices.rows(ids)}
        expected = sorted(
            (
                rows[number]
                for number, each in zip(ids, records, strict=True)
                if _matches(each, words)
            ),
            key=lambda row: _order(row, order),
            reverse=descending,
        )
        assert await devices.count(query) == len(expected)
        assert await devices.window(query, 0, 100) == expected
        assert await devices.window(query, offset, limit) == expected[offset : offset + limit]
        selections = bench.store.selections
        assert set(await selections.every(query)) == {row.id for row in expected}
        shown = {row.id for row in expected[offset : offset + limit]}
        assert set(await selections.span(query, offset, limit)) == shown
        assert set(await selections.among(query, IdSet(ids[::2]))) == {
            row.id for row in expected if row.id in ids[::2]
        }
        places = {row.id: place for place, row in enumerate(expected)}
        assert {number: await devices.position(query, number) for number in ids} == {
            number: places.get(number) for number in ids
        }
        assert (
            await devices.position(replace(query, account="another"), ids[0] if ids else 1) is None
        )

    with mock.patch("tsui.store.found.MANY", many), mock.patch("tsui.store.device_list.MANY", many):
        bench.run(agree())


@given(
    records=_records,
    word=st.text(_ALPHABET, max_size=2),
    order=st.sampled_from(COLUMN_ORDERS),
    descending=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 14), st.integers(1, 5)), max_size=12),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_wherever_one_scrolls_the_same_rows_are_there(
    bench: Bench,
    records: list[DeviceRecord],
    word: str,
    order: Order,
    descending: bool,
    places: list[tuple[int, int]],
) -> None:
    query = DeviceQuery(bench.account(), holding(*word.split()), order, descending)

    async def agree() -> None:
        await bench.store.devices.put(query.account, records, read_at=1.0)
        every = await bench.store.devices.window(query, 0, 100)
        listing = bench.store.devices.listing(query)
        for offset, limit in places:
            assert await listing.window(offset, limit) == every[offset : offset + limit]

    bench.run(agree())


@pytest.mark.parametrize("look", ["count", "position"])
async def test_rows_that_left_do_not_move_what_is_counted_anew(store: Store, look: str) -> None:
    put, listing = store.devices.put, store.devices.listing(DeviceQuery(ACCOUNT))
    ids = await put(ACCOUNT, [record(number) for number in range(30)], read_at=1.0, run=1)
    await listing.window(20, 5)
    await put(ACCOUNT, [record(number) for number in range(10, 30)], read_at=2.0, run=2)
    await store.devices.drop_unseen(ACCOUNT, 2)
    told = await (listing.count() if look == "count" else listing.position(ids[12]))
    assert told == (20 if look == "count" else 2)
    assert [row.id for row in await listing.window(3, 3)] == ids[13:16]
    assert [row.id for row in await listing.window(18, 5)] == ids[28:]


async def test_the_number_of_devices_is_kept_beside_them(store: Store) -> None:
    def counted(connection: apsw.Connection) -> bool:
        return bool(
            connection.execute("SELECT devices = (SELECT count(*) FROM device) FROM account").get
        )

    many = [record(number % 20) for number in range(30)]
    await store.devices.put(ACCOUNT, many, read_at=1.0, run=1)
    assert await store.devices.count(DeviceQuery(ACCOUNT)) == 20
    await store.devices.put(ACCOUNT, [record(3), record(50)], read_at=2.0, run=2)
    await store.devices.drop_unseen(ACCOUNT, 2)
    assert await store.devices.count(DeviceQuery(ACCOUNT)) == 2
    assert await store._cache.read(counted)


@given(pages=st.lists(_records, min_size=1, max_size=4))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_pages_each_device_is_as_it_was_last_put(
    bench: Bench, pages: list[list[DeviceRecord]]
) -> None:
    devices, account = bench.store.devices, bench.account()

    async def agree() -> None:
        last: dict[str, DeviceRecord] = {}
        for number, page in enumerate(pages):
            changed = await devices.put(account, page, read_at=float(number))
            known = {row.id: row.key for row in await devices.rows(changed)}
            assert sorted(known.values()) == sorted(
                each.key for each in page if last.get(each.key) != each
            )
            last |= {each.key: each for each in page}
        rows = await devices.window(DeviceQuery(account), 0, 1000)
        assert {row.key: row.custom1 for row in rows} == {
            key: _stored(each.custom[0]) for key, each in last.items()
        }
        for each in last.values():
            for word in {each.custom[1], each.groups} - {""}:
                found = await devices.window(DeviceQuery(account, holding(word)), 0, 1000)
                assert [row.key for row in found] == sorted(
                    key for key, other in last.items() if _matches(other, [word])
                )

    bench.run(agree())
