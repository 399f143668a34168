"""What is usual for a device: learned from its history, never across a hole in it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.service.test_verdict_missing import without
from tsui.service.states import LineState
from tsui.service.verdict.connections import Connection, Connections, Window
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import (
    Access,
    Day,
    Evidence,
    Line,
    Piece,
    Provisioned,
    Site,
    Source,
    Standing,
    Told,
)
from tsui.service.verdict.model import Status
from tsui.service.verdict.rhythm import learned, rhythm_of

HOUR, DAY = 3600.0, 86_400.0
NOW = 1_000 * DAY


def sessions(first: float, period: float, count: int, size: int = 10) -> list[Connection]:
    """Return sessions of a minute, one in every period."""
    made = []
    for number in range(count):
        at = first + number * period
        made += [Connection(at, True, 0), Connection(at + 60, False, size)]
    return made


def window(days: tuple[float, float], events: list[Connection], **more: Any) -> Window:
    since, until = NOW - days[1] * DAY, NOW - days[0] * DAY
    return Window(since, until, tuple(events), is_whole=True)._replace(**more)


def evidence(line: Line, connections: Connections, **bodies: object) -> Evidence:
    """Return evidence of a healthy device but for what is given."""
    known: dict[Source, object] = {
        Source.ACCESS: Access(is_refused=False, code=""),
        Source.LINE: line,
        Source.CONNECTIONS: connections,
        Source.DIAGNOSTICS: {}, Source.PROVISIONING: (), Source.USAGE: (), Source.MISMATCHES: (),
        Source.PLANS: {}, Source.REQUESTS: (), Source.LISTENERS: frozenset(), Source.MESSAGES: (),
        Source.FLEET: (), Source.ADDRESSES: (), Source.SITE: Site(),
        **{Source[name.upper()]: body for name, body in bodies.items()},
    }  # fmt: skip
    return Evidence(
        NOW, {each: Piece(each, Standing.KNOWN, body, read_at=NOW) for each, body in known.items()}
    )


ACTIVE = Line(True, LineState.ACTIVE, connected=False, last_connection=NOW - DAY, activated=1.0)


def test_a_hole_in_the_history_is_no_silence() -> None:
    early, late = sessions(NOW - 9 * DAY, HOUR, 3), sessions(NOW - HOUR * 5, HOUR, 3)
    holey = Connections(
        (window((0, 1), late), window((1, 7), []), window((7, 31), early, is_whole=False))
    )
    assert set(rhythm_of(holey).silences) == {HOUR - 60}
    whole = Connections(tuple(each._replace(is_whole=True) for each in holey.windows))
    assert rhythm_of(whole).longest > 7 * DAY


def test_a_pause_it_made_before_is_no_loss() -> None:
    """A device that sleeps at night is not lost every night."""
    days = [event for day in range(6, 0, -1) for event in sessions(NOW - day * DAY, HOUR / 4, 40)]
    known = Connections((window((0, 31), days),))
    verdict = judge(evidence(ACTIVE, known))
    assert verdict.finding is not None
    assert verdict.finding.rule.name == "asleep"


@pytest.mark.parametrize(
    ("periods", "name"), [(1.5, "asleep"), (2.5, ""), (3.5, "lost"), (30.0, "lost")]
)
def test_it_is_judged_by_its_own_rhythm(periods: float, name: str) -> None:
    last = NOW - periods * 2 * HOUR
    known = Connections((window((0, 31), sessions(last - 20 * HOUR, 2 * HOUR, 11)),))
    verdict = judge(evidence(ACTIVE, known))
    assert (verdict.finding.rule.name if verdict.finding else "") == name
    if not name:
        assert verdict.status is Status.UNKNOWN
        assert not verdict.gaps


def test_two_sessions_are_no_rhythm() -> None:
    known = Connections((window((0, 31), sessions(NOW - 20 * DAY, DAY, 2)),))
    assert judge(evidence(ACTIVE, known)).finding is None


def test_the_newest_part_of_the_history_must_be_known() -> None:
    older = sessions(NOW - 6 * DAY, HOUR, 20)
    failed = window((0, 1), [], trouble="It took too long.", is_too_long=True)
    verdict = judge(evidence(ACTIVE, Connections((failed, window((1, 7), older)))))
    assert verdict.finding is not None
    assert verdict.finding.rule.name == "history-refused"


HOLD = {"faultResponse": {"faultcode": "UnifiedWebService.REQUEST_ONHOLD.CreditCheck"}}


@pytest.mark.parametrize(
    ("service", "body", "changes"),
    [
        ("CarrierService", HOLD, {}),
        ("DiagnosticsService", {"comment": "The device has no active monitor."}, {}),
        ("DiagnosticsService", {"monitorId": "m"}, {}),
        ("DiagnosticsService", {"MaxUEAvailabilityTime": "1971-01-01T00:00:00Z"}, {}),
        ("DiagnosticsService", {"reachabilityStatus": "NOT_REACHABLE"}, {"last_connection": NOW}),
        ("AlertService", {"alert": {"disconnectCode": "20"}}, {"last_connection": NOW}),
        ("AlertService", {"alert": {"disconnectCode": "7"}}, {}),
        ("AlertService", {"alert": {"triggerName": "too much"}}, {}),
    ],
)
def test_a_message_that_says_nothing_of_now_names_no_cause(
    service: str, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    known = Connections((window((0, 31), sessions(NOW - 10 * HOUR, HOUR, 10)),))
    told = (Told(NOW - HOUR, service, "r", body),)
    made = evidence(ACTIVE._replace(**changes), known, messages=told)
    verdict = judge(made)
    assert verdict.finding is not None
    assert verdict.finding.rule.name == "asleep"


@pytest.mark.parametrize(("days", "said"), [(10, "held for 40 days"), (51, "are gone")])
def test_a_deactive_line_says_what_becomes_of_its_number(days: int, said: str) -> None:
    event = Provisioned(NOW - days * DAY, "Deactivation Confirmed", "Success", "somebody", "")
    line = ACTIVE._replace(state=LineState.DEACTIVE)
    verdict = judge(evidence(line, Connections(()), provisioning=(event,)))
    assert verdict.finding is not None
    assert said in verdict.finding.sentence
    unknown = without(verdict.evidence, [Source.PROVISIONING], Standing.FAILED)
    again = judge(unknown)
    assert again.finding is not None
    assert said not in again.finding.sentence


def test_a_failed_change_before_a_good_one_is_forgotten() -> None:
    events = tuple(
        Provisioned(NOW - age * DAY, "Restore Confirmed", status, "somebody", "")
        for age, status in ((9, "The network refused it."), (8, "Success"))
    )
    known = Connections((window((0, 31), sessions(NOW - 10 * HOUR, HOUR, 10)),))
    verdict = judge(evidence(ACTIVE, known, provisioning=events))
    assert verdict.finding is not None
    assert verdict.finding.rule.name == "asleep"


def test_usage_of_the_day_it_began_does_not_hide_a_half_open_session() -> None:
    began = NOW - 2 * DAY
    known = Connections((window((0, 31), [Connection(began, True, 0)]),))
    line = ACTIVE._replace(connected=True, last_connection=began)
    days = (Day(began // DAY * DAY, 5_000),)
    verdict = judge(evidence(line, known, usage=days))
    assert verdict.finding is not None
    assert verdict.finding.rule.name == "half-open"
    alive = judge(evidence(line, known, usage=(*days, Day(NOW - DAY, 900))))
    assert alive.finding is not None
    assert alive.finding.rule.name == "carrier-path-works"


def test_what_is_learned_agrees_with_the_verdict() -> None:
    """The list calls a device missing from the moment on at which its verdict does."""
    last = NOW - 7 * HOUR
    known = Connections((window((0, 31), sessions(last - 20 * HOUR, 2 * HOUR, 11, 500)),))
    found = learned(known, NOW)
    assert (found.usual_gap, found.gaps) == (2 * HOUR - 60, 10)
    assert (found.session, found.session_bytes) == (60, 500)
    assert (found.began, found.ended) == (last, last + 60)
    first = evidence(ACTIVE, known)
    for now in (found.ended + 3 * found.usual_gap + late for late in (0, 1)):
        verdict = judge(replace(first, now=now))
        is_lost = verdict.finding is not None and verdict.finding.rule.name == "lost"
        assert is_lost == ((now - found.ended) / found.usual_gap > 3)


def test_the_hours_of_a_few_exceptions_are_not_usual() -> None:
    nights = [
        event for day in range(30) for event in sessions(NOW - (day + 1) * DAY + 2 * HOUR, DAY, 1)
    ]
    known = Connections((window((0, 31), [*sessions(NOW - 40 * DAY, DAY, 1), *nights]),))
    found = learned(known, NOW)
    assert found.hours == 1 << 2


def test_a_history_that_is_not_known_to_its_end_tells_no_end() -> None:
    early = sessions(NOW - 9 * DAY, HOUR, 9)
    cut = Connections((window((0, 31), early, is_whole=False),))
    found = learned(cut, NOW)
    assert (found.ended, found.usual_gap) == (0.0, HOUR - 60)
    few = learned(Connections((window((0, 31), sessions(NOW - DAY, HOUR, 2)),)), NOW)
    assert few.usual_gap == 0
