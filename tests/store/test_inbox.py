"""The inbox: kept once, counted every time, bounded, and told to other processes."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.cases import elsewhere, result_of
from tests.support.waiting import until
from tsui.store.announce import Announcer, News, Topic
from tsui.store.errors import DiskFull
from tsui.store.inbox import Arrival, Inbox, Judged, Question, Verdict, inbox_file
from tsui.store.store import Store


def arrival(text: str, *, at: float = 1.0, request: str = "r-1") -> Arrival:
    digest = hashlib.sha256(text.encode()).digest()
    return Arrival(digest, at, "CarrierService", "192.0.2.1", request, text.encode())


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return store.inbox


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Inbox]:
    """An inbox with room for a hundred bytes."""
    database = inbox_file(tmp_path / "small")
    await database.open()
    yield Inbox(database, Announcer(), room=100)
    await database.close()


async def bodies(inbox: Inbox) -> list[bytes]:
    return [each.body for each in reversed(await inbox.newest(1000))]


async def test_a_message_is_kept_byte_for_byte(inbox: Inbox) -> None:
    odd = Arrival(b"d", 2.5, "", "::1", "", b"\xff\x00 no JSON")
    assert await inbox.keep([arrival("one"), odd]) == 2
    second, first = await inbox.newest(10)
    assert (first.service, first.source, first.request_id) == ("CarrierService", "192.0.2.1", "r-1")
    assert (first.received_at, first.last_at, first.times) == (1.0, 1.0, 1)
    assert (second.body, second.service, second.request_id) == (odd.body, "", "")
    assert {first.verdict, second.verdict} == {Verdict.NEW}


async def test_the_same_message_again_is_counted_and_not_kept_twice(inbox: Inbox) -> None:
    assert await inbox.keep([arrival("one"), arrival("one", at=2.0)]) == 1
    assert await inbox.keep([arrival("one", at=9.0)]) == 0
    (kept,) = await inbox.newest(10)
    assert (kept.times, kept.received_at, kept.last_at) == (3, 1.0, 9.0)
    assert await inbox.count() == 1


async def test_a_message_that_was_read_stays_read_when_it_comes_again(inbox: Inbox) -> None:
    await inbox.keep([arrival("one")])
    (kept,) = await inbox.unread(10)
    await inbox.judge([Judged(kept.id, Verdict.FOREIGN, "nobody asked")], 5.0)
    await inbox.keep([arrival("one", at=6.0)])
    assert await inbox.unread(10) == []
    (kept,) = await inbox.unclaimed({"r-1", "another"})
    assert (kept.verdict, kept.note, kept.handled_at) == (Verdict.FOREIGN, "nobody asked", 5.0)
    assert await inbox.unclaimed({"another"}) == []


async def test_the_oldest_that_were_read_make_room(small: Inbox) -> None:
    for number in range(10):
        await small.keep([arrival(f"{number} {'x' * 8}")])
    read = [Judged(each.id, Verdict.NOTICE, "") for each in await small.unread(7)]
    await small.judge(read, 1.0)
    await small.keep([arrival("new")])
    assert [each[:1] for each in await bodies(small)] == [b"2", *b"3 4 5 6 7 8 9 n".split()]


async def test_what_nobody_has_read_is_never_thrown_away_for_something_new(small: Inbox) -> None:
    await small.keep([arrival("x" * 90)])
    with pytest.raises(DiskFull, match="nobody has read"):
        await small.keep([arrival("y" * 20)])
    assert await bodies(small) == [b"x" * 90]
    assert await small.keep([arrival("x" * 90)]) == 0


async def test_a_question_knows_whether_it_was_asked_again(inbox: Inbox) -> None:
    await inbox.ask("q-1", "0042", "ListMonitors", 1.0)
    assert await inbox.question("q-1") == Question("0042", "ListMonitors", is_newest=True)
    await inbox.ask("q-2", "0042", "ListMonitors", 2.0)
    await inbox.ask("q-3", "0042", "GetReachability", 3.0)
    assert await inbox.question("q-1") == Question("0042", "ListMonitors", is_newest=False)
    assert await inbox.question("q-2") == Question("0042", "ListMonitors", is_newest=True)
    assert await inbox.question("q-9") is None


async def test_an_answer_that_came_before_its_question_is_found(inbox: Inbox) -> None:
    await inbox.keep([arrival("early", request="q-1"), arrival("other", request="q-2")])
    read = [Judged(each.id, Verdict.FOREIGN, "") for each in await inbox.unread(10)]
    await inbox.judge(read, 1.0)
    strays = await inbox.strays(since=0.0)
    assert strays == {"q-1", "q-2"}
    assert await inbox.strays(since=1.0) == await inbox.asked(strays) == set()
    await inbox.ask("q-1", "0042", "ListMonitors", 2.0)
    assert await inbox.asked(strays) == {"q-1"}


async def test_news_of_another_process_is_told(store: Store) -> None:
    heard: list[News] = []
    store.announcer.subscribe(heard.append)
    other = elsewhere(
        store.folder,
        """
        from tsui.store.inbox import Arrival
        await store.inbox.keep([Arrival(b"d", 1.0, "S", "a", "r", b"{}")])
        """,
    )
    await result_of(other)
    await until(lambda: News(Topic.INBOX) in heard, what="the news")
    assert await store.inbox.count() == 1


async def test_text_that_cannot_be_stored_stops_no_message(inbox: Inbox) -> None:
    await inbox.keep([arrival("one", request="\ud800\0")])
    assert len(await inbox.of_request("\ud800\0")) == 1


async def test_a_probe_writes_over_the_last_one(tmp_path: Path) -> None:
    database = inbox_file(tmp_path / "probed")
    await database.open()
    try:
        inbox = Inbox(database, Announcer())
        for _ in range(2):  # the second has to be written beside the first
            await inbox.probe()
        pages = await database.read(lambda each: each.pragma("page_count"))
        for _ in range(50):
            await inbox.probe()
        assert await database.read(lambda each: each.pragma("page_count")) == pages
        assert await inbox.count() == 0
    finally:
        await database.close()


async def test_a_probe_fails_where_no_message_would_fit(small: Inbox) -> None:
    with pytest.raises(DiskFull, match="nobody has read"):
        await small.probe()


async def test_messages_are_found_by_words_in_whatever_they_say(inbox: Inbox) -> None:
    texts = ('{"iccid": "891"}', '{"iccid": "892", "odd": "100% _x"}', '{"iccid": "893"}')
    await inbox.keep([arrival(text, request=f"r-{place}") for place, text in enumerate(texts)])
    first, second, third = reversed(await inbox.newest(10))
    await inbox.judge([Judged(third.id, Verdict.FOREIGN, "Not Known")], 2.0)
    for words, found in {
        ("89",): [third, second, first],
        ("CARRIER", "892"): [second],
        ("100%", "_x"): [second],
        ("not known",): [third],
        ("foreign",): [third],
        ("r-0",): [first],
        ("891", "892"): [],
    }.items():
        ids = [each.id for each in found]
        assert [each.id for each in await inbox.newest(10, 0, words)] == ids
        assert await inbox.count(words) == len(ids)
        places = [await inbox.position(each.id, words) for each in (third, second, first)]
        assert [place for place in places if place is not None] == list(range(len(ids)))
    assert [each.id for each in await inbox.newest(1, 1, ("89",))] == [second.id]


async def test_messages_that_name_a_device_are_found_among_the_newest(inbox: Inbox) -> None:
    texts = [
        f'{{"deviceIds": [{{"id": "{number}"}}], "n": {n}}}'
        for n, number in enumerate(["111", "222", "111", "333"])
    ]
    await inbox.keep([arrival(each) for each in texts])

    async def found(*values: str, looked_at: int = 10) -> list[bytes]:
        return [each.body for each in await inbox.naming(values, looked_at)]

    assert await found("111") == [texts[2].encode(), texts[0].encode()]
    assert await found("111", "333") == [texts[n].encode() for n in (3, 2, 0)]
    assert await found("111", looked_at=2) == [texts[2].encode()]
    assert await found("", "999") == []
