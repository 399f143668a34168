"""The conditions in SQL agree with a plain model, and go by the indexes."""

import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.cases import ACCOUNT, Bench, record
from tests.store.filtering.model import Known, lets_through
from tests.store.filtering.strategies import NOW, devices, filters, silences, usages
from tsui.store.device import DeviceRecord
from tsui.store.filtering import Filter, Now, parse
from tsui.store.filtering.sql import USAGE_LASTS
from tsui.store.filtering.values import Day
from tsui.store.query import DeviceQuery, Order
from tsui.store.rhythms import Learned
from tsui.store.store import Store


@given(
    records=devices,
    tree=filters,
    used=st.lists(usages, min_size=10, max_size=10),
    silent=st.lists(silences, min_size=10, max_size=10),
    indexed=st.booleans(),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_filter_agrees_with_a_plain_model(
    bench: Bench,
    records: list[DeviceRecord],
    tree: Filter,
    used: list[tuple[float, int | None]],
    silent: list[tuple[int, int] | None],
    *,
    indexed: bool,
) -> None:
    query = DeviceQuery(bench.account(), tree, now=Now(NOW))
    read_at = NOW - 3600

    async def agree() -> None:
        table = bench.store.devices
        ids = await table.put(query.account, records, read_at=read_at)
        if indexed:
            await table.finish_run(None, read_at)
        expected = set()
        for device, each, (at, amount), silence in zip(ids, records, used, silent, strict=False):
            known = None
            if silence is not None:
                ended = NOW - silence[0]
                learned = Learned(NOW, silence[1], 5, 60, 9, 1, each.last_connection, ended)
                await bench.store.rhythms.learn(device, learned)
                if each.connected is False and each.state == "active":
                    known = int(ended), silence[1]
            if at:
                readings = bench.store.readings
                await readings.put(query.account, device, "usage", [], at, amount)
            usage = amount if at > NOW - USAGE_LASTS else None
            if lets_through(tree, Known(each, read_at, usage, known), Now(NOW)):
                expected.add(device)
        assert set(await bench.store.selections.every(query)) == expected
        assert await table.count(query) == len(expected)
        assert await table.count(query, 2) == min(2, len(expected))
        assert {row.id for row in await table.window(query, 0, 100)} == expected

    bench.run(agree())


def test_folding_makes_no_character_that_is_compared_without_it() -> None:
    plain = {chr(each) for each in range(1, 128) if not chr(each).isalpha()}
    for number in range(128, sys.maxunicode + 1):
        assert plain.isdisjoint(chr(number).casefold())


async def _plan(store: Store, text: str, query: DeviceQuery | None = None) -> str:
    asked = replace(query or DeviceQuery(ACCOUNT), filter=parse(text), now=Now(NOW))
    where, values = asked.condition()
    sql = " ".join(["EXPLAIN QUERY PLAN SELECT 1 FROM device WHERE", where])
    rows = await store._cache.read(lambda each: each.execute(sql, values).fetchall())
    return "\n".join(str(row[3]) for row in rows)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("state:active", "device_by_state (account=? AND state=?)"),
        ("state:pending*", "device_by_state (account=? AND state=?)"),
        ("state:active,suspend", "device_by_state (account=? AND state=?)"),
        ("plan:87641", "device_by_plan (account=? AND plan=?)"),
        ("plan:4G*", "device_by_plan (account=? AND plan=?)"),
        ('group:"4G West"', "device_by_groups (account=? AND groups=?)"),
        ("iccid:89148000001234567890", "device_by_iccid (account=? AND iccid=?)"),
        ("iccid:8914*", "device_by_iccid (account=? AND iccid>? AND iccid<?)"),
        ("imei:*1234", "device_imei_ends (account=? AND imei_reversed>? AND imei_reversed<?)"),
        ("last4:1234", "device_mdn_ends (account=? AND mdn_reversed>? AND mdn_reversed<?)"),
        ("ip:10.0.*", "device_by_ip (account=? AND ip>? AND ip<?)"),
        ("cf1:1234", "device_by_custom1 (account=? AND custom1=?)"),
        ("last>7d", "device_by_last_connection (account=? AND last_connection>?"),
        ("overdue>3", "rhythm_expected (fleet=? AND expected_at>? AND expected_at<?)"),
        ("created:2026-01-31", "device_by_created (account=? AND created>? AND created<?)"),
        ("state:active last>7d", "INDEX device_by_"),
    ],
)
async def test_a_filter_goes_by_its_index(store: Store, typed: str, step: str) -> None:
    assert step in await _plan(store, typed)


async def test_the_values_of_a_column_are_found_in_its_index(store: Store) -> None:
    plan = await _plan(store, "plan:87641")
    assert "SCAN device" not in plan
    assert plan.count("COVERING INDEX device_by_plan") == 3


async def test_a_filter_with_ages_needs_to_know_the_time(store: Store) -> None:
    with pytest.raises(ValueError, match="what time it is"):
        await store.devices.count(DeviceQuery(ACCOUNT, parse("last>7d")))


async def test_a_filter_of_as_many_terms_as_there_may_be_is_just_a_filter(store: Store) -> None:
    await store.devices.put(ACCOUNT, [record(each) for each in range(3)], read_at=1.0)
    for text in ("cf1:" + ",".join(f"x*{each}" for each in range(400)), "a* | " * 499 + "8914*"):
        count = await store.devices.count(DeviceQuery(ACCOUNT, parse(text)))
        assert count == (3 if "8914" in text else 0)


async def test_days_begin_where_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        local, utc = Now(NOW, utc=False), Now(NOW)
        assert Day("2026-02-02").span(utc)[0] == 1_769_990_400
        assert Day("2026-02-02").span(local) == (1_770_008_400, 1_770_094_800)
        assert Day("today").span(local) == Day("2026-02-01").span(local)
        assert Day("today").span(utc) == Day("2026-02-02").span(utc)
        # The day when clocks go forward has 23 hours.
        start, end = Day("2026-03-08").span(local)
        assert end - start == 23 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("order", Order)
async def test_a_filter_can_be_shown_in_any_order(store: Store, order: Order) -> None:
    await store.devices.put(ACCOUNT, [record(each) for each in range(5)], read_at=1.0)
    query = DeviceQuery(ACCOUNT, parse("iccid:8914* -last4:3"), order, now=Now(NOW))
    assert len(await store.devices.window(query, 0, 9)) == 4
