"""What else comes onto a timeline: changes, requests, messages, usage, addresses."""

from typing import Any

import pytest

from tests.service.timelines import (
    NOW,
    change,
    day,
    is_known,
    lane,
    odd,
    sessions,
    timeline,
    told,
    tried,
    window,
)
from tsui.service.timeline.model import DAY, HOUR, Lane
from tsui.service.verdict.evidence import Piece, Place, Source, Standing
from tsui.store.changes import ChangeState
from tsui.store.readings import Reading


def test_changes_made_by_others_failures_and_states_are_marked() -> None:
    records = [
        tried(NOW - 9 * DAY, "Activation Confirmed"),
        tried(NOW - 8 * DAY, "MDN Change", "The network refused it."),
        tried(NOW - HOUR + 2, "Suspension Confirmed", by="op"),
    ]
    made = timeline(provisioning=records, changes=[change(ChangeState.SUCCEEDED)])
    assert odd(made) == [
        ("Activation Confirmed by portal", "not made from here; state change"),
        ("MDN Change by portal",
         "it did not succeed: The network refused it.; not made from here"),
        ("Suspension Confirmed by op", "state change"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "is_ours"),
    [
        ({}, True),
        ({"state": ChangeState.ACCEPTED, "changed_at": NOW - 0.9 * HOUR}, True),
        ({"state": ChangeState.NOT_SENT, "sending_at": None}, False),
        ({"operation": "RestoreDevices"}, False),
        ({"sending_at": NOW - 3 * HOUR, "changed_at": NOW - 2.9 * HOUR}, False),
        ({"sending_at": NOW - HOUR - 500, "before": {"clock_ahead": 1000.0}}, True),
        ({"sending_at": NOW - HOUR / 2}, False),
    ],
)
def test_a_record_is_ours_if_a_request_explains_it(more: dict[str, Any], is_ours: bool) -> None:
    at = NOW - HOUR + (500 if "before" in more else 60)
    state = more.pop("state", ChangeState.SUCCEEDED)
    made = timeline(
        provisioning=[tried(at, "Suspension Confirmed")], changes=[change(state, **more)]
    )
    (record,) = lane(made, Lane.LINE)
    assert ("not made from here" not in record.reason) == is_ours


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (ChangeState.SUCCEEDED, ""), (ChangeState.INFERRED, ""), (ChangeState.ACCEPTED, ""),
        (ChangeState.REFUSED, "refused"), (ChangeState.FAILED, "failed"),
        (ChangeState.UNKNOWN, "its fate is unknown"),
    ],
)  # fmt: skip
def test_a_request_is_told_with_its_outcome(state: ChangeState, reason: str) -> None:
    made = timeline(changes=[change(state, problem="It said no.")])
    (moment,) = lane(made, Lane.REQUESTS)
    assert moment.sentence == f"Suspend by op, request 7: {state}, It said no."
    assert moment.reason == reason
    assert moment.raw["request_id"] == "r-7"


def test_an_outcome_that_came_late_is_a_moment_of_its_own() -> None:
    late = change(ChangeState.FAILED, changed_at=NOW - 60, problem="It said no.")
    asked, outcome = lane(timeline(changes=[late]), Lane.REQUESTS)
    assert (asked.at, asked.reason) == (NOW - HOUR, "")
    assert (outcome.at, outcome.reason) == (NOW - 60, "failed")
    spoken = change(ChangeState.FAILED, contradiction="callback: Success")
    assert "contradicts itself" in lane(timeline(changes=[spoken]), Lane.REQUESTS)[0].reason


def test_an_sms_and_a_monitor_from_here_are_in_their_own_lanes() -> None:
    made = timeline(
        changes=[
            change(ChangeState.SUCCEEDED, id=2, operation="SendSms"),
            change(ChangeState.SUCCEEDED, id=3, operation="MonitorReachability"),
        ]
    )
    assert [each.lane for each in made.moments] == [Lane.REACH, Lane.SMS]


FAULT = {"faultcode": "X.REQUEST_FAILED", "faultstring": "The carrier said no."}


