"""Callback messages: whatever their order and number, they come to the same end."""

import hashlib
import itertools
import json
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import changes, row_in, submit, until_over, workspace
from tests.service.operators import perform
from tests.store.cases import record
from tests.support.clock import FakeClock
from tests.support.listener import Inbox as Listener
from tests.support.listener import listener
from tests.support.waiting import until
from tsui.service.evidence import Finding, settle
from tsui.service.forms import from_json
from tsui.service.inbox import InboxReader
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange, Intent, Target
from tsui.store.inbox import Arrival, Verdict
from tsui.store.store import Store
from tsui.thingspace.callbacks import RegisterListener

State = ChangeState
ACCOUNT = "0042"
REQUEST = "7b0f5c1e-0000-4000-8000-000000000001"
FIRST, SECOND, THIRD = (f"8914800000000000000{number}" for number in (1, 2, 3))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    yield made
    await made.close()


def message(
    iccid: str = FIRST, status: str = "Success", request: str = REQUEST, **more: Any
) -> dict[str, Any]:
    named = [{"id": iccid, "kind": "ICCID"}] if iccid else []
    return {"requestId": request, "deviceIds": named, "status": status, **more}


FAULT: dict[str, Any] = {
    "faultResponse": {"faultcode": "A.B.C", "faultstring": "The network refused it."}
}


async def deliver(store: Store, *messages: dict[str, Any], service: str = "CarrierService") -> None:
    arrivals = [
        Arrival(
            hashlib.sha256(service.encode() + json.dumps(each, sort_keys=True).encode()).digest(),
            1.0, service, "192.0.2.1", str(each.get("requestId", "")), json.dumps(each).encode(),
        )
        for each in messages
    ]  # fmt: skip
    await store.inbox.keep(arrivals)


def reader(store: Store) -> InboxReader:
    return InboxReader(store, FakeClock(datetime.fromtimestamp(100.0, UTC)), lambda _: None)


async def sent(
    store: Store, *iccids: str, operation: str = "SuspendDevices", answered: bool = True
) -> int:
    """Write down a request that is on its way, or accepted."""
    targets = [Target(f"iccid:{each}", "iccid", each, {}) for each in iccids]
    intent = Intent("b", "https://h", ACCOUNT, "ann", operation, "Suspend", {}, targets)
    number = await store.journal.intend(intent, owner="me", at=1.0)
    await store.journal.mark_sending(number, 2.0)
    if answered:
        await accept(store, number)
    return number


async def accept(store: Store, number: int) -> None:
    await store.journal.mark_answered(number, State.ACCEPTED, 3.0, request_id=REQUEST)


async def found(store: Store) -> dict[str, DeviceChange]:
    return {each.identifier: each for each in await store.journal.window(0, 100)}


async def states(store: Store) -> list[State]:
    known = await found(store)
    return [known[each].state for each in sorted(known)]


async def verdicts(store: Store) -> list[Verdict]:
    return [each.verdict for each in reversed(await store.inbox.newest(100))]


async def test_each_device_of_a_request_has_its_own_outcome(store: Store) -> None:
    await sent(store, FIRST, SECOND, THIRD)
    await deliver(store, message(SECOND, "Failed", **FAULT), message(FIRST))
    await reader(store).round()
    known = await found(store)
    assert await states(store) == [State.SUCCEEDED, State.FAILED, State.ACCEPTED]
    assert known[FIRST].evidence == "callback CarrierService: Success"
    assert known[SECOND].evidence == "callback CarrierService: Failed, A.B.C"
    assert known[SECOND].problem == "The network refused it."
    assert await verdicts(store) == [Verdict.OUTCOME, Verdict.OUTCOME]


SUCCESS = "callback CarrierService: Success"
FAILURE = "callback CarrierService: Failed, A.B.C"


