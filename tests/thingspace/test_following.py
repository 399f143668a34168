"""Paging by token, index and last device seen, against a script of answers."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from tests.thingspace.fleets import told
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.following import (
    group_members,
    leads,
    location_report,
    queued_sms,
    software_devices,
    software_of,
)
from tsui.thingspace.operation import Operation, ReplyT


class Script:
    """Answers operations in order, and goes on with the last answer; remembers what was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.asked: list[Operation[Any]] = []

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        self.asked.append(operation)
        assert len(self.asked) < 50, "an endless loop"
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        reply: ReplyT = told(operation, answer)
        return reply

    def fields(self, name: str) -> list[Any]:
        return [getattr(operation, name) for operation in self.asked]


async def _all(pages: AsyncGenerator[list[Any], None]) -> list[Any]:
    return [record async for page in pages for record in page]


def _token_pages(*answers: tuple[str, str | None, bool]) -> list[dict[str, Any]]:
    """Make pages that fit all three operations with tokens: letters, next token, more."""
    return [
        {
            "hasMoreData": more,
            **({"next": token} if token else {}),
            "devices": [{"ipAddress": letter} for letter in letters],
            "leads": [{"leadId": letter} for letter in letters],
            "messages": [{"message": letter} for letter in letters],
        }
        for letters, token, more in answers
    ]


def _members(script: Script) -> AsyncGenerator[list[Any], None]:
    return group_members(script, "a", "g")


def _leads(script: Script) -> AsyncGenerator[list[Any], None]:
    return leads(script, "a")


def _queue(script: Script) -> AsyncGenerator[list[Any], None]:
    return queued_sms(script, "a")


Pages = Callable[[Script], AsyncGenerator[list[Any], None]]
BY_TOKEN = pytest.mark.parametrize("pages", [_members, _leads, _queue])
READS = pytest.mark.parametrize("pages", [_members, _leads])


def _letters(records: list[Any]) -> str:
    names = ("ip_address", "lead_id", "message")
    return "".join(getattr(each, name) for each in records for name in names if hasattr(each, name))


@BY_TOKEN
async def test_each_block_is_asked_for_with_the_token_of_the_one_before(pages: Pages) -> None:
    script = Script(*_token_pages(("ab", "1", True), ("cd", "2", True), ("e", None, False)))
    assert _letters(await _all(pages(script))) == "abcde"
    assert script.fields("next_token") == [None, "1", "2"]


@BY_TOKEN
async def test_an_empty_block_that_promises_more_is_passed_over(pages: Pages) -> None:
    script = Script(*_token_pages(("ab", "1", True), ("", "2", True), ("c", None, False)))
    assert _letters(await _all(pages(script))) == "abc"


@BY_TOKEN
async def test_two_empty_blocks_in_a_row_are_passed_over_each_time(pages: Pages) -> None:
    blocks = [
        (letter, str(3 * number + step), True)
        for number in range(3)
        for step, letter in enumerate(["abc"[number], "", ""])
    ]
    script = Script(*_token_pages(*blocks, ("d", None, False)))
    assert _letters(await _all(pages(script))) == "abcd"


@READS
async def test_a_repeated_block_comes_once(pages: Pages) -> None:
    script = Script(*_token_pages(("ab", "1", True), ("ab", "2", True), ("c", None, False)))
    assert _letters(await _all(pages(script))) == "abc"


async def test_a_repeated_block_of_the_queue_is_given_again() -> None:
    script = Script(*_token_pages(("ab", "1", True), ("ab", "2", True), ("c", None, False)))
    assert _letters(await _all(_queue(script))) == "ababc"


@BY_TOKEN
@pytest.mark.parametrize("letters", ["", "ab"])
async def test_a_promise_that_is_never_kept_ends_with_an_error(pages: Pages, letters: str) -> None:
    script = Script(*_token_pages((letters, "1", True)))
    with pytest.raises(Unreadable, match="repeats"):
        await _all(pages(script))


@BY_TOKEN
async def test_tokens_that_go_in_a_circle_end_with_an_error(pages: Pages) -> None:
    blocks = [("ab", "1", True), ("cd", "2", True), ("ef", "1", True)]
    with pytest.raises(Unreadable, match="repeats"):
        await _all(pages(Script(*_token_pages(*blocks))))


@BY_TOKEN
async def test_a_token_goes_on_where_the_body_does_not_say(pages: Pages) -> None:
    first, last = _token_pages(("ab", "1", True), ("c", None, False))
    del first["hasMoreData"], last["hasMoreData"]
    assert _letters(await _all(pages(Script(first, last)))) == "abc"


def _report(letters: str, index: int, more: bool) -> dict[str, Any]:
    return {
        "startIndex": str(index),
        "hasMoreData": more,
        "devLocationList": [{"msid": letter} for letter in letters],
    }


async def test_a_report_goes_on_behind_the_devices_that_came() -> None:
    script = Script(_report("abc", 0, True), _report("d", 3, True), _report("e", 4, False))
    places = await _all(location_report(script, "a", "t"))
    assert "".join(place.msid for place in places) == "abcde"
    assert script.fields("start_index") == [0, 3, 4]


@pytest.mark.parametrize("odd", ["", "abc"])
async def test_a_report_steps_over_nobody_after_an_odd_page(odd: str) -> None:
    script = Script(_report("abc", 0, True), _report(odd, 3, True), _report("d", 3, False))
    places = await _all(location_report(script, "a", "t"))
    assert "".join(place.msid for place in places) == "abcd"
    assert script.fields("start_index") == [0, 3, 3]


async def test_a_report_without_end_ends_with_an_error() -> None:
    with pytest.raises(Unreadable, match="repeats"):
        await _all(location_report(Script(_report("abc", 0, True)), "a", "t"))


def _software(letters: str, last: str | None, more: bool) -> dict[str, Any]:
    return {
        "hasMoreData": more,
        "lastSeenDeviceId": last,
        "deviceList": [{"deviceId": letter} for letter in letters],
    }


def _whole_account(script: Script) -> AsyncGenerator[list[Any], None]:
    return software_devices(script, "a", protocol="LWM2M")


def _some_devices(script: Script) -> AsyncGenerator[list[Any], None]:
    return software_of(script, "a", ["1", "2"])


BY_LAST_SEEN = pytest.mark.parametrize("pages", [_whole_account, _some_devices])


@BY_LAST_SEEN
async def test_software_goes_on_behind_the_last_device_seen(pages: Pages) -> None:
    script = Script(
        _software("ab", "7", True), _software("", "8", True), _software("c", None, False)
    )
    devices = await _all(pages(script))
    assert "".join(device.device_id for device in devices) == "abc"
    assert script.fields("last_seen_device_id") == ["0", "7", "8"]


@BY_LAST_SEEN
@pytest.mark.parametrize("last", [None, "7"])
async def test_software_without_end_ends_with_an_error(pages: Pages, last: str | None) -> None:
    with pytest.raises(Unreadable, match="repeats"):
        await _all(pages(Script(_software("ab", last, True))))
