"""Documented limits that are about several fields of a request together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.devices import IdentifierFilter
from tsui.thingspace.diagnostics import FindMismatches
from tsui.thingspace.history import GetAggregateUsage
from tsui.thingspace.sms import SendSms

START = datetime(2025, 1, 1, tzinfo=UTC)
ONE = {"id": "89148000009001002015", "kind": "iccid"}
NAMED = {"devices": [{"deviceIds": [ONE]}]}
LABEL = {"name": "VIN", "value": "1"}
FIELDS = [{"key": "CustomField1", "value": "x"}]
SPAN = {"earliest": "2025-01-01T00:00:00Z", "latest": "2025-01-02T00:00:00Z"}
PLACE = {
    "customerName": {"firstName": "A", "lastName": "B"},
    "address": {
        "addressLine1": "1 Main St",
        "city": "Boston",
        "state": "MA",
        "zip": "02108",
        "country": "US",
    },
}

LINES: dict[str, dict[str, Any]] = {
    "SuspendDevices": {},
    "RestoreDevices": {},
    "DeactivateDevices": {"reasonCode": "FF"},
    "ChangePlan": {"servicePlan": "new"},
    "ChangeCostCenter": {},
    "ChangeCustomFields": {"customFieldsToUpdate": FIELDS},
    "ChangeContactInfo": {"primaryPlaceOfUse": PLACE},
}
"""Changes of lines that are named or selected, with what else they require."""


def _refuses(name: str, fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        OPERATIONS[name].model_validate(fields)


@pytest.mark.parametrize("name", LINES)
def test_lines_are_named_or_selected_but_never_both(name: str) -> None:
    plan = "currentServicePlan" if name == "ChangePlan" else "servicePlan"
    selectors = {"groupName": "g", "customFields": FIELDS, plan: "p"}
    needed = LINES[name]
    OPERATIONS[name].model_validate({**needed, **NAMED, "accountName": "a"})
    OPERATIONS[name].model_validate({**needed, **selectors, "accountName": "a"})
    for selector, value in selectors.items():
        _refuses(name, {**needed, **NAMED, selector: value}, "do not go together")


ALTERNATIVES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("GetUsageHistory", SPAN, {"deviceId": ONE}, {"label": LABEL}),
    (
        "GetAggregateUsage",
        {"startTime": SPAN["earliest"], "endTime": SPAN["latest"]},
        {"deviceIds": [ONE]},
        {"label": [LABEL]},
    ),
    ("GetBilledUsage", {"accountName": "a"}, {"labels": [LABEL]}, {"deviceId": ONE}),
    ("ListBilledUsage", {"accountName": "a"}, {"labels": [LABEL]}, {"deviceId": [ONE]}),
    ("FindMismatches", {"filter": SPAN}, NAMED, {"groupName": "g"}),
    ("ListDevices", {"accountName": "a"}, {"deviceId": ONE}, {"groupName": "g"}),
    ("ListDevices", {"accountName": "a"}, {"deviceId": ONE}, {"largestDeviceIdSeen": 0}),
]


@pytest.mark.parametrize(("name", "needed", "one", "other"), ALTERNATIVES)
def test_of_two_ways_to_name_devices_one_is_taken(
    name: str, needed: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    OPERATIONS[name].model_validate({**needed, **one})
    OPERATIONS[name].model_validate({**needed, **other})
    _refuses(name, {**needed, **one, **other}, "do not go together")


@pytest.mark.parametrize("match", ["contains", "startswith", "endswith"])
def test_an_identifier_is_matched_in_one_way(match: str) -> None:
    IdentifierFilter.model_validate({"kind": "imei", match: "12"})


@pytest.mark.parametrize("matches", [{}, {"contains": "1", "startswith": "2"}])
def test_an_identifier_is_not_matched_in_no_or_two_ways(matches: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        IdentifierFilter.model_validate({"kind": "imei", **matches})


@pytest.mark.parametrize("name", ["MonitorReachability", "ListMonitors"])
def test_a_monitor_names_its_devices_by_one_kind(name: str) -> None:
    needed = {
        "accountName": "a",
        "requestType": "REACHABLE_FOR_DATA",
        **({"monitorExpirationTime": SPAN["latest"]} if name == "MonitorReachability" else {}),
    }
    upper, mdn = {"id": "2", "kind": "ICCID"}, {"id": "3", "kind": "mdn"}

    def devices(*ids: dict[str, str]) -> dict[str, Any]:
        return {**needed, "devices": [{"deviceIds": [each]} for each in ids]}

    OPERATIONS[name].model_validate(devices(ONE, upper))
    _refuses(name, devices(ONE, mdn), "same kind")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_a_listener_on_this_machine_may_have_any_port(host: str) -> None:
    OPERATIONS["RegisterListener"].model_validate(
        {"accountName": "a", "name": "CarrierService", "url": f"http://{host}:40000/"}
    )


@pytest.mark.parametrize("encoding", ["8-bit-ASCII", "8-bit-UTF-8", "8-bit-DATA"])
def test_a_message_in_8_bits_is_shorter(encoding: str) -> None:
    fields = {"accountName": "a", "dataEncoding": encoding}
    SendSms.model_validate({**fields, "smsMessage": "x" * 140})
    with pytest.raises(ValidationError, match="140"):
        SendSms.model_validate({**fields, "smsMessage": "x" * 141})


def test_an_aggregate_spans_a_month_at_most() -> None:
    GetAggregateUsage(start_time=START, end_time=START + timedelta(days=31))
    with pytest.raises(ValidationError, match="a month"):
        GetAggregateUsage(start_time=START, end_time=START + timedelta(days=32))


def test_a_search_for_mismatches_spans_three_months_at_most() -> None:
    def span(days: int) -> dict[str, Any]:
        return {"filter": {"earliest": START, "latest": START + timedelta(days=days)}}

    FindMismatches.model_validate(span(92))
    with pytest.raises(ValidationError, match="three months"):
        FindMismatches.model_validate(span(93))
