"""Devices: what is kept of them, what is announced, and how one is found."""

import asyncio
import json
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.store.cases import ACCOUNT, COLUMN_ORDERS, Bench, bare, holding, record
from tsui.store.announce import News, Topic
from tsui.store.query import DeviceQuery, Order
from tsui.store.searching import SINGLE_WORDS
from tsui.store.store import Store
from tsui.store.sync import SyncState

ALL = DeviceQuery(ACCOUNT)


async def _keys(store: Store, query: DeviceQuery = ALL) -> list[str]:
    return [row.key for row in await store.devices.window(query, 0, 1000)]


async def _begin_run(store: Store, run: int) -> None:
    await store.syncs.put(ACCOUNT, SyncState(run, 0.0, 0, 0, None, None))


# -- putting ------------------------------------------------------------------------------------


async def test_a_device_comes_back_as_it_was_handed_in(store: Store) -> None:
    made = record(
        7,
        mdn="2125550007",
        eid="8" * 32,
        state="suspend",
        plan="87641",
        groups="North, 4G West",
        ip="10.0.0.7",
        custom=("a", "b", "c", "d", "e"),
        connected=True,
        last_connection=12.5,
        created=3.25,
    )
    (number,) = await store.devices.put(ACCOUNT, [made], read_at=99.0)
    (row,) = await store.devices.rows([number])
    assert row._asdict() == {
        "id": number,
        "key": made.key,
        "iccid": made.iccid,
        "imei": made.imei,
        "mdn": "2125550007",
        "eid": "8" * 32,
        "state": "suspend",
        "plan": "87641",
        "groups": "North, 4G West",
        "ip": "10.0.0.7",
        "custom1": "a",
        "custom2": "b",
        "custom3": "c",
        "custom4": "d",
        "custom5": "e",
        "connected": 1,
        "last_connection": 12.5,
        "created": 3.25,
        "read_at": 99.0,
        **dict.fromkeys(
            (
                "silent_since",
                "usual_gap",
                "gaps",
                "expected_at",
                "learned_at",
                "session",
                "session_bytes",
                "hours",
            ),
            None,
        ),
    }
    assert await store.devices.raw(number) == json.loads(made.raw)


@pytest.mark.parametrize(("connected", "shown"), [(None, None), (False, 0), (True, 1)])
async def test_whether_a_session_is_open_may_be_unknown(
    store: Store, connected: bool | None, shown: int | None
) -> None:
    (number,) = await store.devices.put(ACCOUNT, [record(connected=connected)], read_at=1.0)
    (row,) = await store.devices.rows([number])
    assert row.connected == shown


async def test_only_what_differs_is_announced_and_the_rest_is_read_anew(store: Store) -> None:
    news: list[News] = []
    store.announcer.subscribe(news.append)
    first = await store.devices.put(ACCOUNT, [record(1), record(2), record(3)], read_at=1.0)
    changed = await store.devices.put(
        ACCOUNT, [record(1), record(2, state="suspend", raw={"new": 1}), record(3)], read_at=2.0
    )
    assert changed == [first[1]]
    assert news == [
        News(Topic.DEVICES, frozenset(first)),
        News(Topic.DEVICES, frozenset(changed)),
    ]
    assert {row.read_at for row in await store.devices.rows(first)} == {2.0}
    assert [row.state for row in await store.devices.rows(first)] == ["active", "suspend", "active"]
    assert await store.devices.raw(first[1]) == {"new": 1}


async def test_nothing_new_is_no_news(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(1)], read_at=1.0)
    news: list[News] = []
    store.announcer.subscribe(news.append)
    assert await store.devices.put(ACCOUNT, [record(1)], read_at=2.0) == []
    assert await store.devices.put(ACCOUNT, [], read_at=2.0) == []
    assert news == []


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "suspend"},
        {"plan": "other"},
        {"custom": ("", "", "", "", "x")},
        {"connected": False},
        {"last_connection": 1.0},
        {"more": ("310150123456789",)},
        {"raw": {"another": "answer"}},
        {"platform_id": 12345},
    ],
)
async def test_a_device_differs_as_soon_as_anything_of_it_does(
    store: Store, changes: dict[str, Any]
) -> None:
    known = await store.devices.put(ACCOUNT, [record(1)], read_at=1.0)
    assert await store.devices.put(ACCOUNT, [record(1, **changes)], read_at=2.0) == known


