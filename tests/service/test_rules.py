"""Every rule of a change, on both sides of its verdict."""

from typing import Any, get_args

import pytest

from tests.store_rows import row
from tsui.service import kinds
from tsui.service.guards import Guards
from tsui.service.preflight import Report, examine
from tsui.service.rules import (
    CHANGE_RULES,
    DEVICE_RULES,
    UNCONDITIONAL,
    ChangeRule,
    Circumstances,
    DeviceRule,
    Known,
    Listeners,
    Verdict,
)
from tsui.service.rules.allowance import DAY
from tsui.service.rules.line import STALE_AFTER
from tsui.settings.model import RuleName
from tsui.store.changes import ChangeState
from tsui.store.opened import UnderWay
from tsui.store.past import Past

NOW = 1_800_000_000.0
DEVICE = row(state="active", read_at=NOW, plan="M2M5MB", mdn="5551234567", ip="10.0.0.9")
SUSPENDED = DEVICE._replace(state="suspend")
DELETE = kinds.kind_of("DeleteDevices", "Delete Devices")
SWAP = kinds.kind_of("ChangeIdentifier", "Change Device Identifier")
CANCEL = kinds.kind_of("CancelLocationReport", "Cancel Device Location Report")
SMS = kinds.kind_of("SendSms", "Send SMS to Device")


def judge(
    device: Any = DEVICE, kind: kinds.ChangeKind = kinds.SUSPEND, known: Known | None = None,
    **more: Any,
) -> Report:  # fmt: skip
    values = more.pop("values", {})
    opened = more.pop("under_way", {})
    remembered = {device.key: known} if known else {}
    return examine([device], Circumstances(kind, values, opened, NOW, known=remembered, **more))


def said(report: Report, rule: str) -> tuple[str, str]:
    """Return what a rule says: its verdict and its words; empty for nothing."""
    judged = (*report.eligible, *report.excluded)
    found = [each for one in judged for each in one.findings] + list(report.general)
    for each in found:
        if each.rule == rule:
            return each.verdict, f"{each.sentence} {each.detail}".strip()
    return "", ""


def sent(operation: str, *ages: float, title: str = "") -> tuple[Past, ...]:
    title = title or kinds.KINDS[operation].title
    return tuple(
        Past(DEVICE.key, operation, title, "succeeded", NOW - age, number)
        for number, age in enumerate(sorted(ages, reverse=True), 1)
    )


def event(name: str, age: float, status: str = "Success") -> dict[str, Any]:
    return {"at": NOW - age, "event": name, "status": status, "by": "", "plan": ""}


def test_every_rule_has_a_name_and_a_source_and_can_be_switched_off_unless_it_guards() -> None:
    rules: list[DeviceRule | ChangeRule] = [*DEVICE_RULES, *CHANGE_RULES]
    assert all(rule.id and rule.source and rule.judge.__doc__ for rule in rules)
    assert {rule.id for rule in rules} - UNCONDITIONAL == set(get_args(RuleName))
    for group in (DEVICE_RULES, CHANGE_RULES):
        assert len({rule.id for rule in group}) == len(group)


# -- the state table ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        (kinds.ACTIVATE, {"deactive", "pre-active"}),
        (kinds.SUSPEND, {"active"}),
        (kinds.RESTORE, {"suspend"}),
        (kinds.DEACTIVATE, {"active", "suspend"}),
        (kinds.CHANGE_PLAN, {"active"}),
        (DELETE, {"deactive"}),
        (SMS, {"active", "suspend", "deactive", "pre-active", "inventory", ""}),
    ],
)
def test_only_documented_states_may_take_part(kind: kinds.ChangeKind, allowed: set[str]) -> None:
    states = ("active", "suspend", "deactive", "pre-active", "inventory", "")
    took_part = {state for state in states if judge(DEVICE._replace(state=state), kind).eligible}
    assert took_part == allowed


@pytest.mark.parametrize(
    "kind", [each for each in kinds.KINDS.values() if each.allowed], ids=lambda kind: kind.title
)
def test_a_pending_line_is_left_out_with_its_reason(kind: kinds.ChangeKind) -> None:
    report = judge(DEVICE._replace(state="pending activation"), kind)
    verdict, words = said(report, "pending")
    assert verdict is Verdict.BLOCK
    assert "pending activation" in words
    assert said(judge(), "pending") == ("", "")


def test_a_suspended_line_cannot_change_its_plan() -> None:
    report = judge(SUSPENDED, kinds.CHANGE_PLAN, values={"service_plan": "X"})
    assert report.excluded[0].blocked
    assert "suspended" in report.excluded[0].blocked.sentence
    assert judge(DEVICE, kinds.CHANGE_PLAN, values={"service_plan": "X"}).eligible


