"""What was asked is found again with what was asked, and with how much of the answer came."""

from tests.store.cases import intent
from tsui.store.inbox import Arrival
from tsui.store.store import Store


async def test_questions_tell_what_was_asked_and_what_came(store: Store) -> None:
    await store.inbox.ask("q-1", "0042", "GetAggregateUsage", 1.0, {"groupName": "a"})
    await store.inbox.ask("q-2", "0042", "GetAggregateUsage", 2.0)
    await store.inbox.ask("q-3", "0042", "ListBilledUsage", 3.0)
    await store.inbox.ask("q-4", "other", "GetAggregateUsage", 4.0)
    await store.inbox.keep(
        [Arrival(b"%d" % n, 9.0 + n, "DeviceUsage", "", "q-1", b"{%d}" % n) for n in range(2)]
    )
    newest, oldest = await store.questions.asked("0042", ["GetAggregateUsage"], 9)
    assert (newest.request_id, newest.answers, newest.answered_at) == ("q-2", 0, None)
    assert (oldest.request_id, oldest.answers, oldest.answered_at) == ("q-1", 2, 10.0)
    assert oldest.fields == {"groupName": "a"}
    assert newest.fields == {}
    assert len(await store.questions.asked("0042", ["GetAggregateUsage"], 1)) == 1


async def test_a_request_with_many_devices_is_one_job(store: Store) -> None:
    made = intent(*(f"iccid:{number}" for number in range(30)))
    await store.journal.intend(made, owner=store.owner.name, at=5.0)
    (job,) = await store.jobs.made(made.account, [made.operation], 9)
    assert (job.devices, job.created_at, job.state) == (30, 5.0, "intended")
    assert job.fields == made.fields
    assert await store.jobs.made("other", [made.operation], 9) == []
