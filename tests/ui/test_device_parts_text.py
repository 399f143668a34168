"""Lines of the parts of a device: four honest answers, and no text that can act."""

import time

import pytest

from tsui.service.device_answers import Asked
from tsui.service.located import Fix
from tsui.service.messages.delivery import Delivery, Fate
from tsui.service.messages.desk import Message
from tsui.service.messages.log import Way
from tsui.service.reachability import Reach
from tsui.service.verdict.evidence import Told
from tsui.ui.device_parts import raw_text
from tsui.ui.device_parts.asked_text import asked, watched_age
from tsui.ui.device_parts.firmware import software_lines
from tsui.ui.device_parts.location import place_lines
from tsui.ui.device_parts.messages import message_lines
from tsui.ui.device_parts.profiles import record_lines
from tsui.ui.device_parts.reachability import now_lines, told_lines
from tsui.ui.painted import Line, plain
from tsui.ui.screens import messages_text
from tsui.ui.screens.device_text import View

NOW = 1_767_225_600.0
VIEW = View(NOW, utc=True)
EVIL = "a\x1b]52;c;eA==\x07\u202e\nb"

EVIL_TEXT = Message(
    1, NOW, Way.TO_DEVICE, EVIL, is_bytes=False, fate=Fate(Delivery.FAILED, EVIL), source=EVIL
)


def text(lines: list[Line]) -> str:
    return "\n".join(plain(line) for line in lines)


def said(told: Asked | None, *, hears: bool | None = True, width: int = 78) -> str:
    return text(asked(told, "it", NOW, width, service="DiagnosticsService", hears=hears))


def question(ago: float, trouble: str = "", *answers: Told) -> Asked:
    return Asked({"requestId": "r"}, NOW - ago, NOW - ago, trouble, answers)


def test_a_question_is_never_asked_awaited_answered_refused_or_overdue() -> None:
    assert "Nobody asked for it yet.  a asks" in said(None)
    assert "◌ Asked 10 s ago, waiting for a callback to DiagnosticsService." in said(question(12))
    assert "no callback to DiagnosticsService has come" in said(question(7200))
    answered = question(60, "", Told(NOW - 30, "DiagnosticsService", "r", {}))
    assert "Answered 30 s ago, asked 1 min ago." in said(answered)
    assert "Asking for it failed 0 s ago: no route" in said(question(0, "no route"))
    assert "Not entitled to it. Ask" in said(question(0, "Not entitled: Ask your manager"))


@pytest.mark.parametrize("hears", [True, False, None])
def test_that_nobody_listens_is_said_only_where_it_is_known(*, hears: bool | None) -> None:
    assert ("Nobody listens" in said(question(5), hears=hears)) == (hears is False)


def test_an_age_that_is_watched_grows_in_steps() -> None:
    ages = [watched_age(each) for each in (-5, 0, 9, 10, 59, 60, 7200)]
    assert ages == ["0 s", "0 s", "0 s", "10 s", "50 s", "1 min", "2 h"]


def test_reachability_counts_down_and_says_when_it_is_over() -> None:
    until = Reach(NOW - 60, "REACHABLE", NOW + 300, "", "REACHABLE_FOR_DATA", "")
    assert "● reachable" in text(now_lines([until], VIEW))
    assert "5 min left" in text(now_lines([until], VIEW))
    over = until._replace(until=NOW - 7200)
    assert "that was 2 h ago" in text(now_lines([over], VIEW))
    assert "another callback follows" in text(now_lines([Reach(NOW, "", 0, "", "X", "")], VIEW))
    assert "Not known" in text(now_lines([], VIEW))


def test_no_text_from_outside_acts() -> None:
    lines = [
        *now_lines([Reach(NOW, EVIL, 0.0, EVIL, EVIL, EVIL)], VIEW),
        *told_lines([Reach(NOW, EVIL, 0.0, EVIL, EVIL, EVIL)], VIEW),
        *message_lines([EVIL_TEXT], VIEW, 60),
        *messages_text.whole(EVIL_TEXT, VIEW, 60),
        *place_lines(
            [Fix(NOW, None, None, EVIL, 0.0, EVIL), Fix(NOW, 1.0, 2.0, EVIL, NOW, EVIL)], VIEW
        ),
        *software_lines({"firmware": EVIL, "softwareList": [{"name": EVIL}]}, VIEW),
        *record_lines([{EVIL: EVIL, "list": [EVIL, {EVIL: EVIL}]}]),
        *asked(question(0, EVIL), "it", NOW, 60, service="S", hears=False),
    ]
    lines += raw_text.RawLines(raw_text.json_lines({EVIL: {EVIL: [EVIL]}}), "a")
    assert len(lines) > 20
    for line in lines:
        assert plain(line).isprintable(), line


def test_a_search_finds_lines_and_marks_each_place() -> None:
    lines = raw_text.json_lines({"line": {"state": "Active", "was": "active active"}, "more": 1})
    assert lines[0] == '  "line": {'
    lowered = [each.lower() for each in lines]
    found = raw_text.matches(lowered, "ACTIVE")
    assert [lines[number] for number in found] == [
        '    "state": "Active",',
        '    "was": "active active"',
    ]
    line = raw_text.marked(lines[found[1]], "ACTIVE", is_current=True)
    assert [run for run in line if run[1] == "cursor"] == [("active", "cursor")] * 2
    assert plain(line)[1:] == lines[found[1]]
    assert raw_text.matches(lowered, "") == []
    assert raw_text.matches(lowered, "(") == []


def test_long_json_is_painted_only_where_it_is_looked_at() -> None:
    events = [{"at": float(each), "event": "Stop"} for each in range(100_000)]
    texts = raw_text.json_lines({"sessions": events})
    lowered = [each.lower() for each in texts]
    began = time.perf_counter()
    found = raw_text.matches(lowered, "STOP")
    lines = raw_text.RawLines(texts, "STOP", found[-1])
    seen = lines[len(lines) - 40 :]
    took = time.perf_counter() - began
    assert len(found) == 100_000
    assert any(look == "cursor" for line in seen for _, look in line)
    assert took < 0.3, f"{took:.3f} s"
