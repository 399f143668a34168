"""What bytes of an answer mean: a reply, or which error."""

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thingspace.cases import Ask
from tsui.thingspace.account import GetAccount
from tsui.thingspace.answers import read_answer, unpack
from tsui.thingspace.errors import (
    BearerRefused,
    Fate,
    GatewayRefused,
    KeyRefused,
    LoginRefused,
    Redirected,
    Rejected,
    ServerFailed,
    ThingSpaceError,
    Throttled,
    TooLarge,
    Unreadable,
)
from tsui.thingspace.groups import DeleteGroup
from tsui.thingspace.inventory import AddDevices, DeleteDevices
from tsui.thingspace.location import FindLocations
from tsui.thingspace.operation import Operation
from tsui.thingspace.provisioning import SuspendDevices
from tsui.thingspace.session import GetAccessToken, Login
from tsui.thingspace.wire import Reply

NAMED = {"deviceIds": [{"id": "1", "kind": "imei"}]}
READ = GetAccount(account_name="a")
CHANGE = SuspendDevices(account_name="a")
TOKEN = GetAccessToken()
LOGIN = Login.model_validate({"username": "u", "password": "p"})

ADD = AddDevices.model_validate({"accountName": "a", "devicesToAdd": [NAMED]})
DELETE = DeleteDevices.model_validate({"accountName": "a", "devicesToDelete": [NAMED]})
FIND = FindLocations.model_validate(
    {"accountName": "a", "deviceList": [{"id": "1", "kind": "imei", "mdn": "2"}]}
)

XML_FAULT = b"""<?xml version="1.0"?>
<am:fault xmlns:am="http://wso2.org/apimanager">
  <am:code>404</am:code><am:type>Status report</am:type><am:message>Not found</am:message>
</am:fault>"""


def _error(
    operation: Operation[Any],
    status: int,
    body: bytes | dict[str, Any],
    headers: Mapping[str, str] | None = None,
) -> ThingSpaceError:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(ThingSpaceError) as raised:
        read_answer(operation, status, headers or {}, sent)
    assert raised.value.status == status
    assert str(raised.value).endswith(".")
    return raised.value


def _fault(code: str) -> dict[str, Any]:
    return {"fault": {"code": code, "message": "Runtime Error", "description": "Told."}}


# -- good answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b" \n"])
def test_a_good_answer_is_read_with_or_without_a_byte_order_mark(
    status: int, prefix: bytes
) -> None:
    assert read_answer(READ, status, {}, prefix + b'{"accountName": "0742"}').account_name == "0742"


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b""), (200, b'{"success": true}')])
def test_what_was_done_may_be_told_without_a_body(status: int, body: bytes) -> None:
    done = read_answer(DeleteGroup(account_name="a", group_name="g"), status, {}, body)
    assert done.success is (True if body else None)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<html><body>Sign in to the hotel</body></html>", "a web page"),
        (b"OK", "not JSON"),
        (b'{"accountName": "07', "not JSON"),
        (b'{"accountName": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"", "does not have the form"),
        (b"[1]", "does not have the form"),
        (b'"accountName"', "does not have the form"),
    ],
)
def test_an_answer_of_somebody_else_is_unreadable(body: bytes, what: str) -> None:
    error = _error(READ, 200, body)
    assert isinstance(error, Unreadable)
    assert what in error.problem
    assert error.fate is Fate.UNKNOWN
    assert len(error.excerpt) <= 4096


# -- errors of the API ------------------------------------------------------------------------


def test_the_code_behind_the_service_name_decides() -> None:
    error = _error(
        READ,
        400,
        {"errorCode": "DeviceService.REQUEST_FAILED.DeviceNotFound", "errorMessage": "no device"},
    )
    assert isinstance(error, Rejected)
    assert error.problem == "The device is not on this account."
    assert error.message == "no device"
    assert error.next_step
    assert error.fate is Fate.REFUSED


