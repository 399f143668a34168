"""Heartbeats: when nobody was there is known, whoever was there at the same time."""

import pytest

from tests.store.cases import ACCOUNT
from tsui.store.heartbeats import EVERY, KEPT, TOLERANCE, Program, Stretch
from tsui.store.store import Store

READER = Program.READER


async def beats(store: Store, owner: str, begin: float, end: float) -> None:
    at = begin
    while at <= end:
        await store.heartbeats.beat(READER, ACCOUNT, owner, at)
        at += EVERY


async def gaps(store: Store, since: float, until: float) -> list[Stretch]:
    return await store.heartbeats.gaps(READER, ACCOUNT, since, until)


async def test_a_break_is_known_with_its_ends(store: Store) -> None:
    await beats(store, "one", 10_000, 10_600)
    await beats(store, "one", 20_200, 20_800)
    assert await gaps(store, 10_000, 20_800) == [Stretch(10_600, 20_200)]
    assert await gaps(store, 9_000, 20_800) == [Stretch(9_000, 10_000), Stretch(10_600, 20_200)]
    assert await gaps(store, 10_100, 30_000) == [Stretch(10_600, 20_200), Stretch(20_800, 30_000)]
    assert await gaps(store, 20_300, 20_700) == []
    assert await store.heartbeats.newest(READER, ACCOUNT) == 20_800
    assert await store.heartbeats.newest(READER, "another") is None


async def test_two_at_once_stand_in_for_each_other(store: Store) -> None:
    await beats(store, "one", 10_000, 10_600)
    await beats(store, "two", 10_300, 11_200)
    await beats(store, "one", 11_260, 11_500)
    assert await gaps(store, 10_000, 11_500) == []
    assert await store.heartbeats.gaps(Program.RECEIVER, "", 10_000, 11_500) == [
        Stretch(10_000, 11_500)
    ]


@pytest.mark.parametrize(("pause", "is_gap"), [(EVERY, False), (TOLERANCE, True), (9_000, True)])
async def test_a_late_beat_is_no_break(store: Store, pause: float, *, is_gap: bool) -> None:
    for at in (10_000.0, 10_000.0 + pause):
        await store.heartbeats.beat(READER, ACCOUNT, "one", at)
    assert bool(await gaps(store, 10_000, 10_000 + pause)) == is_gap


async def test_a_clock_that_is_put_back_hides_no_break(store: Store) -> None:
    await beats(store, "one", 50_000, 50_600)
    await beats(store, "one", 10_000, 10_600)
    assert await gaps(store, 10_000, 50_600) == [Stretch(10_600, 50_000)]


async def test_what_is_long_ago_is_forgotten(store: Store) -> None:
    await beats(store, "one", 10_000, 10_060)
    await beats(store, "one", 10_000 + 2 * KEPT, 10_060 + 2 * KEPT)
    assert await gaps(store, 10_000, 20_000) == [Stretch(10_000, 20_000)]
