"""Notices: what callback messages tell, each once, about the device that it names."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.notices.cases import ACCOUNT, EVERYTHING, ICCID, about, deliver, read
from tests.store.cases import record
from tsui.store.inbox import Arrival, Verdict
from tsui.store.notices import Draft, NoticeQuery, Severity
from tsui.store.store import Store
from tsui.store.sync import SyncState


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    await made.devices.put(ACCOUNT, [record(1, iccid=ICCID)], read_at=1.0)
    await made.syncs.put(ACCOUNT, SyncState(1, 1.0, 0, 0, None, None))
    yield made
    await made.close()


TOLD: list[tuple[str, Any, Severity, str, str]] = [
    (
        "ResumeTrackingNotification",
        about(comment="Device will resume on - 3/15/2027 12:00:00 AM"),
        Severity.WARNING, "resume", "Device will resume on - 3/15/2027 12:00:00 AM",
    ),
    (
        "SubscriptionNotificationService",
        about(subscriptionNotification={"type": "Throttled", "percentage": 100}),
        Severity.ALARM, "throttled", "Slowed down at 100 % of its plan.",
    ),
    (
        "SubscriptionNotificationService",
        about(subscriptionNotification={"type": "UsageThreshold", "percentage": 80}),
        Severity.WARNING, "usage", "Usage reached a bound at 80 % of its plan.",
    ),
    (
        "PromoChanges",
        about(promoChange={"change": "PROMO-EX", "changeDate": "2026-11-20T00:00:00Z"}),
        Severity.INFO, "promo", "The promotional code PROMO-EX was taken off the line.",
    ),
    (
        "AlertService",
        about(alert={"triggerName": "Too much", "comparator": "gt", "threshold": "5",
                     "thresholdUnit": "MB", "value": "7"}),
        Severity.ALARM, "trigger", "Too much: 7 (gt 5 MB)",
    ),
    (
        "AlertService",
        about(alert={"previousImei": "1", "currentImei": "2"}),
        Severity.ALARM, "hardware", "The SIM moved from IMEI 1 to 2.",
    ),
    (
        "ExternalProvisioningChanges",
        about(externalProvisioningChange={"source": "Portal", "change": "Suspend"}),
        Severity.ALARM, "elsewhere", "Suspend, made by Portal and not here.",
    ),
    (
        "ExternalProvisioningChanges",
        about(externalProvisioningChange={"source": "Portal", "change": "ChangePlan"}),
        Severity.WARNING, "elsewhere", "ChangePlan, made by Portal and not here.",
    ),
    (
        "DiagnosticsService",
        about(monitorId="m", MaxUEAvailabilityTime="2026-11-20T14:05:00Z"),
        Severity.INFO, "reachable", "It can be reached until 14:05:00 UTC.",
    ),
    (
        "DiagnosticsService",
        about(monitorId="m", requestType="LOSS_OF_CONNECTIVITY"),
        Severity.ALARM, "lost", "The network lost it: LOSS_OF_CONNECTIVITY",
    ),
    (
        "EnhancedConnectivityService", about(message="battery low"),
        Severity.INFO, "sms", "It sent: battery low",
    ),
    (
        "SMSDeliveryConfirmation", about(status="Expired"),
        Severity.WARNING, "sms delivery", "A text message to it: Expired",
    ),
    (
        "BrandNewService", about(wind="north"),
        Severity.WARNING, "unknown kind",
        "A message of BrandNewService: status Success, wind north",
    ),
    (
        "CarrierService", b"not json",
        Severity.WARNING, "unreadable", "A callback message is no JSON object.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("service", "body", "severity", "kind", "sentence"), TOLD)
async def test_a_message_becomes_a_notice(
    store: Store, service: str, body: Any, severity: Severity, kind: str, sentence: str
) -> None:
    await deliver(store, service, body)
    (notice,) = await read(store)
    assert (notice.severity, notice.kind, notice.sentence) == (severity, kind, sentence)
    assert (notice.at, notice.source) == (5.0, service)
    if body != b"not json":
        assert (notice.account, notice.device) == (ACCOUNT, f"iccid:{ICCID}")
        assert notice.subject == ICCID


async def test_an_answer_to_what_was_asked_here_is_no_notice(store: Store) -> None:
    await store.inbox.ask("r", ACCOUNT, "ListMonitors", 1.0)
    body = json.dumps({"requestId": "r", "status": "Success"}).encode()
    await store.inbox.keep([Arrival(b"d", 5.0, "DiagnosticsService", "", "r", body)])
    assert await read(store) == []
    assert (await store.inbox.newest(1))[0].verdict is Verdict.ANSWER


async def test_whoever_is_killed_before_a_message_counts_as_read_notices_it_once(
    store: Store,
) -> None:
    await deliver(store, "AlertService", about(alert={"triggerName": "Too much"}))
    (first,) = await read(store)

    def unread(connection: Any) -> None:
        connection.execute("UPDATE message SET verdict = '', handled_at = NULL")

    await store.inbox._database.write(unread)
    assert await read(store) == [first]


async def test_a_device_nobody_knows_is_still_told_of(store: Store) -> None:
    await deliver(store, "AlertService", about(deviceIds=[{"id": "77", "kind": "iccid"}]))
    (notice,) = await read(store)
    assert (notice.account, notice.device, notice.subject) == ("", "", "77")


def draft(number: int, severity: Severity = Severity.ALARM, **more: Any) -> Draft:
    told: dict[str, Any] = {"kind": "k", "sentence": f"number {number}", "source": "s", **more}
    return Draft(f"test:{number}", float(number), severity, **told)


async def test_notices_are_found_by_what_they_are(store: Store) -> None:
    await store.notices.keep(
        [
            draft(1, Severity.INFO),
            draft(2, account=ACCOUNT, kind="trigger", device="iccid:1"),
            draft(3, account="another"),
        ]
    )

    async def found(query: NoticeQuery) -> list[str]:
        notices = await store.notices.window(query, 0, 10)
        assert await store.notices.count(query) == len(notices)
        for place, each in enumerate(notices):
            assert await store.notices.position(query, each.id) == place
        return [each.sentence for each in notices]

    assert await found(EVERYTHING) == ["number 2", "number 1"]
    assert await found(NoticeQuery("another")) == ["number 3", "number 1"]
    assert await found(NoticeQuery(ACCOUNT, at_least=Severity.ALARM)) == ["number 2"]
    assert await found(NoticeQuery(ACCOUNT, words=["NUMBER", "1"])) == ["number 1"]
    assert await found(NoticeQuery(ACCOUNT, kinds=["trigger"])) == ["number 2"]
    assert await found(NoticeQuery(ACCOUNT, device="iccid:1")) == ["number 2"]
    assert await found(NoticeQuery(ACCOUNT, since=1.5)) == ["number 2"]
    assert await store.notices.kinds(EVERYTHING) == {"k": 1, "trigger": 1}


async def test_somebody_takes_note_once_and_it_can_be_taken_back(store: Store) -> None:
    (first, second) = await store.notices.keep([draft(1), draft(2)])
    open_alarms = NoticeQuery(ACCOUNT, at_least=Severity.ALARM, is_acked=False)
    assert await store.notices.acknowledge([first, second], 7.0, "ann", "truck is in the shop") == 2
    assert await store.notices.acknowledge([first], 8.0, "bob", "me too") == 0
    noted = await store.notices.get(first)
    assert noted is not None
    assert (noted.acked_at, noted.acked_by) == (7.0, "ann")
    assert noted.ack_note == "truck is in the shop"
    assert await store.notices.count(open_alarms) == 0
    assert await store.notices.take_back([first]) == 1
    assert await store.notices.count(open_alarms) == 1


async def test_the_oldest_go_where_there_are_too_many(store: Store) -> None:
    store.notices._most = 3
    await store.notices.keep([draft(number) for number in range(5)])
    kept = await store.notices.window(EVERYTHING, 0, 10)
    assert [each.sentence for each in kept] == ["number 4", "number 3", "number 2"]