def test_a_refused_login_never_looks_like_anything_else() -> None:
    error = _error(LOGIN, 400, {"errorCode": "UnifiedWebService.REQUEST_FAILED.UnexpectedError"})
    assert isinstance(error, LoginRefused)
    assert "fifth" in error.next_step


@pytest.mark.parametrize("code", ["INVALID_PARAMETER", "CACHE_UNAVAILABLE"])
def test_a_flat_code_of_the_location_service_is_a_refusal(code: str) -> None:
    error = _error(READ, 400, {"errorCode": code, "errorMessage": "Consent check failed"})
    assert isinstance(error, Rejected)
    assert error.message == "Consent check failed"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406])
def test_families_with_other_statuses_have_the_same_body(status: int) -> None:
    code = "UnifiedWebService.REQUEST_FAILED.AccountNotFound"
    assert isinstance(_error(READ, status, {"errorCode": code}), Rejected)


def test_too_many_requests_are_throttled_and_keep_the_code() -> None:
    error = _error(READ, 429, {"errorCode": "X.TOO_MANY"}, {"retry-after": "7"})
    assert isinstance(error, Throttled)
    assert (error.retry_after, error.code) == (7.0, "X.TOO_MANY")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'{"errorCode": "A.B"}'])
def test_a_failed_platform_leaves_the_fate_of_a_change_open(status: int, body: bytes) -> None:
    error = _error(CHANGE, status, body)
    assert isinstance(error, ServerFailed)
    assert error.fate is Fate.UNKNOWN


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_elsewhere(status: int) -> None:
    error = _error(CHANGE, status, b"", {"location": "https://example.com/"})
    assert isinstance(error, Redirected)


@pytest.mark.parametrize("body", [b"", b"Forbidden", b"[]", b'{"fault": "x"}', b'{"errorCode": 5}'])
def test_a_refusal_that_is_not_the_platforms_proves_nothing(body: bytes) -> None:
    assert isinstance(_error(CHANGE, 403, body), Unreadable)


# -- errors of the gateway --------------------------------------------------------------------


@pytest.mark.parametrize("code", ["900901", "900902"])
def test_the_gateway_refuses_the_bearer_token(code: str) -> None:
    error = _error(READ, 401, _fault(code))
    assert isinstance(error, BearerRefused)
    assert error.code == code


@pytest.mark.parametrize("status", [401, 403])
def test_the_gateway_refuses_key_and_secret(status: int) -> None:
    assert isinstance(_error(TOKEN, status, _fault("900902")), KeyRefused)


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("body", [XML_FAULT, XML_FAULT.replace(b"am:", b"")])
def test_a_fault_in_xml_is_understood_too(status: int, body: bytes) -> None:
    error = _error(READ, status, body)
    assert type(error) is GatewayRefused
    assert error.code == "404"
    assert "404" in error.problem
    assert isinstance(_error(TOKEN, 403, body), KeyRefused)


def test_an_unknown_resource_is_refused_by_the_gateway() -> None:
    error = _error(READ, 400, _fault("900906"))
    assert type(error) is GatewayRefused
    assert "900906" in error.problem


@pytest.mark.parametrize("code", ["", "a b", "x" * 61, "<script>"])
def test_a_code_that_is_no_code_is_not_put_into_a_sentence(code: str) -> None:
    error = _error(READ, 400, _fault(code))
    assert (f"code {'none' if not code else 'not readable'}") in error.problem


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client", "invalid_grant"])
def test_an_oauth_error_about_the_key_is_one(code: str) -> None:
    assert isinstance(_error(TOKEN, 401, {"error": code}), KeyRefused)


def test_another_oauth_error_is_a_refusal_of_the_gateway() -> None:
    error = _error(TOKEN, 400, {"error": "invalid_request", "error_description": "grant_type"})
    assert type(error) is GatewayRefused
    assert "invalid_request" in error.problem


def test_an_oauth_error_about_a_token_renews_it() -> None:
    assert isinstance(_error(READ, 401, {"error": "invalid_token"}), BearerRefused)