async def events(store: Store) -> list[str]:
    return [each.event for each in await store.audit.after(0, 100) if each.device]


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("fails_first", [False, True])
async def test_final_words_that_contradict_are_both_kept_and_none_wins_silently(
    store: Store, *, fails_first: bool, together: bool
) -> None:
    await sent(store, FIRST)
    said = [message(FIRST), message(FIRST, "Failed", **FAULT)]
    if fails_first:
        said.reverse()
    looks = reader(store)
    if together:
        await deliver(store, *said)
    else:
        for each in said:
            await deliver(store, each)
            await looks.round()
    await looks.round()
    change = (await found(store))[FIRST]
    if fails_first:
        assert (change.state, change.evidence) == (State.FAILED, FAILURE)
        assert change.contradiction == f"succeeded: {SUCCESS}"
    else:
        assert (change.state, change.evidence) == (State.SUCCEEDED, SUCCESS)
        assert change.contradiction == f"failed: {FAILURE}, The network refused it."
    assert await events(store) == [change.state, "contradicted"]
    assert [each.id for each in await store.journal.contradicted(ACCOUNT)] == [change.id]
    assert await verdicts(store) == [Verdict.OUTCOME, Verdict.OUTCOME]
    await deliver(store, {**said[1], "comment": "the same once more"})
    await looks.round()
    assert (await found(store))[FIRST].contradiction == change.contradiction
    assert await events(store) == [change.state, "contradicted"]


@pytest.mark.parametrize(
    ("state", "evidence"),
    [
        (State.SUCCEEDED, "request status: Success"),
        (State.DECIDED, "operator's decision"),
        (State.SUCCEEDED, "ThingSpace's answer"),
    ],
)
async def test_a_callback_against_anything_else_is_kept_beside_it(
    store: Store, state: State, evidence: str
) -> None:
    await sent(store, FIRST)
    (change,) = await store.journal.window(0, 1)
    await store.journal.move(change.id, state, 4.0, evidence=evidence)
    await deliver(store, message(FIRST, "Failed", **FAULT))
    await reader(store).round()
    (change,) = await store.journal.window(0, 1)
    assert (change.state, change.evidence) == (state, evidence)
    assert change.contradiction.startswith(f"failed: {FAILURE}")


async def test_what_was_inferred_is_kept_when_the_platform_denies_it(store: Store) -> None:
    await sent(store, FIRST, SECOND)
    for change in await store.journal.window(0, 2):
        await store.journal.move(change.id, State.INFERRED, 4.0, evidence="the device shows it")
    await deliver(store, message(FIRST, "Failed", **FAULT), message(SECOND))
    await reader(store).round()
    known = await found(store)
    assert (known[FIRST].state, known[FIRST].evidence) == (State.FAILED, FAILURE)
    assert known[FIRST].contradiction == "inferred: the device shows it"
    assert (known[SECOND].state, known[SECOND].contradiction) == (State.SUCCEEDED, "")


async def test_a_weaker_word_does_not_contradict_a_stronger_one(store: Store) -> None:
    await sent(store, FIRST)
    await deliver(store, message(FIRST))
    await reader(store).round()
    change = (await found(store))[FIRST]
    weaker = Finding(State.FAILED, "No.", "provisioning history: Suspend, Failed")
    assert not await settle(store.journal, change, weaker, 5.0)
    assert (await found(store))[FIRST] == change


async def test_every_order_of_messages_and_our_own_answer_ends_the_same(tmp_path: Path) -> None:
    """Early, late, reordered, delivered again and in between: 120 orders of five steps."""
    ends = set()
    for number, order in enumerate(itertools.permutations(range(5))):
        store = Store(tmp_path / str(number))
        await store.open()
        try:
            request = await sent(store, FIRST, SECOND, answered=False)
            looks = reader(store)
            for step in order:
                if step == 0:
                    await accept(store, request)
                elif step == 1:
                    await deliver(store, message(FIRST))
                elif step == 2:
                    await deliver(store, message(SECOND, "Failed", **FAULT))
                elif step == 3:
                    await deliver(store, message(FIRST))
                else:
                    await deliver(store, message(FIRST, request="a stranger's"))
                await looks.round()
            known = await found(store)
            ends.add(
                tuple((each, known[each].state, known[each].evidence) for each in sorted(known))
            )
            assert sorted(await verdicts(store)) == [
                Verdict.FOREIGN, Verdict.OUTCOME, Verdict.OUTCOME,
            ]  # fmt: skip
        finally:
            await store.close()
    assert len(ends) == 1


