"""The audit: it tells the whole story, is only ever added to, and shows where it was touched."""

import asyncio
import itertools
from dataclasses import replace

import apsw
import pytest

from tests.store.cases import change_of, elsewhere, intent, killed, line_of, result_of
from tsui.store.audit import GENESIS, Actor, AuditRow, chained
from tsui.store.changes import ChangeState
from tsui.store.store import Store

State = ChangeState

WRITER = """
from tests.store.cases import intent
for number in range(int(sys.argv[2])):
    request = await store.journal.intend(
        intent(f"iccid:{os.getpid()}-{number}"), owner="me", at=1.0
    )
    if number == 0:
        print("writing", flush=True)
"""


async def events(store: Store) -> list[AuditRow]:
    return await store.audit.after(0, 10_000)


async def some(store: Store, requests: int = 3) -> None:
    for number in range(requests):
        request = await store.journal.intend(intent(f"iccid:{number}"), owner="me", at=1.0)
        await store.journal.mark_sending(request, 2.0)


async def touch(store: Store, *statements: str) -> None:
    """Write past the triggers, as somebody with the file in hand can."""

    def write() -> None:
        connection = apsw.Connection(str(store.folder / "journal.db"))
        for (name,) in list(
            connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ):
            connection.execute(f"DROP TRIGGER {name}")
        for sql in statements:
            connection.execute(sql)
        connection.close()

    await asyncio.to_thread(write)


def put_in(place: str, row: int) -> str:
    """Return how to put a copy of a row in another place."""
    names = ", ".join(AuditRow._fields[1:])
    return f"INSERT INTO audit (id, {names}) SELECT {place}, {names} FROM audit WHERE id = {row}"  # noqa: S608


# -- what it tells ------------------------------------------------------------------------------


async def test_it_tells_who_did_what_when_why_and_what_came_of_it(store: Store) -> None:
    meant = replace(intent("iccid:1"), profile="north", note="ticket 12")
    request = await store.journal.intend(meant, owner="me", at=1.0)
    await store.journal.mark_sending(request, 2.0)
    await store.journal.mark_answered(
        request, State.UNKNOWN, 3.0, request_id="r-1", problem="No answer.", code="timeout"
    )
    change = await change_of(store.journal, request)
    by = Actor("other", "south")
    await store.journal.move(
        change.id, State.DECIDED, 4.0, problem="Closed.", evidence="by hand", by=by
    )
    first, *_, third, last = await events(store)
    assert (first.at, first.event, first.title, first.operation) == (
        1.0, "intended", "Suspend", "SuspendDevices",
    )  # fmt: skip
    assert (first.operator, first.profile, first.note) == ("somebody", "north", "ticket 12")
    assert (first.environment, first.account) == (meant.environment, meant.account)
    assert (first.request, first.devices, first.device) == (request, 1, "")
    assert first.fields == '{"accountName": "0000123456-00001"}'
    assert (third.event, third.request_id, third.problem) == (
        "unknown", "r-1", "No answer.; timeout",
    )  # fmt: skip
    assert third.fields == ""
    assert (last.operator, last.profile) == by
    assert (last.device, last.problem, last.evidence) == ("1", "Closed.", "by hand")


async def test_it_is_read_newest_first_a_window_at_a_time(store: Store) -> None:
    await some(store)
    every = await store.audit.window((), 0, 100)
    assert [row.id for row in every] == [6, 5, 4, 3, 2, 1]
    assert await store.audit.window((), 2, 3) == every[2:5]
    assert await store.audit.count() == 6
    assert {row.fields for row in every} == {""}
    for place, row in enumerate(every):
        assert await store.audit.position((), row.id) == place
    assert await store.audit.position((), 99) is None
    assert await store.audit.get(99) is None
    whole = await store.audit.get(1)
    assert whole is not None
    assert whole.fields


async def test_words_are_looked_for_in_everything_and_their_case_does_not_count(
    store: Store,
) -> None:
    await some(store)
    meant = replace(intent("iccid:77"), note="Ticket 12 100%", title="Restore")
    await store.journal.intend(meant, owner="me", at=1.0)
    for words in (["ticket"], ["RESTORE", "100%"], ["request 4"], ["somebody", "100%"]):
        (row,) = await store.audit.window(words, 0, 100)
        assert (row.id, await store.audit.count(words)) == (7, 1)
        assert await store.audit.position(words, 7) == 0
        assert await store.audit.position(words, 1) is None
        assert [each.id for each in await store.audit.after(0, 100, words=words)] == [7]
    assert await store.audit.count(["sending"]) == 3
    assert await store.audit.count(["ticket", "sending"]) == 0
    assert await store.audit.count(["\0"]) == 0