async def test_the_same_device_of_two_accounts_is_two_records(store: Store) -> None:
    (mine,) = await store.devices.put(ACCOUNT, [record(1)], read_at=1.0)
    (theirs,) = await store.devices.put("other", [record(1, state="suspend")], read_at=1.0)
    assert mine != theirs
    assert [row.state for row in await store.devices.rows([mine])] == ["active"]
    assert await store.devices.count(ALL) == 1
    assert await store.devices.drop_unseen("other", 9) == [theirs]
    assert await _keys(store) == [record(1).key]


async def test_the_same_device_twice_in_a_page_ends_as_its_last(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(1), record(1, state="suspend")], read_at=1.0)
    (row,) = await store.devices.window(ALL, 0, 10)
    assert row.state == "suspend"


async def test_a_page_is_put_whole_or_not_at_all(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(1)], read_at=1.0)
    wrong = record(3, platform_id=2**70)
    with pytest.raises(OverflowError):
        await store.devices.put(ACCOUNT, [record(1, state="x"), record(2), wrong], read_at=2.0)
    (row,) = await store.devices.window(ALL, 0, 10)
    assert (row.key, row.state, row.read_at) == (record(1).key, "active", 1.0)


async def test_devices_are_announced_although_the_caller_was_cancelled(store: Store) -> None:
    news: list[News] = []
    store.announcer.subscribe(news.append)
    putting = asyncio.create_task(store.devices.put(ACCOUNT, [record(1)], read_at=1.0))
    await asyncio.sleep(0)
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await store.logins.refused("nobody") == 0
    await store.devices.put(ACCOUNT, [], read_at=1.0)
    assert [each.topic for each in news] == [Topic.DEVICES]
    assert await store.devices.count(ALL) == 1


# -- hostile text -------------------------------------------------------------------------------


async def test_text_that_cannot_be_stored_is_stored_with_a_stand_in(store: Store) -> None:
    hostile = record(
        1,
        key="iccid:1\0\ud800",
        custom=("nul\0inside", "lone \udfff surrogate", "", "", ""),
        raw={"text": "nul\0 and \ud800"},
    )
    (number,) = await store.devices.put(ACCOUNT, [hostile], read_at=1.0)
    (row,) = await store.devices.rows([number])
    assert (row.key, row.custom1, row.custom2) == (
        "iccid:1\ufffd\ufffd",
        "nul\ufffdinside",
        "lone \ufffd surrogate",
    )
    assert await store.devices.raw(number) == json.loads(hostile.raw)
    assert await store.devices.put(ACCOUNT, [hostile], read_at=2.0) == []
    assert set(await store.devices.by_key(ACCOUNT, [hostile.key])) == {row.key}
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding("INSIDE"))) == 1
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding("nul\0in"))) == 1


async def test_very_long_text_is_kept_and_found(store: Store) -> None:
    long = "x" * 1_000_000 + "needle" + "y" * 1_000_000
    await store.devices.put(ACCOUNT, [record(1, custom=(long, "", "", "", ""))], read_at=1.0)
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding("needle"))) == 1
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding(long[100:]))) == 1
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding(long + "z"))) == 0


async def test_thousands_of_words_are_just_a_filter(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(number) for number in range(3)], read_at=1.0)
    words = tuple(f"word{number}." for number in range(3 * SINGLE_WORDS))
    await store.devices.put(
        ACCOUNT, [record(7, custom=(" ".join(words), "", "", "", ""))], read_at=1.0
    )
    assert await _keys(store, DeviceQuery(ACCOUNT, holding(*words))) == [record(7).key]
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding(*words))) == 1
    assert await _keys(store, DeviceQuery(ACCOUNT, holding(*words, "missing"))) == []
    assert await _keys(store, DeviceQuery(ACCOUNT, holding(*words, "x"))) == []


