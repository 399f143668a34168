"""What our changes come to and what readings show: each a notice, once, and floods folded."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.service.notices.cases import ACCOUNT, EVERYTHING, ICCID, about, deliver, read
from tests.store.cases import intent, record
from tests.support.clock import FakeClock
from tsui.service.notices.noticer import Noticer
from tsui.store.changes import ChangeState
from tsui.store.device import DeviceRecord
from tsui.store.notice import Notice, Severity
from tsui.store.notice_writing import SINGLE
from tsui.store.store import Store
from tsui.store.sync import SyncState

KEY = f"iccid:{ICCID}"
MANY = SINGLE + 5


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    await made.devices.put(ACCOUNT, [_device()], read_at=1.0)
    await made.syncs.put(ACCOUNT, SyncState(2, 1.0, 0, 1, 1.0, 1))
    yield made
    await made.close()


def _device(number: int = 1, **more: Any) -> DeviceRecord:
    iccid = str(int(ICCID) + number - 1)
    told = {"state": "active", "plan": "A", "groups": "West", "imei": "111111111111111", **more}
    return record(number, iccid=iccid, key=f"iccid:{iccid}", **told)


async def noticed(store: Store, *, is_reading: bool = False) -> list[Notice]:
    clock = FakeClock(datetime.fromtimestamp(9.0, UTC))
    await Noticer(store, clock, lambda: is_reading).round()
    return await store.notices.window(EVERYTHING, 0, 1000)


async def send(
    store: Store, operation: str, *keys: str, state: ChangeState = ChangeState.ACCEPTED
) -> int:
    made = replace(intent(*keys, account=ACCOUNT, title=operation), operation=operation)
    request = await store.journal.intend(made, owner=store.owner.name, at=3.0)
    await store.journal.mark_sending(request, 3.0)
    await store.journal.mark_answered(request, state, 3.0, request_id="r", problem="no such plan")
    return request


SEEN: list[tuple[dict[str, Any], Severity, str, str]] = [
    (
        {"state": "suspend"}, Severity.ALARM, "elsewhere",
        "Suspended, was active; not changed here.",
    ),
    ({"plan": "B"}, Severity.WARNING, "elsewhere", "Plan B, was A; not changed here."),
    (
        {"imei": "222222222222222"}, Severity.ALARM, "hardware",
        "IMEI 222222222222222, was 111111111111111; not changed here.",
    ),
    (
        {"groups": "East"}, Severity.INFO, "elsewhere",
        "Group East, was West; not changed here.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "severity", "kind", "sentence"), SEEN)
async def test_what_others_changed_is_noticed_once(
    store: Store, change: dict[str, Any], severity: Severity, kind: str, sentence: str
) -> None:
    await store.devices.put(ACCOUNT, [_device(**change)], read_at=5.0)
    (notice,) = await noticed(store)
    assert (notice.severity, notice.kind, notice.sentence) == (severity, kind, sentence)
    assert (notice.device, notice.at, notice.groups) == (KEY, 5.0, change.get("groups", "West"))
    assert await noticed(store) == [notice]


async def test_a_kill_after_the_notice_makes_no_second_one(store: Store) -> None:
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=5.0)
    waiting = await store.sightings.after(0, 10)
    first = await noticed(store)
    assert await store.sightings.after(0, 10) == []

    def put_back(connection: Any) -> None:
        for each in waiting:
            connection.execute(
                "INSERT INTO sighting VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)", (each.id, *each[2:])
            )

    await store.devices._database.write(put_back)
    assert await noticed(store) == first


async def test_what_we_changed_ourselves_is_no_news(store: Store) -> None:
    await send(store, "SuspendDevices", KEY)
    await store.devices.put(ACCOUNT, [_device(state="pending suspend")], read_at=4.0)
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=5.0)
    assert await noticed(store) == []


async def test_a_line_that_we_suspended_and_that_is_active_again_was_restored_by_others(
    store: Store,
) -> None:
    await send(store, "SuspendDevices", KEY)
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=5.0)
    await store.devices.put(ACCOUNT, [_device(state="active")], read_at=6.0)
    (notice,) = await noticed(store)
    assert notice.sentence == "Active, was suspended; not changed here."


async def test_a_device_comes_and_goes(store: Store) -> None:
    await store.devices.put(ACCOUNT, [_device(), _device(2)], read_at=5.0, run=3)
    await store.devices.put(ACCOUNT, [_device()], read_at=6.0, run=4)
    await store.devices.drop_unseen(ACCOUNT, 4, 6.0)
    gone, appeared = await noticed(store)
    assert (appeared.kind, appeared.sentence) == (
        "appeared", "New in the account, active; not added here."
    )  # fmt: skip
    assert (gone.kind, gone.sentence) == ("gone", "The account lists it no more; it was active.")
    assert gone.device == appeared.device != KEY


async def test_the_first_fleet_is_no_news(store: Store) -> None:
    await store.devices.put("another", [_device(7)], read_at=5.0)
    assert await noticed(store) == []


async def test_a_flood_is_one_notice_when_the_reading_is_over(store: Store) -> None:
    many = [_device(number) for number in range(1, MANY + 1)]
    await store.devices.put(ACCOUNT, many, read_at=2.0)
    await noticed(store)
    count = await store.notices.count(EVERYTHING)
    others = [_device(number, plan="B") for number in range(1, MANY + 1)]
    await store.devices.put(ACCOUNT, others, read_at=5.0)
    assert len(await noticed(store, is_reading=True)) == count
    flood = (await noticed(store))[0]
    assert await store.notices.count(EVERYTHING) == count + 1
    assert flood.devices == MANY
    assert flood.sentence == "Plan B, was A; not changed here."
    assert ICCID in flood.body["first of them"]


ELSEWHERE = about(externalProvisioningChange={"source": "Portal", "change": "Suspend"})
BOTH = "Suspend, made by Portal and not here. Suspended, was active; not changed here."


async def test_what_is_told_first_and_seen_later_is_one_notice(store: Store) -> None:
    await deliver(store, "ExternalProvisioningChanges", ELSEWHERE)
    await read(store)
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=6.0)
    (notice,) = await noticed(store)
    assert notice.sentence == BOTH
    assert notice.message is not None


async def test_what_is_seen_first_and_told_later_is_one_notice(store: Store) -> None:
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=4.0)
    await noticed(store)
    await deliver(store, "ExternalProvisioningChanges", ELSEWHERE)
    (notice,) = await read(store)
    assert (notice.sentence, notice.severity) == (BOTH, Severity.ALARM)
    assert (notice.source, notice.at) == ("ExternalProvisioningChanges", 4.0)


async def test_a_second_change_that_nobody_told_of_is_a_notice_of_its_own(store: Store) -> None:
    await deliver(store, "ExternalProvisioningChanges", ELSEWHERE)
    await read(store)
    await store.devices.put(ACCOUNT, [_device(state="suspend")], read_at=6.0)
    await store.devices.put(ACCOUNT, [_device(state="active")], read_at=7.0)
    newest, _ = await noticed(store)
    assert newest.sentence == "Active, was suspended; not changed here."


async def test_a_change_of_ours_that_went_wrong_is_noticed(store: Store) -> None:
    await send(store, "ChangePlan", KEY, state=ChangeState.UNKNOWN)
    (notice,) = await noticed(store)
    assert (notice.kind, notice.device, notice.severity) == (
        "change unknown", KEY, Severity.WARNING
    )  # fmt: skip
    assert notice.sentence.startswith("ChangePlan: nobody knows yet whether it was done.")
    assert notice.change is not None
    assert await noticed(store) == [notice]


async def test_a_batch_that_fails_bit_by_bit_is_a_few_notices(store: Store) -> None:
    keys = [_device(number).key for number in range(1, MANY + 1)]
    request = await send(store, "ChangePlan", *keys)
    changes = await store.journal.by_request(request)
    for at, some in enumerate((changes[:30], changes[30:52], changes[52:])):
        for each in some:
            await store.journal.move(
                each.id, ChangeState.FAILED, 5.0 + at, problem="no", evidence="callback"
            )
        notices = await noticed(store)
    assert len(notices) == SINGLE + 1
    assert notices[0].devices == MANY - SINGLE