def test_a_line_on_the_wanted_plan_does_not_spend_one_of_its_four_changes() -> None:
    assert not judge(DEVICE, kinds.CHANGE_PLAN, values={"service_plan": "M2M5MB"}).eligible
    assert judge(DEVICE, kinds.CHANGE_PLAN, values={"service_plan": "M2M25MB"}).eligible


# -- nothing twice ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ChangeState.ACCEPTED, ChangeState.UNKNOWN])
def test_a_device_with_a_change_that_is_not_over_is_left_out(state: ChangeState) -> None:
    opened = {DEVICE.key: UnderWay(1, "Suspend", state)}
    report = judge(under_way=opened, guards=Guards(frozenset({"open-change"})))
    verdict, words = said(report, "open-change")
    assert verdict is Verdict.BLOCK
    assert str(state) in words
    assert judge().eligible


def test_the_same_change_within_an_hour_is_a_warning() -> None:
    known = Known(sent("SuspendDevices", 600.0))
    verdict, words = said(judge(known=known), "duplicate")
    assert verdict is Verdict.WARN
    assert "10 min ago, request 1" in words
    assert said(judge(known=Known(sent("SuspendDevices", 4000.0))), "duplicate") == ("", "")
    other = Known(sent("RestoreDevices", 60.0))
    assert said(judge(known=other), "duplicate") == ("", "")


def test_another_plan_is_another_change() -> None:
    known = Known(sent("ChangePlan", 60.0, title="Change plan M2M25MB"))
    same = judge(DEVICE, kinds.CHANGE_PLAN, known, values={"service_plan": "M2M25MB"})
    other = judge(DEVICE, kinds.CHANGE_PLAN, known, values={"service_plan": "UNL-RTR"})
    assert said(same, "duplicate")[0] is Verdict.WARN
    assert said(other, "duplicate") == ("", "")


def test_the_same_request_within_an_hour_is_a_warning() -> None:
    twin = Past(DEVICE.key, "SendSms", "Send SMS to Device", "accepted", NOW - 120.0, 7)
    verdict, words = said(judge(kind=SMS, twin=twin), "duplicate")
    assert verdict is Verdict.WARN
    assert "2 min ago, request 7, accepted" in words
    assert said(judge(kind=SMS), "duplicate") == ("", "")


# -- what is allowed so many times --------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "verdict"),
    [(1, ""), (2, Verdict.WARN), (4, Verdict.WARN), (5, Verdict.BLOCK), (6, Verdict.BLOCK)],
)
def test_state_changes_of_a_day_are_warned_of_from_the_third(before: int, verdict: str) -> None:
    ages = [3700.0 * (number + 1) for number in range(before)]
    known = Known(sent("RestoreDevices", *ages))
    assert said(judge(known=known), "actions-per-day")[0] == verdict


def test_the_limit_is_the_profiles_and_yesterday_does_not_count() -> None:
    known = Known(sent("RestoreDevices", 4000.0, 5000.0, DAY + 1))
    two = judge(known=known, guards=Guards(actions_per_day=2))
    assert said(two, "actions-per-day")[0] is Verdict.BLOCK
    assert "the next is possible from " in said(two, "actions-per-day")[1]
    many = judge(known=known, guards=Guards(actions_per_day=25))
    assert said(many, "actions-per-day") == ("", "")


def test_what_journal_and_history_both_tell_counts_once_and_what_one_tells_counts() -> None:
    ours = sent("RestoreDevices", 4000.0, 8000.0)
    history = [event("Restore Device", 7990.0), event("Suspend Device", 6000.0)]
    read = Known(ours, history, NOW - 5000.0)
    # One of ours is in the history, one came after it was read, and one there is somebody else's.
    assert "state change 4 of 5" in said(judge(known=read), "actions-per-day")[1]
    assert "at least" not in said(judge(known=read), "actions-per-day")[1]
    unread = said(judge(known=Known(ours)), "actions-per-day")[1]
    assert "at least state change 3 of 5" in unread


def test_plan_changes_of_a_month_are_counted_apart() -> None:
    plan = {"service_plan": "UNL-RTR"}
    known = Known(sent("ChangePlan", *(DAY * day for day in (1, 5, 9, 20, 40))))
    full = judge(DEVICE, kinds.CHANGE_PLAN, known, values=plan)
    assert said(full, "plan-changes")[0] is Verdict.BLOCK
    third = Known(sent("ChangePlan", DAY, 5 * DAY))
    assert said(judge(DEVICE, kinds.CHANGE_PLAN, third, values=plan), "plan-changes")[0] == "warn"
    first = judge(DEVICE, kinds.CHANGE_PLAN, values=plan)
    assert said(first, "plan-changes") == ("", "")
    assert said(judge(known=known), "plan-changes") == ("", "")


