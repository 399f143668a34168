"""A timeline as lines: single-width, readable in ASCII, and honest about what is not known."""

import time
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tests.service.test_timeline_view import moment
from tests.service.timelines import NOW
from tsui.service.timeline.model import (
    ALWAYS,
    DAY,
    FOREVER,
    HOUR,
    Lane,
    Timeline,
    Unknown,
    in_order,
)
from tsui.service.timeline.view import SPANS, View
from tsui.service.timeline.wanted import wanted
from tsui.ui.commands.everywhere import EVERYWHERE
from tsui.ui.commands.keys import Keys
from tsui.ui.commands.timeline import TIMELINE
from tsui.ui.painted import plain
from tsui.ui.safety import OnlyAscii
from tsui.ui.screens.device import DeviceScreen
from tsui.ui.timeline_text import HEAD, head_line, sentence, strip_lines, strip_of

HOSTILE = "\x1b]52;c;AAAA\x07 \u202e evil \x00 漢字 \U0001f600" + "e\u0301" * 9

MADE = Timeline(
    NOW,
    in_order(
        [
            *(moment(n * HOUR, lasts=600, name=f"{n}") for n in range(1, 60)),
            moment(50 * HOUR, reason="odd", text=HOSTILE),
            moment(3 * DAY, Lane.USAGE, lasts=DAY, amount=100),
            moment(2 * DAY, Lane.SMS),
        ],
        NOW,
    ),
    {
        Lane.SESSIONS: [Unknown(ALWAYS, NOW - 3 * DAY, HOSTILE)],
        Lane.SMS: [Unknown(ALWAYS, FOREVER, "nobody listened")],
    },
    read_at=NOW - 7200,
    troubles=[HOSTILE],
)  # fmt: skip


def lines(view: View, width: int = 80, height: int = 24, *, utc: bool = True) -> list[str]:
    strip = strip_of(view, width, height, utc=utc)
    return [plain(line) for line in strip_lines(strip, view)]


@pytest.mark.parametrize("span", list(SPANS))
@pytest.mark.parametrize(("width", "height", "rows"), [(60, 12, 3), (80, 24, 6), (120, 40, 10)])
def test_every_line_has_one_width_at_every_size(
    span: str, width: int, height: int, rows: int
) -> None:
    found = lines(View(MADE, span=span), width, height)
    assert len(found) == rows
    assert {cell_len(line) for line in found} == {width - 1}, found
    assert all(char.isprintable() for line in found for char in line)


def test_what_is_not_known_is_said_and_never_blank() -> None:
    text = lines(View(MADE))
    sessions = next(line for line in text if line.startswith(" sessions"))
    messages = next(line for line in text if line.startswith(" messages"))
    assert "not known" in sessions
    assert "not known: nobody listened" in messages
    assert "░" in sessions[HEAD : HEAD + 9]
    assert "░" not in sessions[-20:]


def test_a_lane_that_is_filtered_out_does_not_look_empty() -> None:
    text = lines(View(MADE).narrow(wanted("lane:usage")))
    assert [" hidden by the filter" in line for line in text] == [
        False, True, False, True, True, False,
    ]  # fmt: skip


def test_the_cursor_is_under_its_moment_and_anomalies_above() -> None:
    odd = next(each for each in MADE.moments if each.is_anomaly)
    view = View(MADE, span="7 d").choose(odd.key)
    anomalies, *_, ruler = lines(view)
    assert anomalies.index("▲") == ruler.index("↑")
    assert anomalies.count("▲") == 1
    strip = strip_of(view, 80, 24, utc=True)
    looks = {look for line in strip_lines(strip, view) for text, look in line if text.strip()}
    assert {"cursor", "warn", "info", "quiet"} <= looks


def test_in_ascii_every_level_and_every_gap_has_its_sign() -> None:
    found = strip_lines(strip_of(View(MADE), 80, 24, utc=True), View(MADE))
    told = OnlyAscii().apply([Segment(plain(line)) for line in found], Color(0, 0, 0))
    text = "\n".join(each.text for each in told)
    assert text.isascii()
    anomalies, sessions, *_, messages, ruler = text.split("\n")
    assert "!" in anomalies
    assert any(sign in sessions for sign in ".:|#")
    assert "// not known: nobody listened //" in messages
    assert "^" in ruler
    assert {len(line) for line in text.split("\n")} == {79}


@pytest.mark.parametrize("span", list(SPANS))
def test_the_ruler_names_round_times(span: str) -> None:
    ruler = lines(View(MADE, span=span), 120, 40)[-1]
    marks = ruler.split("│")[1:]
    assert 2 <= len(marks) <= 10, ruler
    if span in ("1 h", "6 h", "1 d"):
        assert ":00" in ruler or ":30" in ruler
    else:
        assert ":" not in ruler


def test_the_head_says_what_is_looked_at_and_how_old_it_is() -> None:
    view = View(MADE).narrow(wanted("lane:sessions odd"))
    text = plain(head_line(view, utc=True))
    assert text.startswith(" 09-27 10:00 to now UTC  1 moment, 1 anomaly  /lane:sessions odd")
    assert "read 2 h ago" in text
    assert "\\x1b" in text
    assert "no anomalies" in plain(head_line(View(MADE, span="1 h"), utc=True))
    never = plain(head_line(View(replace(MADE, read_at=None)), utc=True))
    assert "histories not read yet" in never
    assert " to 10-03 10:00 UTC " in plain(head_line(View(MADE, end=NOW - DAY), utc=True))


def test_both_zones_are_named_where_the_clocks_were_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Summer time ended on 27 October 2024."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        later = replace(MADE, now=NOW + 26 * DAY)
        text = plain(head_line(View(later), utc=False))
        ruler = lines(View(later, span="7 d"), 120, 40, utc=False)[-1]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert text.startswith(" 10-23 12:00 CEST to now CET ")
    assert [mark[:5] for mark in ruler.split("│")[1:]] == [f"10-{day}" for day in range(24, 31)]


def test_hostile_text_becomes_harmless() -> None:
    odd = next(each for each in MADE.moments if each.is_anomaly)
    assert sentence(odd).startswith("\\x1b]52;c;AAAA\\x07")
    assert sentence(odd).isprintable()


def test_no_key_of_the_timeline_means_something_else_on_the_screen_of_a_device() -> None:
    keys = Keys({})
    others = {
        key: command
        for command in (*DeviceScreen.COMMANDS_HERE, *EVERYWHERE)
        if not command.yields
        for key in keys.of(command)
    }
    clashes = {key for command in TIMELINE for key in keys.of(command) if key in others}
    assert clashes == set()
