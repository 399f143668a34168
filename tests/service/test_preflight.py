"""What speaks for and against a change, per device."""

import pytest

from tests.store_rows import change_of, row
from tsui.service import kinds
from tsui.service.preflight import STALE_AFTER, Circumstances, Report, examine
from tsui.store.changes import OPEN, ChangeState

NOW = 1_800_000_000.0


def judge(state: str, kind: kinds.ChangeKind = kinds.SUSPEND, **more: str) -> Report:
    return examine(
        [row(state=state, read_at=NOW, plan="M2M5MB")], Circumstances(kind, more, {}, NOW)
    )


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (kinds.ACTIVATE, {"deactive", "pre-active"}),
        (kinds.SUSPEND, {"active"}),
        (kinds.RESTORE, {"suspend"}),
        (kinds.DEACTIVATE, {"active", "suspend"}),
        (kinds.CHANGE_PLAN, {"active"}),
    ],
)
def test_only_documented_states_may_take_part(kind: kinds.ChangeKind, allowed: set[str]) -> None:
    states = ("active", "suspend", "deactive", "pre-active", "inventory", "")
    took_part = {state for state in states if judge(state, kind, service_plan="X").eligible}
    assert took_part == allowed


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.title)
def test_a_pending_line_is_left_out_with_its_reason(kind: kinds.ChangeKind) -> None:
    report = judge("pending activation", kind, service_plan="X")
    assert not report.eligible
    blocked = report.excluded[0].blocked
    assert blocked is not None
    assert "pending activation" in blocked.sentence


@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_device_with_a_change_that_is_not_over_is_left_out(state: ChangeState) -> None:
    device = row(state="active", read_at=NOW)
    open_changes = {device.key: change_of(device, state)}
    report = examine([device], Circumstances(kinds.SUSPEND, {}, open_changes, NOW))
    assert not report.eligible
    blocked = report.excluded[0].blocked
    assert blocked is not None
    assert str(state) in blocked.sentence


def test_a_suspended_line_cannot_change_its_plan() -> None:
    blocked = judge("suspend", kinds.CHANGE_PLAN, service_plan="X").excluded[0].blocked
    assert blocked is not None
    assert "suspended" in blocked.sentence


def test_a_line_on_the_wanted_plan_does_not_spend_one_of_its_four_changes() -> None:
    assert not judge("active", kinds.CHANGE_PLAN, service_plan="M2M5MB").eligible
    assert judge("active", kinds.CHANGE_PLAN, service_plan="M2M25MB").eligible


def test_an_old_state_is_a_warning_and_no_hindrance() -> None:
    device = row(state="active", read_at=NOW - STALE_AFTER - 1)
    report = examine([device], Circumstances(kinds.SUSPEND, {}, {}, NOW))
    assert report.eligible
    assert report.warnings == [("Its state was read more than a day ago.", 1)]


def test_eligible_and_left_out_devices_are_kept_apart_and_none_is_lost() -> None:
    devices = [row(number, state=state, read_at=NOW) for number, state in enumerate(STATES)]
    report = examine(devices, Circumstances(kinds.SUSPEND, {}, {}, NOW))
    assert [each.device.state for each in report.eligible] == ["active", "active"]
    assert len(report.eligible) + len(report.excluded) == len(devices)
    assert all(each.blocked for each in report.excluded)


STATES = ("active", "suspend", "active", "deactive", "pending resume", "")
