"""Streams of devices: all of them in order, as they were at one moment, in little memory."""

import threading
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.store.cases import ACCOUNT, record
from tsui.store.devices import AT_ONCE
from tsui.store.filtering import parse
from tsui.store.query import DeviceQuery, Order
from tsui.store.store import Store

ALL = DeviceQuery(ACCOUNT)
MANY = 2 * AT_ONCE + 7


async def fill(store: Store, count: int, **changes: str) -> None:
    made = [record(number, plan=f"plan {number % 3}", **changes) for number in range(count)]
    await store.devices.put(ACCOUNT, made, read_at=1.0)


@pytest.mark.parametrize(
    "query",
    [
        ALL,
        replace(ALL, descending=True),
        replace(ALL, order=Order.PLAN),
        replace(ALL, order=Order.PLAN, descending=True),
        replace(ALL, filter=parse('plan:"plan 1"')),
        replace(ALL, filter=parse("*77")),
        replace(ALL, account="another"),
    ],
)
async def test_a_stream_has_the_rows_of_the_list(store: Store, query: DeviceQuery) -> None:
    await fill(store, MANY)
    pages = [page async for page in store.devices.stream(query)]
    assert all(0 < len(page) <= AT_ONCE for page in pages)
    listed = await store.devices.window(query, 0, 2 * MANY)
    assert [row for page in pages for row in page] == listed


async def test_a_stream_shows_one_moment_and_everybody_else_the_next(store: Store) -> None:
    await fill(store, MANY)
    async with aclosing(store.devices.stream(ALL)) as pages:
        seen = list(await anext(pages))
        await fill(store, MANY + 1, state="suspend")
        assert (await store.devices.window(ALL, 0, 1))[0].state == "suspend"
        async for page in pages:
            seen += page
    assert len(seen) == MANY
    assert {row.state for row in seen} == {"active"}


async def test_a_stream_that_is_left_leaves_no_thread(store: Store) -> None:
    await fill(store, MANY)
    await store.devices.count(ALL)
    before = threading.active_count()
    for _ in range(3):
        async with aclosing(store.devices.stream(ALL)) as pages:
            await anext(pages)
    assert threading.active_count() <= before + 1
