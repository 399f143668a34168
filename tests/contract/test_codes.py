"""Every documented error code, as the platform sends it and as the operator reads it."""

import json
from typing import Any

import pytest

from tests.contract.documented import CODES
from tsui.thingspace.account import GetAccount
from tsui.thingspace.answers import read_answer
from tsui.thingspace.codes import bare, meaning
from tsui.thingspace.errors import Rejected, ServerFailed, SessionEnded, ThingSpaceError
from tsui.thingspace.operation import Operation
from tsui.thingspace.provisioning import SuspendDevices

SERVICES = ("UnifiedWebService", "DeviceService", "SomethingNew")
"""Service names vary, and more will come."""

READ = GetAccount(account_name="a")
CHANGE = SuspendDevices(account_name="a")

each_code = pytest.mark.parametrize("code", [each["code"] for each in CODES])


def _error(operation: Operation[Any], code: str, message: str = "Told.") -> ThingSpaceError:
    body = json.dumps({"errorCode": code, "errorMessage": message}).encode()
    with pytest.raises(ThingSpaceError) as raised:
        read_answer(operation, 400, {}, body)
    return raised.value


@each_code
def test_a_documented_code_is_explained(code: str) -> None:
    known = meaning(code)
    assert known is not None
    assert known.sentence.endswith(".")
    assert known.next_step.endswith(".")


@each_code
@pytest.mark.parametrize("service", SERVICES)
def test_the_service_name_in_front_does_not_matter(code: str, service: str) -> None:
    assert bare(f"{service}.{code}") == code
    alone, named = _error(READ, code), _error(READ, f"{service}.{code}")
    assert type(named) is type(alone)
    assert named.problem == alone.problem
    assert named.code == f"{service}.{code}"


@each_code
def test_a_documented_code_refuses_a_change_unless_it_says_nothing(code: str) -> None:
    error = _error(CHANGE, f"UnifiedWebService.{code}")
    known = meaning(code)
    assert known is not None
    if code == "REQUEST_FAILED.UnexpectedError":
        assert isinstance(error, ServerFailed)
    elif ".SessionToken." in code:
        assert isinstance(error, SessionEnded)
        assert error.problem == known.sentence
    else:
        assert isinstance(error, Rejected)
        assert (error.problem, error.next_step) == known
        assert error.message == "Told."


def test_a_code_below_a_documented_one_is_explained_by_it() -> None:
    below = "DeviceService.INPUT_INVALID.CustomField.TooLong.CustomField3"
    assert meaning(below) == meaning("INPUT_INVALID.CustomField.TooLong")


@pytest.mark.parametrize("code", ["Billing.REQUEST_FAILED.NotPaid", "NOT_PAID", "", "."])
def test_a_code_that_nobody_documented_is_shown_as_it_is(code: str) -> None:
    assert meaning(code) is None
    if code:
        error = _error(READ, code)
        assert isinstance(error, Rejected)
        assert error.code == code
        assert error.message == "Told."
