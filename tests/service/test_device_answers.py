"""What is known of one device beside its histories, from what was told, whatever its form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.service.cases import rows, workspace
from tests.support.waiting import until
from tsui.service.device_profiles import global_records
from tsui.service.forms import from_json
from tsui.service.line_history import state_since
from tsui.service.located import fixes
from tsui.service.messages.log import Way, logged
from tsui.service.reachability import listed, monitors, told_of_reach
from tsui.service.verdict.evidence import Told
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange

HOSTILE: tuple[Any, ...] = (None, 7, "x", [], {}, [None], [[1]], {"smsEvents": 3}, {"pd": []})


def told(service: str, request_id: str = "r", at: float = 1000.0, **body: Any) -> Told:
    return Told(at, service, request_id, body)


def change(
    operation: str,
    state: ChangeState = ChangeState.SUCCEEDED,
    request_id: str = "r",
    **fields: Any,
) -> DeviceChange:
    return DeviceChange(
        id=1, request=1, batch="b", account="a", operator="o", operation=operation, title=operation,
        fields=fields, owner="", created_at=500.0, sending_at=None, answered_at=None,
        request_id=request_id, devices=1, device_key="iccid:1", kind="iccid", identifier="1",
        before={}, state=state, changed_at=500.0, problem="", evidence="", exclusive=True,
        answer="",
    )  # fmt: skip


def test_reachability_takes_every_word_for_what_it_is() -> None:
    until_ = "2026-01-01T00:00:00Z"
    reached = told(
        "DiagnosticsService", reachabilityStatus="REACHABLE", MaxUEAvailabilityTime=until_
    )
    waits = told("DiagnosticsService", requestType="REACHABLE_FOR_DATA", status="Success")
    registered = told("DiagnosticsService", monitorId="m-1", requestType="REACHABLE_FOR_DATA")
    failed = told("DiagnosticsService", faultResponse={"faultcode": "X.Y"})
    foreign = told("CarrierService", reachabilityStatus="REACHABLE")
    found = told_of_reach([reached, waits, registered, failed, foreign])
    assert [each.status for each in found] == ["REACHABLE", "", "Failed"]
    assert found[0].until == 1767225600.0
    assert found[2].comment == "X.Y"


def test_a_monitor_is_known_by_the_callback_of_its_registration() -> None:
    ends = "2027-01-01T00:00:00Z"
    one = change("MonitorReachability", requestType="REACHABLE_FOR_SMS", monitorExpirationTime=ends)
    heard = [told("DiagnosticsService", monitorId="m-1")]
    (found,) = monitors([one], heard)
    assert (found.id, found.watch, found.is_stopped) == ("m-1", "REACHABLE_FOR_SMS", False)
    assert found.ends > 0
    stop = change("StopMonitors", request_id="other", monitorIds=["m-1"])
    assert monitors([stop, one], heard)[0].is_stopped
    refused = change("StopMonitors", ChangeState.REFUSED, "other", monitorIds=["m-1"])
    assert not monitors([refused, one], heard)[0].is_stopped
    assert not monitors([one], [])[0].id
    others = [
        *heard,
        told("DiagnosticsService", monitorId="m-2", requestType="X"),
        told("", c="none"),
    ]
    assert listed(others, monitors([one], heard)) == [("m-2", "X")]


def test_the_log_is_read_as_far_as_it_can_be() -> None:
    event = {"timestamp": "2026-01-01T00:00:00Z", "direction": "MO", "message": "hi", "status": "S"}
    block: Mapping[str, Any] = {"smsEvents": [event, None, 3, {}], "hasMoreData": True}
    found, has_more = logged(
        [told("DeviceService", deviceResponse={"smsEventHistoryResponse": block})]
    )
    assert has_more
    assert [(each.text, each.way) for each in found] == [
        ("hi", Way.FROM_DEVICE),
        ("", Way.TO_DEVICE),
    ]


def test_nothing_that_may_come_is_more_than_unreadable() -> None:
    for each in HOSTILE:
        answer = told("DeviceService", deviceResponse=each, smsEventHistoryResponse=each, pd=each)
        located = told("DeviceLocation", pd=each, error=each)
        assert logged([answer]) == ([], False)
        assert fixes(each, 1.0, [located], "1") == []
        told_of_reach([told("DiagnosticsService", faultResponse=each, requestType=each)])


def test_a_place_is_that_of_the_line_and_an_error_says_why() -> None:
    place = {"msid": "1", "pd": {"x": "42.1", "y": "-71.2", "radius": "900",
             "time": "20260101120000", "utcoffset": "-0500"}}  # fmt: skip
    missed: dict[str, Any] = {
        "msid": "1",
        "pd": {},
        "error": {"type": "POSITION METHOD FAILURE", "info": "ABSENT"},
    }
    (fix,) = fixes([place, {**place, "msid": "2"}], 50.0, [], "1")
    assert (fix.latitude, fix.longitude, fix.radius) == (42.1, -71.2, "900")
    assert fix.seen_at == 1767286800.0
    (none,) = fixes([missed], 50.0, [], "1")
    assert none.latitude is None
    assert none.trouble == "POSITION METHOD FAILURE: ABSENT"
    newest, _ = fixes([place], 50.0, [told("DeviceLocation", at=60.0, **missed)], "1")
    assert newest.latitude is None


def test_a_state_is_dated_by_the_event_that_led_into_it() -> None:
    events: list[dict[str, Any]] = [
        {"at": 1.0, "event": "Activation Confirmed", "status": "Success", "by": "a"},
        {"at": 2.0, "event": "Suspension Confirmed", "status": "Success", "by": "b"},
        {"at": 3.0, "event": "Restore Confirmed", "status": "Failed", "by": "c"},
        {"at": 4.0, "event": "Deactivation Confirmed", "status": "Success", "by": "d"},
        {"at": None, "event": "Suspension Confirmed", "status": "Success", "by": "e"},
    ]
    found = {
        state: since.by
        for state in ("active", "suspend", "deactive", "pre-active")
        if (since := state_since(events, state))
    }
    assert found == {"active": "a", "suspend": "b", "deactive": "d"}


async def test_answers_of_one_device_are_kept_apart(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        first, second = [each for each in await rows(made) if each.imei and each.mdn][:2]
        for row in (first, second):
            named = [{"id": row.imei, "kind": "imei", "mdn": row.mdn}]
            await made.ask(
                from_json("FindLocations", {"accountName": made.account, "deviceList": named})
            )
        answers = made.desks.answers
        kept = [await answers.of(row, "FindLocations") for row in (first, second)]
        assert [each and each.body[0]["msid"] for each in kept] == [first.mdn, second.mdn]
        newest = await made.last_answer("FindLocations")
        assert newest is not None
        assert newest.body[0]["msid"] == second.mdn
        answers.ask(first, "GetReachability")

        async def is_asked() -> bool:
            return await answers.of(first, "GetReachability") is not None

        await until(is_asked, what="the question")
        asked = await answers.of(first, "GetReachability")
        assert asked is not None
        assert asked.body["requestId"]
        assert asked.answers == ()
        assert await answers.of(second, "GetReachability") is None
        everything = await answers.everything(first)
        assert {"device list", "op:FindLocations", "op:GetReachability"} <= set(everything)
        profile = told(
            "DeviceProfileService", deviceResponse={"deviceList": [{"deviceIds": [first.iccid]}]}
        )
        assert global_records([profile], first)
        assert not global_records([profile], second)
