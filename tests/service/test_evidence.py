"""What a read proves about a change, and what it does not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store_rows import change_of, row
from tsui.service import kinds
from tsui.service.evidence import CLOCK_AHEAD, from_device, from_history, from_status
from tsui.store.changes import ChangeState

SENT = 1000.0

FIELDS = kinds.CHANGE_CUSTOM_FIELDS


@pytest.mark.parametrize("word", ["Success", "success", " SUCCESS "])
def test_success_by_status_confirms_the_request(word: str) -> None:
    finding = from_status(word)
    assert finding is not None
    assert finding.state is ChangeState.SUCCEEDED
    assert "status" in finding.evidence


@pytest.mark.parametrize("word", ["Failed", "Failure", "failure"])
def test_both_words_for_failure_are_failure(word: str) -> None:
    finding = from_status(word)
    assert finding is not None
    assert finding.state is ChangeState.FAILED


@given(st.text())
def test_any_other_status_proves_nothing(word: str) -> None:
    if word.strip().lower() not in ("success", "failed", "failure"):
        assert from_status(word) is None


def test_a_device_in_the_wanted_state_shows_the_change_by_inference_only() -> None:
    device = row(state="suspend", read_at=SENT + 5)
    finding = from_device(kinds.SUSPEND, change_of(device, ChangeState.UNKNOWN), device)
    assert finding is not None
    assert finding.state is ChangeState.INFERRED
    assert finding.evidence


def test_a_read_from_before_the_sending_proves_nothing() -> None:
    device = row(state="suspend", read_at=SENT)
    assert from_device(kinds.SUSPEND, change_of(device, ChangeState.UNKNOWN), device) is None


def test_a_state_the_device_had_before_proves_nothing() -> None:
    device = row(state="suspend", read_at=SENT + 5)
    change = change_of(device, ChangeState.UNKNOWN, before={"state": "suspend"})
    assert from_device(kinds.SUSPEND, change, device) is None


def test_a_pending_device_shows_that_an_unknown_change_was_taken() -> None:
    device = row(state="pending suspend", read_at=SENT + 5)
    finding = from_device(kinds.SUSPEND, change_of(device, ChangeState.UNKNOWN), device)
    assert finding is not None
    assert finding.state is ChangeState.ACCEPTED


def test_a_pending_device_tells_nothing_new_of_an_accepted_change() -> None:
    device = row(state="pending suspend", read_at=SENT + 5)
    assert from_device(kinds.SUSPEND, change_of(device, ChangeState.ACCEPTED), device) is None


@pytest.mark.parametrize("state", ["pending suspend", "suspend"])
def test_what_another_change_was_bringing_about_already_proves_nothing(state: str) -> None:
    device = row(state=state, read_at=SENT + 5)
    change = change_of(device, ChangeState.UNKNOWN, before={"state": "pending suspend"})
    assert from_device(kinds.SUSPEND, change, device) is None


def test_an_unchanged_device_proves_nothing() -> None:
    device = row(state="active", read_at=SENT + 5)
    assert from_device(kinds.SUSPEND, change_of(device, ChangeState.UNKNOWN), device) is None


def test_a_plan_change_shows_in_the_plan_and_only_if_it_differs_from_before() -> None:
    device = row(state="active", plan="M2M25MB", read_at=SENT + 5)
    change = change_of(device, ChangeState.ACCEPTED, fields={"servicePlan": "M2M25MB"})
    finding = from_device(kinds.CHANGE_PLAN, change, device)
    assert finding is not None
    assert finding.state is ChangeState.INFERRED
    same = change_of(
        device,
        ChangeState.ACCEPTED,
        fields={"servicePlan": "M2M25MB"},
        before={"plan": "M2M25MB"},
    )
    assert from_device(kinds.CHANGE_PLAN, same, device) is None


CUSTOM = {"customFieldsToUpdate": [{"key": "CustomField1", "value": "new"}]}
JOINING = {"groupName": "pumps", "devicesToAdd": [{"id": "8914", "kind": "iccid"}]}
LEAVING = {"groupName": "pumps", "devicesToRemove": [{"id": "8914", "kind": "iccid"}]}


@pytest.mark.parametrize(
    ("kind", "shown", "fields", "before", "proves"),
    [
        (FIELDS, {"custom1": "new"}, CUSTOM, {"custom": {"CustomField1": "old"}}, True),
        (FIELDS, {"custom1": "new"}, CUSTOM, {"custom": {"CustomField1": "new"}}, False),
        (FIELDS, {"custom1": "old"}, CUSTOM, {"custom": {"CustomField1": "old"}}, False),
        (FIELDS, {"custom1": "new"}, CUSTOM, {}, False),
        (kinds.PUT_IN_GROUP, {"groups": "pumps"}, JOINING, {"groups": "wet"}, True),
        (kinds.PUT_IN_GROUP, {"groups": "pumps"}, JOINING, {"groups": "pumps"}, False),
        (kinds.PUT_IN_GROUP, {"groups": "pumps"}, JOINING, {}, False),
        (kinds.PUT_IN_GROUP, {"groups": "wet"}, LEAVING, {"groups": "pumps"}, True),
        (kinds.PUT_IN_GROUP, {"groups": "pumps"}, LEAVING, {"groups": "pumps"}, False),
        (kinds.PUT_IN_GROUP, {"groups": "wet"}, LEAVING, {"groups": "dry"}, False),
        (kinds.PUT_IN_GROUP, {"groups": "wet"}, LEAVING, {}, False),
    ],
)
def test_what_a_device_shows_of_fields_and_groups_proves_only_what_is_new(
    kind: kinds.ChangeKind,
    shown: dict[str, Any],
    fields: dict[str, Any],
    before: dict[str, Any],
    proves: bool,
) -> None:
    device = row(state="active", read_at=SENT + 5, **shown)
    change = replace(
        change_of(device, ChangeState.UNKNOWN, fields=fields, before=before), identifier="8914"
    )
    finding = from_device(kind, change, device)
    assert (finding is not None) is proves
    assert finding is None or finding.state is ChangeState.INFERRED


def event(
    at: float, what: str = "Suspension Confirmed", status: str = "Network error"
) -> dict[str, Any]:
    return {"at": at, "event": what, "status": status}


def test_a_failure_in_the_history_since_the_sending_is_told_with_its_text() -> None:
    change = change_of(row(), ChangeState.ACCEPTED)
    finding = from_history(kinds.SUSPEND, change, [event(SENT + 3)])
    assert finding is not None
    assert finding.state is ChangeState.FAILED
    assert finding.problem == "Network error"


def test_a_failure_from_before_is_no_evidence() -> None:
    change = change_of(row(), ChangeState.ACCEPTED)
    assert from_history(kinds.SUSPEND, change, [event(SENT - 60)]) is None


def test_a_failure_of_another_kind_of_change_is_no_evidence() -> None:
    change = change_of(row(), ChangeState.ACCEPTED)
    events = [event(SENT + 3, "Activation Confirmed")]
    assert from_history(kinds.SUSPEND, change, events) is None


def test_a_success_in_the_history_is_left_to_the_device_to_show() -> None:
    change = change_of(row(), ChangeState.UNKNOWN)
    assert from_history(kinds.SUSPEND, change, [event(SENT + 3, status="Success")]) is None


@given(ahead=st.floats(-7200, 7200))
def test_a_wrong_clock_here_does_not_decide_what_is_old(ahead: float) -> None:
    change = change_of(row(), ChangeState.ACCEPTED, before={CLOCK_AHEAD: ahead})
    assert from_history(kinds.SUSPEND, change, [event(SENT + ahead + 1)]) is not None
    assert from_history(kinds.SUSPEND, change, [event(SENT + ahead - 30)]) is None