@pytest.mark.parametrize(
    ("service", "body", "wanted", "sentence", "reason"),
    [
        ("AlertService", {"alert": {"disconnectCode": "20"}}, Lane.SESSIONS,
         "Cut off by the network with code 20", "it had to prove who it is"),
        ("AlertService", {"alert": {"triggerName": "much"}}, Lane.CALLBACKS, "much", ""),
        ("DiagnosticsService", {"reachabilityStatus": "NOT_REACHABLE"}, Lane.REACH,
         "NOT_REACHABLE", "the network lost it"),
        ("DiagnosticsService", {"MaxUEAvailabilityTime": "2030-01-01T00:00:00Z"}, Lane.REACH,
         "until 2030-01-01", ""),
        ("SMSDeliveryConfirmation", {"status": "Success"}, Lane.SMS, "Success", ""),
        ("SMSDeliveryConfirmation", {"status": "Failed", "faultResponse": FAULT}, Lane.SMS,
         "Failed", "failed: The carrier said no."),
        ("EnhancedConnectivityService", {"message": "battery low"}, Lane.SMS,
         "SMS from the device: battery low", ""),
        ("ExternalProvisioningChanges",
         {"ExternalProvisioningChange": {"Source": "Portal", "Change": "Suspend"}}, Lane.LINE,
         "Suspend in Portal", "not made by API"),
        ("CarrierService", {"status": "Success"}, Lane.CALLBACKS, "Success",
         "not made from here"),
        ("ResumeTrackingNotification", {"comment": "Device will resume"}, Lane.CALLBACKS,
         "Device will resume", ""),
        ("", {}, Lane.CALLBACKS, "no status", ""),
    ],
)  # fmt: skip
def test_each_message_says_what_it_is_about(
    service: str, body: dict[str, Any], wanted: Lane, sentence: str, reason: str
) -> None:
    (moment,) = timeline(messages=[told(service, **body)]).moments
    assert moment.lane is wanted
    assert sentence in moment.sentence
    assert reason in moment.reason
    assert bool(reason) == moment.is_anomaly
    assert moment.raw == body


def test_an_outcome_of_ours_is_nothing_strange() -> None:
    message = told("CarrierService", request_id="r-7", status="Success")
    made = timeline(messages=[message], changes=[change(ChangeState.SUCCEEDED)])
    assert odd(made) == []


@pytest.mark.parametrize("value", [None, 5, 1e400, [], {}, [[]], "\x1b[2J", True, {"status": {}}])
def test_messages_of_any_form_are_taken_as_they_are(value: Any) -> None:
    names = (
        "status", "alert", "faultResponse", "externalProvisioningChange", "comment", "message",
        "reachabilityStatus", "MaxUEAvailabilityTime", "deviceResponse", "disconnectCode",
    )  # fmt: skip
    services = (
        "AlertService",
        "DiagnosticsService",
        "ExternalProvisioningChanges",
        "DeviceService",
    )
    messages = [told(service, **{name: value}) for service in services for name in names]
    made = timeline(messages=messages)
    assert len(made.moments) == len(messages)
    assert len({each.key for each in made.moments}) == len(messages)


def test_a_log_of_sms_is_taken_apart_and_each_message_shown_once() -> None:
    events = [
        {"timestamp": "2024-10-01T00:00:00Z", "direction": "MO", "message": "hi", "status": "ok"},
        {"timestamp": "2024-10-02T00:00:00Z", "direction": "MT", "message": "go",
         "status": "Expired"},
        {"timestamp": "never"}, "nonsense",
    ]  # fmt: skip
    body: dict[str, Any] = {"deviceResponse": {"smsEventHistoryResponse": {"smsEvents": events}}}
    twice = [told("DeviceService", ago=9, **body), told("DeviceService", ago=8, **body)]
    sms = lane(timeline(messages=twice), Lane.SMS)
    assert [each.sentence for each in sms] == [
        "SMS from the device, ok: hi", "SMS to the device, Expired: go",
    ]  # fmt: skip
    assert [each.reason for each in sms] == ["", "expired"]


def test_a_day_of_three_times_the_median_is_a_spike() -> None:
    days = [day(ago, 1_000_000) for ago in range(10, 1, -1)]
    made = timeline(usage=[*days, day(1, 3_100_000), day(0, 2_900_000)])
    assert odd(made) == [("3.1 MB that day (UTC)", "3 times its usual 1.0 MB a day")]
    assert odd(timeline(usage=[day(2, 10), day(1, 10**9)])) == []


def test_sms_counted_for_a_day_and_usage_that_cannot_be_read_are_told() -> None:
    made = timeline(usage=[day(1, None, bytes_raw="lots", sms=3, abroad=True, plan="P9")])
    assert [(each.lane, each.sentence) for each in made.moments] == [
        (Lane.SMS, "3 SMS that day (UTC)"),
        (Lane.USAGE, "lots that day (UTC), some of it abroad, plan P9"),
    ]


