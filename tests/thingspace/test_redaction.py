"""Secrets stay out of the trace, of errors and of what is shown of objects."""

import json
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thingspace.cases import Ask, Poke, client_of, failure, says, suspend, wire
from tsui.simulator.server import Running
from tsui.thingspace.callback_messages import read_message
from tsui.thingspace.callbacks import RegisterListener
from tsui.thingspace.client import Client
from tsui.thingspace.errors import GatewayRefused, Rejected, Unreadable
from tsui.thingspace.exchange import Attempt, HttpRequest
from tsui.thingspace.recorder import Recorder
from tsui.thingspace.redact import HIDDEN, Redactor, hides
from tsui.thingspace.session import AccessToken, Login, NewPassword, ResetPassword, SessionToken
from tsui.thingspace.trace import Call, Trace

SECRET = 's3cret "& wörd/+'
NOW = datetime(2025, 3, 1, tzinfo=UTC)


def _knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.learn(*secrets)
    return redactor


# -- the redactor -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
    ],
)
def test_a_known_secret_is_found_in_every_spelling(spelled: str) -> None:
    assert _knowing(SECRET).text(f"before {spelled} behind").replace('"', "") == (
        f"before {HIDDEN} behind"
    )


@given(st.text(min_size=4, max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_a_known_secret_never_comes_through(secret: str, before: str, behind: str) -> None:
    redactor = _knowing(secret)
    if secret in HIDDEN * 9:
        return
    for text in (before + secret + behind, before + json.dumps(secret)[1:-1] + behind):
        shown = redactor.text(text)
        assert shown.count(secret) == 0 or secret in f"{before}{HIDDEN}{behind}"


def test_a_secret_that_holds_another_is_hidden_as_a_whole() -> None:
    assert _knowing("pass", "password-of-mine").text("x password-of-mine y") == f"x {HIDDEN} y"


def test_a_secret_too_short_to_search_for_is_still_hidden_by_its_name() -> None:
    redactor = _knowing("abc")
    assert redactor.text("an abc of words") == "an abc of words"
    assert redactor.value({"password": "abc"}) == {"password": HIDDEN}


@pytest.mark.parametrize(
    "name",
    [
        "password", "oldPassword", "newPassword", "Password", "passwd", "sessionToken",
        "access_token", "refresh_token", "Authorization", "VZ-M2M-Token", "client_secret",
        "apiKey", "api_key", "Set-Cookie", "credentials",
    ],
)  # fmt: skip
def test_a_field_that_is_named_like_a_secret_is_hidden(name: str) -> None:
    assert hides(name)
    value = {"outer": [{name: "anything", "other": "seen"}], name: {"deep": ["anything"]}}
    assert _knowing().value(value) == {
        "outer": [{name: HIDDEN, "other": "seen"}],
        name: HIDDEN,
    }


@pytest.mark.parametrize("name", ["token_type", "username", "accountName", "kind", "keyValue"])
def test_other_fields_are_shown(name: str) -> None:
    assert _knowing().value({name: "seen"}) == {name: "seen"}


@pytest.mark.parametrize("empty", [None, "", False, []])
def test_a_secret_that_is_not_there_is_not_hidden(empty: object) -> None:
    assert _knowing().value({"password": empty}) == {"password": empty}


@pytest.mark.parametrize(
    "body",
    [
        {"a": [{"oldPASSWORD": "x1"}]}, {"Set-Cookie": "x1"}, {"client_secret": "x1"},
        {"api_key": "x1"}, {"apiKey": "x1"}, {"pa\u017f\u017fword": "x1"}, {"passphrase": "x1"},
        {"key": "authToken", "value": "x1"}, {"passwd": "x1"}, {"credentials": "x1"},
        {"authorization": "x1"}, {"a": "the known-word of mine"}, {"a": 'a "quoted" word'},
    ],
)  # fmt: skip
def test_whatever_would_be_hidden_is_suspected(body: dict[str, object]) -> None:
    redactor = _knowing("known-word", 'a "quoted" word')
    assert redactor.value(body) != body
    assert redactor.suspects(json.dumps(body, ensure_ascii=False))
    assert not redactor.suspects('{"deviceIds": [{"id": "89148", "kind": "iccid"}]}')


def test_an_attribute_whose_name_speaks_of_a_secret_is_hidden() -> None:
    value = {"attributes": [{"key": "DevicePassword", "value": "x1"}, {"key": "Plan", "value": 1}]}
    assert _knowing().value(value) == {
        "attributes": [{"key": "DevicePassword", "value": HIDDEN}, {"key": "Plan", "value": 1}]
    }


def test_a_known_secret_is_hidden_as_the_name_of_a_field_too() -> None:
    value = {"known-word": 1, "list": ["the known-word"], "number": 5}
    assert _knowing("known-word").value(value) == {
        HIDDEN: 1,
        "list": [f"the {HIDDEN}"],
        "number": 5,
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password": "abc", "x": 1', f'{{"password": {HIDDEN}", "x": 1'),
        ("username=u&password=abc&x=1", f"username=u&password={HIDDEN}&x=1"),
        ("Authorization: Bearer abc.def", f"Authorization: {HIDDEN}"),
        ("sent Bearer abc.def here", f"sent Bearer {HIDDEN} here"),
        ("<ns:sessionToken>a b</ns:sessionToken>", f"<ns:sessionToken>{HIDDEN}</ns:sessionToken>"),
        ("<password></password> <b>seen</b>", "<password></password> <b>seen</b>"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_text_that_cannot_be_read_loses_what_looks_like_a_secret(text: str, shown: str) -> None:
    assert _knowing().fragment(text) == shown


@pytest.mark.timeout(10)
def test_hostile_text_is_searched_in_no_time() -> None:
    for text in (
        "password" * 20_000,
        "password" + " " * 200_000,
        'token="' + "\\" * 200_000,
        "<a" * 100_000,
    ):
        _knowing("known-secret").fragment(text)


# -- the recorder -----------------------------------------------------------------------------


def _recorded(sent: bytes, received: bytes, *, query: str = "", redactor: Redactor) -> Call:
    trace = Trace()
    request = HttpRequest(
        "POST", "/path", {"next": query} if query else {}, {"authorization": "abc"}, sent, 1.0, 1.0
    )
    attempt = Attempt("Ask", 1, request, NOW, 5.0, status=200, received=received)
    assert "abc" not in repr(attempt)
    Recorder(trace, redactor).record(attempt, 7.5)
    (call,) = trace
    return call


def test_an_exchange_is_recorded_without_its_secrets() -> None:
    call = _recorded(
        b'{"username": "u", "password": "abc"}',
        b'{"sessionToken": "abc", "echo": "known-secret"}',
        query="known-secret",
        redactor=_knowing("known-secret"),
    )
    assert json.loads(call.sent) == {"username": "u", "password": HIDDEN}
    assert json.loads(call.received) == {"sessionToken": HIDDEN, "echo": HIDDEN}
    assert "known-secret" not in repr(call)
    assert call.path == f"/path?next={HIDDEN}"
    assert call.seconds == 2.5
    assert call.size == 47


def test_a_form_and_a_web_page_are_recorded_without_their_secrets() -> None:
    call = _recorded(
        b"grant_type=client_credentials&token=abc",
        b"<html>" + b"x" * 290 + b" password=known-secret </html>",
        redactor=_knowing("known-secret"),
    )
    assert call.path == "/path"
    assert call.sent == f"grant_type=client_credentials&token={HIDDEN}"
    assert "known" not in call.received
    assert len(call.received) <= 300


def test_letters_of_every_language_stay_readable_in_the_trace() -> None:
    call = _recorded('{"name": "Zähler"}'.encode(), b"{}", redactor=_knowing())
    assert call.sent == '{"name": "Zähler"}'


def test_a_large_body_is_not_kept() -> None:
    body = json.dumps({"password": "abc", "long": "x" * 20_000}).encode()
    call = _recorded(b"", body, redactor=_knowing())
    assert call.received == f"{len(body):,} bytes, not kept"
    assert call.sent == ""


# -- the client -------------------------------------------------------------------------------


async def test_nothing_of_a_whole_session_shows_a_secret(
    simulator: Running, client: Client, account: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    access = simulator.world.access
    old = access.credentials.password
    await client.send(suspend(simulator))
    listener = RegisterListener.model_validate(
        {
            "accountName": account,
            "name": "CarrierService",
            "url": "http://127.0.0.1:9/",
            "username": "u",
            "password": "listeners-own-word",
        }
    )
    await client.send(listener)
    await client.send(ResetPassword.model_validate({"oldPassword": old}))
    await client.sign_out()
    shown = "".join(repr(call) for call in client.trace)
    assert shown.count("Call(") >= 6
    told = "".join(record.getMessage() for record in caplog.records)
    new, key = access.credentials.password, access.credentials.secret
    assert old != new
    for secret in (old, new, key, "listeners-own-word"):
        assert secret not in shown
        assert secret not in told
    assert "Bearer " not in shown


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"errorCode": "A.some-password", "errorMessage": "some-password"}, Rejected),
        (400, {"fault": {"code": "some-password"}}, GatewayRefused),
        (400, {"error": "some-secret-words"}, GatewayRefused),
        (418, {"said": "some-password"}, Unreadable),
        (418, {"said": ["bearer-of-mine", "session-of-mine"]}, Unreadable),
        (400, {"errorCode": "A.B", "errorMessage": "session-of-mine is old"}, Rejected),
    ],
)
async def test_an_error_does_not_repeat_a_secret_that_was_echoed(
    status: int, body: dict[str, object], kind: type[Exception]
) -> None:
    login = says(b'{"access_token": "bearer-of-mine", "expires_in": 3600}')
    session = says(b'{"sessionToken": "session-of-mine"}')
    async with (
        wire(login, session, says(json.dumps(body).encode(), status)) as server,
        client_of(server.url) as client,
    ):
        await client.sign_in()
        error = await failure(client.send(Poke()))
        assert isinstance(error, kind)
        told = f"{error}{error!r}{vars(error)}{[*client.trace]}"
        for secret in ("some-password", "some-secret-words", "bearer-of-mine", "session-of-mine"):
            assert secret not in told


# -- objects ----------------------------------------------------------------------------------


def test_what_is_printed_of_an_object_shows_no_secret() -> None:
    objects = [
        Login.model_validate({"username": "u", "password": SECRET}),
        ResetPassword.model_validate({"oldPassword": SECRET}),
        NewPassword.model_validate({"newPassword": SECRET}),
        AccessToken.model_validate({"access_token": SECRET, "refresh_token": SECRET}),
        SessionToken.model_validate({"sessionToken": SECRET}),
        read_message({"password": SECRET, "Password": None}),
    ]
    assert SECRET not in repr(objects)
    assert SECRET not in str([str(each) for each in objects])


def test_only_the_body_that_is_sent_reveals_a_secret() -> None:
    login = Login.model_validate({"username": "u", "password": SECRET})
    assert login.body(reveal=True) == {"username": "u", "password": SECRET}
    for shown in (login.body(), login.fields(), login.model_dump(), login.model_dump_json()):
        assert SECRET not in str(shown)


# -- the trace --------------------------------------------------------------------------------


def _call(number: int, size: int = 0) -> Call:
    return Call(NOW, str(number), "GET", "/", 1, 0.1, 200, "", "x" * size, size)


def test_old_calls_fall_out_of_the_trace_by_number() -> None:
    trace = Trace(calls=3)
    for number in range(5):
        trace.add(_call(number))
    assert [call.operation for call in trace] == ["2", "3", "4"]
    assert len(trace) == 3


def test_old_calls_fall_out_of_the_trace_by_size() -> None:
    trace = Trace(characters=2_000)
    for number in range(4):
        trace.add(_call(number, 700))
    assert [call.operation for call in trace] == ["2", "3"]


async def test_a_trace_that_is_read_while_it_grows_gives_what_it_had() -> None:
    trace = Trace()
    trace.add(_call(0))
    for call in trace:
        trace.add(call)
    assert len(trace) == 2


async def test_every_attempt_is_recorded() -> None:
    async with (
        wire(says(b"", 503), says(b"{}")) as server,
        client_of(server.url) as client,
    ):
        await client.send(Ask())
        assert [(call.attempt, call.status) for call in client.trace] == [(1, 503), (2, 200)]
        assert [bool(call.error) for call in client.trace] == [True, False]
