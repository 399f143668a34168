"""Sessions are put together from starts and stops, and what is missing is not guessed."""

from typing import Any

from tsui.service.sessions import others, sessions
from tsui.ui.painted import plain
from tsui.ui.screens.sessions_text import session_lines, span


def event(at: float | None, what: str, used: str = "0", **more: str) -> dict[str, Any]:
    return {"at": at, "event": what, "bytes": used, "more": more}


def text(*events: dict[str, Any], now: float = 100_000.0) -> str:
    return "\n".join(plain(line) for line in session_lines(events, now, utc=True))


def test_a_start_and_the_next_stop_are_a_session() -> None:
    found = sessions(
        [event(10, "Start"), event(40, "Stop", "7", Ip="1"), event(100, "Start", Ip="2")]
    )
    assert [(each.began, each.ended, each.bytes, each.silent) for each in found] == [
        (10, 40, 7, None),
        (100, 0, None, 60),
    ]
    assert found[0].lasted == 30
    assert found[1].is_newest
    assert found[0].more == {"Ip": "1"}


def test_what_is_missing_is_said() -> None:
    found = sessions(
        [event(5, "Stop", "9"), event(10, "START"), event(20, "start"), event(30, "Stop")]
    )
    assert [(each.began, each.ended) for each in found] == [(0, 5), (10, 0), (20, 30)]
    assert found[1].silent == 5
    assert found[2].silent is None, "the one before has no end"
    said = text(event(5, "Stop", "9"), event(10, "Start"), event(20, "Start"), event(30, "Stop"))
    assert "? no start" in said
    assert "? no stop" in said


def test_events_in_any_order_and_of_any_kind_are_told() -> None:
    events = [
        event(40, "Stop", "x\x1b"),
        event(10, "Start"),
        event(None, "Stop"),
        event(50, "Roam\n"),
    ]
    assert [(each.began, each.ended, each.told) for each in sessions(events)] == [(10, 40, "x\x1b")]
    assert len(others(events)) == 2
    said = text(*events)
    assert all(line.isprintable() for line in said.splitlines())
    assert "Roam" in said


def test_an_open_session_lasts_until_now_and_nothing_is_told_of_nothing() -> None:
    assert "● 1 d 3 h" in text(event(2800, "Start"))
    assert "times in UTC" in text(event(2800, "Start"))
    assert text() == " No connection in the last 7 days."


def test_spans_are_short() -> None:
    spans = [span(each) for each in (-1, 0, 59, 60, 61, 3600, 3660, 86400, 90000, 31 * 86400)]
    assert spans == [
        "0 s", "0 s", "59 s", "1 min", "1 min 1 s", "1 h", "1 h 1 min", "1 d", "1 d 1 h", "31 d",
    ]  # fmt: skip