async def test_random_floods_end_the_same(tmp_path: Path) -> None:
    """Everything at once: polls that infer, our answer, duplicates, strangers, restarts."""
    ends: set[tuple[State, ...]] = set()
    for seed in range(40):
        chance = random.Random(seed)
        store = Store(tmp_path / str(seed))
        await store.open()
        try:
            ends.add(await _flood(store, chance))
        except AssertionError:
            print(f"seed {seed}")
            raise
        finally:
            await store.close()
    assert ends == {(State.SUCCEEDED, State.FAILED, State.SUCCEEDED)}


async def _flood(store: Store, chance: random.Random) -> tuple[State, ...]:
    request = await sent(store, FIRST, SECOND, THIRD, answered=False)
    telling = [message(FIRST), message(SECOND, "Failed"), message(THIRD)]
    other = [
        message(FIRST, "Failed", request="other"), message("999"), message(""),
        message(FIRST, "Pending"), {"odd": [1]},
    ]  # fmt: skip
    steps: list[Any] = [*telling, *other, *chance.choices(telling + other, k=6), "accept", "infer"]
    chance.shuffle(steps)
    looks = reader(store)
    for step in steps:
        if step == "accept":
            await accept(store, request)
        elif step == "infer":
            for change in await store.journal.window(0, 100):
                await store.journal.move(change.id, State.INFERRED, 5.0, evidence="it shows")
        else:
            await deliver(store, step)
        if chance.random() < 0.5:
            await looks.round()
        if chance.random() < 0.2:
            looks = reader(store)
    await looks.round()
    return tuple(await states(store))


async def test_the_platforms_word_replaces_what_was_inferred_but_no_decision(store: Store) -> None:
    await sent(store, FIRST, SECOND)
    known = await found(store)
    await store.journal.move(known[FIRST].id, State.INFERRED, 5.0, evidence="the device shows it")
    await store.journal.move(known[SECOND].id, State.DECIDED, 5.0, evidence="operator")
    await deliver(store, message(FIRST, "Failed"), message(SECOND))
    await reader(store).round()
    assert await states(store) == [State.FAILED, State.DECIDED]


async def test_an_unknown_fate_is_settled_by_a_late_message(store: Store) -> None:
    await sent(store, FIRST)
    change = (await found(store))[FIRST]
    await store.journal.move(change.id, State.UNKNOWN, 5.0)
    await deliver(store, message(""))
    await reader(store).round()
    assert await states(store) == [State.SUCCEEDED]


@pytest.mark.parametrize(
    ("named", "state"),
    [
        ([], State.SUCCEEDED),
        ([{"id": FIRST, "kind": "iccId"}], State.SUCCEEDED),
        ([{"id": "353805000000001", "kind": "imei"}], State.SUCCEEDED),
        ([{"id": SECOND, "kind": "iccId"}], State.ACCEPTED),
    ],
    ids=str,
)
async def test_the_only_device_may_be_named_otherwise_but_not_be_another(
    store: Store, named: list[dict[str, str]], state: State
) -> None:
    await sent(store, FIRST)
    await deliver(store, {**message(), "deviceIds": named})
    await reader(store).round()
    assert await states(store) == [state]


async def test_a_device_of_several_is_known_by_all_its_identifiers(store: Store) -> None:
    device = record()._replace(key=f"iccid:{FIRST}", iccid=FIRST, mdn="5551234567")
    await store.devices.put(ACCOUNT, [device], read_at=1.0)
    await sent(store, FIRST, SECOND)
    await deliver(store, {**message(), "deviceIds": {"id": "5551234567", "kind": "mdn"}})
    await reader(store).round()
    assert await states(store) == [State.SUCCEEDED, State.ACCEPTED]