# -- failures of single devices ---------------------------------------------------------------


def test_devices_that_could_not_be_added_are_told_one_by_one() -> None:
    body = [
        {"deviceIds": [{"id": "1", "kind": "imei"}], "response": "Success"},
        {"deviceIds": [{"id": "2", "kind": "imei"}], "response": "Device already exists"},
    ]
    reply = read_answer(ADD, 200, {}, json.dumps(body).encode())
    assert [each.response for each in reply] == ["Success", "Device already exists"]


@pytest.mark.parametrize("ids", [{"id": "1", "kind": "esn"}, [{"id": "1", "kind": "esn"}]])
def test_devices_that_could_not_be_deleted_say_why(ids: Any) -> None:
    body = [{"deviceIds": ids, "status": "Failed", "message": "The device is not deactive."}]
    (reply,) = read_answer(DELETE, 200, {}, json.dumps(body).encode())
    assert (reply.status, reply.message) == ("Failed", "The device is not deactive.")
    assert [each.id for each in reply.device_ids or ()] == ["1"]


def test_a_device_that_was_not_found_does_not_hide_the_places_of_others() -> None:
    body = [
        {"msid": "1", "pd": {"x": "42.36", "y": "-71.06", "time": "20170520004421"}, "error": {}},
        {"msid": "2", "pd": {}, "error": {"type": "POSITION METHOD FAILURE", "info": "absent"}},
    ]
    reply = read_answer(FIND, 200, {}, json.dumps(body).encode())
    found, missed = reply
    assert found.pd is not None
    assert found.pd.x == "42.36"
    assert missed.error is not None
    assert missed.error.type == "POSITION METHOD FAILURE"


# -- encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", b"{}"),
        ("identity", b"{}"),
        ("gzip", gzip.compress(b"{}", mtime=0)),
        ("X-GZIP ", gzip.compress(b"{}", mtime=0)),
        ("deflate", zlib.compress(b"{}")),
    ],
)
def test_a_packed_answer_is_unpacked(encoding: str, packed: bytes) -> None:
    assert unpack(packed, encoding, 100) == b"{}"


def test_nothing_is_nothing_however_it_is_packed() -> None:
    assert unpack(b"", "gzip", 100) == b""


@pytest.mark.parametrize(
    ("encoding", "packed", "what"),
    [
        ("br", b"{}", "encoded as br"),
        ("<b>", b"{}", "not readable"),
        ("gzip", b"{}", "broken"),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-3], "cut off"),
        ("gzip", gzip.compress(b"{}", mtime=0) + b"more", "goes on"),
    ],
)
def test_a_packing_that_cannot_be_undone_is_unreadable(
    encoding: str, packed: bytes, what: str
) -> None:
    with pytest.raises(Unreadable, match=what):
        unpack(packed, encoding, 100)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_held() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000, mtime=0)
    assert len(bomb) < 50_000
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        unpack(bomb, "gzip", 2**20)


# -- anything ---------------------------------------------------------------------------------


@given(
    st.sampled_from([Ask(), READ, CHANGE, TOKEN, LOGIN]),
    st.integers(100, 599),
    st.dictionaries(st.sampled_from(["retry-after", "date", "location"]), st.text(max_size=20)),
    st.binary(max_size=40)
    | st.dictionaries(
        st.sampled_from(["errorCode", "errorMessage", "error", "fault", "x"]),
        st.none() | st.integers() | st.text(max_size=9) | st.just({"code": 1}),
    ).map(lambda fields: json.dumps(fields).encode()),
)
def test_any_answer_is_a_reply_or_one_of_our_errors(
    operation: Operation[Any], status: int, headers: dict[str, str], body: bytes
) -> None:
    try:
        told = read_answer(operation, status, headers, body)
    except ThingSpaceError as error:
        told = error
    if status in (200, 201, 202, 204):
        assert isinstance(told, Reply | Unreadable)
    else:
        assert isinstance(told, ThingSpaceError)
        assert told.status == status
