"""A rhythm in words: never a zero where nothing is known, and rough where it is."""

from typing import Any

import pytest

from tests.store_rows import row
from tsui.ui.rhythm_text import overdue, rhythm

NOW = 1_770_000_000.0
HOUR = 3600


def late(times: float, **values: Any) -> Any:
    since = int(NOW - times * HOUR)
    told = {"connected": 0, "silent_since": since, "usual_gap": HOUR, "gaps": 5}
    return row(
        **{
            **told,
            "expected_at": since + HOUR,
            "learned_at": int(NOW) - 60,
            "session": 60,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("device", "text", "look"),
    [
        (late(0.5), "0.5x", "dim"),
        (late(1.5), "1.5x", "warn"),
        (late(24.2), "24x", "bad"),
        (late(5000), ">999x", "bad"),
        (late(2, session=None), "~2.0x", "warn"),
        (row(connected=1), "online", "good"),
        (row(connected=0), "not known", "dim"),
        (row(connected=0, state="suspend"), "—", "dim"),
    ],
)
def test_the_cell_tells_what_is_known(device: Any, text: str, look: str) -> None:
    assert overdue(device, NOW) == (text, look)
    assert len(text) <= 9


def test_what_is_usual_names_its_source() -> None:
    mask = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7
    device = late(2, session=600, session_bytes=4000, hours=mask)
    told = {name: value for name, value, _ in rhythm(device, NOW, lambda at: f"at {at:.0f}")}
    assert told == {
        "Usual gap": "1 h",
        "Known by": "5 gaps of its history, 1 min ago",
        "Overdue": "2.0x its usual gap",
        "Expected": f"at {NOW - HOUR:.0f}",
        "Usual session": "10 min, 4.0 kB",
        "Usual hours": "00-01, 05-08 UTC",
    }


def test_what_was_only_seen_is_said_to_be_rough_or_too_little() -> None:
    seen = {name: value for name, value, _ in rhythm(late(2, session=None), NOW, str)}
    assert seen["Known by"] == "5 gaps seen here, roughly"
    few = [each[:2] for each in rhythm(row(usual_gap=0, gaps=2), NOW, str)]
    assert few == [
        ("Usual gap", "not known; d learns it"),
        ("Known by", "2 gaps seen here: too few"),
    ]
    assert [each[1] for each in rhythm(row(), NOW, str)] == ["not known; d learns it"]