def test_older_months_are_on_it_as_far_as_they_were_read() -> None:
    body = {
        name: {
            "since": NOW - since * DAY, "until": NOW - until * DAY, "records": [record],
            "read_at": NOW,
        }
        for name, since, until, record in (("3", 92, 31, day(40, 7)), ("12", 365, 183, day(200, 9)))
    }  # fmt: skip
    older = Reading(body, NOW, NOW, "")
    made = timeline(usage=[day(ago, 100) for ago in (5, 4, 3, 1)], older_usage=older)
    assert [each.amount for each in lane(made, Lane.USAGE)] == [9, 7, 100, 100, 100, 100]
    assert is_known(made, Lane.USAGE, NOW - 40 * DAY)
    whys = {each.why for each in made.unknown[Lane.USAGE] if each.since < NOW - 100 * DAY}
    assert whys == {"it was not asked for", "ThingSpace has no record"}
    assert not is_known(made, Lane.USAGE, NOW // DAY * DAY - 1.5 * DAY), "no record is no zero"
    assert not is_known(made, Lane.USAGE, NOW - 100 * DAY)


def test_another_address_and_other_hardware_are_anomalies() -> None:
    made = timeline(
        addresses=[[NOW - 3 * DAY, "10.0.0.1"], [NOW - DAY, "10.0.0.2"]],
        mismatches=[
            {"simOtaDate": "2024-10-01T00:00:00Z", "preImei": "1", "postImei": "2"},
            {"simOtaDate": "2024-10-02T00:00:00Z", "preImei": "2", "postImei": "2"},
        ],
    )
    assert odd(made) == [
        ("SIM found in IMEI 2", "it was in 1"),
        ("Address 10.0.0.2 seen here first", "another one than 10.0.0.1"),
    ]


def test_the_list_and_a_location_tell_what_no_history_does() -> None:
    place = Piece(Source.LOCATION, Standing.KNOWN, Place(40.5, -74.25, 900.0), [{"x": 1}], NOW - 5)
    line = Piece(Source.LINE, Standing.KNOWN, None, {
        "createdAt": "2024-01-01T00:00:00Z", "lastConnectionDate": "2024-09-30T00:00:00Z",
        "lastActivationDate": "soon",
    }, NOW)  # fmt: skip
    made = timeline(pieces=[place, line])
    assert [each.sentence for each in made.moments] == [
        "Added to the account, by the device list",
        "Last session began, by the device list",
        "Seen at 40.5000, -74.2500 within 900 m",
    ]
    at = made.moments[1].at
    known = timeline([window((0, 31), sessions(at - 60, HOUR, 1))], pieces=[line])
    assert [each.name for each in lane(known, Lane.SESSIONS)] == ["session"]


def test_a_source_that_failed_says_so_and_its_lane_is_not_known() -> None:
    made = timeline(
        pieces=[
            Piece(Source.USAGE, Standing.NOT_ENTITLED, read_at=NOW - 60, trouble="Not for you."),
            Piece(Source.PROVISIONING, Standing.FAILED, read_at=NOW - 50, trouble="It broke."),
        ]
    )
    assert odd(made) == [
        ("The usage history is not known", "not entitled: Not for you."),
        ("The provisioning history is not known", "could not be read: It broke."),
    ]
    assert not is_known(made, Lane.USAGE, NOW - DAY)
    assert made.unknown[Lane.LINE][0].why == "could not be read: It broke."


def test_what_was_read_long_ago_is_not_known_since() -> None:
    stale = Piece(Source.USAGE, Standing.KNOWN, (), [day(3, 10)], NOW - 2 * DAY, "It broke.")
    made = timeline(pieces=[stale])
    assert is_known(made, Lane.USAGE, NOW - 3 * DAY)
    assert not is_known(made, Lane.USAGE, NOW - DAY)
    assert not is_known(made, Lane.USAGE, NOW + DAY)
    assert made.unknown[Lane.USAGE][-1].why == "It broke."
    assert made.troubles == ["usage history: It broke."]
    assert made.read_at == NOW - 2 * DAY


def test_before_the_first_callback_nothing_was_heard() -> None:
    made = timeline(heard_since=NOW - 3 * DAY)
    assert is_known(made, Lane.REACH, NOW - DAY)
    assert not is_known(made, Lane.REACH, NOW - 4 * DAY)


def test_requests_beyond_those_at_hand_are_not_known() -> None:
    many = [change(ChangeState.SUCCEEDED, id=n, created_at=NOW - n * HOUR) for n in range(1, 101)]
    made = timeline(changes=many)
    assert not is_known(made, Lane.REQUESTS, NOW - 200 * HOUR)
    assert is_known(made, Lane.REQUESTS, NOW - 50 * HOUR)


def test_a_date_in_the_future_is_told_as_such() -> None:
    made = timeline(provisioning=[tried(NOW + 400 * DAY, "Suspension Confirmed")])
    (moment,) = made.moments
    assert moment.at == NOW
    assert moment.reason == "dated 400 days in the future"
    assert made.latest == NOW
