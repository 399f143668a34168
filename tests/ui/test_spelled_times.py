"""Times in what was told: spelled for people, the rest as it is."""

import pytest

from tsui.ui.spelled_times import spelled

AT = 1_763_730_000
SPELLED = "2025-11-21 13:00:00 UTC"


@pytest.mark.parametrize(
    "name", ["at", "read_at", "sentAt", "first seen", "timestamp", "lastConnectionDate", "since"]
)
@pytest.mark.parametrize("value", [AT, AT + 0.25, AT * 1000, str(AT), str(AT * 1000)])
def test_numbers_of_seconds_and_milliseconds_are_times(name: str, value: object) -> None:
    assert spelled({name: value}, utc=True) == {name: SPELLED}
    assert spelled([{"deep": {name: [value]}}], utc=True) == [{"deep": {name: [SPELLED]}}]


@pytest.mark.parametrize(
    "told",
    [
        {"mdn": "1763730000"}, {"bytesUsed": AT}, {"at": 12}, {"at": True}, {"at": None},
        {"at": "2025-11-21T13:00:00Z"}, {"format": AT}, {"at": 1e300},
    ],
)  # fmt: skip
def test_other_values_stay_as_they_are(told: object) -> None:
    assert spelled(told, utc=True) == told