async def test_events_since_a_time_come_oldest_first(store: Store) -> None:
    await some(store, 2)
    assert [row.id for row in await store.audit.after(0, 10, since=2.0)] == [2, 4]
    assert [row.id for row in await store.audit.after(1, 2)] == [2, 3]


# -- the chain ----------------------------------------------------------------------------------


async def test_an_audit_as_it_was_written_fits(store: Store) -> None:
    assert await store.audit.verify() == (0, GENESIS, None, "")
    await some(store)
    rows = await events(store)
    assert await store.audit.verify() == (6, rows[-1].hash, None, "")
    for before, row in itertools.pairwise(rows):
        assert row.hash == chained(row, before.hash)


async def test_text_that_cannot_be_stored_does_not_break_the_chain(store: Store) -> None:
    meant = replace(intent("iccid:1"), note="\0 \ud800 \u2028 é", operator="\ud800")
    await store.journal.intend(meant, owner="me", at=1)
    assert (await store.audit.verify()).broken is None


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("UPDATE audit SET operator = 'nobody' WHERE id = 4", 4),
        ("UPDATE audit SET at = at + 0.001 WHERE id = 1", 1),
        ("UPDATE audit SET request = NULL WHERE id = 6", 6),
        ("UPDATE audit SET hash = lower(hex(zeroblob(32))) WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id = 6", 6),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET id = -id WHERE id IN (2, 3)", -3),
    ],
)
async def test_a_row_that_is_changed_or_gone_is_found(store: Store, sql: str, row: int) -> None:
    await some(store)
    await touch(store, sql)
    verdict = await store.audit.verify()
    assert verdict.broken == row
    assert verdict.why


async def test_rows_that_changed_places_are_found(store: Store) -> None:
    await some(store)
    await touch(
        store,
        "UPDATE audit SET id = 99 WHERE id = 2",
        "UPDATE audit SET id = 2 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = 99",
    )
    assert (await store.audit.verify()).broken == 2


async def test_a_row_that_was_put_in_is_found(store: Store) -> None:
    await some(store)
    await touch(store, put_in("NULL", 6))
    assert (await store.audit.verify()).broken == 7


async def test_a_row_that_was_put_in_between_is_found(store: Store) -> None:
    await some(store)
    await touch(
        store,
        "UPDATE audit SET id = -id - 1 WHERE id > 2",
        "UPDATE audit SET id = -id WHERE id < 0",
        put_in("3", 2),
    )
    assert (await store.audit.verify()).broken == 3


async def test_an_end_that_was_cut_off_with_care_is_found_by_a_hash_noted_before(
    store: Store,
) -> None:
    await some(store)
    noted = (await store.audit.verify()).head
    assert (await store.audit.verify(noted)).broken is None
    await touch(store, "DELETE FROM audit WHERE id > 4", "UPDATE sqlite_sequence SET seq = 4")
    assert (await store.audit.verify()).broken is None
    verdict = await store.audit.verify(noted)
    assert verdict.broken == 5
    assert noted in verdict.why


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET operator = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
        "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT DO UPDATE SET at = 0",
    ],
)
async def test_it_is_only_ever_added_to(store: Store, sql: str) -> None:
    await some(store)
    before = await events(store)

    def change(connection: apsw.Connection) -> None:
        connection.execute(sql)

    with pytest.raises(apsw.ConstraintError, match="the audit is append-only"):
        await store._journal.write(change)
    assert await events(store) == before


# -- several processes --------------------------------------------------------------------------


async def test_processes_that_write_at_the_same_time_keep_one_chain(
    store: Store,
) -> None:
    writers = [elsewhere(store.folder, WRITER, "40") for _ in range(2)]
    for writer in writers:
        assert await line_of(writer) == "writing"
    await some(store, 20)
    for writer in writers:
        await result_of(writer)
    verdict = await store.audit.verify()
    assert (verdict.rows, verdict.broken) == (120, None)


async def test_a_process_that_is_killed_while_it_writes_leaves_a_sound_chain(
    store: Store,
) -> None:
    for _ in range(3):
        writer = elsewhere(store.folder, WRITER, "100000")
        assert await line_of(writer) == "writing"
        await killed(writer)
        verdict = await store.audit.verify()
        assert verdict.broken is None
        assert verdict.rows == await store.journal.count()
    await some(store, 1)
    assert (await store.audit.verify()).broken is None