def test_suspended_days_are_told_and_where_the_history_is_not_known_that_is_told() -> None:
    def suspended(days: float) -> Known:
        began, ended = (days + 10) * DAY, 10 * DAY
        return Known(history=[event("Suspend Device", began), event("Resume Device", ended)])

    assert said(judge(known=suspended(80)), "suspended-days") == ("", "")
    verdict, words = said(judge(known=suspended(120)), "suspended-days")
    assert verdict is Verdict.WARN
    assert "60 of 180" in words
    assert "are used" in said(judge(known=suspended(200)), "suspended-days")[1]
    verdict, words = said(judge(), "suspended-days")
    assert (verdict, "not known" in words) == (Verdict.OK, True)


def test_a_suspension_that_failed_is_no_suspended_day() -> None:
    known = Known(
        history=[event("Suspend Device", 200 * DAY, "Failed"), event("Resume Device", 10 * DAY)]
    )
    assert said(judge(known=known), "suspended-days") == ("", "")


# -- what it costs ------------------------------------------------------------------------------


def test_what_is_lost_is_told() -> None:
    verdict, words = said(judge(kind=kinds.DEACTIVATE), "loss")
    assert verdict is Verdict.OK
    assert "5551234567, 10.0.0.9" in words
    deactive = DEVICE._replace(state="deactive")
    assert "history is destroyed" in said(judge(deactive, DELETE), "loss")[1]
    assert (
        "history is destroyed"
        in said(judge(kind=kinds.DEACTIVATE, values={"delete": "yes"}), "loss")[1]
    )
    assert "new number" in said(judge(deactive, kinds.ACTIVATE), "loss")[1]
    assert said(judge(DEVICE._replace(state="pre-active"), kinds.ACTIVATE), "loss") == ("", "")
    assert said(judge(DEVICE._replace(mdn="", ip=""), kinds.DEACTIVATE), "loss") == ("", "")
    assert said(judge(), "loss") == ("", "")


@pytest.mark.parametrize(
    ("swap", "words"),
    [
        ("ChangeIMEI", "stays with the former hardware"),
        ("ChangeIMEIandICCID", "stays with the former hardware"),
        ("ChangeMSISDN", "the one it has is lost. 5551234567"),
        ("ChangeICCID", ""),
    ],
)
def test_what_a_swap_loses_is_told(swap: str, words: str) -> None:
    verdict, told = said(judge(kind=SWAP, values={"swap": swap}), "loss")
    assert (verdict, words in told) == (Verdict.OK if words else "", True)


def test_reason_code_and_waiver_of_a_deactivation_are_told() -> None:
    assert "FF" in said(judge(kind=kinds.DEACTIVATE), "termination-fee")[1]
    spent = judge(kind=kinds.DEACTIVATE, values={"waiver": "spend"})
    assert "is spent" in said(spent, "termination-fee")[1]
    assert said(judge(), "termination-fee") == ("", "")


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("active", "block"), ("suspend", "block"), ("pending resume", "block"), ("deactive", "warn")],
)
def test_a_sim_or_hardware_of_another_line_is_no_free_one(state: str, verdict: str) -> None:
    other = row(2, state=state)
    for kind, device in ((kinds.ACTIVATE, DEVICE._replace(state="deactive")), (SWAP, DEVICE)):
        report = judge(device, kind, Known(rivals=[other]))
        assert said(report, "pairing")[0] == verdict
        assert other.iccid in said(report, "pairing")[1]
        assert said(judge(device, kind), "pairing") == ("", "")
    assert said(judge(known=Known(rivals=[other])), "pairing") == ("", "")


# -- size, pace, listeners ----------------------------------------------------------------------


def test_more_devices_than_a_request_may_name_are_refused_as_a_whole() -> None:
    report = judge(kind=SMS, devices=101, most_devices=100)
    assert report.refused is not None
    assert report.refused.rule == "batch-size"
    assert not report.eligible
    assert judge(kind=SMS, devices=100, most_devices=100).refused is None
    assert judge(kind=SMS, devices=9000).refused is None


def test_activations_beyond_a_hundred_a_minute_are_a_warning() -> None:
    device = DEVICE._replace(state="deactive")
    recent = [NOW - 30.0] * 90 + [NOW - 61.0] * 90
    fast = judge(device, kinds.ACTIVATE, sent=recent, requests=11)
    assert said(fast, "pace")[0] is Verdict.WARN
    assert said(judge(device, kinds.ACTIVATE, sent=recent, requests=10), "pace") == ("", "")
    assert said(judge(sent=recent, requests=11), "pace") == ("", "")


