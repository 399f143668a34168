"""The calls as they are listed, narrowed, summed up and copied."""

import json
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tsui.service.calls.listing import Attempted, attempts
from tsui.service.calls.narrowing import EXPLAINED, BadFilter, narrowed
from tsui.service.calls.summary import summed_up
from tsui.service.calls.told import COLUMNS, pretty, row
from tsui.service.curl import NoCurl, call_as_curl
from tsui.service.export import record_of
from tsui.thingspace.redact import HIDDEN
from tsui.thingspace.trace import Call

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOST = "https://thingspace.verizon.com"


def call(number: int = 1, **given: Any) -> Call:
    known: dict[str, Any] = {
        "at": NOON + timedelta(seconds=number), "operation": "Read", "method": "POST",
        "path": "/api/m2m/v1/x", "attempt": 1, "seconds": 0.1, "status": 200, "sent": "",
        "received": "", "size": 0, "name": "ListDevices", "call": number,
    }  # fmt: skip
    return Call(**{**known, **given})


def found(text: str, calls: Sequence[Call]) -> list[int]:
    test = narrowed(text)
    return [each.call.call for each in reversed(attempts(calls)) if test(each)]


def test_the_newest_call_is_first_and_its_attempts_are_together() -> None:
    told = attempts(
        [call(1, attempt=1, status=503), call(2), call(1, attempt=2, status=503), call(3),
         call(1, attempt=3)]
    )  # fmt: skip
    assert [(each.call.call, each.number, each.of) for each in told] == [
        (1, 3, 3), (1, 2, 3), (1, 1, 3), (3, 1, 1), (2, 1, 1),
    ]  # fmt: skip
    assert [each.is_last for each in told] == [True, False, False, True, True]
    assert len({each.key for each in told}) == 5


def test_an_attempt_with_another_token_is_one_of_its_call() -> None:
    told = attempts([call(1, attempt=1, status=401), call(1, attempt=1)])
    assert [(each.number, each.of, each.call.status) for each in told] == [(2, 2, 200), (1, 2, 401)]


CALLS = [
    call(1, status=200, seconds=0.05, name="ListDevices", sent='{"state": "active"}'),
    call(2, status=404, seconds=2.5, method="GET", path="/api/m2m/v1/groups/0742/north"),
    call(3, status=503, seconds=0.6, name="SendSms", error="ThingSpace failed (HTTP 503)."),
    call(4, status=None, seconds=30.0, name="Login", error="ThingSpace did not answer in time."),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("ACTIVE", [1]),
        ("north groups", [2]),
        ("status:4", [2]),
        ("status:503", [3]),
        ("status:none", [4]),
        ("-status:2", [2, 3, 4]),
        ("op:listdev", [1, 2]),
        ("op:SendSms", [3]),
        ("op:Read -op:ListDevices", [3, 4]),
        ("method:get", [2]),
        ("slow>2s", [2, 4]),
        ("slow>500ms", [2, 3, 4]),
        ("slow<100ms", [1]),
        ("!slow>2 status:5", [3]),
        ("answer time", [4]),
    ],
)
def test_a_filter_finds_what_it_says(text: str, expected: list[int]) -> None:
    assert found(text, CALLS) == expected


@pytest.mark.parametrize("text", ["status:", "slow>quick", "sttus:4", "slow>", "op:"])
def test_a_bad_filter_says_where(text: str) -> None:
    with pytest.raises(BadFilter) as told:
        narrowed(f"word {text}")
    assert text in str(told.value)


def test_what_the_help_explains_can_be_written() -> None:
    for written, _ in EXPLAINED:
        assert narrowed(written)(Attempted(CALLS[0], 1, 1)) in (True, False)


def test_calls_are_summed_up() -> None:
    now = (NOON + timedelta(seconds=62)).timestamp()
    told = summed_up(attempts(CALLS), now)
    assert (told.attempts, told.lately, told.failed) == (4, 2, 3)
    assert (told.median, told.slow) == (0.6, 2.5)
    empty = summed_up([], now)
    assert (empty.attempts, empty.median, empty.slow) == (0, None, None)


def test_a_call_is_copied_as_curl_with_secrets_as_variables() -> None:
    body = {"accountName": "1", "list": [{"password": HIDDEN, "note": f"a {HIDDEN} b $HOME"}]}
    made = call_as_curl(call(sent=json.dumps(body), path="/x?a=b%20c"), HOST)
    words = shlex.split(made.replace("\\\n", " "))
    assert words[:4] == ["curl", "-X", "POST", f"{HOST}/x?a=b%20c"]
    assert "VZ-M2M-Token: $SESSION" in words
    sent = json.loads(words[words.index("-d") + 1])
    assert sent["list"] == [{"password": "$PASSWORD", "note": "a $NOTE b $HOME"}]
    assert made.count('"$PASSWORD"') == 1
    assert '"$HOME"' not in made
    assert HIDDEN not in made
    assert made.isascii()


def test_a_form_and_a_key_are_variables_too() -> None:
    form = f"grant_type=client_credentials&token={HIDDEN}"
    made = call_as_curl(call(name="RevokeAccessToken", sent=form), HOST)
    assert '-u "$KEY:$SECRET"' in made
    assert '--data-urlencode token="$TOKEN"' in made
    assert "-d grant_type=client_credentials" in made


@pytest.mark.parametrize("sent", ["1,234 bytes, not kept", "[1]"])
def test_a_body_that_was_not_kept_cannot_be_repeated(sent: str) -> None:
    with pytest.raises(NoCurl, match="there is no command"):
        call_as_curl(call(sent=sent), HOST)


def test_a_call_is_told_in_a_line_and_exported() -> None:
    assert row(CALLS[3]).split("\t")[1:] == [
        "no answer", "POST", "/api/m2m/v1/x", "Login", "30.000 s", "0 B",
        "ThingSpace did not answer in time.",
    ]  # fmt: skip
    told = record_of(Attempted(CALLS[1], 1, 2), COLUMNS)
    assert (told["status"], told["milliseconds"], told["of"]) == (404, 2500, 2)
    assert pretty('{"a": [1]}') == '{\n  "a": [\n    1\n  ]\n}'
    assert pretty("<html>") == "<html>"
