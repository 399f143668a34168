"""How calls are said: by sign, word and colour, and in a line that fits."""

import pytest
from rich.segment import Segment
from textual.color import Color

from tests.service.test_calls import NOON, call
from tsui.service.calls.listing import Attempted, attempts
from tsui.service.calls.summary import Standing, summed_up
from tsui.ui.painted import plain
from tsui.ui.safety import OnlyAscii
from tsui.ui.screens.calls_text import Moment, operation, span, status, summary

RESTED = Standing(10.0, 10.0, 0.0, 500, 500, False, 3600.0, 1050.0)


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (200, "", ("✓ 200 ok", "good")),
        (200, "not JSON", ("▲ 200 unclear", "warn")),
        (302, "", ("▲ 302 elsewhere", "warn")),
        (401, "no", ("✗ 401 denied", "bad")),
        (400, "no", ("✗ 400 refused", "bad")),
        (429, "no", ("✗ 429 slow down", "bad")),
        (503, "no", ("✗ 503 failed", "bad")),
        (None, "silence", ("■ no answer", "bad")),
    ],
)
def test_how_a_call_ended_is_a_sign_a_word_and_a_colour(
    code: int | None, error: str, said: tuple[str, str]
) -> None:
    assert status(Attempted(call(status=code, error=error), 1, 1)) == said


def told(standing: Standing | None, width: int) -> str:
    sums = summed_up(attempts([call(1), call(2, status=503, error="no")]), NOON.timestamp() + 5)
    return plain(summary(Moment(sums, standing, None, NOON.timestamp(), utc=True), width))


def test_the_summary_fits_and_leaves_the_least_telling_out() -> None:
    assert told(RESTED, 120) == (
        " 2/min  1 error  p50 100 ms p95 100 ms  pace 10/s  session to 12:17  token to 13:00"
    )
    assert told(RESTED, 70).endswith("session to 12:17")
    assert told(None, 120).endswith("p95 100 ms")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing(7.0, 10.0, 0.0, 488, 500, False, 1.0, 1.0), "pace 7 of 10/s  retries 12/500"),
        (Standing(10.0, 10.0, 90.0, 500, 500, False, 1.0, 1.0), "silent for 1 min, as asked"),
        (Standing(10.0, 10.0, 0.0, 500, 500, True, 1.0, 1.0), "cut off, probing"),
        (Standing(10.0, 10.0, 0.0, 500, 500, False, -1.0, -1.0), "no session  no token"),
    ],
)
def test_what_holds_calls_back_is_said(standing: Standing, said: str) -> None:
    assert said in told(standing, 120)


def test_times_and_attempts_are_short_and_readable_in_ascii() -> None:
    assert [span(each) for each in (None, 0.0123, 0.99, 1.24, 61.0)] == [
        "—", "12 ms", "990 ms", "1.2 s", "61.0 s",
    ]  # fmt: skip
    text, _ = operation(Attempted(call(), 1, 2))
    (segment,) = OnlyAscii().apply([Segment(text)], Color(0, 0, 0))
    assert segment.text == "` ListDevices"