def test_cancelled_location_reports_are_told_to_be_shared() -> None:
    assert said(judge(kind=CANCEL), "location-cancels")[0] is Verdict.OK
    many = judge(kind=CANCEL, sent=[NOW - 60.0] * 39)
    assert said(many, "location-cancels")[0] is Verdict.WARN


def test_a_missing_listener_is_told_and_one_never_read_is_not_claimed() -> None:
    missing = Listeners(frozenset({"DeviceService"}), NOW)
    verdict, words = said(judge(callback="CarrierService", listeners=missing), "listener")
    assert verdict is Verdict.WARN
    assert "2027-01-15 08:00 UTC" in words
    verdict, words = said(judge(callback="CarrierService"), "listener")
    assert verdict is Verdict.OK
    assert "Not known" in words
    there = Listeners(frozenset({"CarrierService"}), NOW)
    assert said(judge(callback="CarrierService", listeners=there), "listener") == ("", "")
    assert said(judge(listeners=missing), "listener") == ("", "")


# -- old values ---------------------------------------------------------------------------------


def test_an_old_state_is_a_warning_and_no_hindrance() -> None:
    report = judge(DEVICE._replace(read_at=NOW - STALE_AFTER - 1))
    assert report.eligible
    assert report.warnings == [("Its state was read more than a day ago.", 1)]
    assert judge().warnings == []


def test_a_device_that_is_not_known_here_is_not_judged_by_a_state_it_may_not_have() -> None:
    device = DEVICE._replace(state="", read_at=0.0)
    report = judge(device, strangers=frozenset({device.key}))
    assert report.eligible
    assert "not known here" in said(report, "stale")[1]
    assert said(judge(device, SMS, strangers=frozenset({device.key})), "stale") == ("", "")


# -- what the profile protects ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (f"iccid:{DEVICE.iccid}", DEVICE.iccid),
        ("mdn:5551234567", "5551234567"),
        ("MDN: 5551234567", "5551234567"),
        ("group:substations", "substations"),
    ],
)
def test_a_protected_device_needs_its_name_typed(entry: str, name: str) -> None:
    device = DEVICE._replace(groups="Pumps, Substations")
    guards = Guards(frozenset({"protected"}), protect=(entry, "iccid:1", "group:None"))
    for kind in (kinds.SUSPEND, SMS):
        report = judge(device, kind, guards=guards)
        assert report.names_needed == [name]
        assert name in said(report, "protected")[1]
    assert judge(row(2, state="active"), guards=guards).names_needed == []


def test_an_empty_identifier_is_not_protected_by_an_empty_entry() -> None:
    device = DEVICE._replace(mdn="", groups="")
    assert judge(device, guards=Guards(protect=("mdn:", "group:"))).names_needed == []


def test_the_platform_must_not_choose_where_something_is_protected() -> None:
    guards = Guards(protect=("group:Substations",))
    report = examine([], Circumstances(kinds.SUSPEND, {}, {}, NOW, guards=guards, at_large=True))
    assert report.refused is not None
    assert "name the devices" in report.refused.sentence
    free = examine([], Circumstances(kinds.SUSPEND, {}, {}, NOW, at_large=True))
    assert free.refused is None


@pytest.mark.parametrize(
    ("age", "kind", "verdict"),
    [
        (20.0, kinds.SUSPEND, ""),
        (60.0, kinds.SUSPEND, Verdict.OK),
        (5 * 3600.0, kinds.SUSPEND, Verdict.WARN),
        (5 * 3600.0, DELETE, Verdict.WARN),
        (5 * 3600.0, SMS, ""),
    ],
    ids=str,
)
def test_many_devices_are_not_read_again_and_that_is_told_with_their_age(
    age: float, kind: kinds.ChangeKind, verdict: str
) -> None:
    report = judge(kind=kind, oldest=NOW - age)
    told = said(report, "fresh-look")
    assert told[0] == verdict
    assert bool(report.unlooked) == bool(verdict)
    if verdict == Verdict.WARN:
        assert "states as of 5 h ago" in told[1]


# -- switched off -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", get_args(RuleName))
def test_a_rule_that_is_off_says_nothing(rule: str) -> None:
    old = DEVICE._replace(read_at=0.0, state="pending suspend")
    known = Known(sent("SuspendDevices", *(60.0,) * 6), rivals=[DEVICE])
    for kind in (*kinds.KINDS.values(), DELETE, SWAP, CANCEL):
        report = judge(
            old, kind, known, guards=Guards(frozenset({rule})), callback="CarrierService",
            most_devices=0, sent=[NOW] * 200, values={"service_plan": "M2M5MB"},
        )  # fmt: skip
        assert said(report, rule) == ("", "")
