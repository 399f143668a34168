"""What was asked of the account is told with whom it is about and what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tsui.service.accounts import asked
from tsui.service.accounts.access import Ages, access
from tsui.service.accounts.model import ACCESS, SECTIONS, Listing
from tsui.store.asked import AskedQuestion, Job
from tsui.store.changes import ChangeState
from tsui.store.readings import Reading
from tsui.ui.painted import plain
from tsui.ui.screens import account_text

DAY = 86400.0


def question(answers: int = 0, **fields: Any) -> AskedQuestion:
    return AskedQuestion("q", "GetAggregateUsage", 5.0, fields, answers, None)


def job(state: str, operation: str = asked.REPORTING, answer: str = "", **fields: Any) -> Job:
    return Job(7, operation, 5.0, fields, "tx", 3, answer, state, "Consent check failed.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"groupName": "Trucks"}, "group Trucks"),
        ({"deviceIds": [{"kind": "iccid", "id": "89"}]}, "iccid 89"),
        ({"deviceIds": [{"kind": "iccid", "id": "89"}] * 2}, "2 devices"),
        ({"label": [{"name": "VIN", "value": "1F"}]}, "label VIN=1F"),
        ({"accountName": "0042"}, "the whole account"),
        ({}, "not kept"),
    ],
)
def test_a_question_tells_whom_it_is_about(fields: dict[str, Any], said: str) -> None:
    (entry,) = asked.usage_in_sum([question(**fields)])
    assert entry.cells[0] == said
    assert "waits" in entry.cells[2]


def test_an_answered_question_tells_how_much_came() -> None:
    span = {"startTime": "2026-10-01T00:00:00Z", "endTime": "2026-10-31T00:00:00Z"}
    (entry,) = asked.usage_in_sum([question(1200, **span)])
    assert entry.cells[1:] == ("2026-10-01 to 2026-10-31", "1,200 messages came")


def test_usage_in_sum_may_begin_six_months_ago_and_no_earlier() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert asked.too_old(now - asked.OLDEST_START, now) == ""
    said = asked.too_old(now - asked.OLDEST_START - timedelta(seconds=1), now)
    assert "2026-05-21" in said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ChangeState.ACCEPTED, "being made, about 4 min"),
        (ChangeState.SUCCEEDED, "complete: enter reads it"),
        (ChangeState.REFUSED, "refused Consent check failed."),
    ],
)
def test_a_report_tells_how_far_it_is_or_what_speaks_against_it(
    state: ChangeState, said: str
) -> None:
    made = [job(state, answer='{"estimatedDuration": "4"}')]
    (entry,) = asked.reports(made, [], {})
    assert said in entry.cells[2]
    given_up = [job(ChangeState.SUCCEEDED, asked.CANCELLING, txid="tx")]
    assert asked.reports(made, given_up, {})[0].cells[2] == "given up"


def test_a_report_that_was_read_tells_how_many_places_it_has() -> None:
    (entry,) = asked.reports([job(ChangeState.SUCCEEDED)], [], {"tx": 1500})
    assert entry.cells[2] == "complete, 1,500 read"


def test_billed_usage_that_was_answered_at_once_is_among_what_was_asked() -> None:
    body = {"billingCycle": {"year": "2026", "month": "10"}, "usage": [1, 2]}
    (entry,) = asked.billing([], [], Reading(body, 9.0, 9.0, ""))
    assert (entry.cells[2], entry.at, entry.body) == ("2026-10: 2 figures", 9.0, body)
    (entry,) = asked.billing([], [], Reading(body, 9.0, 10.0, "Not for this account."))
    assert (entry.cells[2], entry.look) == ("Not for this account.", "bad")


def test_the_way_in_tells_ages_and_what_is_not_known() -> None:
    entries = access(Ages(1800.0, None, 0.5 * DAY), "u", 100 * DAY)
    said = {each.name: each for each in entries}
    assert said["OAuth token"].cells[1].startswith("ends in 30 min")
    assert said["Session"].cells[1].startswith("none")
    assert said["Password"].look == "warn"
    assert "99 days ago" in said["Password"].cells[1]
    assert "not known" in access(Ages(None, None, None), "u", 0.0)[3].cells[1]


def test_the_list_of_sections_tells_counts_failures_and_what_was_not_read() -> None:
    listings = {
        "about": Listing(read_at=1.0),
        "plans": Listing(tried_at=1.0, trouble="The network is down."),
        "usage": Listing(is_ours=True),
    }
    lines = account_text.beside(SECTIONS, SECTIONS.index(ACCESS), listings)
    told = {plain(each).split("  ")[0].strip(): plain(each).strip() for each in lines}
    assert told["Account"].endswith("0")
    assert told["Plans"].endswith("!")
    assert told["Usage in sum"].endswith("0")
    assert {len(plain(each)) for each in lines} == {account_text.WIDTH}
