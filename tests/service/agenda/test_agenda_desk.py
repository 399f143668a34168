"""The agenda of an account, from what is remembered alone."""

import json
from pathlib import Path

import pytest

from tests.service.agenda.agendas import DAY, HOUR, NOW, fleet, key, offline, sent
from tests.store.cases import ACCOUNT, record
from tsui.service.agenda.model import Agenda, Certainty, Kind
from tsui.service.agenda.telling import as_data
from tsui.service.who import operator_name
from tsui.store.audit import Actor
from tsui.store.changes import ChangeState
from tsui.store.mutes import Mute
from tsui.store.notice import Draft, Severity, Way
from tsui.store.texts import Receipt
from tsui.store.wakes import NewWake, WakeKind


def due(agenda: Agenda) -> dict[Kind, list[float]]:
    kinds: dict[Kind, list[float]] = {}
    for each in agenda.due:
        kinds.setdefault(each.kind, []).append(each.due - NOW)
    return kinds


async def test_an_account_of_which_nothing_is_known_says_so(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        assert not await made.desks.agenda.is_known()
        agenda = await made.desks.agenda.agenda()
        assert not agenda.due
        assert [gap.kind for gap in agenda.gaps] == [Kind.LOGIN]
        await sent(store, "SuspendDevices", [1], NOW - DAY)
        assert await made.desks.agenda.is_known()


async def test_lines_resume_and_numbers_lapse(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "suspend", 2: "active", 3: "deactive", 4: "active", 5: "suspend"})
        await sent(store, "SuspendDevices", [1, 2], NOW - 80 * DAY)
        await sent(store, "DeactivateDevices", [3, 4], NOW - 45 * DAY)
        await sent(store, "DeactivateDevices", [3], NOW - 40 * DAY, ChangeState.FAILED)
        agenda = await made.desks.agenda.agenda()
        assert due(agenda) == {Kind.RESUME: [10 * DAY], Kind.NUMBER: [5 * DAY]}
        first, second = agenda.due
        assert (first.devices, first.certainty) == ((key(3),), Certainty.WORKED_OUT)
        assert second.devices == (key(1),)
        (blind,) = [gap for gap in agenda.gaps if gap.is_blind]
        assert (blind.kind, blind.number) == (Kind.RESUME, 1), "the fifth one's start is unknown"
        assert await made.desks.agenda.devices_of(first)


async def test_a_resume_that_did_not_happen_is_overdue(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "suspend"})
        await sent(store, "SuspendDevices", [1], NOW - 91 * DAY)
        agenda = await made.desks.agenda.agenda()
        assert [each.kind for each in agenda.overdue()] == [Kind.RESUME]


async def test_what_was_read_and_told_counts(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "suspend", 2: "suspend", 3: "deactive"})
        rows = {each.key: each for each in await store.devices.rows(range(1, 9))}
        values = {"LastDateSuspended": "2026-11-01T00:00:00Z", "ResumeDate": "2027-01-20T00:00:00Z"}
        await store.readings.put(
            ACCOUNT, rows[key(1)].id, "diagnostics", [{"values": values}], NOW - HOUR
        )
        history = [{"at": NOW - 48 * DAY, "event": "Deactivate", "status": "Success", "by": "x",
                    "plan": ""}]  # fmt: skip
        await store.readings.put(ACCOUNT, rows[key(3)].id, "provisioning", history, NOW - HOUR)
        await store.notices.keep(
            [Draft("message:1", NOW - HOUR, Severity.WARNING, "resume",
                   "Device will resume on - 11/27/2026 12:00:00 AM", "ResumeTrackingNotification",
                   ACCOUNT, key(2))]
        )  # fmt: skip
        agenda = await made.desks.agenda.agenda()
        told = [(each.devices[0], each.certainty, each.source) for each in agenda.due]
        assert told == [
            (key(3), Certainty.WORKED_OUT, "deactivated 2026-10-03, provisioning history"),
            (key(2), Certainty.TOLD, "resume notice"),
            (key(1), Certainty.TOLD, "extended diagnostics"),
        ]
        assert not [gap for gap in agenda.gaps if gap.is_blind]


