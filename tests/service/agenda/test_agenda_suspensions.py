"""When suspensions end: as told, or worked out, and never by a word on a former one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tsui.service.agenda.model import Certainty
from tsui.service.agenda.suspensions import (
    Clueing,
    suspensions,
    told_end,
    used_up_at,
)
from tsui.service.rules.allowance import DAY, IN_A_ROW, IN_A_YEAR
from tsui.store.changes import ChangeState
from tsui.store.lines import Line, Read
from tsui.store.sendings import Sending

KEY = "iccid:8914800000000000001"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def line(state: str = "suspend") -> dict[str, Line]:
    return {KEY: Line(1, KEY, KEY[6:], state)}


def sending(operation: str, when: str, state: ChangeState = ChangeState.SUCCEEDED) -> Sending:
    return Sending(1, 12, operation, "", KEY, KEY[6:], state, at(when), at(when), "", "")


def event(what: str, when: str, status: str = "Success") -> dict[str, Any]:
    return {"at": at(when), "event": what, "status": status, "by": "somebody", "plan": ""}


def diagnosed(read_at: str, **values: str) -> Read:
    return Read(KEY, "diagnostics", [{"values": values}], at(read_at))


def history(*events: dict[str, Any]) -> Read:
    return Read(KEY, "provisioning", list(events), at("2027-01-01"))


def ends(
    *,
    sent: Sequence[Sending] = (),
    read: Sequence[Read] = (),
    noticed: Sequence[tuple[str, str]] = (),
    state: str = "suspend",
) -> list[tuple[float, Certainty]]:
    clueing = Clueing()
    clueing.sent(sent)
    clueing.read(read)
    for text, when in noticed:
        clueing.noticed(KEY, at(when), text)
    found = suspensions(clueing.clues, line(state))
    return [(each.due, each.certainty) for each in found]


def test_what_was_sent_from_here_counts_from_its_sending() -> None:
    mine = [sending("SuspendDevices", "2026-11-01")]
    assert ends(sent=mine) == [(at("2027-01-30"), Certainty.WORKED_OUT)]
    assert ends(sent=mine, state="active") == []
    assert ends(sent=[sending("RestoreDevices", "2026-11-02")]) == [], "suspended elsewhere since"


@pytest.mark.parametrize(
    ("began", "due"),
    [("2027-12-01", "2028-02-29"), ("2027-12-02", "2028-03-01"), ("2026-12-02", "2027-03-02")],
)
def test_ninety_days_are_counted_over_leap_days(began: str, due: str) -> None:
    assert ends(sent=[sending("SuspendDevices", began)]) == [(at(due), Certainty.WORKED_OUT)]


def test_a_date_that_was_told_wins() -> None:
    mine = [sending("SuspendDevices", "2026-11-01")]
    told = diagnosed("2026-11-05", LastDateSuspended="2026-11-01T00:00:00Z",
                     ResumeDate="2027-01-28T00:00:00Z")  # fmt: skip
    assert ends(sent=mine, read=[told]) == [(at("2027-01-28"), Certainty.TOLD)]
    later = ("Device will resume on - 1/27/2027 12:00:00 AM", "2027-01-20")
    assert ends(sent=mine, read=[told], noticed=[later]) == [(at("2027-01-27"), Certainty.TOLD)]


def test_a_word_on_a_former_suspension_counts_for_nothing() -> None:
    former = diagnosed("2026-06-05", LastDateSuspended="2026-06-01T00:00:00Z",
                       ResumeDate="2026-08-30T00:00:00Z")  # fmt: skip
    old = ("Device will resume on - 8/30/2026 12:00:00 AM", "2026-08-23")
    mine = [sending("SuspendDevices", "2026-11-01")]
    assert ends(sent=mine, read=[former], noticed=[old]) == [
        (at("2027-01-30"), Certainty.WORKED_OUT)
    ]


def test_the_newest_beginning_counts() -> None:
    told = history(
        event("Suspend Confirmed", "2026-01-01"), event("Restore Confirmed", "2026-01-05"),
        event("Suspend Confirmed", "2026-11-10"),
    )  # fmt: skip
    mine = [sending("SuspendDevices", "2026-11-01")]
    assert ends(sent=mine, read=[told]) == [(at("2027-02-08"), Certainty.WORKED_OUT)]


def test_nothing_is_guessed_where_nothing_is_known() -> None:
    assert ends() == []
    assert ends(read=[history()]) == []
    assert ends(read=[diagnosed("2026-11-05", ResumeDate="soon")]) == []


def test_days_of_a_year_may_be_used_up_first() -> None:
    told = history(
        event("Suspend Confirmed", "2026-02-01"),
        event("Restore Confirmed", "2026-04-30"),
        event("Suspend Confirmed", "2026-06-01"),
        event("Suspend Confirmed", "2026-06-03", "Failed"),
        event("Restore Confirmed", "2026-08-10"),
        event("Suspend Confirmed", "2026-11-01"),
    )
    spent = 88 + 70
    due = at("2026-11-01") + (IN_A_YEAR - spent) * DAY
    assert ends(read=[told]) == [(due, Certainty.GUESS)]


def test_days_of_more_than_a_year_ago_count_no_more() -> None:
    events = [
        event("Suspend Confirmed", "2025-11-20"), event("Restore Confirmed", "2026-02-18"),
        event("Suspend Confirmed", "2026-03-01"), event("Restore Confirmed", "2026-05-25"),
        event("Suspend Confirmed", "2026-11-20"),
    ]  # fmt: skip
    began = at("2026-11-20")
    used_up = used_up_at(events, began)
    assert used_up > began + (IN_A_YEAR - 90 - 85) * DAY, "some days leave the year meanwhile"
    assert abs(used_up - (began + (IN_A_YEAR - 85) * DAY)) < DAY
    assert used_up_at([], began) == pytest.approx(began + IN_A_YEAR * DAY, abs=2)
    assert used_up_at([], began) > began + IN_A_ROW * DAY


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Device will resume on - 3/15/2017 12:00:00 AM", "2017-03-15T00:00"),
        ("Device will resume on - 11/5/2026 3:30:00 PM (UTC)", "2026-11-05T15:30"),
        ("resumes 2/29/2028", "2028-02-29T00:00"),
        ("resumes 2/29/2027", ""),
        ("Its suspension ends by itself.", ""),
        ("", ""),
    ],
)
def test_the_date_of_a_notice_is_read(text: str, when: str) -> None:
    assert told_end(text) == (at(when) if when else 0.0)