_raw = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(raw=st.dictionaries(st.text(), _raw, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(raw={"a": {"\ud800": ["\0", "é", "\U0001f600"]}})
def test_what_the_platform_told_comes_back_to_the_letter(bench: Bench, raw: dict[str, Any]) -> None:
    account = bench.account()

    async def there_and_back() -> dict[str, Any] | None:
        (number,) = await bench.store.devices.put(account, [record(1, raw=raw)], read_at=1.0)
        return await bench.store.devices.raw(number)

    assert bench.run(there_and_back()) == raw


async def test_nothing_is_known_of_a_device_that_is_not_there(store: Store) -> None:
    assert await store.devices.raw(12) is None
    assert await store.devices.rows([12]) == []
    assert await store.devices.by_key(ACCOUNT, ["iccid:12"]) == {}
    assert await store.devices.position(ALL, 12) is None


# -- leaving ------------------------------------------------------------------------------------


async def test_devices_that_a_run_has_not_met_leave_with_all_that_is_known_of_them(
    store: Store,
) -> None:
    stays, leaves = await store.devices.put(ACCOUNT, [record(1), record(2)], read_at=1.0, run=1)
    for device in (stays, leaves):
        await store.readings.put(ACCOUNT, device, "usage", [], 1.0)
    await store.devices.put(ACCOUNT, [record(1)], read_at=2.0, run=2)
    news: list[News] = []
    store.announcer.subscribe(news.append)
    assert await store.devices.drop_unseen(ACCOUNT, 2) == [leaves]
    assert news == [News(Topic.DEVICES, frozenset({leaves}))]
    assert await _keys(store) == [record(1).key]
    assert await store.devices.raw(leaves) is None
    assert await store.readings.get(ACCOUNT, leaves, "usage") is None
    assert await store.readings.get(ACCOUNT, stays, "usage") is not None
    assert await store.devices.count(DeviceQuery(ACCOUNT, holding(record(2).iccid))) == 0


async def test_a_device_that_was_read_on_its_own_during_a_run_stays(store: Store) -> None:
    await _begin_run(store, 2)
    await store.devices.put(ACCOUNT, [record(1), record(2)], read_at=1.0, run=1)
    await store.devices.put(ACCOUNT, [record(1)], read_at=2.0, run=2)
    # The tracker reads both a moment later: one changed, one that no page has shown yet.
    await store.devices.put(ACCOUNT, [record(1, state="suspend")], read_at=3.0)
    await store.devices.put(ACCOUNT, [record(3)], read_at=3.0)
    (left,) = await store.devices.drop_unseen(ACCOUNT, 2)
    assert await _keys(store) == [record(1).key, record(3).key]
    assert await store.devices.rows([left]) == []


async def test_an_id_is_never_given_to_another_device(store: Store) -> None:
    (first,) = await store.devices.put(ACCOUNT, [record(1)], read_at=1.0, run=1)
    await store.devices.drop_unseen(ACCOUNT, 2)
    (second,) = await store.devices.put(ACCOUNT, [record(2)], read_at=1.0, run=2)
    assert second != first


# -- finding ------------------------------------------------------------------------------------


async def test_a_device_is_found_by_each_of_its_identifiers_and_by_their_ends(
    store: Store,
) -> None:
    wanted = record(77, mdn="2125550077", eid="89" + "0" * 28 + "42")
    await store.devices.put(ACCOUNT, [record(1), wanted, record(2)], read_at=1.0)
    ends = [wanted.iccid[-4:], wanted.imei[-5:], wanted.mdn[-4:]]
    for identifier in (wanted.iccid, wanted.imei, wanted.mdn, wanted.eid, *ends):
        found = await store.devices.find(ACCOUNT, identifier)
        assert [row.key for row in found] == [wanted.key], identifier


@pytest.mark.parametrize("key", ["meid:A0000012345678", "esn:12345678901", "imsi:310150123456789"])
async def test_a_device_is_found_by_whatever_names_it(store: Store, key: str) -> None:
    await store.devices.put(ACCOUNT, [bare(key), record(1)], read_at=1.0)
    found = await store.devices.find(ACCOUNT, key.partition(":")[2])
    assert [row.key for row in found] == [key]


async def test_an_exact_match_comes_first_even_among_many_that_only_end_with_it(
    store: Store,
) -> None:
    many = [record(number, iccid=f"10{number:03}5550001") for number in range(50)]
    exact = record(99, iccid="99", imei="", mdn="5550001")
    await store.devices.put(ACCOUNT, [*many, exact], read_at=1.0)
    found = await store.devices.find(ACCOUNT, "5550001", limit=3)
    assert [len(found), found[0].key] == [3, exact.key]


async def test_finding_knows_no_other_account_and_no_empty_identifier(store: Store) -> None:
    await store.devices.put("other", [record(1, eid="1" * 32)], read_at=1.0)
    await store.devices.put(ACCOUNT, [record(2)], read_at=1.0)
    for identifier in ("", record(1).iccid, record(1).imei, "1" * 32, record(1).iccid[-3:]):
        assert await store.devices.find(ACCOUNT, identifier) == []


async def test_an_end_is_found_whatever_stands_before_it(store: Store) -> None:
    named = [
        record(number, iccid=f"{char}123") for number, char in enumerate("a\x7fé\uffff\U0001f600")
    ]
    await store.devices.put(ACCOUNT, named, read_at=1.0)
    assert len(await store.devices.find(ACCOUNT, "123")) == len(named)


async def test_devices_are_found_by_key(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(1), record(2), record(3)], read_at=1.0)
    found = await store.devices.by_key(ACCOUNT, [record(3).key, record(1).key, "iccid:none"])
    assert {key: row.iccid for key, row in found.items()} == {
        record(number).key: record(number).iccid for number in (1, 3)
    }


# -- counting -----------------------------------------------------------------------------------


async def test_devices_are_counted_by_state_plan_and_groups(store: Store) -> None:
    records = [record(number, state="active" if number % 3 else "suspend") for number in range(10)]
    await store.devices.put(ACCOUNT, records, read_at=1.0)
    assert await store.devices.tally(ACCOUNT, "state") == [("active", 6), ("suspend", 4)]
    assert await store.devices.tally(ACCOUNT, "plan") == [("", 10)]
    assert await store.devices.tally("other", "groups") == []


async def test_devices_are_counted_by_nothing_else(store: Store) -> None:
    with pytest.raises(ValueError, match="cannot be counted by key; DROP TABLE device"):
        await store.devices.tally(ACCOUNT, "key; DROP TABLE device")


# -- plans of SQLite ----------------------------------------------------------------------------


def _plan(connection: apsw.Connection, sql: str, values: object) -> str:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
    return "\n".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("order", COLUMN_ORDERS)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("words", [(), ("pump",)])
async def test_no_order_needs_sorting(
    store: Store, order: Order, descending: bool, words: tuple[str, ...]
) -> None:
    query = DeviceQuery(ACCOUNT, holding(*words), order, descending)
    where, values = query.condition()
    parts = ("SELECT id FROM device WHERE", where, "ORDER BY", query.ordering(), "LIMIT 9 OFFSET 9")
    sql = " ".join(parts)
    plan = await store._cache.read(lambda each: _plan(each, sql, values))
    assert f"INDEX device_by_{order} (account=?)" in plan
    assert "TEMP B-TREE" not in plan


async def test_a_store_of_two_accounts_keeps_their_pages_apart(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open()
    for account in ("one", "two"):
        await store.devices.put(account, [record(number) for number in range(5)], read_at=1.0)
    assert await store.devices.count(DeviceQuery("one")) == 5
    assert len(await store.devices.window(DeviceQuery("two"), 0, 100)) == 5
    assert set(await store.selections.every(DeviceQuery("one"))) == {1, 2, 3, 4, 5}
    await store.close()


async def test_devices_that_fell_silent_together_are_found(store: Store) -> None:
    told = [
        record(number, connected=connected, last_connection=at, state=state)
        for number, (at, connected, state) in enumerate(
            [(100.0, False, "active"), (110.0, False, "active"), (105.0, True, "active"),
             (105.0, False, "suspend"), (200.0, False, "active"), (105.0, None, "active")]
        )
    ]  # fmt: skip
    ids = await store.devices.put(ACCOUNT, told, read_at=1.0)
    found = await store.devices.silent_since(ACCOUNT, 90.0, 120.0)
    assert {row.id for row in found} == set(ids[:2])
    assert await store.devices.silent_since("another", 90.0, 120.0) == []
