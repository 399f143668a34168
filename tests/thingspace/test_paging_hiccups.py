"""Pages that bring nothing new although more was promised."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.thingspace.fleets import device_pages
from tests.thingspace.test_following import Script
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.paging import history_records
from tsui.thingspace.wire import Moment, Reply

START = datetime(2025, 3, 1, tzinfo=UTC)


def _devices(*ids: int, more: bool) -> dict[str, Any]:
    return {
        "hasMoreData": more,
        "devices": [
            {"extendedAttributes": [{"key": "DeviceId", "value": str(number)}]} for number in ids
        ],
    }


async def _numbers(script: Script) -> list[int | None]:
    return [device.platform_id() async for page in device_pages(script, "a") for device in page]


@pytest.mark.parametrize("odd", [(), (1, 2)])
async def test_the_device_list_goes_on_after_an_odd_page(odd: tuple[int, ...]) -> None:
    script = Script(_devices(1, 2, more=True), _devices(*odd, more=True), _devices(3, more=False))
    assert await _numbers(script) == [1, 2, 3]
    assert script.fields("largest_device_id_seen") == [0, 2, 2]


async def test_hiccups_are_counted_anew_after_each_good_page() -> None:
    empty = _devices(more=True)
    pages = [_devices(number, more=True) for number in range(1, 5)]
    script = Script(
        *[each for page in pages for each in (page, empty, empty)], _devices(5, more=False)
    )
    assert await _numbers(script) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("ids", [(), (1, 2)])
async def test_a_device_list_without_end_ends_with_an_error(ids: tuple[int, ...]) -> None:
    with pytest.raises(Unreadable, match="repeats"):
        await _numbers(Script(_devices(*ids, more=True)))


class Event(Reply):
    """A record of a history."""

    at: Moment = None
    """When."""


async def _events(*pages: str, endless: bool = False) -> str:
    """Read a history whose records are named by the minute of their time, as a letter."""
    asked: list[datetime] = []

    async def fetch(earliest: datetime) -> tuple[list[Event], bool]:
        asked.append(earliest)
        assert len(asked) < 50, "an endless loop"
        page = pages[min(len(asked), len(pages)) - 1]
        moments = [START.replace(minute=ord(letter) - ord("a")) for letter in page]
        events = [Event.model_validate({"at": moment.isoformat()}) for moment in moments]
        return events, endless or len(asked) < len(pages)

    records = history_records(
        fetch, START, moment=lambda event: event.at, identity=lambda event: str(event.at)
    )
    seen = [event.at async for page in records for event in page]
    return "".join(chr(ord("a") + moment.minute) for moment in seen if moment)


@pytest.mark.parametrize("odd", ["", "abc", "c"])
async def test_a_history_goes_on_after_an_odd_page(odd: str) -> None:
    assert await _events("abc", odd, "cde") == "abcde"


async def test_hiccups_of_a_history_are_counted_anew_after_each_good_page() -> None:
    assert await _events("abc", "", "", "cde", "", "", "efg", "g") == "abcdefg"


@pytest.mark.parametrize("page", ["", "abc"])
async def test_a_history_without_end_ends_with_an_error(page: str) -> None:
    with pytest.raises(Unreadable, match="repeats"):
        await _events(page, endless=True)