@pytest.mark.parametrize(
    ("operation", "service", "content", "state"),
    [
        ("SendSms", "SMSDeliveryConfirmation", {"status": "Failed"}, State.ACCEPTED),
        ("SendSms", "EnhancedConnectivityService", {}, State.SUCCEEDED),
        ("SendNidd", "NiddService", {"status": "Queued"}, State.ACCEPTED),
        ("SendNidd", "NiddService", {"status": "DeliveryFailed"}, State.FAILED),
        ("GoToState", "StateService", {}, State.SUCCEEDED),
        (
            "EnableProfile",
            "DeviceProfileService",
            {"deviceResponse": {"deviceProfileResponse": {"status": "EXECUTED_WITHWARNING"}}},
            State.ACCEPTED,
        ),
        ("AnOperationOfTomorrow", "ServiceOfTomorrow", {}, State.SUCCEEDED),
    ],
)  # fmt: skip
async def test_only_a_final_word_of_the_right_service_settles(
    store: Store, operation: str, service: str, content: dict[str, Any], state: State
) -> None:
    await sent(store, FIRST, operation=operation)
    await deliver(store, message(**content), service=service)
    await reader(store).round()
    assert await states(store) == [state]


async def test_what_cannot_be_read_or_was_not_asked_for_is_kept_and_named(store: Store) -> None:
    odd = Arrival(b"odd", 1.0, "Location", "a", "", b"\xff no JSON")
    deep = Arrival(b"deep", 1.0, "Location", "a", "", b"[" * 100_000)
    await store.inbox.keep([odd, deep])
    await deliver(store, message(), service="ExternalProvisioningChanges")
    await deliver(store, message(request=""), message(request="x"))
    await reader(store).round()
    assert await verdicts(store) == [
        Verdict.UNREADABLE, Verdict.UNREADABLE, Verdict.NOTICE, Verdict.NOTICE, Verdict.FOREIGN,
    ]  # fmt: skip


# -- the whole way ------------------------------------------------------------------------------


async def hear(made: Workspace, told: Listener, services: Sequence[str]) -> None:
    assert made.online is not None
    for service in services:
        await made.online.client.send(
            RegisterListener(account_name=made.account, name=service, url=told.url)
        )


async def pass_on(store: Store, told: Listener, service: str) -> None:
    while told.messages:
        await deliver(store, told.messages.pop(), service=service)


async def test_a_change_is_settled_by_its_callback(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made, listener() as told:
        await hear(made, told, ["CarrierService"])
        simulator.world.settings.delay = 0.5
        device = await row_in(made, "active")
        await submit(made, [device])
        await until(lambda: bool(told.messages), what="the callback")
        await pass_on(made._store, told, "CarrierService")
        done = await until_over(made)
        assert done[0].state is State.SUCCEEDED


async def test_a_read_is_answered_by_its_callbacks(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made, listener() as told:
        await hear(made, told, ["DiagnosticsService"])
        device = await row_in(made, "active")
        named = [{"deviceIds": [{"id": device.iccid, "kind": "iccid"}]}]
        fields = {"accountName": made.account, "devices": named}
        expiry = {
            "requestType": "REACHABLE_FOR_DATA",
            "monitorExpirationTime": "2030-01-01T00:00:00Z",
        }
        await perform(made, "MonitorReachability", **{**fields, **expiry})
        await until(lambda: bool(told.messages), what="the monitor")
        await pass_on(made._store, told, "DiagnosticsService")
        await until_over(made)
        answer = await made.ask(
            from_json("ListMonitors", {**fields, "requestType": "REACHABLE_FOR_DATA"})
        )
        assert list(answer.body) == ["requestId"]
        await until(
            lambda: any(each["requestId"] == answer.body["requestId"] for each in told.messages),
            what="the list",
        )
        await pass_on(made._store, told, "DiagnosticsService")

        async def listed() -> bool:
            reading = await made.last_answer("ListMonitors")
            return reading is not None and "monitorId" in str(reading.body)

        await until(listed, what="the monitors in the answer")
        assert [each.state for each in await made.desks.monitors.newest()] == ["active"]
        assert [each.operation for each in await changes(made)] == ["MonitorReachability"]
