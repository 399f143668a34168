"""Messages to listeners: which kind they are, and their envelope in all its spellings."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tsui.thingspace.callback_answers import (
    CarrierMessage,
    CustomStateMessage,
    LocationMessage,
    LocationReportMessage,
    ProfileMessage,
    ReachabilityMessage,
    UsageMessage,
)
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.callback_messages import MESSAGES, read_message
from tsui.thingspace.callback_notices import (
    AlertMessage,
    ExternalChangeMessage,
    NiddMessage,
    PromoMessage,
    ResumeMessage,
    SmsMessage,
)

ENVELOPE: dict[str, Any] = {
    "username": "u",
    "password": "a-password",
    "requestId": "7b0f3c52",
    "deviceIds": [{"id": "89148000009001002015", "kind": "iccid"}],
    "status": "Success",
    "callbackCount": 1,
    "maxCallbackThreshold": 4,
}


def _ids(message: CallbackMessage) -> list[tuple[str | None, str | None]]:
    return [(each.id, each.kind) for each in message.device_ids or ()]


# -- which message it is ----------------------------------------------------------------------


@pytest.mark.parametrize("model", MESSAGES, ids=lambda model: model.service)
def test_the_service_of_the_listener_decides_whatever_its_case(
    model: type[CallbackMessage],
) -> None:
    for name in (model.service, model.service.upper(), f" {model.service} "):
        assert type(read_message(ENVELOPE, name)) is model


def test_the_other_spelling_of_alerts_is_known() -> None:
    assert type(read_message(ENVELOPE, "AlertsService")) is AlertMessage


@pytest.mark.parametrize(
    ("fields", "model"),
    [
        ({"deviceResponse": {"suspendResponse": {}}}, CarrierMessage),
        ({"deviceResponse": {"goToStateResponse": {}}}, CustomStateMessage),
        ({"deviceResponse": {"usageResponse": []}}, UsageMessage),
        ({"deviceResponse": {"deviceProfileResponse": {}}}, ProfileMessage),
        ({"monitorId": "m", "comment": "x"}, ReachabilityMessage),
        ({"comment": "Device will resume on - 3/15/2025 12:00:00 AM"}, ResumeMessage),
        ({"ExternalProvisioningChange": {}}, ExternalChangeMessage),
        ({"promoChange": {}}, PromoMessage),
        ({"niddResponse": {"niddConfigResponse": {}}}, NiddMessage),
        ({"message": "Hello"}, SmsMessage),
        ({"txid": "t", "msid": "1", "pd": {}, "error": {}}, LocationMessage),
        ({"txid": "t"}, LocationReportMessage),
        ({"deviceResponse": "odd"}, CallbackMessage),
        ({"faultResponse": {}}, CallbackMessage),
        ({}, CallbackMessage),
    ],
)
def test_without_a_service_the_fields_decide(
    fields: dict[str, Any], model: type[CallbackMessage]
) -> None:
    for service in ("", "SomethingNew"):
        assert type(read_message(ENVELOPE | fields, service)) is model


@pytest.mark.parametrize("value", [None, "text", 5, [], [ENVELOPE]])
@pytest.mark.parametrize("service", ["", "CarrierService"])
def test_what_is_no_object_is_no_message(value: Any, service: str) -> None:
    with pytest.raises(ValidationError):
        read_message(value, service)


# -- the envelope -----------------------------------------------------------------------------


def test_the_envelope_is_read() -> None:
    message = read_message(ENVELOPE)
    assert message.request_id == "7b0f3c52"
    assert message.status == "Success"
    assert (message.callback_count, message.max_callback_threshold) == (1, 4)
    assert _ids(message) == [("89148000009001002015", "iccid")]
    assert message.password is not None
    assert message.password.get_secret_value() == "a-password"
    assert "a-password" not in repr(message)


def test_names_with_a_capital_mean_the_same() -> None:
    message = read_message(
        {
            "Username": "u",
            "Password": "a-password",
            "RequestId": "7b0f3c52",
            "Device": {"Kind": "EID", "Identifier": "89049032"},
            "Status": "Success",
            "CallbackCount": "2",
            "MaxCallbackThreshold": "4",
            "FaultResponse": {"FaultCode": "A.B", "FaultString": "told"},
        },
        "DeviceProfileService",
    )
    assert (message.request_id, message.status) == ("7b0f3c52", "Success")
    assert (message.callback_count, message.max_callback_threshold) == (2, 4)
    assert _ids(message) == [("89049032", "EID")]
    assert message.fault_response is not None
    assert (message.fault_response.faultcode, message.fault_response.faultstring) == ("A.B", "told")
    assert "a-password" not in repr(message)
    assert message.unknown == message.unread == {}


@pytest.mark.parametrize("name", ["deviceIds", "DeviceIds", "Device", "device"])
@pytest.mark.parametrize("in_array", [True, False])
def test_a_device_may_come_bare_or_in_an_array(name: str, in_array: bool) -> None:
    one = {"id": "1", "kind": "imei"}
    message = read_message({name: [one] if in_array else one})
    assert _ids(message) == [("1", "imei")]


def test_an_identifier_without_a_value_is_none() -> None:
    assert _ids(read_message({"deviceIds": [{"kind": "Imei"}]})) == [(None, "Imei")]


def test_a_failure_says_why() -> None:
    failed = ENVELOPE | {
        "status": "Failed",
        "faultResponse": {
            "faultcode": "DeviceService.REQUEST_FAILED.DeviceAlreadyActive",
            "faultstring": "Device is already active.",
        },
    }
    message = read_message(failed, "CarrierService")
    assert message.status == "Failed"
    assert message.fault_response is not None
    assert message.fault_response.faultcode == "DeviceService.REQUEST_FAILED.DeviceAlreadyActive"


def test_a_message_with_odd_parts_still_says_whose_it_is() -> None:
    odd = ENVELOPE | {"callbackCount": "first", "deviceResponse": [], "faultResponse": "no"}
    message = read_message(odd, "CarrierService")
    assert (message.request_id, _ids(message)[0][0]) == ("7b0f3c52", "89148000009001002015")
    assert message.unread == {
        "callbackCount": "first",
        "deviceResponse": [],
        "faultResponse": "no",
    }


# -- what is inside ---------------------------------------------------------------------------


def test_a_change_tells_how_the_line_is_now() -> None:
    message = read_message(
        ENVELOPE
        | {
            "deviceResponse": {
                "activateResponse": {
                    "deviceIds": {"id": "6175550142", "kind": "mdn"},
                    "servicePlan": "M2M5MB",
                    "ipAddress": "10.0.0.1",
                    "state": "active",
                }
            }
        }
    )
    assert isinstance(message, CarrierMessage)
    assert message.device_response is not None
    line = message.device_response.activate_response
    assert line is not None
    assert (line.service_plan, line.ip_address, line.state) == ("M2M5MB", "10.0.0.1", "active")
    assert [each.id for each in line.device_ids or ()] == ["6175550142"]


def test_usage_of_a_single_device_may_come_bare() -> None:
    usage = {"dataUsage": 2048, "smsUsage": "3"}
    for value in (usage, [usage]):
        message = read_message({"deviceResponse": {"usageResponse": value}})
        assert isinstance(message, UsageMessage)
        assert message.device_response is not None
        (sum_,) = message.device_response.usage_response or []
        assert (sum_.data_usage, sum_.sms_usage) == (2048, 3)


@pytest.mark.parametrize("name", ["MaxUEAvailabilityTime", "maxUEAvailabilityTime"])
def test_a_device_that_can_be_reached_says_until_when(name: str) -> None:
    message = read_message({"monitorId": "m", name: "2025-03-01T12:00:00Z", "reachable": True})
    assert isinstance(message, ReachabilityMessage)
    assert message.max_ue_availability_time == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert message.unknown == {"reachable": True}


def test_bytes_from_a_device_come_without_a_status() -> None:
    message = read_message(
        {
            "niddResponse": {
                "niddMONotificationResponse": {
                    "accountName": "0742",
                    "message": "cGluZw==",
                    "deviceIds": [{"kind": "Imei"}, {"id": "1", "kind": "ICCID"}],
                }
            }
        }
    )
    assert isinstance(message, NiddMessage)
    assert message.status is None
    assert message.nidd_response is not None
    event = message.nidd_response.mo_notification
    assert event is not None
    assert event.message == "cGluZw=="
    assert [each.id for each in event.device_ids or ()] == [None, "1"]
