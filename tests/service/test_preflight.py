"""Who takes part in a change and who does not: kept apart, counted, and none lost."""

from tests.store_rows import row
from tsui.service import kinds
from tsui.service.guards import Guards
from tsui.service.preflight import Circumstances, Report, examine

NOW = 1_800_000_000.0
STATES = ("active", "suspend", "active", "deactive", "pending resume", "")


def report(guards: Guards | None = None) -> Report:
    devices = [
        row(number, state=state, read_at=NOW if number else 0.0)
        for number, state in enumerate(STATES)
    ]
    return examine(devices, Circumstances(kinds.SUSPEND, {}, {}, NOW, guards=guards or Guards()))


def test_eligible_and_left_out_devices_are_kept_apart_and_none_is_lost() -> None:
    made = report()
    assert [each.device.state for each in made.eligible] == ["active", "active"]
    assert len(made.eligible) + len(made.excluded) == len(STATES)
    assert all(each.blocked for each in made.excluded)


def test_devices_with_a_warning_are_eligible_and_told_apart() -> None:
    made = report()
    assert [each.device.id for each in made.warned] == [0]
    assert [each.device.id for each in made.clear] == [2]
    assert made.warnings == [("Its state was read more than a day ago.", 1)]


def test_reasons_are_counted_each_device_by_its_first() -> None:
    assert dict(report().reasons) == {
        "It is suspended.": 1,
        "It is deactive.": 1,
        "It is in the middle of another change: pending resume.": 1,
        "It is not told.": 1,
    }


def test_a_device_that_is_left_out_needs_no_name() -> None:
    made = report(Guards(protect=(f"iccid:{row(1).iccid}", f"iccid:{row(2).iccid}")))
    assert made.names_needed == [row(2).iccid]
