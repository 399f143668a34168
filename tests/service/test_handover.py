"""Handovers: everything the next shift has to know, in a mail of 72 columns without secrets."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.service.agenda.agendas import DAY, HOUR, NOW, START, fleet, key, offline, sent
from tests.store.cases import ACCOUNT
from tsui.service.handover.desk import since_of
from tsui.service.handover.telling import WIDTH, as_data, wrapped
from tsui.service.workspace import Workspace
from tsui.store.changes import ChangeState
from tsui.store.heartbeats import EVERY, Program
from tsui.store.incidents import Acknowledged, Named
from tsui.store.notice import Draft, Severity
from tsui.store.store import Store
from tsui.text import cells

ZONE = ZoneInfo("America/New_York")
SHIFTS = ("06:00", "14:00", "22:00")
SINCE = datetime.fromisoformat("2026-11-20T06:00:00-05:00")


async def told(made: Workspace) -> str:
    desk = made.desks.handover
    return desk.text(await desk.handover(SINCE, SHIFTS, ZONE), ZONE)


async def reads(store: Store, begin: float, end: float) -> None:
    at = begin
    while at <= end:
        await store.heartbeats.beat(Program.READER, ACCOUNT, "me", at)
        await store.heartbeats.beat(Program.RECEIVER, "", "me", at)
        at += EVERY


def draft(origin: str, severity: Severity, kind: str, sentence: str, number: int) -> Draft:
    return Draft(origin, NOW - HOUR, severity, kind, sentence, "test", ACCOUNT, key(number))


async def test_a_quiet_shift_says_nothing_of_each(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "active"})
        await reads(store, SINCE.timestamp(), NOW)
        text = await told(made)
        assert text.startswith("HANDOVER since 06:00 EST\n")
        nothing = " ".join(text[text.index("NOTHING of: ") :].split())
        for section in ("not seen", "done from here", "changed by others", "overdue devices"):
            assert section in nothing
            assert section.upper() not in text
        assert "never read as a whole" in text
        assert "due until 14:00" in nothing


async def test_it_says_what_could_not_be_seen(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        begin = SINCE.timestamp()
        await reads(store, begin - HOUR, begin + 600)
        await reads(store, begin + 3 * HOUR, NOW)
        text = await told(made)
        assert "- ThingSpace was not read between 06:10 and 09:00\n" in text
        assert "- no callback could come between 06:10 and 09:00\n" in text


async def test_everything_is_in_it(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, dict.fromkeys(range(1, 6), "suspend"))
        await sent(store, "SuspendDevices", [5], NOW - 90 * DAY + 2 * HOUR)
        await sent(store, "SuspendDevices", [1, 2], NOW - HOUR, operator="eve")
        await sent(store, "ChangePlan", [3], NOW - HOUR, ChangeState.FAILED, problem="no such plan")
        await sent(store, "RestoreDevices", [4], NOW - 9 * DAY, ChangeState.UNKNOWN)
        await store.notices.keep(
            [
                draft("a", Severity.ALARM, "elsewhere", "Suspend, made by a portal.", 3),
                draft("b", Severity.ALARM, "lost", "The network lost it.", 4),
                draft("c", Severity.WARNING, "usage", "A bound was reached.", 5),
            ]
        )
        seen = await made.desks.notices.newest(3)
        await made.desks.notices.acknowledge(
            [each.id for each in seen if each.kind == "usage"], "customer was called"
        )
        named = Named("group", "North", NOW - HOUR, NOW - HOUR)
        await store.incidents.add(ACCOUNT, Acknowledged(named, 7, NOW - 60, "ann", "mast down"))
        text = await told(made)
        for said in (
            "09:00 eve: SuspendDevices, 2 devices succeeded; because",
            "ChangePlan failed, no such plan",
            "RestoreDevices unknown",
            "1 of unknown fate",
            "Suspend, made by a portal.",
            "The network lost it.",
            "1 elsewhere, 1 lost, 1 usage",
            "customer was called",
            "ann: mast down [7 devices lost together",
            "12:00 resume 89148",
            "since when 2 lines are suspended",
        ):
            assert said in " ".join(text.split()), f"{said} is not in\n{text}"
        assert all(cells(line) <= WIDTH for line in text.splitlines())


async def test_floods_are_cut_and_counted(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await store.notices.keep(
            [draft(f"n{n}", Severity.ALARM, f"kind {n}", f"alarm {n}.", n) for n in range(30)]
        )
        assert "and 18 more" in await told(made)


async def test_secrets_are_not_in_it_and_hostile_texts_stay_in_their_columns(
    tmp_path: Path,
) -> None:
    async with offline(tmp_path) as (made, store):
        await fleet(store, {1: "active"})
        nasty = "password=hunter2 Bearer abcdef123456 \x1b[2J\r\n- FAKE 漢字漢字" + "漢" * 200
        await sent(store, "ChangePlan", [1], NOW - HOUR, ChangeState.FAILED, problem=nasty)
        await store.notices.keep([draft("a", Severity.ALARM, "elsewhere", nasty, 1)])
        desk = made.desks.handover
        handover = await desk.handover(SINCE, SHIFTS, ZONE)
        text, data = desk.text(handover, ZONE), json.dumps(as_data(handover, desk.clean))
        for secret in ("hunter2", "abcdef123456"):
            assert secret not in text
            assert secret not in data
        assert "\x1b" not in text
        assert "\n- FAKE" not in text
        assert all(cells(line) <= WIDTH for line in text.splitlines())


async def test_json_has_all_of_it_with_times_in_utc(tmp_path: Path) -> None:
    async with offline(tmp_path) as (made, store):
        await sent(store, "SuspendDevices", [1, 2], NOW - HOUR)
        desk = made.desks.handover
        data = json.loads(json.dumps(as_data(await desk.handover(SINCE, SHIFTS, ZONE), desk.clean)))
        assert (data["version"], data["account"]) == (1, ACCOUNT)
        assert data["since"] == "2026-11-20T11:00:00+00:00"
        assert data["until"] == "2026-11-20T19:00:00+00:00"
        (done,) = data["ours"]
        assert (done["devices"], done["state"]) == (2, "succeeded")
        assert done["first_at"] == "2026-11-20T14:00:00+00:00"
        assert data["unread"][0]["begin"] == data["since"]


@pytest.mark.parametrize(
    ("text", "now", "since"),
    [
        ("", "2026-11-20T10:00-05:00", "2026-11-20T06:00-05:00"),
        ("", "2026-11-20T06:30-05:00", "2026-11-19T22:00-05:00"),
        ("", "2026-11-20T07:01-05:00", "2026-11-20T06:00-05:00"),
        ("06:00", "2026-11-20T05:00-05:00", "2026-11-19T06:00-05:00"),
        ("06:00", "2026-11-01T10:00-05:00", "2026-11-01T06:00-05:00"),
        ("22:00", "2026-11-01T10:00-05:00", "2026-10-31T22:00-04:00"),
        ("12h", "2026-11-20T10:00-05:00", "2026-11-19T22:00-05:00"),
        ("2028-02-29T12:00Z", "2028-03-01T10:00-05:00", "2028-02-29T07:00-05:00"),
    ],
)
def test_since_when_is_understood(text: str, now: str, since: str) -> None:
    found = since_of(text, datetime.fromisoformat(now), SHIFTS, ZONE)
    assert found == datetime.fromisoformat(since)


@pytest.mark.parametrize(("text", "why"), [("soon", "is no time"), ("+2h", "yet to come")])
def test_what_is_no_past_time_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        since_of(text, START, SHIFTS, ZONE)


def test_lines_are_broken_between_words_and_long_words_within() -> None:
    assert list(wrapped("a bb ccc", 6, "- ")) == ["- a bb", "  ccc"]
    assert list(wrapped("x" * 10, 6, "- ")) == ["- xxxx", "  xxxx", "  xx"]
    assert list(wrapped("", 6, "- ")) == ["- "]