async def test_texts_activations_and_credit_checks_have_an_end(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "active", 2: "active", 3: "pending activation", 4: "deactive",
                            5: "pending suspend"})  # fmt: skip
        await sent(store, "SendSms", [1, 2], NOW - 20 * HOUR, smsMessage="hello")
        await sent(store, "ActivateDevices", [3], NOW - 25 * HOUR, ChangeState.ACCEPTED)
        await sent(
            store, "ActivateDevices", [4], NOW - 2 * DAY, ChangeState.FAILED,
            evidence="callback CarrierService: Failed, X.REQUEST_ONHOLD.CreditCheck",
        )  # fmt: skip
        delivered = (await store.journal.for_device(key(2)))[0]
        await store.texts.keep(
            [], [Receipt(delivered.id, NOW - HOUR, "Delivered", "", is_final=True)]
        )
        agenda = await made.desks.agenda.agenda()
        assert {kind: len(each) for kind, each in due(agenda).items()} == {
            Kind.ACTIVATION: 1, Kind.SMS: 1, Kind.CREDIT: 1
        }  # fmt: skip
        assert due(agenda)[Kind.SMS] == [100 * HOUR]
        assert due(agenda)[Kind.CREDIT] == [pytest.approx(5 * DAY, abs=5)]
        assert [each.kind for each in agenda.overdue()] == [Kind.ACTIVATION]
        assert [gap.number for gap in agenda.gaps if gap.kind is Kind.ACTIVATION] == [1]


async def test_monitors_and_what_waits_on_wake_end(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "active"})
        ends = "2026-11-22T15:00:00Z"
        await sent(
            store, "MonitorReachability", [1], NOW - HOUR, monitorExpirationTime=ends,
            requestType="REACHABLE_FOR_DATA",
        )  # fmt: skip
        await sent(store, "MonitorReachability", [1], NOW - HOUR, ChangeState.REFUSED,
                   monitorExpirationTime=ends)  # fmt: skip
        await store.wakes.queue(
            [NewWake("h", ACCOUNT, key(1), WakeKind.REMINDER, "look", "", {}, (), "",
                     Actor("eve", "test"), NOW + DAY)], NOW - HOUR,
        )  # fmt: skip
        agenda = await made.desks.agenda.agenda()
        assert due(agenda) == {Kind.WAKE: [DAY], Kind.MONITOR: [2 * DAY]}
        mute = Mute(Way.SILENCE, NOW + HOUR, ACCOUNT, kind="lost", by="eve")
        await made.desks.notices.mute(mute)
        first, *_ = (await made.desks.agenda.agenda()).due
        assert (first.kind, first.due, first.source) == (
            Kind.MUTE, NOW + HOUR, f"muted by {operator_name()}"
        )  # fmt: skip


async def test_cycles_of_watched_and_marked_devices_and_the_password(tmp_path: Path) -> None:
    async with offline(tmp_path, watch=(key(1),)) as (made, store):
        raw = {"billingCycleEndDate": "2026-12-05T00:00:00Z"}
        await fleet(store, {1: "active", 2: "active"}, raw=raw)
        await store.devices.put(ACCOUNT, [record(3, raw={})], read_at=NOW)
        await sent(store, "ResetPassword", [], NOW - 100 * DAY)
        agenda = await made.desks.agenda.agenda([key(2), key(3)])
        cycles = [each for each in agenda.due if each.kind is Kind.CYCLE]
        assert [each.devices for each in cycles] == [(key(1),), (key(2),)]
        assert [each.kind for each in agenda.overdue()] == [Kind.LOGIN]
        assert [(gap.kind, gap.number) for gap in agenda.gaps] == [(Kind.CYCLE, 1)]


async def test_json_tells_all_of_it(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "suspend", 2: "suspend"})
        await sent(store, "SuspendDevices", [1], NOW - 80 * DAY)
        told = json.loads(json.dumps(as_data(await made.desks.agenda.agenda(), ACCOUNT)))
        assert told["version"] == 1
        (only,) = told["due"]
        assert (only["kind"], only["devices"], only["group"]) == ("resume", [key(1)], "later")
        assert only["due_utc"] == "2026-11-30T15:00:00Z"
        assert [gap["blind"] for gap in told["unknown"]] == [True, False]
